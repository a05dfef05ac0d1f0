"""Tracking footage, from the button and from scripts."""

import bpy

from ..capture import check_footage, track
from ..frame_rate import rate_of
from ..job import InBackground, Steps
from .properties import Footage
from .sequence import of_pictures, pattern_of


class Track(Footage, InBackground, bpy.types.Operator):
    """Footage to takes."""

    bl_idname = "blazerig.track"
    bl_label = "Track"
    bl_description = "Run the nets over the footage; what they see becomes a take of this scene"
    bl_options = {"UNDO"}  # noqa: RUF012 (Blender wants a set)

    def steps(self, context: bpy.types.Context) -> Steps:
        """The tracking."""
        footage = check_footage(self.filepath)
        footage = (pattern_of(footage) if self.sequence else None) or footage
        arguments = self._arguments()
        if of_pictures(footage):
            arguments += ["--fps", str(self.fps or rate_of(context.scene))]
        return track(context.scene, footage, arguments)

    def _arguments(self) -> list[str]:
        performer = str(self.number) if self.performer == "NUMBER" else self.performer.lower()
        arguments = ["--performer", performer]
        arguments += ["--start", str(self.start)] if self.start else []
        arguments += ["--end", str(self.end)] if self.end else []
        return arguments + ["--no-hands"] * (not self.hands) + ["--face"] * self.face


CLASSES = (Track,)
