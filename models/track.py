"""The models' one entry: footage in, take out."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..errors import BlazeRigError
from ..take import Floats, Hand, Take
from .body import Body
from .choice import choose_provider
from .hands import WRISTS, SeenHand
from .holistic import HolisticTracker, Performer
from .video import Video

_BODY_LANDMARKS = 33
_HAND_LANDMARKS = 21


class Stopped(Exception):  # noqa: N818 (no error: the caller asks for the end)
    """Raised by a `progress` callback to end the tracking; what was seen so far is kept."""


@dataclass(frozen=True)
class Progress:
    """How far the tracking has come.

    Attributes:
        frame: Frames that are done.
        total: Frames in all, as far as the file says; None where it does not.
        seconds_left: None where it cannot be known yet.
        frames_per_second: Of the tracking, since it began.
    """

    frame: int
    total: int | None
    seconds_left: float | None
    frames_per_second: float


@dataclass(frozen=True)
class Tracked:
    """What came of the tracking: the take, the provider that ran the nets, and what the user should know."""

    take: Take
    provider: str
    warnings: tuple[str, ...]


def track(
    video: Path,
    *,
    heatmap_kernel: int = 7,
    smooth: bool = False,
    hands: bool = True,
    seconds: float | None = None,
    provider: str = "auto",
    progress: Callable[[Progress], None] | None = None,
) -> Tracked:
    """Follow the performer of a video, or find the one of a still.

    Ctrl-C, or a `progress` that raises `Stopped`, ends it early; the take of what was seen is returned.

    Args:
        video: A video or picture file.
        heatmap_kernel: Side of the window of the heat-map refinement: 7 as in MediaPipe's graph, or 9 as
            its legacy Python API behaves.
        smooth: Store the filtered landmarks instead of those that the nets saw.
        hands: Look for the hands too.
        seconds: Stop at this time of the footage.
        provider: Where the nets run: `auto`, `cpu`, or a kind of GPU.
        progress: Called after every frame.

    Raises:
        BlazeRigError: The file cannot be read, nobody was found in it, or an argument makes no sense.
    """
    if heatmap_kernel < 1 or heatmap_kernel % 2 == 0:
        raise BlazeRigError(
            f"the heat-map kernel must be an odd number of cells, 7 say, not {heatmap_kernel}"
        )
    processor = choose_provider(provider)
    tracker = HolisticTracker(processor, heatmap_kernel=heatmap_kernel, hands=hands)
    rows: list[_Row] = []
    with Video(video) as footage:
        warnings = _watch(footage, tracker, rows, seconds, progress or _silent, smooth=smooth)
    if all(row.body is None for row in rows):
        raise BlazeRigError(
            f"nobody was found in {video} ({len(rows)} frames); use footage in which most of a person is seen"
        )
    return Tracked(_take(footage, rows), processor.provider, processor.warnings + warnings)


@dataclass(frozen=True)
class _Row:
    """What is kept of one frame."""

    time: float
    body: Body | None = None
    left: SeenHand | None = None
    right: SeenHand | None = None


def _watch(
    footage: Video,
    tracker: HolisticTracker,
    rows: list[_Row],
    seconds: float | None,
    progress: Callable[[Progress], None],
    *,
    smooth: bool,
) -> tuple[str, ...]:
    """Track frame by frame into `rows`; warnings about frames that did not come."""
    total = _frames_to_come(footage, seconds)
    start = time.monotonic()
    try:
        for frame in footage.frames():
            if seconds is not None and frame.time >= seconds:
                return ()
            rows.append(_row(frame.time, tracker.step(frame.picture, frame.time), smooth=smooth))
            progress(_progress(len(rows), total, time.monotonic() - start))
    except (KeyboardInterrupt, Stopped):
        return (f"stopped after {len(rows)} frames",)
    return _losses(footage, len(rows))


def _row(time: float, performer: Performer | None, *, smooth: bool) -> _Row:
    if performer is None:
        return _Row(time)
    return _Row(time, performer.smooth if smooth else performer.body, performer.left, performer.right)


def _frames_to_come(footage: Video, seconds: float | None) -> int | None:
    if footage.announced is None or seconds is None:
        return footage.announced
    return min(footage.announced, int(np.ceil(seconds * footage.fps)))


def _silent(_: Progress) -> None:
    pass


def _progress(done: int, total: int | None, elapsed: float) -> Progress:
    rate = done / max(elapsed, 1e-9)
    return Progress(done, total, None if total is None else max(total - done, 0) / rate, rate)


def _losses(footage: Video, count: int) -> tuple[str, ...]:
    """A warning where frames are missing; containers that estimate their number are off by one."""
    if footage.announced is None or count >= footage.announced - 1:
        return ()
    return (
        f"{footage.name} announces {footage.announced} frames, {count} could be decoded: it may be cut short",
    )


def _take(footage: Video, rows: list[_Row]) -> Take:
    bodies = [row.body for row in rows]
    return Take(
        source=footage.name,
        fps=footage.fps,
        times=np.array([row.time for row in rows]),
        size=np.array(footage.size),
        body_image=_stack([body and body.image for body in bodies], (_BODY_LANDMARKS, 3)),
        body_world=_stack([body and body.world for body in bodies], (_BODY_LANDMARKS, 3)),
        body_visibility=_stack([body and body.visibility for body in bodies], (_BODY_LANDMARKS,)),
        left=_hand([row.left for row in rows], bodies, WRISTS["left"]),
        right=_hand([row.right for row in rows], bodies, WRISTS["right"]),
    )


def _hand(hands: list[SeenHand | None], bodies: list[Body | None], wrist: int) -> Hand:
    """A hand over the clip, in metres put on the body's wrist.

    `util/align_hand_to_pose_in_world_calculator.cc`.
    """
    world = [
        hand.world + body.world[wrist] if hand is not None and body is not None else None
        for hand, body in zip(hands, bodies, strict=True)
    ]
    return Hand(
        image=_stack([hand and hand.image for hand in hands], (_HAND_LANDMARKS, 3)),
        world=_stack(world, (_HAND_LANDMARKS, 3)),
        score=_stack([hand and np.array(hand.score) for hand in hands], ()),
    )


def _stack(values: list[Floats | None], shape: tuple[int, ...]) -> Floats:
    """One array over the frames, NaN where there is nothing. Shape (F, *shape)."""
    stacked = np.full((len(values), *shape), np.nan, np.float32)
    for row, value in enumerate(values):
        if value is not None:
            stacked[row] = value
    return stacked
