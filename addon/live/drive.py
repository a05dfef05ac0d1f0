"""One pose and face onto a character, as often as they come: no keys, no Action, no undo step."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import bpy
import numpy as np
from mathutils import Quaternion

from ...errors import BlazeRigError
from ...solver import humanoid, rotations
from ...solver.face.face_motion import FaceMotion
from ...solver.pose import Pose
from ...solver.retarget import Options, Retargeter
from ...solver.rig import Rig, Switches
from ...take import Floats
from ..animate.channels import driven_channels, free_to_move, location_channel, rotation_channel, unlocal_axes
from ..animate.poses import pose as pose_bones
from ..animate.poses import posed
from ..animate.rig import keyed_rig
from ..animate.switches import check_switches, put_at_rest, resting, set_switches
from ..character.armature import check_usable, match_of
from ..face.properties import map_stamp
from . import face_drive
from .face_drive import FaceDrive, Shapes
from .treadmill import Treadmill

Stamp = tuple[object, ...]
"""What a character was prepared for; where it is another by now, it has to be prepared anew."""
Driven = set[tuple[str, int]]


@dataclass(frozen=True)
class Drive:
    """A character that is ready to follow; holds nothing of Blender's, which an undo would take away.

    Attributes:
        stamp: What it was prepared for.
        retargeter: Poses to channels of its bones.
        switches: What has to be set on it beside.
        posed: Bones that turn or move.
        placed: Those of the body that only turn: they are in their place.
        resting: Controls that have to rest meanwhile.
        axes: Of bones whose location is not local, from their rest axes to those of their parent.
        driven: Channels that drivers hold, and
        held: the bones of which they hold any.
        treadmill: Keeps the character over its spot, where it shall not go where the performer does.
        face: What shows the performer's face; None where nothing does or it shall not.
        hint: Why nothing does; empty where something does or it shall not.
    """

    stamp: Stamp
    retargeter: Retargeter
    switches: Switches
    posed: tuple[str, ...]
    placed: tuple[str, ...]
    resting: tuple[str, ...]
    axes: Mapping[str, Floats]
    driven: Driven
    held: Collection[str]
    treadmill: Treadmill | None
    face: FaceDrive | None
    hint: str


def stamp(
    armature: bpy.types.Object, scene: bpy.types.Scene, options: Options, meshes: tuple[Shapes, ...] | None
) -> Stamp:
    """What says, quickly, whether a character is still as it was when it was prepared.

    `meshes` are those that may show its face; None where it shall not show any.
    """
    data = armature.animation_data
    return (
        armature.session_uid,
        options,
        armature.mode == "EDIT",
        bool(data and data.use_tweak_mode),
        tuple(round(value, 6) for value in armature.matrix_world.to_scale()),
        scene.unit_settings.scale_length,
        len(armature.data.bones),
        tuple((line.name, line.bone, line.certainty) for line in armature.blazerig.slots),
        meshes,
        None if meshes is None else map_stamp(armature),
    )


def prepare(
    armature: bpy.types.Object, scene: bpy.types.Scene, options: Options, meshes: tuple[Shapes, ...] | None
) -> Drive:
    """Find out how a character follows; nothing of it is changed. Arguments as those of `stamp`.

    Raises:
        BlazeRigError: Nobody knows the armature, or it cannot be driven as it is.
    """
    check_usable(armature)
    match = match_of(armature)
    rig = keyed_rig(armature, match, scene=scene, controls=options.controls)
    retargeter = Retargeter(rig, replace(options, travel=True))
    keys = retargeter(_t_pose())
    check_switches(armature, keys.properties, rig.family)
    driven = driven_channels(armature)
    face, hint = (None, "") if meshes is None else _face(armature, rig, meshes, mirror=options.mirror)
    shown = () if face is None else face.bones
    names = dict.fromkeys((*keys.rotations, *keys.locations, *shown))
    bones = [armature.pose.bones[name] for name in names]
    unlocal = (bone for bone in bones if not bone.bone.use_local_location)
    return Drive(
        stamp=stamp(armature, scene, options, meshes),
        retargeter=retargeter,
        switches=keys.properties,
        posed=tuple(names),
        placed=tuple(name for name in keys.rotations if name not in keys.locations),
        resting=tuple(bone.name for bone in resting(armature, match, options.controls)),
        axes={bone.name: unlocal_axes(bone.bone) for bone in unlocal},
        driven=driven,
        held={bone.name for bone in bones if _held(bone, driven)},
        treadmill=None if options.travel else Treadmill(),
        face=face,
        hint=hint,
    )


def _face(
    armature: bpy.types.Object, rig: Rig, meshes: tuple[Shapes, ...], *, mirror: bool
) -> tuple[FaceDrive | None, str]:
    """What shows the face, or why nothing does: the body follows in any case."""
    try:
        face = FaceDrive(armature, rig, meshes, mirror=mirror)
    except BlazeRigError as error:
        return None, str(error)
    if not face.shows:
        return None, f"'{armature.name}' has nothing to show a face with: no shape keys or bones for one"
    return face, ""


def take_over(armature: bpy.types.Object, drive: Drive, shared: face_drive.Kept) -> str:
    """Set a character so that the poses show on it; how it was before, for `give_back`.

    `shared` are values of shape keys from before another character followed, whose meshes may be this one's.
    """
    bones = armature.pose.bones
    switched = (bone for bone, _name in drive.switches)
    names = dict.fromkeys((*drive.posed, *drive.resting, *switched))
    kept = {name: posed(bones[name]) for name in names if name in bones}
    shapes = drive.face.keep() if drive.face else {}
    for key, values in shapes.items():
        values |= {name: value for name, value in shared.get(key, {}).items() if name in values}
    set_switches(armature, drive.switches)
    for name in drive.resting:
        put_at_rest(bones[name])
    for name in drive.placed:
        if free_to_move(bones[name]):
            bones[name].location = (0.0, 0.0, 0.0)
    return json.dumps({"bones": kept, "shapes": shapes})


def shapes_before(kept: str) -> face_drive.Kept:
    """Values of shape keys from before a character followed, by what `take_over` told."""
    return json.loads(kept)["shapes"] if kept else {}


def give_back(armature: bpy.types.Object, kept: str) -> None:
    """Pose a character as it was; what animates it says the rest."""
    pose_bones(armature, json.loads(kept)["bones"])
    face_drive.give_back(shapes_before(kept))
    armature.update_tag(refresh={"OBJECT", "DATA", "TIME"})


def put(armature: bpy.types.Object, drive: Drive, pose: Pose, face: FaceMotion | None) -> None:
    """Put pose and face of one frame on a character; locked and driven channels stay as they are."""
    keys = drive.retargeter(drive.treadmill(pose) if drive.treadmill else pose)
    if face is not None and drive.face is not None:
        keys = drive.face.beside(keys, face)
        drive.face.put(armature, face)
    bones = armature.pose.bones
    for name, turned in keys.rotations.items():
        bone = bones.get(name)
        if bone is not None:
            _turn(bone, turned, drive)
    for name, moved in keys.locations.items():
        bone = bones.get(name)
        if bone is not None:
            _move(bone, moved, drive)


def _turn(bone: bpy.types.PoseBone, turned: Floats, drive: Drive) -> None:
    """By Blender's own conversions, which are quick for one frame, wherever no number is held."""
    mode = bone.rotation_mode
    by_w = bone.lock_rotations_4d and bone.lock_rotation_w
    if by_w or any(bone.lock_rotation) or bone.name in drive.held:
        channel = rotation_channel(bone, turned, drive.driven)
        _set(bone, channel.path.rpartition(".")[2], channel.values[0], channel.indices)
    elif mode == "QUATERNION":
        bone.rotation_quaternion = turned[0].tolist()
    elif mode == "AXIS_ANGLE":
        axis, angle = Quaternion(turned[0].tolist()).to_axis_angle()
        bone.rotation_axis_angle = (angle, *axis)
    else:
        bone.rotation_euler = Quaternion(turned[0].tolist()).to_euler(mode)


def _move(bone: bpy.types.PoseBone, moved: Floats, drive: Drive) -> None:
    """Likewise."""
    if any(bone.lock_location) or bone.name in drive.held:
        channel = location_channel(bone, moved, drive.driven)
        _set(bone, "location", channel.values[0], channel.indices)
        return
    axes = drive.axes.get(bone.name)
    bone.location = (moved[0] if axes is None else moved[0] @ axes).tolist()


def _held(bone: bpy.types.PoseBone, driven: Driven) -> bool:
    names = ("location", "rotation_quaternion", "rotation_euler", "rotation_axis_angle")
    paths = [bone.path_from_id(name) for name in names]
    return any((path, index) in driven for path in paths for index in range(4))


def _set(bone: bpy.types.PoseBone, name: str, values: Floats, indices: tuple[int, ...]) -> None:
    """Set some of the numbers of a property."""
    if indices:
        now = list(getattr(bone, name))
        for index in indices:
            now[index] = float(values[index])
        setattr(bone, name, now)


def _t_pose() -> Pose:
    rest = humanoid.rest_pose()
    return Pose(np.zeros(1), np.tile(rotations.IDENTITY, (1, len(humanoid.SLOTS), 1)), rest[:1], rest)
