"""From footage to mattes in files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np

from ..errors import BlazeRigError
from .choice import choose_provider
from .matte import Matte, PoseMatte, SelfieMatte, calm
from .matte_files import check_place, written
from .nets import Wanted
from .offline import batched, in_order
from .performers import ALL, LARGEST, check_performer
from .sessions import Net, Processor
from .track import Progress, Teller, find_ways, shares
from .video import Frame, Video

NETS = ("pose", "selfie")
_MOST_AT_ONCE = 4
"""Mattes in one batch: they are as large as the footage, and several batches are in work."""
Seer = Callable[[Sequence[Frame]], Sequence[Matte | None]]
"""Sees the matte in each frame of a batch; None where nobody is."""


@dataclass(frozen=True)
class Matted:
    """What came of it.

    Attributes:
        frames: How many have a matte.
        provider: What ran the nets.
        warnings: What the user should know.
        stopped: Whether the user ended it.
    """

    frames: int
    provider: str
    warnings: tuple[str, ...]
    stopped: bool


def write_mattes(
    path: Path,
    out: Path,
    *,
    net: str = "pose",
    performer: str = LARGEST,
    start: float | None = None,
    end: float | None = None,
    every: int = 1,
    fps: float | None = None,
    provider: str = "auto",
    progress: Callable[[Progress], None] | None = None,
) -> Matted:
    """Write a matte for every frame, black where nobody is.

    Ctrl-C, or a `progress` that raises `Stopped`, ends it early; the mattes so far are kept.

    Args:
        path: Footage, as `Video` takes it.
        out: A folder, for matte_0001.png and so on, or a video by its ending.
        net: `pose`, the performer alone, or `selfie`, all who are there.
        performer: A number, `largest` or `central`; for the pose net.
        start: From this time of the footage on, s.
        end: Up to this time of the footage, s.
        every: Of those, each `every`-th frame.
        fps: Pictures a second, for a series of pictures.
        provider: Where the nets run: `auto`, `cpu`, or a kind of GPU.
        progress: Called after every frame.

    Raises:
        BlazeRigError: Footage cannot be read, mattes cannot be written, nobody is there, or an argument
            makes no sense.
        KeyboardInterrupt: It was ended before the first matte.
    """
    _check(net, performer)
    check_place(out)
    with Video(path, start=start, end=end, every=every, fps=fps) as footage:
        processor = choose_provider(provider)
        teller = Teller(footage.announced, progress, processor.provider)
        see = _selfie(processor) if net == "selfie" else _pose(footage, performer, every, processor, teller)
        frames = _write(footage, out, see, processor, teller)
        warnings = processor.warnings + teller.warnings + footage.warnings
    return Matted(frames, processor.provider, warnings, teller.stopped)


def _check(net: str, performer: str) -> None:
    if net not in NETS:
        raise BlazeRigError(f"unknown net '{net}'; there are: {', '.join(NETS)}")
    check_performer(performer, live=False)
    if performer == ALL:
        raise BlazeRigError("a matte is of one performer; use --net selfie for everybody in the picture")


def _selfie(processor: Processor) -> Seer:
    square, landscape = (
        Net(name, processor, threads=shares(processor)[0])
        for name in ("selfie_matte", "selfie_matte_landscape")
    )
    return SelfieMatte(square, landscape)


def _pose(footage: Video, performer: str, every: int, processor: Processor, teller: Teller) -> Seer:
    ways = find_ways(footage, performer, every, Wanted(), processor, teller)
    if teller.stopped:
        raise KeyboardInterrupt
    if not ways:
        raise BlazeRigError(
            f"nobody was found in {footage.name}; most of a person must be seen; try --net selfie"
        )
    (way,) = ways.values()
    return PoseMatte(way, Net("pose_matte", processor, threads=shares(processor)[0]))


def _write(footage: Video, out: Path, see: Seer, processor: Processor, teller: Teller) -> int:
    """Many frames at once through the net, then one after the other; how many were done."""
    _, workers, batch = shares(processor)
    done = 0
    with written(out, footage.fps) as put, ThreadPoolExecutor(workers) as pool:
        frames = batched(footage.frames(ahead=workers), min(batch, _MOST_AT_ONCE))
        seen = in_order(pool, lambda some: list(zip(some, see(some), strict=True)), frames, workers + 1)
        with teller.stage("mattes"):
            try:
                for frame, matte in calm(chain.from_iterable(seen)):
                    put(frame, np.zeros(frame.picture.shape[:2], np.float32) if matte is None else matte)
                    done += 1
                    teller.tell(frame.index + 1)
            finally:
                pool.shutdown(cancel_futures=True)
        if teller.stopped and not done:
            raise KeyboardInterrupt
    return done
