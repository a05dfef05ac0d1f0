"""Opening and saving .blend files for the command line, and choosing the armature in them."""

from __future__ import annotations

from pathlib import Path

import bpy

from ..errors import BlazeRigError
from ..output import check_writable, written_whole
from .quiet import quiet, told


def open_blend(path: Path) -> None:
    """Open a .blend file without running the scripts in it.

    Raises:
        BlazeRigError: It is missing, damaged or of another kind.
    """
    if not path.is_file():
        raise BlazeRigError(f"{path} does not exist; give a .blend file that holds the character")
    try:
        with quiet():
            bpy.ops.wm.open_mainfile(filepath=str(path.resolve()), load_ui=False, use_scripts=False)
    except RuntimeError as error:
        raise BlazeRigError(
            f"cannot open {path}: it is damaged, or no .blend file that this Blender "
            f"({bpy.app.version_string}) can read"
        ) from error


def choose_armature(name: str | None = None) -> bpy.types.Object:
    """The armature of the open file's current scene: the one named, or the only one.

    Raises:
        BlazeRigError: There is none, none of that name, or several and no name.
    """
    armatures = {thing.name: thing for thing in bpy.context.scene.objects if thing.type == "ARMATURE"}
    if not armatures:
        raise BlazeRigError("the file's scene has no armature; give a file with a rigged character")
    there_are = ", ".join(sorted(armatures))
    if name is not None and name not in armatures:
        raise BlazeRigError(f"the file's scene has no armature '{name}'; there are: {there_are}")
    if name is None and len(armatures) > 1:
        raise BlazeRigError(f"the file has several armatures: {there_are}; say which with --armature")
    return armatures[name or next(iter(armatures))]


def check_output(path: Path) -> None:
    """Make sure that the open file can be saved as `path`, before the long work that leads to it.

    Raises:
        BlazeRigError: It cannot be written, or is the file that was opened.
    """
    if bpy.data.filepath and Path(bpy.data.filepath).resolve() == path.resolve():
        raise BlazeRigError(f"{path} is the character's own file and stays as it is; choose another output")
    check_writable(path)


def save_blend(path: Path) -> None:
    """Save the open file as `path`, compressed; relative paths in it keep their targets.

    Raises:
        BlazeRigError: It cannot be written, or is the file that was opened.
    """
    path = path.resolve()
    check_output(path)
    with written_whole(path) as unfinished, told(f"cannot write {path}"):
        bpy.ops.wm.save_as_mainfile(filepath=str(unfinished), compress=True, relative_remap=True, copy=True)


def set_rate(scene: bpy.types.Scene, fps: float) -> None:
    """Give a new scene the frame rate of the footage, fractions included."""
    scene.render.fps = max(1, round(fps))
    scene.render.fps_base = scene.render.fps / fps
