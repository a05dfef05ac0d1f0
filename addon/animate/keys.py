"""Writing the channels of pose bones as keys of a new Action, in bulk."""

from __future__ import annotations

import math

import bpy
import numpy as np
from numpy.typing import NDArray

from ...solver.retarget import Keys
from .actions import new_action, new_curve

Floats = NDArray[np.floating]

LINEAR = 1
"""`Keyframe.interpolation` as the number that `foreach_set` takes (BEZT_IPO_LIN)."""


def write_keys(
    armature_object: bpy.types.Object, keys: Keys, *, scene: bpy.types.Scene, start: float = 1.0, name: str
) -> bpy.types.Action:
    """Key the bones that `keys` names, in a new Action which the object then has.

    The keys stand at the footage's own times on the scene's frame rate, `start` + time * fps, between
    frames where that is where they fall. The bones turn by quaternions and rest in what is not keyed;
    no other bone is touched. An Action that the object had stays in the file, with a fake user. The
    scene's range grows to hold the keys and never shrinks.

    Args:
        armature_object: Has the bones.
        keys: From `solver.retarget.retarget`.
        scene: Gives the frame rate.
        start: Frame of time 0.
        name: Of the new Action.
    """
    frames = start + np.asarray(keys.times) * (scene.render.fps / scene.render.fps_base)
    action = new_action(armature_object, name)
    for bone_name, rotations in keys.rotations.items():
        bone = armature_object.pose.bones[bone_name]
        put_at_rest(bone)
        bone.rotation_mode = "QUATERNION"
        _write_channel(action, bone, "rotation_quaternion", frames, rotations)
        if bone_name in keys.locations:
            _write_channel(action, bone, "location", frames, _location(bone, keys.locations[bone_name]))
    _extend_range(scene, frames)
    return action


def put_at_rest(bone: bpy.types.PoseBone) -> None:
    """Undo all that was done to a pose bone by hand."""
    bone.location = (0.0, 0.0, 0.0)
    bone.rotation_quaternion = (1.0, 0.0, 0.0, 0.0)
    bone.rotation_euler = (0.0, 0.0, 0.0)
    bone.rotation_axis_angle = (0.0, 0.0, 1.0, 0.0)
    bone.scale = (1.0, 1.0, 1.0)


def _location(bone: bpy.types.PoseBone, locations: Floats) -> Floats:
    """Locations in the bone's rest axes, in the axes in which this bone's location is meant."""
    if bone.bone.use_local_location:
        return locations
    return locations @ np.array(bone.bone.matrix_local, float)[:3, :3].T


def _write_channel(
    action: bpy.types.Action, bone: bpy.types.PoseBone, channel: str, frames: Floats, values: Floats
) -> None:
    path = bone.path_from_id(channel)
    linear = np.full(len(frames), LINEAR, np.int32)
    points = np.empty((len(frames), 2), np.float32)
    points[:, 0] = frames
    for index, column in enumerate(np.asarray(values).T):
        points[:, 1] = column
        curve = new_curve(action, path, index, bone.name)
        curve.keyframe_points.add(len(frames))
        curve.keyframe_points.foreach_set("co", points.ravel())
        curve.keyframe_points.foreach_set("interpolation", linear)
        curve.update()


def _extend_range(scene: bpy.types.Scene, frames: Floats) -> None:
    """Widen the scene's range where the keys lie outside it."""
    scene.frame_start = min(scene.frame_start, math.floor(frames.min()))
    scene.frame_end = max(scene.frame_end, math.ceil(frames.max()))
