"""A plain skeleton of the joints that play slots, moving as a rig with controls does, for other programs."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping

import bpy
import numpy as np

from ..solver.humanoid import PARENT_OF, SLOTS
from ..solver.rig import Rig

AT = 1e-3
"""How far from a slot's joint a bone's head may lie to show it, as a part of the character's height."""


def shown_by(armature_object: bpy.types.Object, rig: Rig) -> dict[str, str]:
    """The bones that show the slots of a rig on screen, by slot.

    The keyed bone itself where it deforms. Of a rig with controls the bone that deforms and whose head is the
    slot's joint; of several the one that points along the body part. Slots that nothing shows are left out.
    """
    bones = armature_object.data.bones
    deforming = [bone for bone in bones if bone.use_deform]
    heads = np.array([bone.head_local for bone in deforming]).reshape(-1, 3)
    along = np.array([bone.tail_local - bone.head_local for bone in deforming]).reshape(-1, 3)
    near = AT * np.ptp([bone.head_local[:] for bone in bones], axis=0).max()
    found: dict[str, str] = {}
    for part in rig.bones:
        if bones[part.name].use_deform:
            found[part.slot] = part.name
            continue
        there = np.flatnonzero(np.linalg.norm(heads - part.head, axis=1) < near)
        if len(there):
            way = part.tail - part.head
            found[part.slot] = deforming[there[np.argmax(along[there] @ way)]].name
    return found


def is_control_rig(armature_object: bpy.types.Object, rig: Rig) -> bool:
    """Whether most of what is keyed are controls, beside the bones that deform."""
    bones = armature_object.data.bones
    return sum(not bones[bone.name].use_deform for bone in rig.bones) > len(rig.bones) / 2


@contextlib.contextmanager
def slots_skeleton(armature_object: bpy.types.Object, shown: Mapping[str, str]) -> Iterator[bpy.types.Object]:
    """For the time of a block, an armature object whose bones are called by the slots and move as others.

    Each rests as the bone that it follows, so that its pose is that bone's.

    Args:
        armature_object: The rig.
        shown: Of `shown_by`.
    """
    data = bpy.data.armatures.new("Skeleton")
    skeleton = bpy.data.objects.new("Skeleton", data)
    bpy.context.scene.collection.objects.link(skeleton)
    skeleton.matrix_world = armature_object.matrix_world
    try:
        _build(skeleton, armature_object, shown)
        _follow(skeleton, armature_object, shown)
        yield skeleton
    finally:
        bpy.data.objects.remove(skeleton)
        bpy.data.armatures.remove(data)
        bpy.context.view_layer.update()


def _build(skeleton: bpy.types.Object, armature_object: bpy.types.Object, shown: Mapping[str, str]) -> None:
    bpy.context.view_layer.objects.active = skeleton
    bpy.ops.object.mode_set(mode="EDIT")
    made = skeleton.data.edit_bones
    for slot in (slot for slot in SLOTS if slot in shown):
        model = armature_object.data.bones[shown[slot]]
        bone = made.new(slot)
        bone.head, bone.tail = model.head_local, model.tail_local
        bone.matrix = model.matrix_local
        above = PARENT_OF[slot]
        while above and above not in made:
            above = PARENT_OF[above]
        bone.parent = made[above] if above else None
    bpy.ops.object.mode_set(mode="OBJECT")


def _follow(skeleton: bpy.types.Object, armature_object: bpy.types.Object, shown: Mapping[str, str]) -> None:
    for slot, name in shown.items():
        follow = skeleton.pose.bones[slot].constraints.new("COPY_TRANSFORMS")
        follow.target, follow.subtarget = armature_object, name
