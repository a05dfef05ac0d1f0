"""A solved pose onto a character: recognise, retarget, key."""

from __future__ import annotations

import bpy

from ...solver.pose import Pose
from ...solver.retarget import DEFAULTS, Options, retarget
from ..character.armature import check_usable, recognise
from .keys import write_keys
from .rig import keyed_rig
from .switches import rest_controls, set_switches


def animate(
    armature_object: bpy.types.Object,
    pose: Pose,
    *,
    scene: bpy.types.Scene,
    start: float = 1.0,
    name: str,
    options: Options = DEFAULTS,
) -> bpy.types.Action:
    """Put `pose` on an armature as the keys of a new Action (see `write_keys`).

    What the rig file says is set as well: switches (Rigify's limbs to FK or IK), and controls that
    would move the same body parts to rest.

    Raises:
        BlazeRigError: Nobody knows the armature, or it cannot be animated as it is.
    """
    check_usable(armature_object)
    match = recognise(armature_object)
    rig = keyed_rig(armature_object, match, scene=scene, controls=options.controls)
    keys = retarget(pose, rig, options)
    set_switches(armature_object, keys.properties, rig.family)
    rest_controls(armature_object, match, options.controls)
    return write_keys(armature_object, keys, scene=scene, start=start, name=name)
