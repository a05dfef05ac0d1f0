"""The IK controls of an armature: those that its rig file names, else Blender's own IK constraints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import bpy
import numpy as np
from numpy.typing import NDArray

from ...solver.humanoid import SIDES
from ...solver.rig import Control, Ik, IkLimb, Rig, RigBone
from .rig_file import IkNames

Floats = NDArray[np.floating]

LIMBS = tuple(
    (f"{side}Upper{limb}", f"{side}Lower{limb}", f"{side}{end}")
    for side in SIDES
    for limb, end in (("Arm", "Hand"), ("Leg", "Foot"))
)
"""Slots of the limbs that inverse kinematics moves: upper part, lower part, hand or foot."""


@dataclass(frozen=True)
class _Found:
    """A limb's controls by name, as in `IkLimb`."""

    upper: str
    end: str
    target: str
    pole: str | None
    pole_axis: Floats | None


def ik_of(armature_object: bpy.types.Object, rig: Rig, names: IkNames | None) -> Ik | None:
    """The IK controls of an armature, or None where it has none that are known.

    Args:
        armature_object: The armature.
        rig: Its bones that play slots.
        names: Of its family's controls, from the rig file.
    """
    found = _constrained(armature_object, rig) if names is None else _named(armature_object, names)
    bones = armature_object.data.bones
    slot_of = {bone.name: bone.slot for bone in rig.bones} | {limb.target: limb.end for limb in found}

    def control(name: str) -> Control:
        above = (slot_of[bone.name] for bone in bones[name].parent_recursive if bone.name in slot_of)
        return Control(name, _rest(bones[name]), next(above, None))

    limbs = tuple(
        IkLimb(limb.upper, limb.end, control(limb.target), limb.pole and control(limb.pole), limb.pole_axis)
        for limb in found
    )
    if not limbs or names is None:
        return Ik(limbs) if limbs else None
    return Ik(limbs, tuple(_toes(bones, rig, names.toes)), dict(names.properties))


def ik_constraints(armature_object: bpy.types.Object, rig: Rig) -> dict[str, bpy.types.KinematicConstraint]:
    """The IK constraints on forearms and shins that move towards a bone of the same armature, by slot."""
    found = {}
    bones = {bone.slot: armature_object.pose.bones[bone.name] for bone in rig.bones}
    for _, lower, _ in LIMBS:
        for constraint in bones[lower].constraints if lower in bones else ():
            if constraint.type == "IK" and constraint.target == armature_object and constraint.subtarget:
                found[lower] = constraint
    return found


def _named(armature_object: bpy.types.Object, names: IkNames) -> list[_Found]:
    bones = armature_object.data.bones
    return [
        _Found(upper, end, target, _first(bones, names.poles.get(upper)), None)
        for upper, _, end in LIMBS
        if (target := _first(bones, names.targets.get(end)))
    ]


def _constrained(armature_object: bpy.types.Object, rig: Rig) -> list[_Found]:
    constraints = ik_constraints(armature_object, rig)
    rests = {bone.slot: bone.rest for bone in rig.bones}
    found = []
    for upper, lower, end in LIMBS:
        constraint = constraints.get(lower)
        if constraint is None or upper not in rests or end not in rests:
            continue
        pole = constraint.pole_subtarget if constraint.pole_target == armature_object else None
        turn = constraint.pole_angle
        axis = rests[upper][:3, 0] * np.cos(turn) + rests[upper][:3, 2] * np.sin(turn)
        found.append(_Found(upper, end, constraint.subtarget, pole or None, axis))
    return found


def _toes(
    bones: bpy.types.ArmatureBones, rig: Rig, names: Mapping[str, tuple[str, ...]]
) -> Iterator[RigBone]:
    for bone in rig.bones:
        toes = _first(bones, names.get(bone.slot))
        if toes and toes != bone.name:
            yield replace(bone, name=toes, rest=_rest(bones[toes]))


def _first(bones: bpy.types.ArmatureBones, names: tuple[str, ...] | None) -> str | None:
    return next((name for name in names or () if name in bones), None)


def _rest(bone: bpy.types.Bone) -> Floats:
    return np.array(bone.matrix_local, float)
