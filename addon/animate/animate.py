"""A solved pose onto a character: recognise, retarget, key."""

from __future__ import annotations

from dataclasses import replace

import bpy

from ...solver.face.face_motion import FaceMotion
from ...solver.pose import Pose
from ...solver.retarget import DEFAULTS, Options, retarget
from ..character.armature import check_usable, match_of
from ..face.follow import following
from .drawing import Tolerance
from .keys import write_keys
from .placement import NEW_ACTION, Placement, check_placement
from .result import Result
from .rig import keyed_rig
from .switches import check_switches, controls_off_rest, rest_controls, set_switches


def animate(
    armature_object: bpy.types.Object,
    pose: Pose,
    *,
    scene: bpy.types.Scene,
    start: float = 1.0,
    name: str,
    options: Options = DEFAULTS,
    placement: Placement = NEW_ACTION,
    on_frames: bool = True,
    tolerance: Tolerance | None = None,
    face: FaceMotion | None = None,
) -> Result:
    """Put `pose` on an armature as keys (see `write_keys`), and `face` on the shape keys of its meshes.

    A new Action counts on what it does not key, so the rig is set with it: switches (Rigify's limbs to FK or
    IK) to what they are keyed to, and controls that would move the same body parts to rest. A strip and a
    range of the present Action change nothing outside of themselves.

    Raises:
        BlazeRigError: Nobody knows the armature, it cannot be animated as it is, or the keys cannot go where
            they should. Nothing has been changed then.
    """
    check_usable(armature_object)
    check_placement(armature_object, placement)
    match = match_of(armature_object)
    rig = keyed_rig(armature_object, match, scene=scene, controls=options.controls)
    keys = retarget(pose, rig, options)
    shown = face and following(
        armature_object, face, keys.times, mirror=options.mirror, smoothing=options.smoothing
    )
    keys = shown.beside(keys, rig) if shown else keys
    check_switches(armature_object, keys.properties, rig.family)
    where = {"scene": scene, "start": start, "name": name, "placement": placement, "on_frames": on_frames}
    result = write_keys(armature_object, keys, tolerance=tolerance, **where)
    if shown:
        said = shown.key_shapes(reduced=tolerance is not None, beside=result.action, **where)
        result = replace(result, notes=(*result.notes, said))
    if placement.how == "action":
        set_switches(armature_object, keys.properties)
        rest_controls(armature_object, match, options.controls)
        return result
    moved = ", ".join(controls_off_rest(armature_object, match, options.controls))
    note = f"these controls are not at rest and move the same body parts: {moved}"
    return replace(result, notes=(*result.notes, note)) if moved else result
