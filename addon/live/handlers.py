"""What Blender does while live: frames change, steps are undone, files are saved, opened and closed."""

from __future__ import annotations

import bpy
from bpy.app.handlers import persistent

from . import session
from .characters import add_character, let_go


@persistent
def _frame_changed(scene: bpy.types.Scene, graph: bpy.types.Depsgraph | None = None) -> None:
    """What animates a character has just posed it: the performer has the last word."""
    if graph is None or graph.mode == "VIEWPORT":
        _again(scene)


@persistent
def _undone(scene: bpy.types.Scene, _graph: object = None) -> None:
    """The step that is back may have been made while live."""
    running = session.current()
    if running is None:
        _tidy()
        return
    if not scene.blazerig.live.characters:  # of the time before it was started
        for armature in (thing for thing in bpy.data.objects if thing.session_uid in running.followers):
            add_character(scene, armature)
    _again(scene)


@persistent
def _before_saving(_file: str) -> None:
    """A file holds the characters as they were posed before."""
    _tidy()


@persistent
def _after_saving(_file: str) -> None:
    _again(bpy.context.scene)


@persistent
def _before_loading(_file: str) -> None:
    session.end()


@persistent
def _after_loading(_file: str) -> None:
    """A file may have been kept, by a crash, as it was while live."""
    _tidy()


def _again(scene: bpy.types.Scene) -> None:
    running = session.current()
    if running is not None and scene is not None and scene.session_uid == running.scene:
        session.put_on(running, scene)


def _tidy() -> None:
    """Pose all characters as they were before they followed."""
    for scene in bpy.data.scenes:
        for character in scene.blazerig.live.characters:
            let_go(character)


CLASSES = ()
_HANDLERS = (
    ("frame_change_post", _frame_changed),
    ("undo_post", _undone),
    ("redo_post", _undone),
    ("save_pre", _before_saving),
    ("save_post", _after_saving),
    ("load_pre", _before_loading),
    ("load_post", _after_loading),
)


def register() -> None:
    """Follow what Blender does."""
    for name, handler in _HANDLERS:
        getattr(bpy.app.handlers, name).append(handler)


def unregister() -> None:
    """End the session, and follow no longer."""
    session.end()
    for name, handler in _HANDLERS:
        getattr(bpy.app.handlers, name).remove(handler)
