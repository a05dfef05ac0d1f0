"""The running session: what the worker sends is put on the characters from a timer.

Nothing of Blender's is kept from one update to the next, for an undo takes it away: scene and characters are
looked up each time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import bpy

from ...errors import BlazeRigError
from ...live.wire import Picture, Seen
from ...solver.live_pose import as_pose
from ..job import Status, say, sentence
from .asked import arguments_of, commands, source_of
from .characters import Drives, let_go
from .figures import Rolling
from .stream import Stream

INTERVAL = 0.008
"""Seconds between two looks for a new pose."""
SHOWN = 0.25
"""Seconds between two drawings of the panel's figures."""
CALIBRATION = 2.0
"""Seconds that a calibration looks at the performer."""

Listener = Callable[[Mapping[str, Any]], None]
listeners: list[Listener] = []
"""Called in Blender's main thread with every note of the worker (see live/wire.py)."""


@dataclass
class Session:
    """What runs, and what is known of it.

    Attributes:
        scene: Session-wide number of the scene in which it was started.
        stream: The worker.
        drives: The characters.
        rolling: Rates and delays.
        followers: Session-wide numbers of the armatures that followed when it was started.
        seen: The newest pose; None before somebody was seen.
        picture: The newest picture, and
        pictured: what was seen in it.
        ready: What the worker said of the camera when it began: `name`, `size`, `fps`, `provider`.
        state: Of the camera, as `Condition.state`, and
        message: what is to be said of it.
        warning: What else the worker warned of last, and
        warned: when.
        figures: Of the worker.
        error: Why the worker ended; empty while it runs.
        given: Source that a script asked for; empty where the settings said it.
        asked: Source and arguments of the worker.
        countdown: When the calibration begins, on the clock `time.perf_counter`; None for none.
        calibrating: Seconds that are left of it.
        resting: The characters show what animates them, not the performer.
    """

    scene: int
    given: str
    asked: tuple[str, ...]
    stream: Stream
    drives: Drives
    followers: tuple[int, ...] = ()
    rolling: Rolling = field(default_factory=Rolling)
    seen: Seen | None = None
    picture: Picture | None = None
    pictured: Seen | None = None
    ready: Mapping[str, Any] = field(default_factory=dict)
    state: str = ""
    message: str = ""
    warning: str = ""
    warned: float = 0.0
    figures: Mapping[str, Any] = field(default_factory=dict)
    error: str = ""
    countdown: float | None = None
    calibrating: float = 0.0
    resting: bool = False
    next_drawing: float = 0.0


_session: Session | None = None


def current() -> Session | None:
    """The session that runs, or whose worker has died and which was not stopped yet."""
    return _session


def running() -> bool:
    """Whether there is a session whose worker runs."""
    return _session is not None and not _session.error


def scene_of(session: Session) -> bpy.types.Scene | None:
    """The session's scene; None where it is gone."""
    return next((scene for scene in bpy.data.scenes if scene.session_uid == session.scene), None)


def start(scene: bpy.types.Scene, given: str = "") -> None:
    """Begin to drive the characters of a scene; what ran before ends.

    Args:
        scene: Its settings say all that is not
        given: the source.

    Raises:
        BlazeRigError: None of the characters can be driven, or the worker cannot be started. Nothing was
            changed then.
    """
    global _session
    live = scene.blazerig.live
    source, arguments = given or source_of(live), tuple(arguments_of(live))
    end()
    drives = Drives()
    drives.check(scene)
    asked = (source, *arguments)
    followers = tuple(one.armature.session_uid for one in live.characters if one.armature)
    _session = Session(scene.session_uid, given, asked, Stream(source, arguments), drives, followers)
    for command in commands(live):
        send(command)
    if not bpy.app.timers.is_registered(_tick):
        bpy.app.timers.register(_tick, first_interval=INTERVAL)
    redraw()


def end() -> None:
    """End the worker, and pose the characters as they were; nothing where none runs."""
    global _session
    if _session is None:
        return
    session = _session
    session.stream.stop()
    _take_notes(session)
    _session = None
    if bpy.app.timers.is_registered(_tick):
        bpy.app.timers.unregister(_tick)
    scene = scene_of(session)
    for character in scene.blazerig.live.characters if scene else ():
        let_go(character)
    redraw()


def send(command: Mapping[str, Any]) -> None:
    """Tell the worker something, where one runs."""
    if _session is not None:
        _session.stream.send(command)


def calibrate(countdown: float) -> None:
    """Calibrate after so many seconds."""
    assert _session is not None
    _session.countdown = time.perf_counter() + countdown
    redraw()


def rest(*, resting: bool) -> None:
    """Have the characters show what animates them while it runs on, or follow the performer again."""
    if _session is None or _session.resting == resting:
        return
    _session.resting = resting
    scene = scene_of(_session)
    for character in scene.blazerig.live.characters if scene and resting else ():
        let_go(character)
    redraw()


def update() -> bool:
    """Take in what the worker sent, put the newest pose on the characters; whether the session goes on."""
    session = _session
    if session is None:
        return False
    scene = scene_of(session)
    if scene is None:
        end()
        return False
    began = time.perf_counter()
    _take_notes(session)
    if not session.error and not session.stream.alive():
        session.error = sentence(BlazeRigError(session.stream.died_of()))
    _count_down(session, began)
    newest = session.stream.newest()
    if newest is not None and (newest.seen or session.seen is not None):
        session.seen = newest
        if put_on(session, scene):
            session.rolling.add(time.perf_counter(), newest.captured, began)
    _show(session, began)
    return True


def _show(session: Session, now: float) -> None:
    """The newest picture at once, words and figures now and then."""
    new = session.stream.picture()
    if new is not None:
        session.picture, session.pictured = new
    if now > session.next_drawing:
        session.next_drawing = now + SHOWN
        redraw()
    elif new is not None:
        redraw({"WINDOW"})


def put_on(session: Session, scene: bpy.types.Scene) -> bool:
    """Put the newest pose on the characters; whether that was done."""
    if session.seen is None or session.resting or bpy.app.is_job_running("RENDER"):
        return False
    session.drives.put(scene, as_pose(session.seen.pose), session.seen.face)
    return True


def _tick() -> float | None:
    """What the timer calls."""
    return INTERVAL if update() else None


def _count_down(session: Session, now: float) -> None:
    if session.countdown is not None and now >= session.countdown:
        session.countdown = None
        session.stream.send({"calibrate": CALIBRATION})


def _take_notes(session: Session) -> None:
    for note in session.stream.notes():
        session.ready = note.get("ready", session.ready)
        if "warning" in note:
            session.warning, session.warned = note["warning"], time.perf_counter()
        session.figures = note.get("figures", session.figures)
        session.calibrating = note.get("calibrating", session.calibrating)
        if "calibrated" in note:
            say(Status(sentence(BlazeRigError(note["calibrated"]))))
        if "condition" in note:
            session.state, session.message = note["condition"], note["message"]
        for listener in listeners:
            listener(note)


def redraw(regions: Collection[str] = ("WINDOW", "UI")) -> None:
    """Have these regions of 3D views drawn anew."""
    for window in bpy.context.window_manager.windows:
        for area in window.screen.areas:
            for region in area.regions if area.type == "VIEW_3D" else ():
                if region.type in regions:
                    region.tag_redraw()
