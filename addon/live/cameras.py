"""The cameras of this computer: asked for in a process of its own, and remembered."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bpy

from ...errors import BlazeRigError
from .. import job, preferences, worker

LOOK = 0.1
"""Seconds between two looks at the process."""
FILE = "cameras.json"
"""In the cache: what was found last."""

_worker: worker.Worker | None = None


@dataclass(frozen=True)
class Found:
    """A camera.

    Attributes:
        name: As the system calls it, by which it is found again.
        modes: Sizes and rates that it offers, in words.
    """

    name: str
    modes: str = ""


_found: tuple[Found, ...] | None = None


def found() -> tuple[Found, ...]:
    """The cameras that were there when they were last looked for."""
    global _found
    if _found is None:
        try:
            _found = tuple(Found(**camera) for camera in json.loads(_file().read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            _found = ()
    return _found


def search(
    _live: bpy.types.PropertyGroup, _context: bpy.types.Context, typed: str
) -> Iterator[tuple[str, str]]:
    """Names to choose from, and what the cameras offer."""
    for camera in found():
        if typed.lower() in camera.name.lower():
            yield camera.name, camera.modes


def looking() -> bool:
    """Whether cameras are being looked for."""
    return _worker is not None


def look() -> None:
    """Look for cameras, in background mode until they are found, else meanwhile.

    Raises:
        BlazeRigError: They cannot be looked for.
    """
    global _worker
    close()
    folder = preferences.cache_folder()
    folder.mkdir(parents=True, exist_ok=True)
    _worker = worker.Worker(worker.PACKAGE.name, ["cameras", "--json"], folder / "cameras.log")
    if not bpy.app.background:
        bpy.app.timers.register(_tick, first_interval=LOOK)
        return
    while _worker.running():
        pass
    _take()


def close() -> None:
    """Look no longer."""
    global _worker
    if _worker is not None:
        _worker.close()
    _worker = None


def _tick() -> float | None:
    if _worker is None:
        return None
    if _worker.running():
        return LOOK
    try:
        _take()
    except BlazeRigError as error:
        job.say(job.Status(job.sentence(error), failed=True))
    job.redraw()
    return None


def _take() -> None:
    """Take what the process found."""
    global _worker, _found
    process, _worker = _worker, None
    told: dict[str, Any] = process.result() or {"cameras": [], "problem": ""}
    _found = tuple(Found(one["name"], one["modes"]) for one in told["cameras"])
    _file().write_text(json.dumps([vars(camera) for camera in _found]), "utf-8")
    if told["problem"]:
        raise BlazeRigError(told["problem"])


def _file() -> Path:
    return preferences.cache_folder() / FILE


CLASSES = ()


def unregister() -> None:
    """Leave no process behind."""
    close()
