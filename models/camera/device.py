"""Plugged-in cameras that are open, through OpenCV."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, cast

import cv2
import numpy as np

from ..roi import Picture
from .darkness import Darkness
from .feed import Captured, GoneError

_SILENCE = 1.0
"""Seconds of failing reads after which a camera counts as gone; single frames may be damaged."""
_PAUSE = 0.01
"""Between failing reads, s."""
_RECENT = 0.5
"""A driver's own time stamp is believed where it is not older, s."""
BACKENDS = {
    "linux": (cv2.CAP_V4L2,),
    "darwin": (cv2.CAP_AVFOUNDATION,),
    "win32": (cv2.CAP_DSHOW, cv2.CAP_MSMF),
}
"""OpenCV's ways to a camera, in the order in which they are tried.

On Windows DirectShow comes first: it opens in a moment where Media Foundation may take half a minute, it
knows virtual cameras, and its numbers are those of the names that `windows` finds. Media Foundation comes
after it, for cameras that have no other driver.
"""


class Capture(Protocol):
    """What is used of `cv2.VideoCapture`."""

    def isOpened(self) -> bool: ...  # noqa: D102, N802
    def set(self, propId: int, value: float, /) -> bool: ...  # noqa: D102
    def get(self, propId: int, /) -> float: ...  # noqa: D102
    def grab(self) -> bool: ...  # noqa: D102
    def retrieve(self) -> tuple[bool, Picture]: ...  # noqa: D102
    def release(self) -> None: ...  # noqa: D102


Opener = Callable[[int | str, int], Capture]
"""As `cv2.VideoCapture`: a number or a path, and a backend."""


def opencv(place: int | str, backend: int) -> Capture:
    """OpenCV's own; what it has to say on the error stream is said better by us.

    With Video4Linux it would wait ten seconds for a camera that hangs.
    """
    os.environ.setdefault("OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT", "5")
    cv2.setLogLevel(0)
    return cast(Capture, cv2.VideoCapture(cast(int, place), backend))


@dataclass(frozen=True)
class Wish:
    """What is asked of a camera; it gives what is nearest.

    Attributes:
        size: Width and height, px.
        rate: Frames a second.
        mjpg: Whether pictures are to come as JPEG.
    """

    size: tuple[int, int]
    rate: float
    mjpg: bool


class Device:
    """A `Feed`: a camera that this machine's system knows."""

    def __init__(
        self,
        name: str,
        capture: Capture,
        *,
        is_there: Callable[[], bool] = lambda: False,
        grab_waits: bool = True,
        stamped: bool = sys.platform == "linux",
    ) -> None:
        """Read from `capture`, which is open.

        Args:
            name: For people.
            capture: Used by the calling thread alone.
            is_there: Whether the camera is still plugged in.
            grab_waits: Whether grabbing waits for a frame; with DirectShow it is retrieving that does.
            stamped: Whether the driver stamps frames with the clock of `perf_counter`, as V4L2 does.
        """
        self._name, self._capture, self._is_there = name, capture, is_there
        self._grab_waits, self._stamped = grab_waits, stamped
        self._dark = Darkness()
        self.fps = max(0.0, float(np.nan_to_num(capture.get(cv2.CAP_PROP_FPS))))
        self.focal: float | None = None
        self.trouble = ""

    def read(self) -> Captured | None:
        """The next picture, with the time at which the driver got it where it says so."""
        since = time.perf_counter()
        while (captured := self._grabbed()) is None:
            if time.perf_counter() - since > _SILENCE:
                raise self._gone()
            time.sleep(_PAUSE)
        black = self._dark(captured.picture, captured.time)
        self.trouble = _BLACK.format(self._name) if black else ""
        return captured

    def close(self) -> None:
        """Let go of the camera."""
        self._capture.release()

    def _grabbed(self) -> Captured | None:
        """The next picture; None where the driver has none for us, or a damaged one."""
        try:
            if not self._capture.grab():
                return None
            arrived = self._arrival()
            fine, picture = self._capture.retrieve()
        except cv2.error:
            return None
        if not fine:
            return None
        return Captured(picture, arrived if self._grab_waits else time.perf_counter())

    def _arrival(self) -> float:
        now = time.perf_counter()
        if not self._stamped:
            return now
        stamp = self._capture.get(cv2.CAP_PROP_POS_MSEC) / 1000.0
        return stamp if now - _RECENT < stamp <= now else now

    def _gone(self) -> GoneError:
        if self._is_there():
            return GoneError(
                "stalled", f"{self._name} is plugged in but gives no pictures; it is opened anew"
            )
        return unplugged(self._name)


_BLACK = "the picture of {} is black: take off its cover, open its privacy switch, or turn on a light"


def unplugged(name: str) -> GoneError:
    """What is said while the camera is looked for."""
    return GoneError("lost", f"{name} is unplugged; plug it in again: it goes on by itself")


def opened_device(
    name: str,
    place: int | str,
    wish: Wish,
    *,
    is_there: Callable[[], bool],
    opener: Opener = opencv,
    platform: str = sys.platform,
) -> Device | None:
    """The camera at `place` (its number, or its path on Linux), open; None where no backend can open it."""
    for backend in BACKENDS.get(platform, (cv2.CAP_ANY,)):
        capture = opener(place, backend)
        if capture.isOpened():
            _ask(capture, wish)
            return Device(
                name,
                capture,
                is_there=is_there,
                grab_waits=backend != cv2.CAP_DSHOW,
                stamped=backend == cv2.CAP_V4L2,
            )
        capture.release()
    return None


def _ask(capture: Capture, wish: Wish) -> None:
    """The rate first: with DirectShow, asking for it later would undo the format. The format before the size.

    With two buffers the driver fills one while the other is read, and a thread that always reads keeps both
    empty; with one, a driver that finds it taken loses the next frame.
    """
    capture.set(cv2.CAP_PROP_FPS, wish.rate)
    if wish.mjpg:
        capture.set(cv2.CAP_PROP_FOURCC, float(cv2.VideoWriter.fourcc(*"MJPG")))
    capture.set(cv2.CAP_PROP_FRAME_WIDTH, float(wish.size[0]))
    capture.set(cv2.CAP_PROP_FRAME_HEIGHT, float(wish.size[1]))
    capture.set(cv2.CAP_PROP_BUFFERSIZE, 2.0)
