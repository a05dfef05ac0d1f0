"""The performer's own humanoid: the standard one with the lengths that were measured."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..take import Floats
from .contacts import FOOT_POINTS, SOLES
from .fit.skeleton import LENGTHS, SPOTS
from .humanoid import FINGERS, SIDES, SLOTS, finger_slots, scaled_rest_pose

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
    ratio = np.append(np.exp(lengths), 1.0)
    if not legs:
        ratio[_LEGS] = ratio[LENGTHS.index("trunk")]
    below = SOLES - _STANDING * ratio[LENGTHS.index("foot")]
    return scaled_rest_pose(ratio.take(_SCALES), float(below.mean()))


def _scales() -> NDArray[np.intp]:
    """Which of `LENGTHS` the offset of each slot scales with; beyond them where it does not. Shape (52,)."""
    length: dict[str, str] = dict.fromkeys(("spine", "chest", "upperChest", "neck", "head"), "trunk")
    for side in SIDES:
        length |= {f"{side}{part}": name for part, name in _SIDED.items()}
        length |= {slot: "hand" for finger in FINGERS for slot in finger_slots(side, finger)}
    return np.array([LENGTHS.index(length[slot]) if slot in length else len(LENGTHS) for slot in SLOTS])


_SCALES = _scales()
_LEGS = [LENGTHS.index(name) for name in ("thigh", "shin", "foot")]
_STANDING = SPOTS.offset[list(FOOT_POINTS), 2]
"""Heights of the feet's landmarks over their joints in the T-pose of the standard person, metres."""
