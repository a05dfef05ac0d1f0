"""The operators: thin, each error told once.

Property annotations must be values, not strings: no `from __future__ import annotations` here.
"""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import bpy
from bpy.app.handlers import persistent
from bpy.props import IntProperty, StringProperty

from ..errors import BlazeRigError
from . import capture
from .worker import Captured, Progress, Worker

INTERVAL = 0.1
"""Seconds between two looks at the worker."""


@dataclass(frozen=True)
class Status:
    """What the panel shows of a capture.

    Attributes:
        message: How it goes or how it ended.
        factor: Share of the work that is done.
        failed: Whether it ended with an error.
        kept: A take that is not on an armature yet.
    """

    message: str = ""
    factor: float = 0.0
    failed: bool = False
    kept: Path | None = None


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
    status: ClassVar[Status] = Status()
    """Of the capture that runs, or else of the last one."""

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
            if self._request.tracked or bpy.app.background:
                return self.execute(context)
            Animate.worker = Worker(self._request.footage, self._request.take)
        except BlazeRigError as error:
            return self._fail(context, error)
        manager = context.window_manager
        self._timer = manager.event_timer_add(INTERVAL, window=context.window)
        manager.modal_handler_add(self)
        self._solving = False
        _show(context, Status("Starting"))
        return {"RUNNING_MODAL"}

    def modal(self, context: bpy.types.Context, event: bpy.types.Event) -> set[str]:
        """Look after the worker; Esc stops it."""
        if event.type == "ESC" and event.value == "PRESS" and Animate.worker is not None:
            Animate.worker.stop()
            return {"RUNNING_MODAL"}
        if event.type != "TIMER":
            return {"PASS_THROUGH"}
        outcome = {"CANCELLED"}
        try:
            outcome = self._look(context, Animate.worker)
        except BlazeRigError as error:
            self._fail(context, error, self._request.take)
        finally:
            if outcome != {"PASS_THROUGH"}:
                self._leave(context)
        return outcome

    def _look(self, context: bpy.types.Context, worker: Worker | None) -> set[str]:
        """One look at the worker, and what follows from it."""
        if worker is None:
            return {"CANCELLED"}
        if worker.running():
            text = "Stopping" if worker.stopping else _progress_text(worker.progress)
            _show(context, Status(text, _factor(worker.progress)))
            return {"PASS_THROUGH"}
        captured = worker.result()
        if worker.stopping:
            return self._stopped(context, captured)
        if not self._solving:  # solving holds Blender for a moment: first let the panel say so
            self._solving = True
            _show(context, Status("Solving", 1.0))
            return {"PASS_THROUGH"}
        return self._apply(context, self._request, captured)

    def cancel(self, context: bpy.types.Context) -> None:
        """Blender ends the operator: another file is opened, or the window is closed."""
        self._leave(context)

    def _leave(self, context: bpy.types.Context) -> None:
        """The one way out of modal: no timer and no worker remain."""
        context.window_manager.event_timer_remove(self._timer)
        close()

    def _apply(
        self, context: bpy.types.Context, request: capture.Request, captured: Captured | None
    ) -> set[str]:
        text = capture.apply(request)
        if captured is not None:
            text = "; ".join([f"{text}, nets on {captured.provider}", *captured.warnings])
        self.report({"WARNING" if captured and captured.warnings else "INFO"}, text)
        _show(context, Status(text))
        return {"FINISHED"}

    def _stopped(self, context: bpy.types.Context, captured: Captured | None) -> set[str]:
        text = f"{captured.frames} frames are kept as a take" if captured else "nothing was seen yet"
        self.report({"INFO"}, f"Stopped: {text}")
        _show(context, Status(f"Stopped: {text}", kept=captured.take if captured else None))
        return {"CANCELLED"}

    def _fail(self, context: bpy.types.Context, error: BlazeRigError, take: Path | None = None) -> set[str]:
        text = str(error)
        text = text[:1].upper() + text[1:]
        _show(context, Status(text, failed=True, kept=take if take and take.is_file() else None))
        self.report({"ERROR"}, text)
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


def _show(context: bpy.types.Context, status: Status) -> None:
    """Put the state where the panel sees it, and have the panel drawn anew."""
    Animate.status = status
    for window in context.window_manager.windows:
        for area in window.screen.areas:
            if area.type == "VIEW_3D":
                area.tag_redraw()


@persistent
def forget(_file: str) -> None:
    """When another file is opened, what the panel said is of no more meaning."""
    Animate.status = Status()


CLASSES = (Animate, Cancel)


def register() -> None:
    """Start with a clean slate in every file."""
    forget("")
    bpy.app.handlers.load_post.append(forget)


def unregister() -> None:
    """End what runs."""
    bpy.app.handlers.load_post.remove(forget)
    close()
