"""The takes of a scene: finding the active one, adding one."""

from __future__ import annotations

from pathlib import Path

import bpy
import numpy as np

from ...errors import BlazeRigError
from ...take import Take, load_take
from .files import absolute, unused, written
from .quality import quality


class NeedsTake:
    """For operators that need a take in the scene's list."""

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """There must be a take."""
        there = bool(context.scene.blazerig.takes)
        if not there:
            cls.poll_message_set("There is no take; track footage, or import a take")
        return there


def active_take(scene: bpy.types.Scene) -> bpy.types.PropertyGroup:
    """The take that is chosen in the list.

    Raises:
        BlazeRigError: There is none.
    """
    settings = scene.blazerig
    if not 0 <= settings.take_index < len(settings.takes):
        raise BlazeRigError("this scene has no take; track footage, or import a take")
    return settings.takes[settings.take_index]


def add_take(scene: bpy.types.Scene, path: Path, footage: Path | None = None) -> bpy.types.PropertyGroup:
    """Add a take's file to the scene's list, once, and make it the active one.

    Args:
        scene: Has the list.
        path: The take's file.
        footage: What was tracked; where it is not known, what the take names is looked for beside it.

    Raises:
        BlazeRigError: It is no take.
    """
    settings = scene.blazerig
    take = load_take(path)
    index = next((i for i, item in enumerate(settings.takes) if absolute(item.filepath) == path), None)
    if index is None:
        name = unused(path.stem, [item.name for item in settings.takes])
        index, item = len(settings.takes), settings.takes.add()
        item.name, item.filepath = name, written(path)
    item = settings.takes[index]
    beside = path.parent / take.source
    if footage or (not item.footage and take.source and beside.exists()):
        item.footage = written(footage or beside)
    describe(item, take)
    settings.take_index = index
    return item


def describe(item: bpy.types.PropertyGroup, take: Take) -> None:
    """Note what the list shows of a take, so that it needs no file."""
    item.frames, item.fps = len(take), take.fps
    item.first = float(take.times[0]) if len(take) else 0.0
    item.seconds = float(take.times[-1]) - item.first if len(take) else 0.0
    item.quality = quality(take)
    item.face = take.face is not None and bool(np.isfinite(take.face.image).any())
