"""Standing feet are held, frame by frame: the leg takes what the filter left. docs/derivations.md, LIVE."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...take import Floats
from .. import rotations
from ..humanoid import INDEX, SIDES
from ..lock import reach
from ..rest import FORWARD
from ..soles import HEEL_BEHIND

CREEP = 1.0
"""Seconds in which a held foot goes to where it is seen."""
RELEASE = 0.1
"""Seconds in which a foot that was held goes back to where it is seen."""
FARTHEST = 0.15
"""Metres that a foot is held from where it is seen."""

_PARTS = ("UpperLeg", "LowerLeg", "Foot", "Toes")
_SLOTS = np.array([[INDEX[f"{side}{part}"] for part in _PARTS] for side in SIDES])
_CARRIERS = np.concatenate([np.full((2, 1), INDEX["hips"]), _SLOTS[:, [0, 1, 2, 2, 2]]], axis=1)
"""What carries hip, knee, ankle and ball, and the sole's two points."""


class Feet:
    """What both feet are moved by so that they stand."""

    def __init__(self) -> None:
        """Before the first frame."""
        self._shift = np.zeros((2, 3))
        self._places: Floats | None = None

    def step(self, turned: Floats, hips: Floats, rest: Floats, standing: Floats, seconds: float) -> None:
        """Turn the legs so that a foot which stood before stands where it stood.

        Args:
            turned: World rotations of the slots, changed in place. Shape (52, 4).
            hips: Where the hips are. Shape (3,).
            rest: Joints in the T-pose. Shape (52, 3).
            standing: How firmly left heel, left toes, right heel and right toes stand, 0 to 1. Shape (4,).
            seconds: Since the frame before.
        """
        joints, soles = _legs(turned, hips, rest)
        stands = standing.reshape(2, 2) > 0.5
        step = np.zeros((2, 3)) if self._places is None else _sole_steps(soles - self._places, stands)
        self._places = soles
        held = stands.any(1, keepdims=True)
        lasts = np.where(held, CREEP, RELEASE)
        shift = (self._shift - held * step) * np.exp(-seconds / lasts)
        lowest = soles[..., 2].min(1)
        shift[:, 2] = np.where(held[:, 0], shift[:, 2], np.maximum(shift[:, 2], -lowest))
        far = rotations.length(shift)
        self._shift = shift * np.minimum(1.0, FARTHEST / np.maximum(far, 1e-9))
        thighs, shins = _SLOTS[:, 0], _SLOTS[:, 1]
        turned[thighs], turned[shins] = reach(turned[thighs], turned[shins], joints, self._shift, FORWARD)


def _sole_steps(steps: Floats, stands: NDArray[np.bool_]) -> Floats:
    """Of the ball while it stands, else of the heel. Shapes (2, 2, 3) and (2, 2) to (2, 3)."""
    return np.where(stands[:, 1:], steps[:, 1], steps[:, 0])


def _legs(turned: Floats, hips: Floats, rest: Floats) -> tuple[Floats, Floats]:
    """Hip, knee, ankle and ball of both legs (2, 4, 3), and heel and ball of their soles (2, 2, 3)."""
    arms = np.empty((2, 6, 3))
    arms[:, :4] = rest[_SLOTS] - rest[_CARRIERS[:, :4]]
    arms[:, 4], arms[:, 5] = -HEEL_BEHIND * arms[:, 3], arms[:, 3]
    arms[:, 4:, 2] = -rest[_SLOTS[:, 2:3], 2]
    arms = rotations.rotate(turned[_CARRIERS], arms)
    places = hips + np.cumsum(arms[:, :4], axis=1)
    return places, places[:, 2:3] + arms[:, 4:]
