"""The rendered characters without Blender: a rig from the truth's rest pose, and what keys make of it."""

from __future__ import annotations

from typing import Any

import numpy as np
from blazerig.solver import rotations
from blazerig.solver.humanoid import FINGERS, SIDES, finger_slots
from blazerig.solver.retarget import Keys, Rig, RigBone

Truth = dict[str, np.ndarray[Any, Any]]
_TRUNK = {
    "Hips": "hips", "Spine": "spine", "Spine1": "chest", "Spine2": "upperChest", "Neck": "neck",
    "Head": "head",
}  # fmt: skip
_LIMBS = {
    "Shoulder": "Shoulder", "Arm": "UpperArm", "ForeArm": "LowerArm", "Hand": "Hand",
    "UpLeg": "UpperLeg", "Leg": "LowerLeg", "Foot": "Foot", "ToeBase": "Toes",
}  # fmt: skip


def _slot_of() -> dict[str, str]:
    slots = dict(_TRUNK)
    for side in SIDES:
        slots |= {f"{side.title()}{bone}": f"{side}{slot}" for bone, slot in _LIMBS.items()}
        for finger in FINGERS:
            bone = f"{side.title()}Hand{'Pinky' if finger == 'Little' else finger}"
            slots |= {f"{bone}{i}": slot for i, slot in enumerate(finger_slots(side, finger), start=1)}
    return slots


SLOT_OF = _slot_of()
"""Bone of a Mixamo character to the slot that it plays."""


def bones(truth: Truth) -> list[str]:
    """The names of the bones, without their prefix."""
    return [str(name).rsplit(":", maxsplit=1)[-1] for name in truth["bone_names"]]


def rig(truth: Truth) -> Rig:
    """The character as a rig."""
    names, parents = bones(truth), truth["parents"]
    return Rig(
        "Mixamo",
        tuple(
            RigBone(
                SLOT_OF[name],
                name,
                truth["rest"][i],
                truth["rest"][i, :3, 3],
                truth["rest_tails"][i],
                SLOT_OF[names[parents[i]]] if parents[i] >= 0 else None,
            )
            for i, name in enumerate(names)
        ),
    )


def posed(keys: Keys, truth: Truth) -> np.ndarray[Any, Any]:
    """World matrices of the bones under `keys`, in the truth's order. Shape (F, B, 4, 4)."""
    rest, parents = truth["rest"].astype(float), truth["parents"]
    matrices = np.tile(np.eye(4), (len(keys.times), len(parents), 1, 1))
    for i, name in enumerate(bones(truth)):
        basis = np.tile(np.eye(4), (len(keys.times), 1, 1))
        basis[:, :3, :3] = rotations.to_matrix(keys.rotations[name])
        if name in keys.locations:
            basis[:, :3, 3] = keys.locations[name]
        above = parents[i]
        if above < 0:
            matrices[:, i] = rest[i] @ basis
        else:
            matrices[:, i] = matrices[:, above] @ np.linalg.inv(rest[above]) @ rest[i] @ basis
    return matrices
