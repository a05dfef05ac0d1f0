"""What the worker is asked for, by the scene's settings."""

from __future__ import annotations

from collections.abc import Iterator

import bpy

from ...errors import BlazeRigError
from .. import preferences
from . import cameras


def source_of(live: bpy.types.PropertyGroup) -> str:
    """The source that is chosen, as `blazerig live` takes it.

    Raises:
        BlazeRigError: None is.
    """
    if live.kind == "CAMERA":
        return cameras.source_of(live.camera)
    source = live.url.strip() if live.kind == "NETWORK" else bpy.path.abspath(live.filepath)
    if not source:
        what = "the stream's address" if live.kind == "NETWORK" else "a video"
        raise BlazeRigError(f"there is nothing to follow; choose {what} in the Live panel")
    return source


def arguments_of(live: bpy.types.PropertyGroup) -> Iterator[str]:
    """The arguments of `blazerig live` beside it."""
    if live.kind == "FILE" and live.loop:
        yield "--loop"
    if live.rate:
        yield from ("--rate", str(live.rate))
    chosen = preferences.choices()
    yield from ("--provider", chosen.provider)
