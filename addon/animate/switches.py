"""What has to be set on a rig beside its keys: custom properties, and controls that have to rest."""

from __future__ import annotations

import bpy
import numpy as np

from ...errors import BlazeRigError
from ...solver.rig import Switches
from ..character.armature import Match


def check_switches(armature_object: bpy.types.Object, switches: Switches, family: str) -> None:
    """Make sure that the armature has these custom properties.

    Raises:
        BlazeRigError: One is not there.
    """
    bones = armature_object.pose.bones
    lacking = [
        f'"{name}" of {bone}' for bone, name in switches if bone not in bones or name not in bones[bone]
    ]
    if lacking:
        raise BlazeRigError(
            f"armature '{armature_object.name}' looks like {family} but lacks the property "
            f"{lacking[0]}; generate it anew with this Blender"
        )


def set_switches(armature_object: bpy.types.Object, switches: Switches) -> None:
    """Set custom properties of pose bones, each in the type that it has; without keys, for all frames."""
    bones = armature_object.pose.bones
    for (bone, name), value in switches.items():
        bones[bone][name] = type(bones[bone][name])(value)


def rest_controls(armature_object: bpy.types.Object, match: Match, controls: str) -> None:
    """Put controls to rest that would add to what is keyed; those that the armature lacks are passed over.

    Of limbs under inverse kinematics bones that stretch are kept from it as well.
    """
    bones = armature_object.pose.bones
    ik = match.file.ik if controls == "ik" else None
    for bone in _resting(armature_object, match, controls):
        put_at_rest(bone)
    for name in ik.unstretched if ik else ():
        if name in bones:
            bones[name].ik_stretch = 0.0


def controls_off_rest(armature_object: bpy.types.Object, match: Match, controls: str) -> tuple[str, ...]:
    """Controls that add to what is keyed, as the armature is posed now."""
    resting = _resting(armature_object, match, controls)
    return tuple(bone.name for bone in resting if not np.allclose(bone.matrix_basis, np.eye(4), atol=1e-5))


def _resting(armature_object: bpy.types.Object, match: Match, controls: str) -> list[bpy.types.PoseBone]:
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
