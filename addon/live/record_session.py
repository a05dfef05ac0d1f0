"""The recording that runs: the worker is asked for passes, and what comes of them is kept.

Nothing of Blender's is held, for an undo takes it away: the scene is looked up each time.
"""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import bpy

from ...errors import BlazeRigError
from ...solver.motion import motion_beside
from .. import job
from ..frame_rate import rate_of
from ..takes.folder import takes_folder
from ..takes.rescue import rescue
from . import record_playback as playback
from . import session
from .record_course import Followed, Pass, Plan, Steady
from .record_keep import Recording, keep

INTERVAL = 0.05
"""Seconds between two looks at how it goes."""
SHOWN = 0.25
"""Seconds between two drawings of it."""
NAME = "Live"
"""Takes are called so, and numbered."""


@dataclass
class Running:
    """A recording that runs, or whose takes are being written.

    Attributes:
        scene: Session-wide number of its scene.
        stream: The worker's, with which it ends.
        course: When what is recorded.
        replace: Keys of the present Action are replaced,
        blend: mixed with it over so many frames at either end.
        show_then: The characters show what was recorded when it is over.
        microphone: That is recorded, too; None for none, empty for the first.
        asked: How many of the course's passes the worker was asked for.
        pending: Those of them that it has not told of yet, by their file.
        plays: It was begun together with the scene's playback, which ends with it.
        range: Of playback, as it was before.
        kept: How many passes were kept,
        said: and what came of each.
    """

    scene: int
    stream: object
    course: Steady | Followed
    replace: bool
    blend: int
    show_then: bool
    microphone: str | None
    asked: int = 0
    pending: dict[Path, Pass] = field(default_factory=dict)
    plays: bool = False
    range: playback.Range | None = None
    kept: int = 0
    said: list[str] = field(default_factory=list)
    next_drawing: float = 0.0


_running: Running | None = None


def current() -> Running | None:
    """The recording that runs or is being written."""
    return _running


def start(scene: bpy.types.Scene) -> None:
    """Begin to record, as the scene's settings say.

    Raises:
        BlazeRigError: It cannot be done; nothing was changed then.
    """
    global _running
    live = session.current()
    assert live is not None
    chosen, plays = scene.blazerig.record, playback.playing(scene)
    plan = _plan(scene, playing=plays)
    kind = Followed if plays or chosen.play else Steady
    course = kind(plan, _paths(takes_folder()), time.perf_counter())
    running = Running(
        scene=scene.session_uid,
        stream=live.stream,
        course=course,
        replace=chosen.mode == "RANGE",
        blend=chosen.blend,
        show_then=chosen.show_then,
        microphone=chosen.microphone if chosen.sound and chosen.mode != "LOOP" else None,
    )
    if chosen.play and not plays and plan.first is not None:
        playback.play(scene, round(plan.first - plan.count_in * plan.rate))
        running.plays = True
    if kind is Followed and plan.again:
        running.range = playback.repeat(scene, chosen.range_start, chosen.range_end)
    session.rest(resting=False)
    _running = running
    _send(running)
    if not bpy.app.timers.is_registered(_tick):
        bpy.app.timers.register(_tick, first_interval=INTERVAL)
    job.redraw()


def stop() -> None:
    """Record no more; what there is is written, and kept when that is done."""
    if _running is not None:
        _running.course.stop(time.perf_counter())
        _send(_running)


def forget() -> tuple[Path, ...]:
    """Let it go: what the worker writes yet stays in its files, which are told."""
    global _running
    running, _running = _running, None
    return tuple(running.pending) if running else ()


def update() -> bool:
    """See how it goes; whether it goes on."""
    running = _running
    if running is None:
        return False
    now, scene = time.perf_counter(), _scene(running)
    if isinstance(running.course, Followed):
        running.course.update(now, playing=scene is not None and playback.playing(scene))
    else:
        running.course.update(now)
    _send(running)
    live = session.current()
    if live is None or live.error or live.stream is not running.stream:
        running.course.stop(now)
        _rescue(running)
    if running.course.over(now):
        _wind_up(running)
    if running.course.over(now) and not running.pending:
        _finish(running)
    elif now > running.next_drawing:
        running.next_drawing = now + SHOWN
        job.redraw()
    return _running is not None


