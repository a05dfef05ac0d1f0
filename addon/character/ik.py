"""The IK controls of an armature: those that its rig file names, else Blender's own IK constraints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

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


def ik_of(armature_object: bpy.types.Object, rig: Rig, names: IkNames | None) -> Ik | None:
    """The IK controls of an armature, or None where it has none that are known.

    Args:
        armature_object: The armature.
        rig: Its bones that play slots.
        names: Of its family's controls, from the rig file.
    """
    bones = armature_object.data.bones
    slot_of = {bone.name: bone.slot for bone in rig.bones}
    if names is None:
        limbs = tuple(_constrained_limbs(armature_object, rig, slot_of))
        return Ik(limbs) if limbs else None
    limbs = []
    for upper, _, end in LIMBS:
        target, pole = (_first(bones, found) for found in (names.targets.get(end), names.poles.get(upper)))
        if target:
            limbs.append(
                IkLimb(upper, end, _control(target, slot_of), _control(pole, slot_of) if pole else None)
            )
    toes = tuple(_toes(bones, rig, names.toes))
    return Ik(tuple(limbs), toes, dict(names.properties)) if limbs else None


def ik_constraints(armature_object: bpy.types.Object, rig: Rig) -> dict[str, bpy.types.KinematicConstraint]:
    """The IK constraints on forearms and shins that move towards a bone of the same armature, by slot."""
    found = {}
    bones = {bone.slot: armature_object.pose.bones[bone.name] for bone in rig.bones}
    for _, lower, _ in LIMBS:
        for constraint in bones[lower].constraints if lower in bones else ():
            if constraint.type == "IK" and constraint.target == armature_object and constraint.subtarget:
                found[lower] = constraint
    return found


def _constrained_limbs(
    armature_object: bpy.types.Object, rig: Rig, slot_of: Mapping[str, str]
) -> Iterator[IkLimb]:
    bones = armature_object.data.bones
    constraints = ik_constraints(armature_object, rig)
    rests = {bone.slot: bone.rest for bone in rig.bones}
    for upper, lower, end in LIMBS:
        constraint = constraints.get(lower)
        if constraint is None or upper not in rests or end not in rests:
            continue
        target = _control(bones[constraint.subtarget], slot_of)
        if constraint.pole_target != armature_object or not constraint.pole_subtarget:
            yield IkLimb(upper, end, target, None)
            continue
        turn = constraint.pole_angle
        axis = rests[upper][:3, 0] * np.cos(turn) + rests[upper][:3, 2] * np.sin(turn)
        yield IkLimb(upper, end, target, _control(bones[constraint.pole_subtarget], slot_of), axis)


def _toes(
    bones: bpy.types.ArmatureBones, rig: Rig, names: Mapping[str, tuple[str, ...]]
) -> Iterator[RigBone]:
    for bone in rig.bones:
        toes = _first(bones, names.get(bone.slot))
        if toes is not None and toes.name != bone.name:
            yield RigBone(bone.slot, toes.name, _rest(toes), bone.head, bone.tail, bone.inherits)


def _first(bones: bpy.types.ArmatureBones, names: tuple[str, ...] | None) -> bpy.types.Bone | None:
    return next((bones[name] for name in names or () if name in bones), None)


def _control(bone: bpy.types.Bone, slot_of: Mapping[str, str]) -> Control:
    """The control with the slot of the nearest bone above that plays one."""
    above = next((slot_of[parent.name] for parent in bone.parent_recursive if parent.name in slot_of), None)
    return Control(bone.name, _rest(bone), above)


def _rest(bone: bpy.types.Bone) -> Floats:
    return np.array(bone.matrix_local, float)
