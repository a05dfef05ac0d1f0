"""The active take onto an armature, as the scene's settings say."""

from __future__ import annotations

import bpy

from ...errors import BlazeRigError
from ...solver.face.face_motion import FaceMotion
from ...solver.retarget import Options
from ...solver.settings import Settings
from ...solver.solution import Solution
from .. import capture, session
from ..job import Steps
from ..refine.properties import edits_of
from ..takes.files import take_file
from ..takes.takes import active_take
from .animate import animate
from .drawing import Tolerance
from .placement import Placement
from .result import Result

HOW = {"ACTION": "action", "NLA": "strip", "RANGE": "range"}
"""Placements as the interface names them."""


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
        smoothing=chosen.cutoff,
        controls=chosen.controls.lower(),
    )


def motion_of(scene: bpy.types.Scene) -> Solution | None:
    """The active take's motion; None where it was not solved yet with these settings."""
    return session.motion(take_file(active_take(scene)), solver_settings(scene))


def solving(scene: bpy.types.Scene) -> Steps:
    """The job that solves the active take."""
    return capture.solve(take_file(active_take(scene)), solver_settings(scene))


def placement(scene: bpy.types.Scene) -> Placement:
    """Where the keys are to go."""
    chosen = scene.blazerig.animate
    return Placement(HOW[chosen.placement], chosen.range_start, chosen.range_end, chosen.blend)


def apply(scene: bpy.types.Scene, armature: bpy.types.Object) -> Result:
    """Key `armature` with the active take's motion, which is solved.

    Raises:
        BlazeRigError: It cannot be keyed as it is.
    """
    chosen = scene.blazerig.animate
    fewer = Tolerance(chosen.reduce_error, chosen.reduce_distance) if chosen.reduce else None
    return animate(
        armature,
        solved(scene).pose,
        scene=scene,
        start=chosen.start_frame,
        name=active_take(scene).name,
        options=options(scene),
        placement=placement(scene),
        on_frames=chosen.on_frames,
        tolerance=fewer,
        face=shown_face(scene),
    )


def show(scene: bpy.types.Scene, armature: bpy.types.Object, name: str) -> None:
    """The same for a preview: every frame, in a new Action called `name`.

    Raises:
        BlazeRigError: It cannot be keyed as it is.
    """
    animate(
        armature,
        solved(scene).pose,
        scene=scene,
        start=scene.blazerig.animate.start_frame,
        name=name,
        options=options(scene),
        face=shown_face(scene),
    )


def shown_face(scene: bpy.types.Scene) -> FaceMotion | None:
    """The face of the active take, which is solved; None where it has none or is not to be shown.

    Raises:
        BlazeRigError: It was not solved with the present settings.
    """
    return solved(scene).face if scene.blazerig.animate.face else None


def solved(scene: bpy.types.Scene) -> Solution:
    """The active take's motion.

    Raises:
        BlazeRigError: It was not solved with the present settings.
    """
    solution = motion_of(scene)
    if solution is None:
        raise BlazeRigError("the settings were changed meanwhile; try again")
    return solution
