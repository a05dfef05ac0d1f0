"""Reads footage frame by frame with its true times: a video, an animated GIF, a still, a series of stills."""

from __future__ import annotations

import math
import os
from collections import deque
from collections.abc import Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from ..errors import BlazeRigError
from .footage import pictures
from .footage.moving import Moving
from .footage.names import ENDINGS, is_pattern
from .footage.source import FPS_RANGE, Shot, Source, Tally
from .roi import Picture

FILM = math.hypot(36.0, 24.0)
"""Diagonal of 35 mm film, mm."""
EQUIVALENTS = (5.0, 2000.0)
"""Credible focal lengths in its terms, mm."""


@dataclass(frozen=True)
class Frame:
    """One frame of those that were chosen.

    Attributes:
        index: Its number among them, from 0. One that cannot be decoded leaves a gap.
        time: Seconds since the first frame of the footage, whether that was chosen or not.
        picture: BGR and upright, with square pixels.
    """

    index: int
    time: float
    picture: Picture


class Video:
    """Footage, all of it or a choice of its frames, that can be read any number of times.

    Attributes:
        name: The file's, folder's or pattern's name.
        size: Width and height of the pictures, px.
        fps: Nominal frames per second of the footage, 30 where it does not say.
        announced: How many frames are chosen as far as the footage says, an estimate where it gives only its
            length or its rate varies; None where it gives nothing.
        focal: Focal length of the camera in pixels of the pictures; None where the footage does not say.
        warnings: What the last complete reading missed.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        start: float | None = None,
        end: float | None = None,
        every: int = 1,
        fps: float | None = None,
    ) -> None:
        """Look at the footage and decode its first frame.

        Args:
            path: A video, an animated GIF, a picture; a folder of pictures, which are taken in the order of
                their names; or a pattern like walk_####.png or walk_%04d.png, whose numbers give the times.
            start: Choose from this time of the footage on, s.
            end: Choose up to this time of the footage, which is left out, s.
            every: Of those, choose the first and then each `every`-th.
            fps: Pictures per second of a series, 30 where it is None; videos have times of their own.

        Raises:
            BlazeRigError: There is no such footage, it cannot be decoded, or the choice makes no sense.
        """
        _check_choice(start, end, every, fps)
        self._source = _source(Path(path), fps)
        self._start, self._end, self._every = start or 0.0, end, every
        self._readings: list[Generator[Frame, None, None]] = []
        self.name, self.size, self.fps = self._source.name, self._source.size, self._source.fps
        self.announced = self._announced()
        self.focal = _focal(self._source.focal_35mm, self.size)
        self.warnings: tuple[str, ...] = ()

    def __enter__(self) -> Video:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End all readings and let go of the file."""
        while self._readings:
            self._readings.pop().close()

    def frames(self, *, every: int = 1, ahead: int = 1) -> Iterator[Frame]:
        """The chosen frames in the order of time, from the first on.

        Args:
            every: Leave out all but each `every`-th of the chosen frames; indices stay as they are. Of the
                others no picture is made: stills are not read, frames of a video are decoded all the same.
            ahead: So many frames are decoded in another thread while the caller has one, and no more.

        Raises:
            BlazeRigError: None is chosen, or pictures of a series differ in size.
        """
        reading = self._decoded_ahead(every, ahead)
        self._readings.append(reading)
        return reading

    def shots(self) -> Generator[Shot, None, None]:
        """The chosen frames in the order of time, of which pictures are made only where one asks for them.

        Closing the iterator lets go of the file.
        """
        with closing(self._chosen(Tally())) as chosen:
            for _, shot in chosen:
                yield shot

    def _decoded_ahead(self, every: int, ahead: int) -> Generator[Frame, None, None]:
        frames = self._read(every)
        reader = ThreadPoolExecutor(1)
        try:
            coming: deque[Future[Frame | None]] = deque(
                reader.submit(next, frames, None) for _ in range(ahead)
            )
            while (frame := coming.popleft().result()) is not None:
                coming.append(reader.submit(next, frames, None))
                yield frame
        finally:
            reader.shutdown(cancel_futures=True)
            frames.close()

    def _read(self, every: int) -> Generator[Frame, None, None]:
        tally = Tally()
        index = -1
        for index, shot in self._chosen(tally):
            if index % every:
                continue
            picture = shot.picture()
            if picture is None:
                tally.lost += 1
            else:
                yield Frame(index, shot.time, picture)
        if index < 0:
            raise self._nothing_chosen()
        self.warnings = self._losses(tally)

    def _chosen(self, tally: Tally) -> Generator[tuple[int, Shot], None, None]:
        with closing(self._source.shots(self._start, tally)) as shots:
            for number, shot in enumerate(shots):
                if self._end is not None and shot.time >= self._end:
                    return
                if number % self._every == 0:
                    yield number // self._every, shot

    def _announced(self) -> int | None:
        count = self._source.count
        if count is None:
            return None
        if self._start or self._end is not None:
            seconds = min(count / self.fps, math.inf if self._end is None else self._end) - self._start
            count = max(1, math.ceil(seconds * self.fps - 1e-6))
        return math.ceil(count / self._every)

    def _losses(self, tally: Tally) -> tuple[str, ...]:
        if not self._start and self._end is None and self._source.cut_short(tally):
            return (
                f"{self.name} announces {self._source.count} frames, {tally.decoded} could be decoded: "
                "it may be cut short",
            )
        if tally.lost:
            lost = "1 frame" if tally.lost == 1 else f"{tally.lost} frames"
            return (f"{self.name}: {lost} could not be decoded and had to be left out",)
        return ()

    def _nothing_chosen(self) -> BlazeRigError:
        window = (
            f"from {self._start:g} s on" if self._end is None else f"from {self._start:g} to {self._end:g} s"
        )
        count = self._source.count
        lasts = "" if count is None else f", which lasts about {count / self.fps:.2f} s"
        return BlazeRigError(f"there is no frame {window} in {self.name}{lasts}; choose other times")


