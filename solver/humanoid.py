"""The humanoid: the bone slots of VRM 1.0 in a T-pose, and its forward kinematics.

The body stands at the origin, faces -Y, its left is +X, up is +Z, the soles at z = 0.
In the T-pose every slot's rotation is the identity, so a slot's rotation says how its
bone has turned from the T-pose, in the world's axes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from . import rotations

Floats = NDArray[np.floating]

FINGERS = ("Thumb", "Index", "Middle", "Ring", "Little")
SIDES = ("left", "right")


def finger_slots(side: str, finger: str) -> tuple[str, str, str]:
    """The three slots of a finger, from the palm outwards."""
    joints = ("Metacarpal", "Proximal", "Distal") if finger == "Thumb" else ("Proximal", "Intermediate", "Distal")
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


PARENT_OF = _parents()
SLOTS = tuple(PARENT_OF)
"""All 52 slots, parents before children."""
INDEX = {slot: i for i, slot in enumerate(SLOTS)}
PARENTS = tuple(-1 if parent is None else INDEX[parent] for parent in PARENT_OF.values())
