"""A performer who is gone: the character comes to stand at ease, and goes back to them without a jump."""

from __future__ import annotations

import numpy as np

from ...take import Floats
from .. import rotations
from ..fit.ranges import LIMBS
from ..fit.unseen import RESTING
from ..humanoid import INDEX, SIDES, SLOTS
from ..rest import FORWARD, UP

LEAVES, RETURNS = 0.7, 0.2
"""Seconds in which a character goes to standing at ease, and back to a performer who is there."""
WHOLLY = 0.999


class Presence:
    """How far the performer is there, 0 to 1."""

    def __init__(self) -> None:
        """Nobody is; who is seen in the first frame is there at once."""
        self._there: float | None = None

    def step(self, seconds: float, *, seen: bool) -> float:
        """How far they are there after a frame in which they were `seen` or not."""
        goal = float(seen)
        if self._there is None:
            self._there = goal
        lasts = RETURNS if seen else LEAVES
        self._there += (1.0 - float(np.exp(-seconds / lasts))) * (goal - self._there)
        return 1.0 if self._there > WHOLLY else self._there


def at_ease(turned: Floats, there: float) -> Floats:
    """Rotations (52, 4) on their way to standing at ease, as far as nobody is `there`."""
    if there == 1.0:
        return turned
    x, y, _ = rotations.rotate(turned[INDEX["hips"]], FORWARD)
    upright = rotations.from_axis_angle(UP, np.arctan2(x, -y))
    natural = rotations.multiply(upright, _NATURAL)
    return rotations.interpolate(natural, turned, np.full(len(SLOTS), there))


def _natural() -> Floats:
    """Standing at ease, from the T-pose. Shape (52, 4)."""
    natural = np.tile(rotations.IDENTITY, (len(SLOTS), 1))
    for side in SIDES:
        arm = RESTING[LIMBS.index(f"{side}UpperArm")]
        for part in ("UpperArm", "LowerArm", "Hand"):
            natural[INDEX[side + part]] = arm
    return natural


_NATURAL = _natural()
