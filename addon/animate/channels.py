"""What of a pose bone a motion moves: in the bone's own rotation mode, around its locks and drivers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import bpy
import numpy as np
from numpy.typing import NDArray

from ...solver import rotations
from ...solver.retarget import Keys
from ...solver.rotation_mode import from_mode, moved_near, to_mode
from .present import Present

Floats = NDArray[np.floating]

_ROTATION = {"QUATERNION": "rotation_quaternion", "AXIS_ANGLE": "rotation_axis_angle"}
_LETTERS = {3: "xyz", 4: "wxyz"}


@dataclass(frozen=True)
class Channel:
    """One property of a pose bone over F frames.

    Attributes:
        bone: Its name.
        path: The property's, from the armature object.
        mode: Rotation mode; empty for a location.
        values: Of the whole property. Shape (F, C).
        held: What the property has now, without keys. Shape (C,).
        indices: Those of the C numbers that may be keyed.
        turned: Whether the last frame is told by other numbers than those before it.
    """

    bone: str
    path: str
    mode: str
    values: Floats
    held: Floats
    indices: tuple[int, ...]
    turned: bool = False


def channels_of(
    armature_object: bpy.types.Object, keys: Keys, present: Present | None = None
) -> tuple[list[Channel], tuple[str, ...]]:
    """The channels that `keys` moves, bone by bone, and what of them is left alone, in words.

    Args:
        armature_object: Has the bones.
        keys: At the frames to key.
        present: What of the armature's animation the ends are blended with.
    """
    driven = driven_channels(armature_object)
    found: list[Channel] = []
    alone: list[str] = []
    for name in dict.fromkeys((*keys.rotations, *keys.locations)):
        bone = armature_object.pose.bones[name]
        if name in keys.rotations:
            found.append(rotation_channel(bone, keys.rotations[name], driven, present))
        if name in keys.locations:
            found.append(location_channel(bone, keys.locations[name], driven, present))
    for channel in found:
        alone += _left_alone(channel, driven)
    return [channel for channel in found if channel.indices], tuple(alone)


def driven_channels(armature_object: bpy.types.Object) -> set[tuple[str, int]]:
    """Path and index of every number of an object that a driver holds."""
    return {(curve.data_path, curve.array_index) for curve in _drivers(armature_object)}


def _drivers(owner: bpy.types.Object) -> Iterator[bpy.types.FCurve]:
    if owner.animation_data:
        yield from owner.animation_data.drivers


def free_to_move(bone: bpy.types.PoseBone) -> bool:
    """Whether no lock and no animation of its own holds a bone's location."""
    owner, path = bone.id_data, bone.path_from_id("location")
    return not any(bone.lock_location) and all(curve.data_path != path for curve in _drivers(owner))


def rotation_channel(
    bone: bpy.types.PoseBone, turned: Floats, driven: set[tuple[str, int]], present: Present | None = None
) -> Channel:
    """The rotation of a bone that turns by `turned` (F, 4)."""
    mode = bone.rotation_mode
    name = _ROTATION.get(mode, "rotation_euler")
    path = bone.path_from_id(name)
    held = np.array(getattr(bone, name), float)
    locks = _locked_rotation(bone, mode)
    if mode in _ROTATION and not bone.lock_rotations_4d and any(bone.lock_rotation):
        turned = _kept_angles(turned, from_mode(held, mode), np.array(bone.lock_rotation))
    indices = _free(path, locks, driven)
    if present is None:
        return Channel(bone.name, path, mode, to_mode(turned, mode), held, indices)
    before = present.values(path, held)
    mixed = rotations.interpolate(from_mode(before, mode), turned, present.share)
    turned = np.where(present.share[:, None] < 1.0, mixed, turned)
    values = to_mode(turned, mode, near=before[0])
    last = moved_near(values[-1:], mode, before[-1])
    other = not np.allclose(last, values[-1:], atol=1e-3)
    if other:
        values = np.concatenate([values[:-1], last])
    return Channel(bone.name, path, mode, values, held, indices, other)


def location_channel(
    bone: bpy.types.PoseBone, moved: Floats, driven: set[tuple[str, int]], present: Present | None = None
) -> Channel:
    """The location of a bone that moves by `moved` (F, 3), in its rest axes."""
    path, held = bone.path_from_id("location"), np.array(bone.location, float)
    if not bone.bone.use_local_location:
        moved = moved @ unlocal_axes(bone.bone)
    if present is not None:
        before = present.values(path, held)
        moved = np.where(
            present.share[:, None] < 1.0, before + (moved - before) * present.share[:, None], moved
        )
    return Channel(
        bone.name, path, "", np.asarray(moved), held, _free(path, tuple(bone.lock_location), driven)
    )


def unlocal_axes(bone: bpy.types.Bone) -> Floats:
    """From a bone's rest axes to those in which its location is meant if that is not local: its parent's.

    Without a parent those are the armature's. Shape (3, 3), for rows.
    """
    axes = np.array(bone.matrix_local, float)[:3, :3]
    return axes.T @ np.array(bone.parent.matrix_local, float)[:3, :3] if bone.parent else axes.T


def _locked_rotation(bone: bpy.types.PoseBone, mode: str) -> tuple[bool, ...]:
    """Which numbers of a bone's rotation are locked."""
    if mode not in _ROTATION:
        return tuple(bone.lock_rotation)
    if all(bone.lock_rotation):  # what is left, if anything, turns nothing
        return (True,) * 4
    if bone.lock_rotations_4d:
        return (bone.lock_rotation_w, *bone.lock_rotation)
    return (False,) * 4


def _kept_angles(turned: Floats, held: Floats, locked: NDArray[np.bool_]) -> Floats:
    """Rotations (F, 4) with the locked Euler angles of `held`: how Blender locks axes of a quaternion."""
    angles = to_mode(turned, "XYZ")
    return from_mode(np.where(locked, to_mode(held[None], "XYZ"), angles), "XYZ")


def _free(path: str, locks: tuple[bool, ...], driven: set[tuple[str, int]]) -> tuple[int, ...]:
    return tuple(i for i, locked in enumerate(locks) if not locked and (path, i) not in driven)


def _left_alone(channel: Channel, driven: set[tuple[str, int]]) -> Iterator[str]:
    """What of a channel is not keyed and why: 'Head: rotation x y (locked)'."""
    width = channel.values.shape[1]
    rest = [i for i in range(width) if i not in channel.indices]
    what = "rotation" if channel.mode else "location"
    for reason, which in (
        ("driven", [i for i in rest if (channel.path, i) in driven]),
        ("locked", [i for i in rest if (channel.path, i) not in driven]),
    ):
        letters = "" if len(which) == width else "".join(f" {_LETTERS[width][i]}" for i in which)
        if which:
            yield f"{channel.bone}: {what}{letters} ({reason})"
