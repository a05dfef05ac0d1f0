"""The active take onto an armature, as the scene's settings say."""

from __future__ import annotations

import bpy

from ...solver.retarget import Options
from ...solver.settings import Settings
from ...solver.solution import Solution
from .. import capture, session
from ..job import Steps
from ..refine.properties import edits_of
from ..takes.files import take_file
from ..takes.takes import active_take
from .animate import animate


def solver_settings(scene: bpy.types.Scene) -> Settings:
    """What the solver is to know of the active take."""
    chosen = scene.blazerig.animate
    return Settings(
        height=chosen.height or None,
        diagonal_view=chosen.diagonal_view or None,
        lock_feet=chosen.lock_feet,
        smoothing=chosen.smoothing,
        edits=edits_of(active_take(scene).edits),
    )


def options(scene: bpy.types.Scene) -> Options:
    """How the motion is to be carried over to the character."""
    chosen = scene.blazerig.animate
    return Options(
        travel=chosen.travel,
        size=chosen.size.lower(),
        floor=chosen.floor * scene.unit_settings.scale_length,
        mirror=chosen.mirror,
        hands=chosen.hands,
        controls=chosen.controls.lower(),
    )


def motion_of(scene: bpy.types.Scene) -> Solution | None:
    """The active take's motion; None where it was not solved yet with these settings."""
    return session.motion(take_file(active_take(scene)), solver_settings(scene))


def solving(scene: bpy.types.Scene) -> Steps:
    """The job that solves the active take."""
    return capture.solve(take_file(active_take(scene)), solver_settings(scene))


def apply(scene: bpy.types.Scene, armature: bpy.types.Object, *, name: str = "") -> str:
    """Key `armature` with the active take's motion, which is solved; what was done, in words.

    Raises:
        BlazeRigError: It cannot be keyed as it is.
    """
    solution = motion_of(scene)
    assert solution
    start = scene.blazerig.animate.start_frame
    name = name or active_take(scene).name
    result = animate(armature, solution.pose, scene=scene, start=start, name=name, options=options(scene))
    return result.message
