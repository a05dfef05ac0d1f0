"""A solved pose onto a character: recognise, retarget, key."""

from __future__ import annotations

import bpy

from ...errors import BlazeRigError
from ...solver.pose import Pose
from ...solver.retarget import retarget
from ..character.armature import Match, check_usable, recognise, rig_of
from .keys import put_at_rest, write_keys


def animate(
    armature_object: bpy.types.Object,
    pose: Pose,
    *,
    scene: bpy.types.Scene,
    start: float = 1.0,
    name: str,
) -> bpy.types.Action:
    """Put `pose` on an armature as the keys of a new Action (see `write_keys`).

    What the rig file says is set as well: switches (Rigify's limbs to FK), and controls that
    would move the same body parts to rest.

    Raises:
        BlazeRigError: Nobody knows the armature, or it cannot be animated as it is.
    """
    check_usable(armature_object)
    match = recognise(armature_object)
    keys = retarget(pose, rig_of(armature_object, match))
    _set_switches(armature_object, match)
    return write_keys(armature_object, keys, scene=scene, start=start, name=name)


def _set_switches(armature_object: bpy.types.Object, match: Match) -> None:
    bones = armature_object.pose.bones
    lacking = [
        f'"{name}" of {bone}'
        for bone, name in match.file.properties
        if bone not in bones or name not in bones[bone]
    ]
    if lacking:
        raise BlazeRigError(
            f"armature '{armature_object.name}' looks like {match.file.family} but lacks the property "
            f"{lacking[0]}; generate it anew with this Blender"
        )
    for (bone, name), value in match.file.properties.items():
        bones[bone][name] = value
    for name in match.file.at_rest:
        if name in bones:
            put_at_rest(bones[name])
