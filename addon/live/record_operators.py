"""Recording a live session, from buttons and from scripts."""

from __future__ import annotations

import bpy

from ...errors import BlazeRigError
from ..job import InBackground, Steps, sentence
from ..takes.takes import active_take
from . import record_session, session
from .operators import WhileLive
from .record_finish import finishing


class LiveRecord(WhileLive, bpy.types.Operator):
    """From now on, or from the end of the count-in."""

    bl_idname = "blazerig.live_record"
    bl_label = "Record"
    bl_description = (
        "Record what the performer does: a take, and an Action on every character that follows. Undo takes "
        "both away again"
    )
    bl_options = {"UNDO"}  # noqa: RUF012 (Blender wants a set)

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """One recording at a time."""
        if record_session.current() is not None:
            cls.poll_message_set("A recording runs")
            return False
        return super().poll(context)

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Begin."""
        try:
            record_session.start(context.scene)
        except BlazeRigError as error:
            self.report({"ERROR"}, sentence(error))
            return {"CANCELLED"}
        return {"FINISHED"}


class LiveRecordStop(bpy.types.Operator):
    """The end of it."""

    bl_idname = "blazerig.live_record_stop"
    bl_label = "Stop Recording"
    bl_description = "End the recording; take and keys are there a moment later"

    @classmethod
    def poll(cls, _context: bpy.types.Context) -> bool:
        """There must be one."""
        if record_session.current() is None:
            cls.poll_message_set("Nothing is recorded")
        return record_session.current() is not None

    def execute(self, _context: bpy.types.Context) -> set[str]:
        """Ask for the end."""
        record_session.stop()
        return {"FINISHED"}


class LiveFollow(WhileLive, bpy.types.Operator):
    """Between what was recorded and the performer."""

    bl_idname = "blazerig.live_follow"
    bl_label = "Follow Again"
    bl_description = "Have the characters follow the performer again, after they showed what was recorded"

    def execute(self, _context: bpy.types.Context) -> set[str]:
        """Follow."""
        session.rest(resting=False)
        return {"FINISHED"}


class FinishOffline(InBackground, bpy.types.Operator):
    """The recorded take solved anew, with all of it known."""

    bl_idname = "blazerig.finish_offline"
    bl_label = "Finish Offline"
    bl_description = (
        "Solve the active take anew, each frame from what was seen before and after it, and put that in the "
        "place of the keys that its live recording made"
    )
    bl_options = {"UNDO"}  # noqa: RUF012 (Blender wants a set)

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """The active take must be a recording."""
        settings = context.scene.blazerig
        takes, index = settings.takes, settings.take_index
        if not (0 <= index < len(takes) and takes[index].recorded.timing):
            cls.poll_message_set("The active take was not recorded live; choose one that was")
            return False
        return super().poll(context)

    def steps(self, context: bpy.types.Context) -> Steps:
        """Solving where nobody did it yet, then keying."""
        active_take(context.scene)
        return finishing(context.scene)


CLASSES = (LiveRecord, LiveRecordStop, LiveFollow, FinishOffline)
