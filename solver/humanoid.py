"""The humanoid: the bone slots of VRM 1.0 in a T-pose, and its forward kinematics.

The body stands at the origin, faces -Y, its left is +X, up is +Z, the soles at z = 0.
In the T-pose every slot's rotation is the identity, so a slot's rotation says how its
bone has turned from the T-pose, in the world's axes.
"""

from __future__ import annotations

import numpy as np

from ..take import Floats
from . import rotations

FINGERS = ("Thumb", "Index", "Middle", "Ring", "Little")
SIDES = ("left", "right")


def finger_slots(side: str, finger: str) -> tuple[str, str, str]:
    """The three slots of a finger, from the palm outwards."""
    joints = (
        ("Metacarpal", "Proximal", "Distal") if finger == "Thumb" else ("Proximal", "Intermediate", "Distal")
    )
    first, second, third = (f"{side}{finger}{joint}" for joint in joints)
    return first, second, third


def _parents() -> dict[str, str | None]:
    parents: dict[str, str | None] = {
        "hips": None,
        "spine": "hips",
        "chest": "spine",
        "upperChest": "chest",
        "neck": "upperChest",
        "head": "neck",
    }
    for side in SIDES:
        parents |= {
            f"{side}Shoulder": "upperChest",
            f"{side}UpperArm": f"{side}Shoulder",
            f"{side}LowerArm": f"{side}UpperArm",
            f"{side}Hand": f"{side}LowerArm",
            f"{side}UpperLeg": "hips",
            f"{side}LowerLeg": f"{side}UpperLeg",
            f"{side}Foot": f"{side}LowerLeg",
            f"{side}Toes": f"{side}Foot",
        }
        for finger in FINGERS:
            parent = f"{side}Hand"
            for slot in finger_slots(side, finger):
                parents[slot] = parent
                parent = slot
    return parents


def side_of(slot: str) -> str:
    """`left` or `right`; of the middle's slots nothing."""
    return next((side for side in SIDES if slot.startswith(side)), "")


PARENT_OF = _parents()
SLOTS = tuple(PARENT_OF)
"""All 52 slots, parents before children."""
INDEX = {slot: i for i, slot in enumerate(SLOTS)}
PARENTS = tuple(-1 if parent is None else INDEX[parent] for parent in PARENT_OF.values())

# Offsets of a joint from its parent's, metres, for a person of 1.70 m in the T-pose: body segments
# after Drillis & Contini (as in Winter, Biomechanics and Motor Control of Human Movement, fig. 4.1),
# hands after the joint spacing of a hand of 0.18 m. The left side; the right one mirrors x.
_MIDDLE = {
    "hips": (0.0, 0.0, 0.0),
    "spine": (0.0, 0.0, 0.09),
    "chest": (0.0, 0.0, 0.13),
    "upperChest": (0.0, 0.0, 0.13),
    "neck": (0.0, 0.0, 0.19),
    "head": (0.0, 0.0, 0.10),
}
_LEFT = {
    "Shoulder": (0.03, 0.0, 0.13),
    "UpperArm": (0.14, 0.0, 0.0),
    "LowerArm": (0.29, 0.0, 0.0),
    "Hand": (0.25, 0.0, 0.0),
    "UpperLeg": (0.09, 0.0, 0.0),
    "LowerLeg": (0.0, 0.0, -0.415),
    "Foot": (0.0, 0.0, -0.415),
    "Toes": (0.0, -0.13, -0.045),
    "ThumbMetacarpal": (0.025, -0.028, -0.012),
    "ThumbProximal": (0.033, -0.028, -0.014),
    "ThumbDistal": (0.026, -0.018, -0.008),
    "IndexProximal": (0.088, -0.024, 0.0),
    "IndexIntermediate": (0.043, 0.0, 0.0),
    "IndexDistal": (0.026, 0.0, 0.0),
    "MiddleProximal": (0.090, -0.003, 0.0),
    "MiddleIntermediate": (0.048, 0.0, 0.0),
    "MiddleDistal": (0.030, 0.0, 0.0),
    "RingProximal": (0.083, 0.017, 0.0),
    "RingIntermediate": (0.044, 0.0, 0.0),
    "RingDistal": (0.028, 0.0, 0.0),
    "LittleProximal": (0.075, 0.035, 0.0),
    "LittleIntermediate": (0.033, 0.0, 0.0),
    "LittleDistal": (0.020, 0.0, 0.0),
}
ANKLE_HEIGHT = 0.066
"""Height of the ankle joint over the sole, metres (0.039 of 1.70 m, the same source)."""


def _offset(slot: str) -> tuple[float, float, float]:
    for side, mirror in (("left", 1.0), ("right", -1.0)):
        if slot.startswith(side):
            x, y, z = _LEFT[slot.removeprefix(side)]
            return mirror * x, y, z
    return _MIDDLE[slot]


OFFSETS = np.array([_offset(slot) for slot in SLOTS])
"""Offset of each slot's joint from its parent's in the T-pose of the standard person. Shape (52, 3)."""


def _carried() -> Floats:
    """Which offsets lead to each joint: its own and those of all that carry it. Shape (52, 52)."""
    found = np.eye(len(SLOTS))
    for i, parent in enumerate(PARENTS[1:], start=1):
        found[i] += found[parent]
    return found


_CARRIED = _carried()


def rest_pose(scales: dict[str, float] | None = None, ankle_height: float = ANKLE_HEIGHT) -> Floats:
    """Joint positions in the T-pose, the ankles at their height over z = 0. Shape (52, 3).

    Args:
        scales: Length of a slot's offset from its parent against the standard person's, by
            slot; 1 where a slot is not named.
        ankle_height: Of the joint over the floor, metres.
    """
    return scaled_rest_pose(np.array([(scales or {}).get(slot, 1.0) for slot in SLOTS]), ankle_height)


def scaled_rest_pose(scales: Floats, ankle_height: float) -> Floats:
    """`rest_pose` with the scales of all slots (52,)."""
    joints = _CARRIED @ (OFFSETS * scales[:, None])
    joints[:, 2] += ankle_height - min(joints[INDEX["leftFoot"], 2], joints[INDEX["rightFoot"], 2])
    return joints


def joint_positions(world_rotations: Floats, hips: Floats, rest: Floats) -> Floats:
    """Forward kinematics: where the joints are.

    Args:
        world_rotations: Of every slot from the T-pose. Shape (F, 52, 4).
        hips: World position of the hips joint. Shape (F, 3).
        rest: Joint positions in the T-pose. Shape (52, 3).

    Returns:
        World positions. Shape (F, 52, 3).
    """
    above = np.maximum(PARENTS, 0)
    offsets = rotations.rotate(world_rotations[..., above, :], rest - rest[above])
    offsets[..., 0, :] = hips
    return _CARRIED @ offsets
