"""Where a take of the list lies: its file beside the .blend or elsewhere, or its bytes within the .blend."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path
from typing import Any

import bpy

from ...errors import BlazeRigError
from ...output import written_whole
from ...take import Take, load_take
from .folder import BESIDE, takes_folder, unsaved_folder
from .quality import quality


def add_take(scene: bpy.types.Scene, path: Path, *, footage: str = "", start: int = 1) -> Any:
    """Put the take of a file at the end of the scene's list, and make it the active one.

    Args:
        scene: Has the list.
        path: The take's file.
        footage: What was tracked, where it is known; else what the take's name says is looked for beside it.
        start: Frame of the scene at the start of the footage.

    Returns:
        The `TakeItem`.

    Raises:
        BlazeRigError: The file is no take.
    """
    take = load_take(path)
    settings = scene.blazerig
    item = settings.takes.add()
    item.name = _unused(path.stem, [other.name for other in settings.takes[:-1]])
    item.filepath = written(path)
    item.footage = written(Path(footage)) if footage else _footage_beside(path, take)
    item.start = start
    describe(item, take)
    settings.take_index = len(settings.takes) - 1
    return item


def describe(item: Any, take: Take) -> None:
    """Note what the list shows of a take."""
    item.frames, item.fps = len(take), take.fps
    item.first = float(take.times[0]) if len(take) else 0.0
    item.seconds = float(take.times[-1]) - item.first if len(take) else 0.0
    item.quality = quality(take)


def file_of(item: Any) -> Path:
    """A file that holds the take; one that is packed is laid out in Blender's temporary folder.

    Raises:
        BlazeRigError: The file is gone, or there is no room for it.
    """
    if not item.packed:
        path = absolute(item.filepath)
        if not path.is_file():
            raise BlazeRigError(f"the file of take '{item.name}' is gone: {path}; find it, or track again")
        return path
    digest = hashlib.sha256(item.packed).hexdigest()[:16]
    path = Path(bpy.app.tempdir) / f"take-{digest}.npz"
    if not path.is_file():
        write_bytes(path, item.packed)
    return path


def missing(item: Any) -> bool:
    """Whether the take's file is not where it should be."""
    return not item.packed and not os.path.isfile(absolute(item.filepath))


def pack(item: Any) -> None:
    """Put the file's bytes into the .blend; the file stays.

    Raises:
        BlazeRigError: It cannot be read.
    """
    path = file_of(item)
    try:
        item.packed = path.read_bytes()
    except OSError as error:
        raise BlazeRigError(f"cannot read {path}: {error.strerror}; give rights to it") from error


def unpack(item: Any) -> Path:
    """Write the bytes beside the .blend, where no other file is overwritten, and take them out of it.

    Raises:
        BlazeRigError: They cannot be written.
    """
    folder = takes_folder()
    path = folder / (_unused(Path(item.filepath).stem or item.name, [file.stem for file in folder.glob("*")]) + ".npz")
    write_bytes(path, item.packed)
    item.filepath, item.packed = written(path), b""
    return path


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file whole or not at all.

    Raises:
        BlazeRigError: It cannot be written.
    """
    with written_whole(path) as unfinished:
        unfinished.write_bytes(data)


def absolute(written: str) -> Path:
    """Where a path as properties hold it leads."""
    return Path(os.path.normpath(bpy.path.abspath(written)))


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


def move_paths(scene: bpy.types.Scene, blend: str) -> None:
    """Before a save as `blend`: the takes' paths are made to hold there.

    Takes that lie in the folder for files that were never saved are copied beside the .blend; where that
    fails they stay where they are, and so does their path.
    """
    for item in scene.blazerig.takes:
        path, footage = absolute(item.filepath), item.footage and absolute(item.footage)
        if path.parent == unsaved_folder() and path.is_file():
            path = _copied(path, Path(blend).parent / BESIDE)
        item.filepath = written(path, blend)
        if footage:
            item.footage = written(footage, blend)


def _copied(path: Path, folder: Path) -> Path:
    target = folder / path.name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not target.is_file():
            shutil.copy2(path, target)
    except OSError:
        return path
    return target


def _footage_beside(path: Path, take: Take) -> str:
    beside = path.parent / take.source
    return written(beside) if take.source and beside.exists() else ""


def _unused(name: str, taken: list[str]) -> str:
    """`name`, with a number where it is taken."""
    if name not in taken:
        return name
    return next(f"{name}.{i:03d}" for i in range(1, 10**6) if f"{name}.{i:03d}" not in taken)
