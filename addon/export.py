"""The keyed character as a file for other programs, by Blender's own exporters."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator
from pathlib import Path

import addon_utils
import bpy

from ..errors import BlazeRigError
from ..output import check_writable, written_whole
from .quiet import told

ADD_ONS = {".bvh": "io_anim_bvh", ".fbx": "io_scene_fbx", ".glb": "io_scene_gltf2"}
"""The add-on of Blender's that writes a kind of file."""


def check_export(path: Path) -> None:
    """Make sure that `path` can be exported, before the work that leads to it.

    Raises:
        BlazeRigError: No such kind of file, or it cannot be written.
    """
    if path.suffix.lower() not in ADD_ONS:
        raise BlazeRigError(f"cannot export {path.name}: the kinds are {', '.join(ADD_ONS)}")
    check_writable(path)


def export(armature_object: bpy.types.Object, path: Path) -> None:
    """Write the armature as keyed, over the frames of its Action, and the meshes on it.

    The selection becomes what was exported. BVH gets all bones, with their places as well as their
    turns, and no mesh; FBX and glTF get the bones that deform and what carries them.

    Raises:
        BlazeRigError: No such kind of file, no keys, or it cannot be written.
    """
    check_export(path)
    action = armature_object.animation_data and armature_object.animation_data.action
    if not action:
        raise BlazeRigError(f"armature '{armature_object.name}' has no keys to export")
    path = path.resolve()
    kind = path.suffix.lower()
    addon_utils.enable(ADD_ONS[kind], default_set=True)
    first, last = math.floor(action.frame_range[0]), math.ceil(action.frame_range[1])
    with written_whole(path) as unfinished, told(f"cannot export {path}"):
        _select(armature_object)
        with _frame_range(bpy.context.scene, first, last):
            {".bvh": _export_bvh, ".fbx": _export_fbx, ".glb": _export_glb}[kind](str(unfinished))


def _export_bvh(path: str) -> None:
    scene = bpy.context.scene
    bpy.ops.export_anim.bvh(filepath=path, frame_start=scene.frame_start, frame_end=scene.frame_end)


def _export_fbx(path: str) -> None:
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


def _export_glb(path: str) -> None:
    bpy.ops.export_scene.gltf(
        filepath=path,
        export_format="GLB",
        use_selection=True,
        export_def_bones=True,
        export_animation_mode="ACTIVE_ACTIONS",
        export_frame_range=True,
    )


def _select(armature_object: bpy.types.Object) -> None:
    """Select the armature, active, and the meshes that it deforms."""
    if bpy.context.mode != "OBJECT":
        bpy.ops.object.mode_set(mode="OBJECT")
    layer = bpy.context.view_layer
    for thing in layer.objects:
        carried = thing.type == "MESH" and armature_object in (thing.parent, thing.find_armature())
        thing.select_set(thing == armature_object or carried)
    layer.objects.active = armature_object


@contextlib.contextmanager
def _frame_range(scene: bpy.types.Scene, first: int, last: int) -> Iterator[None]:
    """The scene's range for the time of an export."""
    before = scene.frame_start, scene.frame_end
    scene.frame_start, scene.frame_end = first, last
    try:
        yield
    finally:
        scene.frame_start, scene.frame_end = before
