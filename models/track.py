"""The models' one entry: footage in, takes out."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..errors import BlazeRigError
from ..take import Take
from . import offline, performers
from .captured import Captured, glimpses, stopped_after
from .choice import choose_provider
from .holistic import HolisticTracker
from .machine import cores
from .nets import Wanted, load_nets
from .people import PeopleTracker, settled
from .recording import Recording
from .regions import Way
from .sessions import Processor, Spent
from .video import Video

MODES = ("offline", "live")
LOOK = 0.3
"""Seconds between two looks for people."""
# The body, each hand and the face are looked at by threads of their own.
_SIDE_BY_SIDE = 4
_GPU_BATCH = 16
_GPU_WORKERS = 3


class Stopped(Exception):  # noqa: N818 (no error: the caller asks for the end)
    """Raised by a `progress` callback to end the tracking; what was seen so far is kept."""


@dataclass(frozen=True)
class Progress:
    """How far the tracking has come.

    Attributes:
        stage: `people` while people are looked for (offline), then `tracking`.
        frame: Frames that are done in this stage.
        total: Frames in all, as far as the footage says; None where it does not.
        seconds_left: Of this stage; None where it cannot be known yet.
        frames_per_second: Since the stage began.
        provider: What runs the nets.
    """

    stage: str
    frame: int
    total: int | None
    seconds_left: float | None
    frames_per_second: float
    provider: str = ""


@dataclass(frozen=True)
class Tracked:
    """What came of the tracking.

    Attributes:
        takes: One for each performer that was asked for, by the performer's number.
        provider: What ran the nets.
        warnings: What the user should know.
        seconds: How long each stage took, once the nets were loaded.
        spent: What each net has cost.
    """

    takes: dict[int, Take]
    provider: str
    warnings: tuple[str, ...]
    seconds: dict[str, float] = field(default_factory=dict[str, float])
    spent: dict[str, Spent] = field(default_factory=dict[str, Spent])

    @property
    def take(self) -> Take:
        """The take of the first performer."""
        return next(iter(self.takes.values()))


def track(
    path: Path,
    *,
    mode: str = "offline",
    performer: str = performers.LARGEST,
    start: float | None = None,
    end: float | None = None,
    every: int = 1,
    fps: float | None = None,
    wanted: Wanted | None = None,
    smooth: bool = False,
    provider: str = "auto",
    threads: int = 0,
    progress: Callable[[Progress], None] | None = None,
    captured: Captured | None = None,
) -> Tracked:
    """Follow the performer of a video, or find the one of a still.

    Ctrl-C, or a `progress` that raises `Stopped`, ends it early; the takes of what was seen are returned.

    Args:
        path: Footage, as `Video` takes it.
        mode: `offline`, which looks at the whole clip twice and sees frames together with those beside
            them, or `live`, which sees one frame after the other as MediaPipe does.
        performer: A number, `largest`, `central` or `all`.
        start: From this time of the footage on, s.
        end: Up to this time of the footage, s.
        every: Of those, each `every`-th frame.
        fps: Pictures a second, for a series of pictures.
        wanted: What to look for.
        smooth: Store the filtered landmarks instead of those that the nets saw; live only.
        provider: Where the nets run: `auto`, `cpu`, or a kind of GPU.
        threads: Processors that the nets may keep busy on the CPU, 0 for all.
        progress: Called after every frame.
        captured: Is told what has been seen while the work goes on.

    Raises:
        BlazeRigError: The file cannot be read, nobody was found in it, or an argument makes no sense.
        KeyboardInterrupt: It was ended before anything was seen.
    """
    _check(mode, performer, smooth=smooth)
    task = _Task(wanted or Wanted(), performer, every, smooth, threads)
    captured = captured or Captured()
    with Video(path, start=start, end=end, every=every, fps=fps) as footage:
        processor = choose_provider(provider)
        captured.begin(footage, processor.provider)
        teller = Teller(footage.announced, progress, processor.provider)
        follow = _live if mode == "live" else _offline
        follow(footage, task, processor, teller, captured)
    takes = captured.takes()
    if not takes:
        if teller.stopped:
            raise KeyboardInterrupt
        raise BlazeRigError(f"nobody was found in {path}; use footage in which most of a person is seen")
    first, *_ = takes.values()
    ended = (stopped_after(len(first)),) if teller.stopped else ()
    warnings = processor.warnings + ended + footage.warnings
    return Tracked(takes, processor.provider, warnings, teller.seconds, processor.spent)


def _check(mode: str, performer: str, *, smooth: bool) -> None:
    if mode not in MODES:
        raise BlazeRigError(f"unknown mode '{mode}'; there are: {', '.join(MODES)}")
    performers.check_performer(performer, live=mode == "live")
    if smooth and mode != "live":
        raise BlazeRigError("filters belong to the live clock; use --smooth with --mode live")


@dataclass(frozen=True)
class _Task:
    """What is asked for."""

    wanted: Wanted
    performer: str
    every: int
    smooth: bool
    threads: int


class Teller:
    """Tells how far the work is, and keeps what there is when the end is asked for."""

    def __init__(self, total: int | None, progress: Callable[[Progress], None] | None, provider: str) -> None:
        self._total = total
        self._provider = provider
        self._progress = progress
        self._start = time.monotonic()
        self._frames = 0
        self._stage = ""
        self.warnings: tuple[str, ...] = ()
        self.seconds: dict[str, float] = {}
        self.stopped = False

    @contextlib.contextmanager
    def stage(self, name: str) -> Generator[None, None, None]:
        """Work that may be ended early."""
        self._stage, self._start, self._frames = name, time.monotonic(), 0
        try:
            yield
        except (KeyboardInterrupt, Stopped):
            self.stopped = True
            self.warnings = (f"stopped after {self._frames} frames",)
        finally:
            self.seconds[name] = time.monotonic() - self._start

    def tell(self, frames: int) -> None:
        """So many frames of the stage are done."""
        self._frames = frames
        if self._progress is not None:
            rate = frames / max(time.monotonic() - self._start, 1e-9)
            left = None if self._total is None else max(self._total - frames, 0) / rate
            self._progress(Progress(self._stage, frames, self._total, left, rate, self._provider))


def _live(footage: Video, task: _Task, processor: Processor, teller: Teller, captured: Captured) -> None:
    """One frame after the other."""
    on_cpu = processor.provider == "cpu"
    nets = load_nets(processor, task.wanted, threads=max(1, (task.threads or cores()) // _SIDE_BY_SIDE))
    tracker = HolisticTracker(nets, performers.choice(task.performer), apart=on_cpu)
    recording = Recording(face=task.wanted.face)
    captured.settle({0: recording})
    with teller.stage("tracking"), ThreadPoolExecutor(_SIDE_BY_SIDE) as pool:
        for frame, performer in tracker.follow(footage.frames(), pool):
            recording.add(frame.time, performer, smooth=task.smooth)
            teller.tell(frame.index + 1)


def _offline(footage: Video, task: _Task, processor: Processor, teller: Teller, captured: Captured) -> None:
    """People first; then every frame, many at once."""
    chosen = footage, task.performer, task.every, task.wanted
    ways = find_ways(*chosen, processor, teller, threads=task.threads, captured=captured)
    if not ways:
        return
    threads, workers, batch = shares(processor, task.threads)
    nets = load_nets(processor, task.wanted, threads=threads, exact=False)
    recordings = {number: Recording(face=task.wanted.face) for number in ways}
    captured.add(lambda: recordings)
    with teller.stage("tracking"), ThreadPoolExecutor(workers) as pool:
        try:
            for number, way in ways.items():
                frames = footage.frames(ahead=workers)
                for frame, performer in offline.follow(
                    frames, way, nets, pool, ahead=workers + 1, batch=batch
                ):
                    recordings[number].add(frame.time, performer)
                    teller.tell(frame.index + 1)
        finally:
            pool.shutdown(cancel_futures=True)
    if not teller.stopped:
        captured.settle(recordings)


def shares(processor: Processor, threads: int = 0) -> tuple[int, int, int]:
    """Threads for each call of a net, calls at a time, and frames in each: on a CPU a core for every call.

    Of the cores so many `threads`, 0 for all.
    """
    return (1, threads or cores(), 1) if processor.provider == "cpu" else (0, _GPU_WORKERS, _GPU_BATCH)


def stride_of_looks(rate: float) -> int:
    """Of how many frames, `rate` a second, one is looked at for people.

    Three looks a second are enough; of slow footage each third frame is, unless that is more than a second.
    """
    return max(1, round(LOOK * rate), min(3, int(rate)))


def find_ways(
    footage: Video,
    performer: str,
    every: int,
    wanted: Wanted,
    processor: Processor,
    teller: Teller,
    *,
    threads: int = 0,
    captured: Captured | None = None,
) -> dict[int, Way]:
    """Where the performers are over the clip, by their number; none if the user ended the search.

    Args:
        footage: Read once, at some of its frames.
        performer: A number, `largest`, `central` or `all`.
        every: Of how many frames of the file the footage is one.
        wanted: The model of the body, and how it is refined.
        processor: What the nets run on.
        teller: Is told of the stage `people`.
        threads: For each call of a net on the CPU, 0 for one per core.
        captured: Is told what has been seen.

    Raises:
        BlazeRigError: There is no performer of that number.
    """
    stride = stride_of_looks(footage.fps / every)
    nets = load_nets(processor, replace(wanted, hands=False, face=False), threads=threads)
    tracker = PeopleTracker(nets.detector, nets.pose)
    looks: list[float] = []
    if captured:
        captured.add(lambda: glimpses(tracker.people, looks, performer, footage.size))
    with teller.stage("people"):
        for frame in footage.frames(every=stride):
            tracker.look(frame.picture, frame.time)
            looks.append(frame.time)
            teller.tell(frame.index + 1)
    if teller.stopped:
        return {}
    people = settled(tracker.people, len(looks))
    return {
        number: Way(people[number].sightings, looks)
        for number in performers.chosen(people, performer, footage.size)
    }
