"""Limbs that are not seen ease to a natural pose, and come back without a jump."""

from __future__ import annotations

import numpy as np

from ...take import Floats
from .. import rotations
from ..humanoid import INDEX, SIDES, SLOTS
from ..landmarks import ANKLES, ELBOWS, HIPS, KNEES, SHOULDERS, WRISTS
from ..rest import FORWARD, OUT, UP

TRUSTED = (0.05, 0.3)
"""A limb whose middle or end is trusted less than the first is not seen; more than the second, it is."""
LEAVES, RETURNS = 0.7, 0.2
"""Seconds in which it eases to its natural pose, and back to where it is seen."""
HANGS = np.radians(75.0)
"""How far hanging arms are down from the T-pose, radians."""


class Limbs:
    """How far each arm, each leg and the trunk is there, 0 to 1."""

    def __init__(self) -> None:
        """Nothing is, until it is seen; what is seen in the first frame is there at once."""
        self._there: Floats | None = None

    def step(self, trust: Floats, seconds: float) -> Floats:
        """How far the body part of each slot is there (52,), by the trust in the landmarks (33,)."""
        least = np.append(np.minimum(trust[_MIDDLES], trust[_ENDS]), trust[_TRUNK].max())
        seen = np.clip((least - TRUSTED[0]) / (TRUSTED[1] - TRUSTED[0]), 0.0, 1.0)
        if self._there is None:
            self._there = seen
        lasts = np.where(seen > self._there, RETURNS, LEAVES)
        self._there = self._there + (1.0 - np.exp(-seconds / lasts)) * (seen - self._there)
        return self._there[_PART_OF]


def eased(turned: Floats, there: Floats) -> Floats:
    """Rotations (52, 4), those that are not all `there` (52,) on their way to a person who stands at ease."""
    if there.min() > 0.999:
        return turned
    trunk = there[INDEX["hips"]]
    x, y, _ = rotations.rotate(turned[INDEX["hips"]], FORWARD)
    upright = rotations.from_axis_angle(UP, np.arctan2(x, -y))
    chest = rotations.interpolate(upright, turned[INDEX["upperChest"]], trunk)
    natural = np.tile(upright, (len(SLOTS), 1))
    natural[_ARMS] = rotations.multiply(chest, _HANGING)
    return rotations.interpolate(natural, turned, there)


_MIDDLES, _ENDS, _TRUNK = np.array([*ELBOWS, *KNEES]), np.array([*WRISTS, *ANKLES]), [*SHOULDERS, *HIPS]
_ARM, _LEG = ("UpperArm", "LowerArm", "Hand"), ("UpperLeg", "LowerLeg", "Foot", "Toes")
_PARTS = [[INDEX[f"{side}{part}"] for part in parts] for parts in (_ARM, _LEG) for side in SIDES]
_PART_OF = np.full(len(SLOTS), len(_PARTS))
for _part, _slots in enumerate(_PARTS):
    _PART_OF[_slots] = _part
_ARMS = np.array(_PARTS[:2])
_HANGING = rotations.from_axis_angle(FORWARD, [[-OUT[side][0] * HANGS] for side in SIDES])