def show(scene: bpy.types.Scene) -> None:
    """A scene shows another frame."""
    running = _running
    if running is not None and isinstance(running.course, Followed) and scene.session_uid == running.scene:
        running.course.show(time.perf_counter(), scene.frame_current_final)
        _send(running)


def hear(note: Mapping[str, Any]) -> None:
    """The worker said something."""
    running = _running
    if running is None:
        return
    if recorded := note.get("recorded"):
        one = running.pending.pop(Path(recorded["take"]), None)
        if one is not None:
            _keep(running, one, recorded["began"], recorded["ended"], recorded.get("sound"))
    elif "unrecorded" in note:
        one = running.pending.pop(Path(note["unrecorded"]), None)
        if one is not None and not _rescued(running, one) and "warning" in note:
            running.said.append(note["warning"])


def _tick() -> float | None:
    """What the timer calls."""
    return INTERVAL if update() else None


def _plan(scene: bpy.types.Scene, *, playing: bool) -> Plan:
    chosen, rate = scene.blazerig.record, rate_of(scene)
    if chosen.mode == "FREE":
        first = scene.frame_current if chosen.beginning == "CURRENT" else chosen.start_frame
        unsaid = playing and chosen.beginning == "CURRENT"
        return Plan(None if unsaid else first, math.inf, False, chosen.count_in, rate)
    first, last = chosen.range_start, chosen.range_end
    if last <= first:
        raise BlazeRigError(
            f"no frames lie from {first} to {last}; let the range that is recorded end after it begins"
        )
    return Plan(first, last, chosen.mode == "LOOP", chosen.count_in, rate)


def _paths(folder: Path) -> Callable[[], Path]:
    """Gives the files of one take after the other, each with a number that is not used yet."""
    given: set[str] = set()

    def unused() -> Path:
        for number in itertools.count(1):
            name = f"{NAME} {number}"
            taken = {item.name for one in bpy.data.scenes for item in one.blazerig.takes}
            if name not in taken | given and not any(folder.glob(f"{name}.*")):
                given.add(name)
                return folder / f"{name}.npz"
        raise AssertionError

    return unused


def _scene(running: Running) -> bpy.types.Scene | None:
    return next((scene for scene in bpy.data.scenes if scene.session_uid == running.scene), None)


def _send(running: Running) -> None:
    course = running.course
    for command in course.commands:
        if "record" in command and running.microphone is not None:
            command["audio"] = running.microphone
        session.send(command)
    course.commands.clear()
    for one in course.passes[running.asked :]:
        running.pending[one.path] = one
    running.asked = len(course.passes)


def _keep(running: Running, one: Pass, began: float, ended: float, sound: str | None = None) -> None:
    """Of a pass whose take is written; the takes of a scene that is gone stay in their files."""
    scene = _scene(running)
    if scene is None:
        running.said.append(f"the scene is gone; the take is in {one.path}")
        return
    timing = one.clock(running.course.plan.rate).since(began)
    recording = Recording(
        take=one.path,
        timing=timing,
        first=one.first,
        last=one.last,
        ended=ended - began,
        replace=running.replace,
        blend=running.blend,
        sound=Path(sound) if sound else None,
    )
    try:
        running.said.append(keep(scene, recording))
        running.kept += 1
    except BlazeRigError as error:
        running.said.append(f"{error}; what was recorded is in {one.path}")


def _rescue(running: Running) -> None:
    """Of a worker that is gone, and will not tell."""
    for path in tuple(running.pending):
        _rescued(running, running.pending.pop(path))


def _rescued(running: Running, one: Pass) -> bool:
    """Keep what was kept beside the take, if there is anything."""
    rescue(motion_beside(one.path))
    found = bool(rescue(one.path))
    if found:
        _keep(running, one, one.since, math.inf)
    return found


def _wind_up(running: Running) -> None:
    """Nothing more is recorded: the scene plays as it did."""
    scene = _scene(running)
    if scene is not None and running.plays:
        playback.pause(scene)
    if scene is not None and running.range is not None:
        playback.restore(scene, running.range)
    running.plays, running.range = False, None


def _finish(running: Running) -> None:
    global _running
    _running = None
    if running.show_then and running.kept:
        session.rest(resting=True)
    said = "; ".join(running.said) or "nothing was recorded"
    job.say(job.Status(job.sentence(BlazeRigError(said)), failed=not running.kept))
