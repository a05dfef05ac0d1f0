"""A file that is played as a camera, at its own speed."""

from __future__ import annotations

import math
import time
from collections.abc import Generator, Iterator
from pathlib import Path

from ..footage.source import Shot
from ..video import Video
from .feed import Captured

_BEHIND = 0.5
"""Seconds behind its time after which a file goes on from where it is, as it would never catch up."""
_ASLEEP = 5.0
"""Seconds behind from which it is not the decoding: the machine slept."""
_TOLD = 5.0
"""Seconds for which it is told that it was behind."""
_STANDING = 0.25
"""Seconds after which a picture is shown even if it is late, so that it does not stand still."""


class Played:
    """A `Feed`: each frame comes when its time has come, counted from the first.

    A frame that could not be decoded in time is left out and counted. Where the machine decodes more slowly
    than the file is to be played, the file runs slower and says so: the delay never grows.
    """

    def __init__(self, path: Path, *, rate: float | None = None, loop: bool = False) -> None:
        """Look at the file and decode its first frame.

        Args:
            path: Whatever `Video` reads.
            rate: Frames a second, whatever times the file gives them; None for its own times.
            loop: After the end, begin again.

        Raises:
            BlazeRigError: It is no footage, or cannot be decoded.
        """
        self._video = Video(path)
        self._rate, self._loop = rate, loop
        self.fps = rate or self._video.fps
        self.focal = self._video.focal
        self.trouble = ""
        self._frames = self._in_time()

    def read(self) -> Captured | None:
        """The next frame, at its time."""
        return next(self._frames, None)

    def close(self) -> None:
        """Let go of the file."""
        self._frames.close()
        self._video.close()

    def _in_time(self) -> Generator[Captured, None, None]:
        began = time.perf_counter()
        shown, missed, until, behind = began, 0, began, -math.inf
        for moment, shot in self._moments():
            due, now = began + moment, time.perf_counter()
            late = now - due
            if late > _BEHIND:
                behind = now if late < _ASLEEP else behind
                began, due, late = began + late, now, 0.0
            self.trouble = _slow(self._video.name) if now - behind < _TOLD else ""
            until = due + 1.0 / self.fps
            dropped = late > 1.0 / self.fps and now - shown < _STANDING
            picture = None if dropped else shot.picture()
            if picture is None:
                missed += 1
                continue
            time.sleep(max(0.0, due - time.perf_counter()))
            yield Captured(picture, due, missed)
            shown, missed = time.perf_counter(), 0
        time.sleep(max(0.0, until - time.perf_counter()))

    def _moments(self) -> Iterator[tuple[float, Shot]]:
        """Each frame with the time at which it is played, in seconds from the first on."""
        start = 0.0
        while True:
            moment = 0.0
            for number, shot in enumerate(self._video.shots()):
                moment = number / self._rate if self._rate else shot.time
                yield start + moment, shot
            if not self._loop:
                return
            start += moment + 1.0 / self.fps


def _slow(name: str) -> str:
    return f"{name} is decoded more slowly than it plays, so it runs slower; give it smaller, as 720p H.264"
