"""A performer who is gone: the character comes to stand at ease, and goes back to them without a jump."""

from __future__ import annotations

import numpy as np

from ...take import Floats
from .. import rotations
from ..fit.ranges import LIMBS
from ..fit.unseen import RESTING
from ..hidden import PARTS
from ..humanoid import INDEX, SIDES, SLOTS, side_of
from ..rest import FORWARD, UP

LEAVES, RETURNS = 0.7, 0.2
"""Seconds in which a character goes to standing at ease, and back to a performer who is there."""
WHOLLY = 0.999
TURNS, WAYS = (6.0, 40.0), (2.0, 15.0)
"""rad/s and m/s that nothing is shown to exceed: as a limb or a performer comes back, and later on."""
CAUGHT = 1.0
"""Seconds after which they are back wholly."""


class Presence:
    """How far the performer is there, 0 to 1."""

    def __init__(self) -> None:
        """Nobody is; who is seen in the first frame is there at once."""
        self._there: float | None = None
        self._back = np.full(len(PARTS), CAUGHT)

    def gone(self) -> None:
        """They were away unseen: no frame came."""
        self._back = np.zeros(len(PARTS))

    def turns(self) -> Floats:
        """The fastest that the slots are shown to turn by now, rad/s. Shape (52, 1)."""
        return _between(TURNS, self._back)[_PART_OF]

    def ways(self) -> float:
        """The fastest that the hips are shown to move by now, m/s."""
        return float(_between(WAYS, self._back[-1:])[0, 0])

    def step(self, seconds: float, *, seen: bool, hidden: Floats | None = None) -> float:
        """How far they are there after a frame in which they were `seen` or not, and `PARTS` `hidden`."""
        goal = float(seen)
        if self._there is None:
            self._there = goal
        lost = not seen if hidden is None or not seen else hidden > 0.0
        self._back = np.where(lost, 0.0, self._back + seconds)
        lasts = RETURNS if seen else LEAVES
        self._there += (1.0 - float(np.exp(-seconds / lasts))) * (goal - self._there)
        return 1.0 if self._there > WHOLLY else self._there


def _between(speeds: tuple[float, float], back: Floats) -> Floats:
    """The speed limit of parts that are `back` (N,) for so many seconds. Shape (N, 1)."""
    slow, fast = speeds
    return (slow + (fast - slow) * np.minimum(back / CAUGHT, 1.0))[:, None]


def at_ease(turned: Floats, there: float) -> Floats:
    """Rotations (52, 4) on their way to standing at ease, as far as nobody is `there`."""
    if there == 1.0:
        return turned
    x, y, _ = rotations.rotate(turned[INDEX["hips"]], FORWARD)
    upright = rotations.from_axis_angle(UP, np.arctan2(x, -y))
    natural = rotations.multiply(upright, _NATURAL)
    return rotations.interpolate(natural, turned, np.full(len(SLOTS), there))


def _part_of(slot: str) -> int:
    """Which of `PARTS` a slot belongs to; the last one that of the trunk."""
    side = side_of(slot)
    if not side:
        return len(PARTS) - 1
    return PARTS.index(f"{side} leg" if slot.endswith(("Leg", "Foot", "Toes")) else f"{side} arm")


_PART_OF = np.array([_part_of(slot) for slot in SLOTS])


def _natural() -> Floats:
    """Standing at ease, from the T-pose. Shape (52, 4)."""
    natural = np.tile(rotations.IDENTITY, (len(SLOTS), 1))
    for side in SIDES:
        arm = RESTING[LIMBS.index(f"{side}UpperArm")]
        for part in ("UpperArm", "LowerArm", "Hand"):
            natural[INDEX[side + part]] = arm
    return natural


_NATURAL = _natural()
