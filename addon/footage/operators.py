"""Tracking footage, from the button and from scripts.

Property annotations must be values, not strings: no `from __future__ import annotations` here.
"""

import bpy
from bpy.props import BoolProperty, EnumProperty, FloatProperty, IntProperty, StringProperty

from ..capture import check_footage, track
from ..job import InBackground, Steps
from .properties import PERFORMERS
from .sequence import of_pictures, pattern_of


class Track(InBackground, bpy.types.Operator):
    """Footage to takes."""

    bl_idname = "blazerig.track"
    bl_label = "Track"
    bl_description = "Run the nets over the footage; what they see becomes a take of this scene"
    bl_options = {"UNDO"}  # noqa: RUF012 (Blender wants a set)

    filepath: StringProperty(
        name="Footage",
        description="A video, an animated GIF, a picture, a folder of pictures or walk_####.png",
        subtype="FILE_PATH",
    )
    start: FloatProperty(name="From", description="Second at which to begin", min=0.0)
    end: FloatProperty(name="To", description="Second at which to end; 0 for the end", min=0.0)
    performer: EnumProperty(name="Performer", description="Whom to follow", items=PERFORMERS)
    number: IntProperty(name="Number", description="Of the performer, counted from 0", min=0)
    sequence: BoolProperty(
        name="Image Sequence",
        description="Where the footage is one picture of many that are numbered, track them all",
        default=True,
    )
    fps: FloatProperty(
        name="Pictures per Second",
        description="Of a folder or sequence of pictures; 0 for the scene's frame rate",
        min=0.0,
    )
    hands: BoolProperty(name="Hands", description="Look for hands and fingers", default=True)
    face: BoolProperty(name="Face", description="Look for the face, too", default=False)

    def steps(self, context: bpy.types.Context) -> Steps:
        """The tracking."""
        footage = check_footage(self.filepath)
        footage = (pattern_of(footage) if self.sequence else None) or footage
        arguments = self._arguments()
        if of_pictures(footage):
            render = context.scene.render
            arguments += ["--fps", str(self.fps or render.fps / render.fps_base)]
        return track(context.scene, footage, arguments)

    def _arguments(self) -> list[str]:
        performer = str(self.number) if self.performer == "NUMBER" else self.performer.lower()
        arguments = ["--performer", performer]
        arguments += ["--start", str(self.start)] if self.start else []
        arguments += ["--end", str(self.end)] if self.end else []
        return arguments + ["--no-hands"] * (not self.hands) + ["--face"] * self.face


CLASSES = (Track,)
