"""The operators: thin, each error told once.

Property annotations must be values, not strings: no `from __future__ import annotations` here.
"""

import time
from typing import ClassVar

import bpy
from bpy.props import IntProperty, StringProperty

from ..errors import BlazeRigError
from . import capture
from .worker import Captured, Progress, Worker

INTERVAL = 0.1
"""Seconds between two looks at the worker."""


class Animate(bpy.types.Operator):
    """Footage to keys on an armature."""

    bl_idname = "blazerig.animate"
    bl_label = "Animate"
    bl_description = "Animate the armature after the performer in the footage"
    bl_options: ClassVar = {"UNDO"}

    filepath: StringProperty(
        name="Footage", description="Video of the performer, or a take (.npz)", subtype="FILE_PATH"
    )
    armature: StringProperty(
        name="Armature", description="Name of the armature object to animate; empty for the active one"
    )
    start_frame: IntProperty(
        name="Start Frame",
        description="Frame of the scene that shows the first frame of the footage",
        default=1,
    )

    worker: ClassVar[Worker | None] = None
    """The worker of the capture that runs, if one does."""

    @classmethod
    def poll(cls, _context: bpy.types.Context) -> bool:
        """One capture at a time."""
        if cls.worker is not None:
            cls.poll_message_set("A capture is running; wait for it or cancel it")
        return cls.worker is None

    def execute(self, context: bpy.types.Context) -> set[str]:
        """For scripts and background mode: all of it, then return."""
        try:
            request = capture.request(context, self.filepath, self.armature, self.start_frame)
            captured = None
            if not request.tracked:
                with Worker(request.footage, request.take) as worker:
                    while worker.running():
                        time.sleep(INTERVAL)
                captured = worker.result()
            return self._apply(context, request, captured)
        except BlazeRigError as error:
            return self._fail(context, error)

    def invoke(self, context: bpy.types.Context, _event: bpy.types.Event) -> set[str]:
        """For the button: start the worker and look at it from a timer."""
        try:
            self._request = capture.request(context, self.filepath, self.armature, self.start_frame)
            if self._request.tracked:
                return self._apply(context, self._request, None)
            Animate.worker = Worker(self._request.footage, self._request.take)
        except BlazeRigError as error:
            return self._fail(context, error)
        manager = context.window_manager
        self._timer = manager.event_timer_add(INTERVAL, window=context.window)
        manager.modal_handler_add(self)
        _show(context, "Starting", running=True)
        return {"RUNNING_MODAL"}

    def modal(self, context: bpy.types.Context, event: bpy.types.Event) -> set[str]:
        """Look after the worker; Esc stops it."""
        worker = Animate.worker
        if worker is None:
            self._leave(context)
            return {"CANCELLED"}
        if event.type == "ESC" and event.value == "PRESS":
            worker.stop()
            return {"RUNNING_MODAL"}
        if event.type != "TIMER":
            return {"PASS_THROUGH"}
        ongoing = False
        try:
            ongoing = worker.running()
            if ongoing:
                text = "Stopping" if worker.stopping else _progress_text(worker.progress)
                _show(context, text, running=True, factor=_factor(worker.progress))
                return {"PASS_THROUGH"}
            captured = worker.result()
            if worker.stopping:
                return self._stopped(context, captured)
            return self._apply(context, self._request, captured)
        except BlazeRigError as error:
            return self._fail(context, error)
        finally:
            if not ongoing:
                self._leave(context)

    def cancel(self, context: bpy.types.Context) -> None:
        """Blender ends the operator: another file is opened, or the window is closed."""
        self._leave(context)

    def _leave(self, context: bpy.types.Context) -> None:
        """The one way out of modal: no timer and no worker remain."""
        context.window_manager.event_timer_remove(self._timer)
        context.window_manager.blazerig.running = False
        close()

    def _apply(
        self, context: bpy.types.Context, request: capture.Request, captured: Captured | None
    ) -> set[str]:
        text = capture.apply(request)
        if captured is not None:
            text = "; ".join([f"{text}, nets on {captured.provider}", *captured.warnings])
        self.report({"WARNING" if captured and captured.warnings else "INFO"}, text)
        _show(context, text)
        return {"FINISHED"}

    def _stopped(self, context: bpy.types.Context, captured: Captured) -> set[str]:
        text = f"Stopped: {captured.frames} frames are kept; choose {captured.take} as footage to use them"
        self.report({"INFO"}, text)
        _show(context, text)
        return {"CANCELLED"}

    def _fail(self, context: bpy.types.Context, error: BlazeRigError) -> set[str]:
        _show(context, str(error), failed=True)
        self.report({"ERROR"}, str(error))
        return {"CANCELLED"}


class Cancel(bpy.types.Operator):
    """The button beside the progress bar."""

    bl_idname = "blazerig.cancel"
    bl_label = "Cancel"
    bl_description = "Stop the capture and keep what was seen as a take"

    @classmethod
    def poll(cls, _context: bpy.types.Context) -> bool:
        """There must be a capture to stop."""
        if Animate.worker is None:
            cls.poll_message_set("No capture is running")
        return Animate.worker is not None

    def execute(self, _context: bpy.types.Context) -> set[str]:
        """Ask the worker; the running operator sees it end."""
        assert Animate.worker
        Animate.worker.stop()
        return {"FINISHED"}


def close() -> None:
    """End the running capture's worker, if there is one."""
    worker, Animate.worker = Animate.worker, None
    if worker is not None:
        worker.close()


def _factor(progress: Progress | None) -> float:
    return progress.frame / progress.total if progress and progress.total else 0.0


def _progress_text(progress: Progress | None) -> str:
    if progress is None:
        return "Starting"
    if progress.total is None or progress.seconds_left is None:
        return f"Frame {progress.frame}"
    minutes, seconds = divmod(round(progress.seconds_left), 60)
    left = f"{minutes} min {seconds:02d} s" if minutes else f"{seconds} s"
    return f"Frame {progress.frame} of {progress.total}, {left} left"


def _show(
    context: bpy.types.Context,
    message: str,
    *,
    running: bool = False,
    factor: float = 0.0,
    failed: bool = False,
) -> None:
    """Put the state where the panel sees it, and have the panel drawn anew."""
    status = context.window_manager.blazerig
    status.message, status.running, status.factor, status.failed = message, running, factor, failed
    for window in context.window_manager.windows:
        for area in window.screen.areas:
            if area.type == "VIEW_3D":
                area.tag_redraw()


CLASSES = (Animate, Cancel)
