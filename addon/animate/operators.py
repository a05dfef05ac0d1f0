"""Solving a take and putting it on a character, from the button and from scripts.

Property annotations must be values, not strings: no `from __future__ import annotations` here.
"""

from pathlib import Path

import bpy
from bpy.props import IntProperty, StringProperty

from ...errors import BlazeRigError
from ..blend import set_rate
from ..capture import check_footage, scene_named, track
from ..character.active import chosen_armature
from ..character.armature import read_rig
from ..job import InBackground, Status, Steps, sentence, stop
from ..takes.takes import NeedsTake, active_take, add_take
from . import preview
from .apply import apply, motion_of, solving


class Animate(InBackground, bpy.types.Operator):
    """Take to keys on an armature; footage is tracked before."""

    bl_idname = "blazerig.animate"
    bl_label = "Animate"
    bl_description = "Animate the armature after the performer, as the settings of this scene say"
    bl_options = {"UNDO"}  # noqa: RUF012 (Blender wants a set)

    filepath: StringProperty(
        name="Footage",
        description="Footage to track first, or a take (.npz); empty for the scene's active take",
        subtype="FILE_PATH",
    )
    armature: StringProperty(
        name="Armature", description="Name of the armature object to animate; empty for the active one"
    )
    start_frame: IntProperty(
        name="Start Frame",
        description="Frame of the scene that shows the first frame of the footage; as the scene's "
        "settings say where it is not given",
        default=1,
    )

    def steps(self, context: bpy.types.Context) -> Steps:
        """Tracking where there is footage, solving where nobody did it yet, keying."""
        scene = context.scene
        armature = chosen_armature(context, self.armature)
        read_rig(armature)
        footage = check_footage(self.filepath) if self.filepath else None
        if footage is None:
            active_take(scene)
        elif footage.suffix.lower() == ".npz":
            add_take(scene, footage)
            footage = None
        if self.properties.is_property_set("start_frame"):
            scene.blazerig.animate.start_frame = self.start_frame
        return _animating(scene.name, armature.name, footage)


def _animating(scene: str, armature: str, footage: Path | None) -> Steps:
    if footage is not None:
        tracked = yield from track(scene_named(scene), footage)
        if stop.is_set() or tracked.failed:
            return tracked
    if motion_of(scene_named(scene)) is None:
        solved = yield from solving(scene_named(scene))
        if stop.is_set():
            return solved
    found = scene_named(scene)
    preview.end(found)
    found.blazerig.animate.preview = False
    return Status(apply(found, chosen_armature(bpy.context, armature)).message, 1.0)


class Solve(InBackground, bpy.types.Operator):
    """Take to motion."""

    bl_idname = "blazerig.solve"
    bl_label = "Solve"
    bl_description = "Solve the active take, so that its contacts and confidence show; the nets do not run"

    def steps(self, context: bpy.types.Context) -> Steps:
        """The solving."""
        return solving(context.scene)


class MatchRate(NeedsTake, bpy.types.Operator):
    """The footage's frame rate for the scene."""

    bl_idname = "blazerig.match_rate"
    bl_label = "Use the Footage's"
    bl_description = "Give the scene the frame rate of the active take's footage"
    bl_options = {"REGISTER", "UNDO"}  # noqa: RUF012 (Blender wants a set)

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Set it."""
        try:
            set_rate(context.scene, active_take(context.scene).fps)
        except BlazeRigError as error:
            self.report({"ERROR"}, sentence(error))
            return {"CANCELLED"}
        return {"FINISHED"}


CLASSES = (Animate, Solve, MatchRate)
