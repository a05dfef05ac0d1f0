"""What has to be set on a rig beside its keys: custom properties, and controls that have to rest."""

from __future__ import annotations

import bpy

from ...errors import BlazeRigError
from ...solver.rig import Switches
from ..character.armature import Match
from .keys import put_at_rest


def set_switches(armature_object: bpy.types.Object, switches: Switches, family: str) -> None:
    """Set custom properties of pose bones, each in the type that it has.

    Raises:
        BlazeRigError: One is not there; nothing is set then.
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
    for (bone, name), value in switches.items():
        bones[bone][name] = type(bones[bone][name])(value)


def rest_controls(armature_object: bpy.types.Object, match: Match, controls: str) -> None:
    """Put controls to rest that would add to what is keyed; those that the armature lacks are passed over.

    Of limbs under inverse kinematics bones that stretch are kept from it as well.
    """
    bones = armature_object.pose.bones
    ik = match.file.ik if controls == "ik" else None
    for name in (*match.file.at_rest, *(ik.at_rest if ik else ())):
        if name in bones:
            put_at_rest(bones[name])
    for name in ik.unstretched if ik else ():
        if name in bones:
            bones[name].ik_stretch = 0.0
