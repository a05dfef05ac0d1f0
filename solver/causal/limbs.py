"""Limbs that are not seen ease to a natural pose, and come back without a jump."""

from __future__ import annotations

import numpy as np

from ...take import Floats
from .. import rotations
from ..humanoid import FINGERS, INDEX, SIDES, SLOTS, finger_slots
from ..landmarks import ANKLES, ELBOWS, KNEES, WRISTS
from ..rest import FORWARD, OUT, UP

TRUSTED = (0.05, 0.3)
"""A limb whose middle or end is trusted less than the first is not seen; more than the second, it is."""
LEAVES, RETURNS = 0.7, 0.2
"""Seconds in which it eases to its natural pose, and back to where it is seen."""
HANGS = np.radians(75.0)
"""How far hanging arms are down from the T-pose, radians."""


class Limbs:
    """How far each arm and leg is there, 0 to 1: left and right arm, left and right leg."""

    def __init__(self) -> None:
        """All are, until they are found not to be."""
        self._there = np.ones(4)
        self._new = True

    def step(self, trust: Floats, seconds: float) -> Floats:
        """How far the limb of each slot is there (52,), by the trust in the landmarks (33,)."""
        least = np.minimum(trust[_MIDDLES], trust[_ENDS])
        seen = np.clip((least - TRUSTED[0]) / (TRUSTED[1] - TRUSTED[0]), 0.0, 1.0)
        lasts = np.where(seen > self._there, RETURNS, LEAVES)
        share = 1.0 if self._new else 1.0 - np.exp(-seconds / lasts)
        self._new = False
        self._there = self._there + share * (seen - self._there)
        return np.append(self._there, 1.0)[_LIMB_OF]


def eased(turned: Floats, there: Floats) -> Floats:
    """Rotations (52, 4) of which those that are not all `there` (52,) go to arms that hang and legs that stand."""
    if there.min() > 0.999:
        return turned
    hips, chest = turned[INDEX["hips"]], turned[INDEX["upperChest"]]
    ahead = rotations.rotate(hips, FORWARD) * [1.0, 1.0, 0.0]
    upright = rotations.between_frames(UP, FORWARD, UP, ahead)
    natural = turned.copy()
    natural[_LEGS] = upright
    natural[_ARMS] = rotations.multiply(chest, _HANGING)
    return rotations.interpolate(natural, turned, there)


_MIDDLES, _ENDS = np.array([*ELBOWS, *KNEES]), np.array([*WRISTS, *ANKLES])
_ARM_PARTS = {side: ["UpperArm", "LowerArm", "Hand"] for side in SIDES}
_ARM = {
    side: [INDEX[f"{side}{part}"] for part in ("UpperArm", "LowerArm", "Hand")]
    + [INDEX[slot] for finger in FINGERS for slot in finger_slots(side, finger)]
    for side in SIDES
}
_LEG = {side: [INDEX[f"{side}{part}"] for part in ("UpperLeg", "LowerLeg", "Foot", "Toes")] for side in SIDES}
_ARMS = np.array([*_ARM["left"], *_ARM["right"]])
_LEGS = np.array([*_LEG["left"], *_LEG["right"]])
_LIMB_OF = np.full(len(SLOTS), 4)
for _i, _slots in enumerate((*_ARM.values(), *_LEG.values())):
    _LIMB_OF[_slots] = _i
_HANGING = np.stack([
    rotations.from_axis_angle(FORWARD, -OUT[side][0] * HANGS) for side in SIDES for _ in _ARM[side]
])
