"""The operators: thin, each error told once.

Property annotations must be values, not strings: no `from __future__ import annotations` here.
"""

import time
from collections.abc import Generator
from pathlib import Path
from threading import Event
from typing import ClassVar

import bpy
from bpy.app.handlers import persistent
from bpy.props import IntProperty, StringProperty

from ..errors import BlazeRigError
from . import capture
from .capture import Status

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

    steps: ClassVar[Generator[Status, None, Status] | None] = None
    """The capture that runs, if one does."""
    stop: ClassVar[Event] = Event()
    """Asks it to end."""
    status: ClassVar[Status] = Status()
    """Of the capture that runs, or else of the last one."""

    @classmethod
    def poll(cls, _context: bpy.types.Context) -> bool:
        """One capture at a time."""
        if cls.steps is not None:
            cls.poll_message_set("A capture is running; wait for it or cancel it")
        return cls.steps is None

    def execute(self, context: bpy.types.Context) -> set[str]:
        """For scripts and background mode: all of it, then return."""
        try:
            self._begin(context)
            while True:
                Animate.status = next(Animate.steps)
                time.sleep(INTERVAL)
        except StopIteration as end:
            return self._end(context, end.value)
        except BlazeRigError as error:
            return self._fail(context, error)
        finally:
            close()

    def invoke(self, context: bpy.types.Context, _event: bpy.types.Event) -> set[str]:
        """For the button: begin, and look at how it goes from a timer."""
        if bpy.app.background:
            return self.execute(context)
        try:
            self._begin(context)
        except BlazeRigError as error:
            return self._fail(context, error)
        manager = context.window_manager
        self._timer = manager.event_timer_add(INTERVAL, window=context.window)
        manager.modal_handler_add(self)
        return {"RUNNING_MODAL"}

    def modal(self, context: bpy.types.Context, event: bpy.types.Event) -> set[str]:
        """Look how it goes; Esc stops it."""
        if event.type == "ESC" and event.value == "PRESS":
            Animate.stop.set()
            return {"RUNNING_MODAL"}
        if event.type != "TIMER":
            return {"PASS_THROUGH"}
        outcome = {"CANCELLED"}
        try:
            Animate.status = next(Animate.steps)
            _redraw(context)
            outcome = {"PASS_THROUGH"}
        except StopIteration as end:
            outcome = self._end(context, end.value)
        except BlazeRigError as error:
            self._fail(context, error)
        finally:
            if outcome != {"PASS_THROUGH"}:
                self.cancel(context)
        return outcome

    def cancel(self, context: bpy.types.Context) -> None:
        """The one way out of modal, also where Blender takes it: no timer and no process remain."""
        context.window_manager.event_timer_remove(self._timer)
        close()

    def _begin(self, context: bpy.types.Context) -> None:
        self._kept: Path | None = None
        request = capture.request(context, self.filepath, self.armature, self.start_frame)
        self._kept = None if request.tracked else request.take
        Animate.stop.clear()
        Animate.status = Status("Starting")
        Animate.steps = capture.run(request, Animate.stop)

    def _end(self, context: bpy.types.Context, status: Status) -> set[str]:
        Animate.status = status
        self.report({"INFO"}, status.message)
        _redraw(context)
        return {"CANCELLED"} if Animate.stop.is_set() else {"FINISHED"}

    def _fail(self, context: bpy.types.Context, error: BlazeRigError) -> set[str]:
        text = str(error)
        text = text[:1].upper() + text[1:]
        kept = self._kept if self._kept and self._kept.is_file() else None
        Animate.status = Status(text, failed=True, kept=kept)
        self.report({"ERROR"}, text)
        _redraw(context)
        return {"CANCELLED"}


class Cancel(bpy.types.Operator):
    """The button beside the progress bar."""

    bl_idname = "blazerig.cancel"
    bl_label = "Cancel"
    bl_description = "Stop the capture and keep what was seen as a take"

    @classmethod
    def poll(cls, _context: bpy.types.Context) -> bool:
        """There must be a capture to stop."""
        if Animate.steps is None:
            cls.poll_message_set("No capture is running")
        return Animate.steps is not None

    def execute(self, _context: bpy.types.Context) -> set[str]:
        """Ask for the end; the running operator sees to it."""
        Animate.stop.set()
        return {"FINISHED"}


def close() -> None:
    """End the running capture and its process, if there is one."""
    steps, Animate.steps = Animate.steps, None
    if steps is not None:
        steps.close()


def _redraw(context: bpy.types.Context) -> None:
    """Have the panel drawn anew."""
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
