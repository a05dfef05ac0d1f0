"""The performer's own humanoid: the standard one with the lengths that were measured."""

from __future__ import annotations

import numpy as np

from ..take import Floats
from .contacts import FOOT_POINTS, SOLES
from .fit.skeleton import LENGTHS, SPOTS
from .humanoid import FINGERS, SIDES, finger_slots, rest_pose
from .landmarks import LANDMARKS

_SIDED = {
    "Shoulder": "trunk", "UpperArm": "shoulders", "LowerArm": "upperArm", "Hand": "forearm",
    "UpperLeg": "pelvis", "LowerLeg": "thigh", "Foot": "shin", "Toes": "foot",
}  # fmt: skip


def performer_rest(lengths: Floats, *, legs: bool) -> Floats:
    """Joint positions in the T-pose of this performer.

    Args:
        lengths: Logarithms of the ratios to the standard person's. Shape (LENGTHS,).
        legs: Whether the legs were seen; if not, they are as long as the trunk lets expect.

    Returns:
        Shape (52, 3), the soles at z = 0.
    """
    ratio: dict[str, float] = dict(zip(LENGTHS, np.exp(lengths), strict=True))
    if not legs:
        ratio |= {name: ratio["trunk"] for name in ("thigh", "shin", "foot")}
    scales = {slot: ratio["trunk"] for slot in ("spine", "chest", "upperChest", "neck", "head")}
    for side in SIDES:
        scales |= {f"{side}{part}": ratio[length] for part, length in _SIDED.items()}
        scales |= {slot: ratio["hand"] for finger in FINGERS for slot in finger_slots(side, finger)}
    assert len(SPOTS.offset) == LANDMARKS
    below = SOLES - SPOTS.offset[list(FOOT_POINTS), 2] * ratio["foot"]
    return rest_pose(scales, float(below.mean()))
