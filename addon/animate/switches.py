"""What has to be set on a rig beside its keys: properties that switch it, and controls that have to rest."""

from __future__ import annotations

import bpy
import numpy as np
from bpy.utils import escape_identifier

from ...errors import BlazeRigError
from ...solver.rig import Switches
from ..character.armature import Match


def check_switches(armature_object: bpy.types.Object, switches: Switches, family: str) -> None:
    """Make sure that the armature has these properties.

    Raises:
        BlazeRigError: One is not there.
    """
    bones = armature_object.pose.bones
    lacking = [
        f'"{name}" of {bone}'
        for bone, name in switches
        if bone not in bones or (name not in bones[bone] and not hasattr(bones[bone], name))
    ]
    if lacking:
        raise BlazeRigError(
            f"armature '{armature_object.name}' looks like {family} but lacks the property "
            f"{lacking[0]}; generate it anew with this Blender"
        )


def held(bone: bpy.types.PoseBone, name: str) -> float:
    """What a property of a pose bone is now, a custom one or Blender's own."""
    return bone[name] if name in bone else getattr(bone, name)


def switch_path(bone: bpy.types.PoseBone, name: str) -> str:
    """The property's path from the armature object."""
    escaped = escape_identifier(name)
    return bone.path_from_id() + (f'["{escaped}"]' if name in bone else f".{name}")


def set_switches(armature_object: bpy.types.Object, switches: Switches) -> None:
    """Set properties of pose bones, each in the type that it has; without keys, for all frames."""
    for (bone_name, name), value in switches.items():
        bone = armature_object.pose.bones[bone_name]
        value = type(held(bone, name))(value)
        if name in bone:
            bone[name] = value
        else:
            setattr(bone, name, value)


def rest_controls(armature_object: bpy.types.Object, match: Match, controls: str) -> None:
    """Put controls to rest that would add to what is keyed; those that the armature lacks are passed over."""
    for bone in resting(armature_object, match, controls):
        put_at_rest(bone)


def controls_off_rest(armature_object: bpy.types.Object, match: Match, controls: str) -> tuple[str, ...]:
    """Controls that add to what is keyed, as the armature is posed now."""
    bones = resting(armature_object, match, controls)
    return tuple(bone.name for bone in bones if not np.allclose(bone.matrix_basis, np.eye(4), atol=1e-5))


def resting(armature_object: bpy.types.Object, match: Match, controls: str) -> list[bpy.types.PoseBone]:
    """The controls that should rest, of those that the armature has."""
    bones = armature_object.pose.bones
    ik = match.file.ik if controls == "ik" else None
    names = (*match.file.at_rest, *(ik.at_rest if ik else ()))
    return [bones[name] for name in names if name in bones]


def put_at_rest(bone: bpy.types.PoseBone) -> None:
    """Undo all that was done to a pose bone by hand."""
    bone.location = (0.0, 0.0, 0.0)
    bone.rotation_quaternion = (1.0, 0.0, 0.0, 0.0)
    bone.rotation_euler = (0.0, 0.0, 0.0)
    bone.rotation_axis_angle = (0.0, 0.0, 1.0, 0.0)
    bone.scale = (1.0, 1.0, 1.0)
