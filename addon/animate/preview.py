"""The live preview: an Action of its own on the armature, made anew whenever a setting changes.

The Action that the armature had waits in the scene's settings and comes back when the preview ends. A setting
that only concerns the character shows at once; one that concerns the solver shows when a worker has solved
the take anew. The nets never run.
"""

from __future__ import annotations

import bpy
from bpy.app.handlers import persistent

from ...errors import BlazeRigError
from .. import job
from ..character.active import active_armature
from . import poses
from .actions import LAYERED
from .apply import motion_of, show, solving

NAME = "BlazeRig Preview"
DELAY = 0.05
"""Seconds after a change before it is shown: a slider that is dragged changes more often."""
LOOK = 0.05
"""Seconds between two looks at the worker."""

_asked: str = ""
"""Scene that waits to be shown."""
_solving = False


def ask(scene: bpy.types.Scene) -> None:
    """Show the scene's present settings soon; where the preview was switched off, end it."""
    global _asked
    if not scene.blazerig.animate.preview:
        end(scene)
        return
    _asked = scene.name
    if bpy.app.background:
        while _tick() is not None:
            pass
    elif not bpy.app.timers.is_registered(_tick):
        bpy.app.timers.register(_tick, first_interval=DELAY)


def end(scene: bpy.types.Scene) -> None:
    """Give the armature back what it had."""
    settings = scene.blazerig.animate
    armature = settings.previewed_on
    if armature is None:
        return
    shown = armature.animation_data.action if armature.animation_data else None
    if shown and shown.name.startswith(NAME):
        armature.animation_data.action = settings.previewed
        if LAYERED and settings.previewed and settings.previewed_slot in settings.previewed.slots:
            armature.animation_data.action_slot = settings.previewed.slots[settings.previewed_slot]
        bpy.data.actions.remove(shown)
    poses.restore(armature)
    settings.previewed_on = settings.previewed = None


def _tick() -> float | None:
    """What the timer calls: begin, or look how the solving goes; None when all is shown."""
    global _asked, _solving
    scene = bpy.data.scenes.get(_asked)
    if scene is None or not scene.blazerig.animate.preview:
        return None
    try:
        if job.running():
            return _look()
        _asked = ""
        if motion_of(scene) is None:
            job.begin(solving(scene))
            _asked, _solving = scene.name, True
            return LOOK
        _show(scene)
    except BlazeRigError as error:
        job.say(job.Status(job.sentence(error), failed=True))
    return None


def _look() -> float:
    """At a job that is ours; others are left to their operators."""
    global _solving
    if _solving:
        _solving = job.step()
        job.redraw()
    return LOOK


def _show(scene: bpy.types.Scene) -> None:
    settings = scene.blazerig.animate
    end_needed = settings.previewed_on is not None
    armature = settings.previewed_on or active_armature(bpy.context)
    if end_needed:
        end(scene)
    if armature is None:
        raise BlazeRigError("no armature is selected; select the character's armature")
    poses.keep(armature)
    data = armature.animation_data or armature.animation_data_create()
    settings.previewed_on, settings.previewed = armature, data.action
    if LAYERED:
        settings.previewed_slot = data.action_slot.identifier if data.action_slot else ""
    data.action = None
    show(scene, armature, NAME)
    job.say(job.Status("Preview"))


@persistent
def _again(scene: bpy.types.Scene, _graph: object = None) -> None:
    """After an undo or a redo, the preview follows the settings."""
    if scene.blazerig.animate.preview:
        ask(scene)


def register() -> None:
    """Follow undo and redo."""
    bpy.app.handlers.undo_post.append(_again)
    bpy.app.handlers.redo_post.append(_again)


def unregister() -> None:
    """Leave no timer and no handler."""
    bpy.app.handlers.undo_post.remove(_again)
    bpy.app.handlers.redo_post.remove(_again)
    if bpy.app.timers.is_registered(_tick):
        bpy.app.timers.unregister(_tick)


CLASSES = ()
