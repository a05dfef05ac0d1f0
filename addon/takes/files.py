"""Where a take of the list lies: in a file beside the .blend or elsewhere, or as bytes within the .blend.

Paths are relative to the .blend wherever they can be, so that both move together. Blender does not look after
the paths in properties of add-ons: handlers do, whenever the .blend is saved.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

import bpy
from bpy.app.handlers import persistent

from ...errors import BlazeRigError
from ...output import written_whole
from .. import preferences
from .folder import BESIDE, takes_folder, unsaved_folder


def take_file(item: bpy.types.PropertyGroup) -> Path:
    """Where a take's file lies, or has to; a packed one is laid out in the cache, always at the same place.

    Raises:
        BlazeRigError: A packed take cannot be laid out.
    """
    if not item.packed:
        return absolute(item.filepath)
    path = preferences.cache_folder() / f"{absolute(item.filepath).stem}-{item.digest}.npz"
    if not path.is_file():
        write_bytes(path, item.packed)
    return path


def missing(item: bpy.types.PropertyGroup) -> bool:
    """Whether the take's file is not where it should be."""
    return not item.packed and not absolute(item.filepath).is_file()


def pack(item: bpy.types.PropertyGroup) -> None:
    """Put the file's bytes into the .blend; the file stays.

    Raises:
        BlazeRigError: It cannot be read.
    """
    path = absolute(item.filepath)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BlazeRigError(f"cannot read {path}: {error.strerror}; find the take's file first") from error
    item.packed, item.digest = data, hashlib.sha256(data).hexdigest()[:16]


def unpack(item: bpy.types.PropertyGroup) -> Path:
    """Write the bytes beside the .blend, over no other file, and take them out of it.

    Raises:
        BlazeRigError: They cannot be written.
    """
    folder = takes_folder()
    stem = absolute(item.filepath).stem
    path = folder / f"{unused(stem, [file.stem for file in folder.glob('*.npz')])}.npz"
    write_bytes(path, item.packed)
    item.filepath, item.packed, item.digest = written(path), b"", ""
    return path


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file whole or not at all, its folder too.

    Raises:
        BlazeRigError: It cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BlazeRigError(
            f"cannot make {path.parent}: {error.strerror}; make room or give rights"
        ) from error
    with written_whole(path) as unfinished:
        unfinished.write_bytes(data)


def absolute(written: str, folder: str | None = None) -> Path:
    """Where a path as properties hold it leads, // meaning `folder`: by default the open .blend's."""
    return Path(os.path.normpath(bpy.path.abspath(written, start=folder)))


def written(path: Path, blend: str = "") -> str:
    """A path as properties hold it: relative to the .blend where that has a folder and shares the drive.

    Args:
        path: Absolute, or relative to the working folder.
        blend: The .blend file that it is for; the open one by default.
    """
    path = Path(os.path.abspath(path))
    blend = blend or bpy.data.filepath
    if not blend:
        return str(path)
    try:
        return "//" + Path(os.path.relpath(path, os.path.dirname(blend))).as_posix()
    except ValueError:  # another drive
        return str(path)


def unused(name: str, taken: list[str]) -> str:
    """`name`, with a number where it is taken."""
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}-{number}"
    return free


_target = ""
"""The .blend that is being written, from which the paths lead meanwhile."""


@persistent
def _before_save(blend: str, _unused: object = None) -> None:
    """Have the paths lead from where the .blend will be.

    Takes in the folder for files that were never saved are copied beside the .blend; where that fails they
    stay where they are.
    """
    global _target
    _target = blend or bpy.data.filepath
    home = unsaved_folder()
    for item in _items():
        path = absolute(item.filepath)
        if path.parent == home and path.is_file():
            path = _copied(path, Path(_target).parent / BESIDE)
        footage = absolute(item.footage) if item.footage else None
        item.filepath = written(path, _target)
        item.footage = written(footage, _target) if footage else ""


@persistent
def _after_save(_blend: str, _unused: object = None) -> None:
    """Have them lead from the open .blend again, where that is another: after a copy was saved."""
    if _target == bpy.data.filepath:
        return
    for item in _items():
        for name in ("filepath", "footage"):
            if value := getattr(item, name):
                setattr(item, name, written(absolute(value, os.path.dirname(_target))))


def _items() -> list[bpy.types.PropertyGroup]:
    """The takes of all scenes that are this .blend's own."""
    return [item for scene in bpy.data.scenes if scene.library is None for item in scene.blazerig.takes]


def _copied(path: Path, folder: Path) -> Path:
    """`path`, or its copy in `folder` where there can be one."""
    target = folder / path.name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not target.exists():
            shutil.copy2(path, target)
    except OSError:
        return path
    return target


CLASSES = ()
_HANDLERS = (("save_pre", _before_save), ("save_post", _after_save), ("save_post_fail", _after_save))


def register() -> None:
    """Look after the paths when the .blend is saved."""
    for name, handler in _HANDLERS:
        getattr(bpy.app.handlers, name).append(handler)


def unregister() -> None:
    """No longer."""
    for name, handler in _HANDLERS:
        getattr(bpy.app.handlers, name).remove(handler)
