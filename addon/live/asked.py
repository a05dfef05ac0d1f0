"""What the worker is asked for, by the scene's settings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import bpy

from ...errors import BlazeRigError
from .. import preferences

FIRST = "0"
"""The camera that is taken where none is chosen."""


def source_of(live: bpy.types.PropertyGroup) -> str:
    """The source that is chosen, as `blazerig live` takes it.

    Raises:
        BlazeRigError: None is.
    """
    if live.kind == "CAMERA":
        return live.camera.strip() or FIRST
    source = live.url.strip() if live.kind == "NETWORK" else bpy.path.abspath(live.filepath)
    if not source:
        what = "the stream's address" if live.kind == "NETWORK" else "a video"
        raise BlazeRigError(f"there is nothing to follow; choose {what} in the Live panel")
    return source


def arguments_of(live: bpy.types.PropertyGroup) -> Iterator[str]:
    """The arguments of `blazerig live` beside it."""
    if live.kind == "FILE" and live.loop:
        yield "--loop"
    if live.kind == "CAMERA":
        if live.picture_size != "AUTO":
            yield from ("--size", live.picture_size)
        if live.rate:
            yield from ("--rate", str(live.rate))
    if not live.hands:
        yield "--no-hands"
    if live.face:
        yield "--face"
    yield from ("--performer", live.performer.lower())
    chosen = preferences.choices()
    yield from ("--provider", chosen.provider)
    if chosen.threads:
        yield from ("--threads", str(chosen.threads))


def commands(live: bpy.types.PropertyGroup) -> list[dict[str, Any]]:
    """All of it, for a worker that has just begun."""
    return [{"predict": live.predict}, {"picture": live.picture}, {"vmc": receiver(live)}]


def receiver(live: bpy.types.PropertyGroup) -> dict[str, Any] | None:
    """Where pose and face are sent to; None for nowhere."""
    if not live.vmc:
        return None
    return {
        "host": live.vmc_host,
        "port": live.vmc_port,
        "mirror": live.mirror,
        "face": live.vmc_face.lower(),
    }
