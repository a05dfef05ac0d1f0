"""The keyed character as a file for other programs, by Blender's own exporters."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import addon_utils
import bpy

from ..errors import BlazeRigError
from ..output import check_writable, written_whole
from .character.armature import read_rig
from .quiet import told
from .skeleton import is_control_rig, shown_by, slots_skeleton


@dataclass(frozen=True)
class Kind:
    """A kind of file.

    Attributes:
        name: What people call it.
        write: Exports the selection over the scene's range to a path.
        add_on: Of Blender's, that writes it; None where Blender itself does.
    """

    name: str
    write: Callable[[str], object]
    add_on: str | None = None


def _write_bvh(path: str) -> None:
    scene = bpy.context.scene
    bpy.ops.export_anim.bvh(filepath=path, frame_start=scene.frame_start, frame_end=scene.frame_end)


def _write_fbx(path: str) -> None:
    bpy.ops.export_scene.fbx(
        filepath=path,
        use_selection=True,
        object_types={"ARMATURE", "MESH"},
        use_armature_deform_only=True,
        add_leaf_bones=False,
        bake_anim_use_nla_strips=False,
        bake_anim_use_all_actions=False,
        bake_anim_simplify_factor=0.0,
    )


def _write_glb(path: str) -> None:
    bpy.ops.export_scene.gltf(
        filepath=path,
        export_format="GLB",
        use_selection=True,
        export_def_bones=True,
        export_animation_mode="SCENE",
        export_anim_scene_split_object=False,
        export_frame_range=True,
        export_optimize_animation_size=False,
    )


def _write_usd(path: str) -> None:
    bpy.ops.wm.usd_export(
        filepath=path,
        selected_objects_only=True,
        export_animation=True,
        export_armatures=True,
        only_deform_bones=True,
        export_hair=False,
        export_lights=False,
        export_cameras=False,
        convert_world_material=False,
        evaluation_mode="RENDER",
        **_PICTURES_STAY,
    )


_PICTURES_STAY = (
    {"export_textures_mode": "KEEP"} if bpy.app.version >= (5, 0, 0) else {"export_textures": False}
)
"""The pictures of materials are referred to where they lie, and no copy is put beside the file."""
_USD = Kind("USD", _write_usd)
KINDS = {
    ".bvh": Kind("BVH", _write_bvh, "io_anim_bvh"),
    ".fbx": Kind("FBX", _write_fbx, "io_scene_fbx"),
    ".glb": Kind("glTF", _write_glb, "io_scene_gltf2"),
    ".usd": _USD,
    ".usda": _USD,
    ".usdc": _USD,
}
"""By the ending of the file."""


def check_export(path: Path) -> None:
    """Make sure that `path` can be exported, before the work that leads to it.

    Raises:
        BlazeRigError: No such kind of file, or it cannot be written.
    """
    if path.suffix.lower() not in KINDS:
        raise BlazeRigError(f"cannot export {path.name}: the kinds are {', '.join(KINDS)}")
    check_writable(path)


def export(armature_object: bpy.types.Object, path: Path) -> None:
    """Write the armature as it moves, over the frames of its keys, and the meshes on it.

    BVH gets bones alone: all of them, or of a rig with controls a skeleton of the bones that play slots,
    called by the slots. FBX, glTF and USD get the bones that deform and what carries them. Selection, mode,
    frame and range of the scene are afterwards as they were.

    Raises:
        BlazeRigError: No such kind of file, no keys, or it cannot be written.
    """
    check_export(path)
    frames = _keyed_frames(armature_object)
    kind = KINDS[path.suffix.lower()]
    if kind.add_on:
        addon_utils.enable(kind.add_on, default_set=True)
    path = path.resolve()
    with (
        _scene_kept(),
        written_whole(path) as unfinished,
        told(f"cannot export {path}"),
        _exported(armature_object, kind) as exported,
    ):
        scene = bpy.context.scene
        scene.frame_start, scene.frame_end = frames
        _select(exported)
        kind.write(str(unfinished))


def _keyed_frames(armature_object: bpy.types.Object) -> tuple[int, int]:
    """First and last frame of the armature's Action and of the strips of its NLA.

    Raises:
        BlazeRigError: It has neither.
    """
    data = armature_object.animation_data
    spans = [tuple(data.action.frame_range)] if data and data.action else []
    for track in data.nla_tracks if data else ():
        spans += [(strip.frame_start, strip.frame_end) for strip in track.strips if not track.mute]
    if not spans:
        raise BlazeRigError(f"armature '{armature_object.name}' has no keys to export; animate it first")
    return math.floor(min(first for first, _ in spans)), math.ceil(max(last for _, last in spans))


@contextlib.contextmanager
def _exported(armature_object: bpy.types.Object, kind: Kind) -> Iterator[bpy.types.Object]:
    """What is written: the armature, or for BVH the skeleton that a rig with controls moves."""
    if kind.name != "BVH":
        yield armature_object
        return
    try:
        rig = read_rig(armature_object)
    except BlazeRigError:  # nobody knows it: then all its bones are written
        yield armature_object
        return
    if not is_control_rig(armature_object, rig):
        yield armature_object
        return
    with slots_skeleton(armature_object, shown_by(armature_object, rig)) as skeleton:
        yield skeleton


def _select(armature_object: bpy.types.Object) -> None:
    """Select the armature, active, and the meshes that it deforms."""
    layer = bpy.context.view_layer
    for thing in layer.objects:
        carried = thing.type == "MESH" and armature_object in (thing.parent, thing.find_armature())
        thing.select_set(thing == armature_object or carried)
    if not armature_object.select_get():
        raise BlazeRigError(f"armature '{armature_object.name}' is hidden; show it to export it")
    layer.objects.active = armature_object


@contextlib.contextmanager
def _scene_kept() -> Iterator[None]:
    """Mode, selection, frame and range of the scene for the time of an export, which is in object mode."""
    scene, layer = bpy.context.scene, bpy.context.view_layer
    active = layer.objects.active
    mode = active.mode if active else "OBJECT"
    chosen = list(layer.objects.selected)
    times = scene.frame_start, scene.frame_end, scene.frame_current, scene.frame_subframe
    if mode != "OBJECT":
        bpy.ops.object.mode_set(mode="OBJECT")
    try:
        yield
    finally:
        for thing in layer.objects:
            thing.select_set(thing in chosen)
        layer.objects.active = active
        scene.frame_start, scene.frame_end = times[:2]
        scene.frame_set(times[2], subframe=times[3])
        if mode != "OBJECT":
            bpy.ops.object.mode_set(mode=mode)
