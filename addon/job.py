"""Work in the background: one job at a time, waited for by scripts, looked at from a timer by the window."""

from __future__ import annotations

import time
from collections.abc import Generator
from dataclasses import dataclass
from threading import Event

import bpy
from bpy.app.handlers import persistent

from ..errors import BlazeRigError

INTERVAL = 0.05
"""Seconds between two looks at the job."""
REDRAW = 0.2
"""Seconds between two drawings of what it shows: a scene may be slow to draw."""


@dataclass(frozen=True)
class Status:
    """How a job goes, or how it ended.

    Attributes:
        message: In words.
        factor: Share of the work that is done.
        pace: How fast it goes, and on what.
        failed: Whether it ended with an error.
    """

    message: str = ""
    factor: float = 0.0
    pace: str = ""
    failed: bool = False


Steps = Generator[Status, None, Status]
"""A job: yields how far it is as often as asked, returns how it ended; closing it ends its processes."""

stop = Event()
"""Asks the running job to end with what it has."""
_steps: Steps | None = None
_status = Status()


def running() -> bool:
    """Whether a job runs."""
    return _steps is not None


def runs(steps: Steps | None) -> bool:
    """Whether `steps` is the job that runs."""
    return steps is not None and _steps is steps


def status() -> Status:
    """Of the job that runs, or else of the last one."""
    return _status


def begin(steps: Steps) -> None:
    """Make `steps` the job that runs.

    Raises:
        BlazeRigError: Another one does.
    """
    global _steps, _status
    if _steps is not None:
        raise BlazeRigError("BlazeRig is at work; wait for it or cancel it")
    stop.clear()
    _steps, _status = steps, Status("Starting")


def step() -> bool:
    """Look how the job goes; whether it goes on.

    Raises:
        BlazeRigError: It failed, and is over.
    """
    global _status
    if _steps is None:
        return False
    try:
        _status = next(_steps)
    except StopIteration as end:
        _status = end.value
        close()
        return False
    except BlazeRigError as error:
        _status = Status(sentence(error), failed=True)
        close()
        raise
    return True


def close() -> None:
    """End the job and its processes, if there is one."""
    global _steps
    steps, _steps = _steps, None
    if steps is not None:
        steps.close()


def say(status: Status) -> None:
    """Have the panels show `status`, where no job runs."""
    global _status
    _status = status
    redraw()


def sentence(error: BlazeRigError) -> str:
    """An error as the interface shows it."""
    text = str(error)
    return text[:1].upper() + text[1:]


def redraw() -> None:
    """Have what shows jobs, takes and edits drawn anew."""
    for window in bpy.context.window_manager.windows:
        for area in window.screen.areas:
            if area.type in {"VIEW_3D", "DOPESHEET_EDITOR", "IMAGE_EDITOR", "PREFERENCES"}:
                area.tag_redraw()


class WhenIdle:
    """For operators that wait until no job runs."""

    @classmethod
    def poll(cls, _context: bpy.types.Context) -> bool:
        """One job at a time."""
        if running():
            cls.poll_message_set("BlazeRig is at work; wait for it or cancel it")
        return not running()


class InBackground(WhenIdle):
    """For operators whose work is a job; they define `steps`."""

    def steps(self, context: bpy.types.Context) -> Steps:
        """The job, all that can be checked before it begins checked.

        Raises:
            BlazeRigError: It cannot be done.
        """
        raise NotImplementedError

    def execute(self, context: bpy.types.Context) -> set[str]:
        """For scripts and background mode: all of it, then return."""
        try:
            begin(self.steps(context))
            while step():
                time.sleep(INTERVAL)
        except BlazeRigError as error:
            return self._fail(error)
        finally:
            close()
        return self._end()

    def invoke(self, context: bpy.types.Context, _event: bpy.types.Event) -> set[str]:
        """For the button: begin, and look at how it goes from a timer."""
        if bpy.app.background:
            return self.execute(context)
        try:
            begin(self.steps(context))
        except BlazeRigError as error:
            return self._fail(error)
        manager = context.window_manager
        manager.progress_begin(0.0, 1.0)
        self._next = 0.0
        self._timer = manager.event_timer_add(INTERVAL, window=context.window)
        manager.modal_handler_add(self)
        return {"RUNNING_MODAL"}

    def modal(self, context: bpy.types.Context, event: bpy.types.Event) -> set[str]:
        """Look how it goes; Esc stops it."""
        if event.type == "ESC" and event.value == "PRESS":
            stop.set()
            return {"RUNNING_MODAL"}
        if event.type != "TIMER":
            return {"PASS_THROUGH"}
        outcome = {"CANCELLED"}
        try:
            if step():
                outcome = {"PASS_THROUGH"}
                self._show(context)
            else:
                outcome = self._end()
        except BlazeRigError as error:
            outcome = self._fail(error)
        finally:
            if outcome != {"PASS_THROUGH"}:
                self.cancel(context)
        return outcome

    def cancel(self, context: bpy.types.Context) -> None:
        """The one way out of modal, also where Blender takes it: no timer and no process remain."""
        manager = context.window_manager
        manager.event_timer_remove(self._timer)
        manager.progress_end()
        if context.workspace:
            context.workspace.status_text_set(None)
        close()
        redraw()

    def _show(self, context: bpy.types.Context) -> None:
        """In the panel, in the status bar, and on the pointer; now and then."""
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + REDRAW
        context.window_manager.progress_update(_status.factor)
        if context.workspace:
            said = ", ".join(text for text in (_status.message, _status.pace) if text)
            context.workspace.status_text_set(f"BlazeRig: {said}   (Esc: stop)")
        redraw()

    def _end(self) -> set[str]:
        self.report({"ERROR" if _status.failed else "INFO"}, _status.message)
        return {"FINISHED"}

    def _fail(self, error: BlazeRigError) -> set[str]:
        say(Status(sentence(error), failed=True))
        self.report({"ERROR"}, sentence(error))
        return {"CANCELLED"}


class Cancel(bpy.types.Operator):
    """The button beside the progress bar."""

    bl_idname = "blazerig.cancel"
    bl_label = "Cancel"
    bl_description = "Stop, and keep what was captured so far as a take"

    @classmethod
    def poll(cls, _context: bpy.types.Context) -> bool:
        """There must be a job to stop."""
        if not running():
            cls.poll_message_set("Nothing is running")
        return running()

    def execute(self, _context: bpy.types.Context) -> set[str]:
        """Ask for the end; the running operator sees to it."""
        stop.set()
        return {"FINISHED"}


@persistent
def _forget(_file: str) -> None:
    """When another file is opened, what runs ends, and what was said is of no more meaning."""
    global _status
    close()
    _status = Status()


CLASSES = (Cancel,)


def register() -> None:
    """Start with a clean slate in every file."""
    _forget("")
    bpy.app.handlers.load_pre.append(_forget)


def unregister() -> None:
    """End what runs."""
    bpy.app.handlers.load_pre.remove(_forget)
    close()
