"""What Blender does while something is recorded: frames change, files are opened."""

from __future__ import annotations

from pathlib import Path

import bpy
from bpy.app.handlers import persistent

from .. import job
from . import record_session, session

_left: tuple[Path, ...] = ()
"""Takes that were being recorded when another file was opened."""


@persistent
def _frame_changed(scene: bpy.types.Scene, graph: bpy.types.Depsgraph | None = None) -> None:
    if graph is None or graph.mode == "VIEWPORT":
        record_session.show(scene)


@persistent
def _before_loading(_file: str) -> None:
    """The worker writes what it has when the session ends; the scene's list ends with the file."""
    global _left
    record_session.stop()
    _left = record_session.forget()


@persistent
def _after_loading(_file: str) -> None:
    global _left
    there = [path for path in _left if path.is_file()]
    _left = ()
    if there:
        job.say(job.Status(f"What was recorded when the file was closed is in {there[0]}; import it"))


CLASSES = ()


def register() -> None:
    """Follow what Blender and the worker do; ahead of the session, which ends when another file is opened."""
    session.listeners.append(record_session.hear)
    bpy.app.handlers.frame_change_post.append(_frame_changed)
    bpy.app.handlers.load_pre.insert(0, _before_loading)
    bpy.app.handlers.load_post.append(_after_loading)


def unregister() -> None:
    """No longer; the worker writes what it has."""
    record_session.stop()
    record_session.forget()
    bpy.app.handlers.load_post.remove(_after_loading)
    bpy.app.handlers.load_pre.remove(_before_loading)
    bpy.app.handlers.frame_change_post.remove(_frame_changed)
    session.listeners.remove(record_session.hear)
