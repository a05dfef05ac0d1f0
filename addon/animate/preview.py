"""The live preview: an Action of its own on the armature, made anew whenever a setting changes.

The Action that the armature had waits in the scene's settings and comes back when the preview ends. A setting
that only concerns the character shows at once; one that concerns the solver shows when a worker has solved
the take anew. The nets never run.
"""

from __future__ import annotations

import time

import bpy
from bpy.app.handlers import persistent

from ...errors import BlazeRigError
from .. import job
from ..character.active import active_armature
from ..character.armature import check_usable
from ..face.follow import followers
from . import aside, poses
from .apply import motion_of, show, shown_face, solving

NAME = "BlazeRig Preview"
DELAY = 0.05
"""Seconds after a change before it is shown: a slider that is dragged changes more often."""
LOOK = 0.05
"""Seconds between two looks at the worker."""

_scene = ""
"""Name of the scene that is previewed."""
_changed = False
"""Whether its settings changed since they were last solved."""
_solving: job.Steps | None = None
"""The preview's own job, while it is the last that was begun here."""


def ask(scene: bpy.types.Scene) -> None:
    """Show the scene's present settings soon; where the preview was switched off, end it."""
    global _scene, _changed
    if not scene.blazerig.animate.preview:
        end(scene)
        return
    _scene, _changed = scene.name, True
    if job.runs(_solving):
        job.stop.set()
    if bpy.app.background:
        while (pause := _tick()) is not None:
            time.sleep(pause)
    elif not bpy.app.timers.is_registered(_tick):
        bpy.app.timers.register(_tick, first_interval=DELAY)


def end(scene: bpy.types.Scene) -> None:
    """Give the armature back what it had; a solve that runs for the preview ends."""
    if job.runs(_solving):
        job.close()
    _restore(scene.blazerig.animate)


def _restore(settings: bpy.types.PropertyGroup) -> None:
    armature = settings.previewed_on
    if armature is None:
        return
    for line in settings.previewed_shapes:
        if line.keys is not None:
            aside.give_back(line.keys, line.action, line.slot, NAME)
            aside.restore_values(line.keys)
    settings.previewed_shapes.clear()
    aside.give_back(armature, settings.previewed, settings.previewed_slot, NAME)
    poses.restore(armature)
    settings.previewed_on = settings.previewed = None


def _tick() -> float | None:
    """What the timer calls: begin, or look how the solving goes; None when all is shown or it was stopped."""
    global _changed, _solving
    scene = bpy.data.scenes.get(_scene)
    if scene is None or not scene.blazerig.animate.preview:
        return None
    try:
        if job.running():
            return _look()
        if motion_of(scene) is not None:
            _show(scene)
        elif _changed:
            _changed, _solving = False, solving(scene)
            job.begin(_solving)
            return LOOK
    except BlazeRigError as error:
        job.say(job.Status(job.sentence(error), failed=True))
    return None


def _look() -> float:
    """At a job that is ours; others are left to their operators."""
    if job.runs(_solving):
        job.step()
        job.redraw()
    return LOOK


def _show(scene: bpy.types.Scene) -> None:
    """Key the preview's Action, anew where there is one."""
    settings = scene.blazerig.animate
    armature = settings.previewed_on or active_armature(bpy.context)
    if armature is None:
        raise BlazeRigError("no armature is selected; select the character's armature")
    check_usable(armature)
    _restore(settings)
    poses.keep(armature)
    settings.previewed_on = armature
    settings.previewed, settings.previewed_slot = aside.put_aside(armature)
    for keys in followers(armature) if shown_face(scene) else ():
        aside.keep_values(keys)
        line = settings.previewed_shapes.add()
        line.keys, (line.action, line.slot) = keys, aside.put_aside(keys)
    try:
        show(scene, armature, NAME)
    except BlazeRigError:
        _restore(settings)
        raise
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
