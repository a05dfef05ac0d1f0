"""Opening and saving .blend files for the command line, and choosing the armature in them."""

from __future__ import annotations

from pathlib import Path

import bpy

from ..errors import BlazeRigError
from .quiet import quiet


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


def check_folder(path: Path) -> None:
    """Make sure that `path` can be written, before the work that leads to it.

    Raises:
        BlazeRigError: Its folder is missing or closed, or a folder stands in its place.
    """
    if path.is_dir():
        raise BlazeRigError(f"cannot write {path}: it is a folder; add a file name")
    probe = partial(path)
    try:
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise BlazeRigError(
            f"cannot write {path}: {error.strerror or error}; choose another place"
        ) from error


def partial(path: Path) -> Path:
    """Where a file is written until it is whole; the ending stays, as exporters go by it."""
    return path.with_name(f"{path.stem}.partial{path.suffix}")


def save_blend(path: Path) -> None:
    """Save the open file, compressed, beside `path` and rename it; relative paths keep their targets.

    Raises:
        BlazeRigError: It cannot be written, or is the file that was opened.
    """
    path = path.resolve()
    if bpy.data.filepath and Path(bpy.data.filepath).resolve() == path:
        raise BlazeRigError(f"{path} is the character's own file and stays as it is; choose another output")
    check_folder(path)
    unfinished = partial(path)
    try:
        with quiet():
            bpy.ops.wm.save_as_mainfile(
                filepath=str(unfinished), compress=True, relative_remap=True, copy=True
            )
        unfinished.replace(path)
    except (RuntimeError, OSError) as error:
        reason = str(error).strip().splitlines()[0].removeprefix("Error: ")
        raise BlazeRigError(f"cannot write {path}: {reason}") from error
    finally:
        unfinished.unlink(missing_ok=True)
