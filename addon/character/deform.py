"""Deform bones: whether the bones that deform a mesh can be keyed themselves."""

from __future__ import annotations

from collections.abc import Iterator

import bpy

from ...errors import BlazeRigError
from ...solver.rig import Rig


def check_deform(armature_object: bpy.types.Object, rig: Rig) -> None:
    """Refuse bones that deform nothing, or whose keys would not show.

    Raises:
        BlazeRigError: The rig's bones are controls; or they are deform bones that follow controls, as those
            of Rigify do.
    """
    if reason := next(_reasons(armature_object, rig), None):
        raise BlazeRigError(
            f"the deform bones of '{armature_object.name}' ({rig.family}) cannot be keyed: {reason}; "
            "key its controls, exporters write the deform bones as they move"
        )


def _reasons(armature_object: bpy.types.Object, rig: Rig) -> Iterator[str]:
    bones = {bone.slot: armature_object.pose.bones[bone.name] for bone in rig.bones}
    for slot, bone in bones.items():
        if slot.endswith(("Arm", "Leg")) and not bone.bone.use_deform:
            yield f"'{bone.name}' is a control"
        for constraint in bone.constraints:
            if not constraint.mute and constraint.influence > 0:
                yield f"'{bone.name}' follows its constraint '{constraint.name}'"
    for bone in rig.bones[1:]:
        if bone.inherits is None:
            yield f"'{bone.name}' does not hang on the bones above it"
