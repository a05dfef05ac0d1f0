"""Going to the frames that can be trusted least, one after the other."""

from __future__ import annotations

import bpy

from ..job import redraw
from .confidence import worst_frames
from .shown import shown


class WorstFrame(bpy.types.Operator):
    """Where to look."""

    bl_idname = "blazerig.worst_frame"
    bl_label = "Go to Worst Frame"
    bl_description = (
        "Go to the frame that can be trusted least, by what was seen and by how far the motion is from it; "
        "pressed there, to the next worst"
    )
    bl_options = {"UNDO"}  # noqa: RUF012 (Blender wants a set)

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """There must be a solved take."""
        now = shown(context.scene)
        there = now is not None and now.solved is not None
        if not there:
            cls.poll_message_set("The take is not solved yet; solve it first")
        return there

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Go there."""
        scene = context.scene
        now = shown(scene)
        if now is None or now.solved is None:
            return {"CANCELLED"}
        solved = now.solved
        worst = worst_frames(solved.confidence, solved.times)
        frames = [round(now.clock.frames(float(solved.times[frame]))) for frame in worst]
        place = frames.index(scene.frame_current) + 1 if scene.frame_current in frames else 0
        place %= len(frames)
        scene.frame_set(frames[place])
        share = solved.confidence[worst[place]].mean()
        self.report({"INFO"}, f"Frame {frames[place]}, worst {place + 1} of {len(frames)}: {share:.0%} sure")
        redraw()
        return {"FINISHED"}


CLASSES = (WorstFrame,)