def _check_choice(start: float | None, end: float | None, every: int, fps: float | None) -> None:
    if start is not None and not 0.0 <= start < math.inf:
        raise BlazeRigError(f"the start must be a time of the footage in seconds, not {start:g}")
    if end is not None and not (start or 0.0) < end:
        raise BlazeRigError(f"the end must be later than the start ({start or 0.0:g} s), not {end:g} s")
    if every < 1:
        raise BlazeRigError(f"every frame (1), every other (2), and so on can be chosen, not every {every}")
    if fps is not None and not FPS_RANGE[0] <= fps <= FPS_RANGE[1]:
        raise BlazeRigError(
            f"pictures must follow {FPS_RANGE[0]:g} to {FPS_RANGE[1]:g} a second, not {fps:g}"
        )


def _focal(equivalent: float | None, size: tuple[int, int]) -> float | None:
    """In pixels: an equivalent is to film's diagonal as this is to the picture's (CIPA DCG-001)."""
    if equivalent is None or not EQUIVALENTS[0] <= equivalent <= EQUIVALENTS[1]:
        return None
    return equivalent / FILM * math.hypot(*size)


def _source(path: Path, fps: float | None) -> Source:
    if path.is_dir():
        return pictures.folder(path, fps)
    if is_pattern(path):
        return pictures.series(path, fps)
    _check_readable(path)
    if path.suffix.lower() in ENDINGS:
        return pictures.still(path, fps)
    if fps is not None:
        raise BlazeRigError(f"{path} has times of its own; frames per second are for a series of pictures")
    return Moving(path)


def _check_readable(path: Path) -> None:
    if not path.exists():
        raise BlazeRigError(f"{path} does not exist; check its name")
    if not path.is_file():
        raise BlazeRigError(f"{path} is no file; give a video, a picture or a folder of pictures")
    if not os.access(path, os.R_OK):
        raise BlazeRigError(f"{path} cannot be read; check its permissions")
