"""A recorded take solved offline, in the place of the keys that were made of it live."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import bpy
import numpy as np

from ...errors import BlazeRigError
from ...solver.motion import load_motion
from ...solver.pose import Pose
from ...solver.retarget import Options
from ..animate.actions import Animation, animation_in, assign
from ..animate.animate import animate
from ..animate.apply import motion_of, solved, solving
from ..animate.placement import Placement
from ..capture import scene_named
from ..job import Status, Steps, stop
from ..takes.files import absolute
from ..takes.takes import active_take
from .characters import character_of, let_go
from .record_keep import Shown, on_frames
from .record_timing import from_text, posed_at


def finishing(scene: bpy.types.Scene) -> Steps:
    """The job: the active take is solved where it was not yet, and keyed as it was when it was recorded."""
    name, take = scene.name, active_take(scene).name
    if motion_of(scene) is None:
        ended = yield from solving(scene)
        if stop.is_set():
            return ended
    found = scene_named(name)
    if active_take(found).name != take:
        raise BlazeRigError(f"another take was chosen meanwhile; choose '{take}' and finish it again")
    return Status(finish(found), 1.0)


def finish(scene: bpy.types.Scene) -> str:
    """Key the active take's offline motion where the live one was; what was done, in words.

    Raises:
        BlazeRigError: It is not solved, or nothing is left of what was keyed with it.
    """
    item = active_take(scene)
    about = item.recorded
    solution = solved(scene)
    pose = placed_as(solution.pose, absolute(about.motion))
    frames = np.arange(about.first, about.last + 1.0)
    shown = on_frames(pose, solution.face, from_text(about.timing), frames, scene)
    there = [keyed for keyed in about.keyed if keyed.armature and keyed.action]
    if not there:
        raise BlazeRigError(f"nothing that was keyed with '{item.name}' is left; Animate keys it anew")
    said = [_key_again(scene, item, keyed, shown) for keyed in there]
    return "; ".join([f"'{item.name}' is solved offline", *said])


def placed_as(pose: Pose, live: Path) -> Pose:
    """The motion where the live one was: both begin where the performer stood, but at other moments.

    Where the file of the live motion is gone, it stays where it is.
    """
    if not live.is_file():
        return pose
    there = posed_at(load_motion(live).pose, pose.times).hips
    shift = np.median(there - pose.hips, axis=0) * [1.0, 1.0, 0.0]
    return dataclasses.replace(pose, hips=pose.hips + shift)


def _key_again(
    scene: bpy.types.Scene, item: bpy.types.PropertyGroup, keyed: bpy.types.PropertyGroup, shown: Shown
) -> str:
    about, armature = item.recorded, keyed.armature
    animation = animation_in(armature, keyed.action)
    if character := character_of(scene, armature):
        let_go(character)
    shapes = _shapes(keyed)
    placement = Placement("action", into=animation, into_shapes=shapes)
    if keyed.replaced:
        assign(armature, animation)
        for name, own in shapes.items():
            assign(bpy.data.shape_keys[name], own)
        placement = Placement("range", about.first, about.last, keyed.blend)
    result = animate(
        armature,
        shown.pose,
        scene=scene,
        start=about.first,
        name=item.name,
        options=Options(**json.loads(keyed.options)),
        placement=placement,
        face=shown.face if keyed.face else None,
    )
    return f"'{armature.name}': {result.keys:,} keys in '{result.action.name}'"


def _shapes(keyed: bpy.types.PropertyGroup) -> dict[str, Animation]:
    """What was keyed of shape keys, by the name of their `Key`; without what is gone."""
    there = (line for line in keyed.shapes if line.keys and line.action)
    return {line.keys.name: animation_in(line.keys, line.action) for line in there}
