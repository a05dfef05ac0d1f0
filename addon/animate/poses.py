"""How an armature was posed before a preview."""

from __future__ import annotations

from collections.abc import Mapping

import bpy

SINGLE = ("rotation_mode", "ik_stretch")
VECTORS = (
    "location",
    "rotation_quaternion",
    "rotation_euler",
    "rotation_axis_angle",
    "scale",
)
Posed = dict[str, object]
_kept: dict[str, dict[str, Posed]] = {}


def keep(armature: bpy.types.Object) -> None:
    """Remember how all bones are posed, custom numbers (a rig's switches) included."""
    _kept[armature.name] = {bone.name: posed(bone) for bone in armature.pose.bones}


def restore(armature: bpy.types.Object) -> None:
    """Pose the bones as they were remembered; nothing, where they were not."""
    pose(armature, _kept.pop(armature.name, {}))


def pose(armature: bpy.types.Object, bones: Mapping[str, Posed]) -> None:
    """Pose the bones that are named and there."""
    for name, channels in bones.items():
        bone = armature.pose.bones.get(name)
        if bone is None:
            continue
        for channel, value in channels.items():
            if channel in (*SINGLE, *VECTORS):
                setattr(bone, channel, value)
            elif channel in bone:
                bone[channel] = value


def posed(bone: bpy.types.PoseBone) -> Posed:
    """How a bone is posed: its channels and custom numbers by name."""
    found: dict[str, object] = {name: getattr(bone, name) for name in SINGLE}
    found |= {name: tuple(getattr(bone, name)) for name in VECTORS}
    return found | {name: value for name, value in bone.items() if isinstance(value, int | float)}
