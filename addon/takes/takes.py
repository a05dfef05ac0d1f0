"""The takes of a scene: finding the active one, adding one, its file."""

from __future__ import annotations

from pathlib import Path

import bpy

from ...errors import BlazeRigError
from ...take import load_take


def active_take(scene: bpy.types.Scene) -> bpy.types.PropertyGroup:
    """The take that is chosen in the list.

    Raises:
        BlazeRigError: There is none.
    """
    settings = scene.blazerig
    if not 0 <= settings.take_index < len(settings.takes):
        raise BlazeRigError("this scene has no take; track footage, or import a take")
    return settings.takes[settings.take_index]


def take_file(item: bpy.types.PropertyGroup) -> Path:
    """Where a take's file lies."""
    return Path(bpy.path.abspath(item.filepath))


def add_take(scene: bpy.types.Scene, path: Path, footage: Path | None = None) -> bpy.types.PropertyGroup:
    """Add a take's file to the scene's list, once, and make it the active one.

    Raises:
        BlazeRigError: It is no take.
    """
    settings = scene.blazerig
    take = load_take(path)
    index = next((i for i, item in enumerate(settings.takes) if take_file(item) == path), None)
    if index is None:
        index, item = len(settings.takes), settings.takes.add()
        item.name, item.filepath = path.stem, _shown(path)
    item = settings.takes[index]
    item.footage = _shown(footage) if footage else item.footage
    item.frames, item.fps = len(take), take.fps
    item.seconds = float(take.times[-1] - take.times[0])
    settings.take_index = index
    return item


def _shown(path: Path) -> str:
    """Relative to the .blend where it lies in its folder or below."""
    blend = Path(bpy.data.filepath)
    if bpy.data.filepath and path.is_relative_to(blend.parent):
        return bpy.path.relpath(str(path))
    return str(path)
