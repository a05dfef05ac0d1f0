"""Plugged-in cameras, through OpenCV."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np

from ...errors import BlazeRigError
from ..roi import Picture
from .feed import Captured, GoneError

SIZE = (1280, 720)
"""Asked for where the user does not say: wide enough for a whole body, small enough for any machine."""
RATE = 30.0
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

On Windows DirectShow comes first: it opens in a moment where Media Foundation takes up to half a minute, it
knows virtual cameras, and its numbers are those of the names that `listing` finds. Media Foundation comes
after it for cameras that have no other driver.
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


@dataclass(frozen=True)
class Wish:
    """What is asked of a camera; it gives what is nearest.

    Attributes:
        size: Width and height, px.
        rate: Frames a second.
        mjpg: Pictures come compressed: over USB 2 raw ones larger than 640x480 come a few times a second.
    """

    size: tuple[int, int] = SIZE
    rate: float = RATE
    mjpg: bool = True


class Device:
    """A `Feed`: a camera that this machine's system knows."""

    def __init__(self, name: str, capture: Capture, backend: int) -> None:
        """Read from `capture`, which is open.

        Args:
            name: For people.
            capture: Used by the calling thread alone.
            backend: OpenCV's number of it.
        """
        self._name, self._capture = name, capture
        self._grab_waits = backend != cv2.CAP_DSHOW
        self.fps = max(0.0, float(np.nan_to_num(capture.get(cv2.CAP_PROP_FPS))))
        self.focal: float | None = None
        self.trouble = ""

    def read(self) -> Captured | None:
        """The next picture, with the time at which the driver got it where it says so."""
        since = time.perf_counter()
        while True:
            if self._capture.grab():
                arrived = self._arrival()
                fine, picture = self._capture.retrieve()
                if fine:
                    return Captured(picture, arrived if self._grab_waits else time.perf_counter())
            if time.perf_counter() - since > _SILENCE:
                raise GoneError(
                    "lost", f"{self._name} gives no more pictures; plug it in again: it comes back by itself"
                )
            time.sleep(_PAUSE)

    def close(self) -> None:
        """Let go of the camera."""
        self._capture.release()

    def _arrival(self) -> float:
        """When the grabbed frame was captured: V4L2 stamps it with the very clock of `perf_counter`."""
        now = time.perf_counter()
        if sys.platform != "linux":
            return now
        stamp = self._capture.get(cv2.CAP_PROP_POS_MSEC) / 1000.0
        return stamp if now - _RECENT < stamp <= now else now


def opened_device(
    name: str, place: int | str, wish: Wish, opener: Opener | None = None, platform: str = sys.platform
) -> Device:
    """The camera at `place` (its number, or its path on Linux), open.

    Raises:
        BlazeRigError: It cannot be opened.
    """
    for backend in BACKENDS.get(platform, (cv2.CAP_ANY,)):
        capture = (opener or _opencv)(place, backend)
        if capture.isOpened():
            _ask(capture, wish)
            return Device(name, capture, backend)
        capture.release()
    raise BlazeRigError(f"{name} cannot be opened; close other programs that use it, and try again")


def _opencv(place: int | str, backend: int) -> Capture:
    return cv2.VideoCapture(place, backend)


def _ask(capture: Capture, wish: Wish) -> None:
    """The format first: it decides which sizes and rates there are.

    With two buffers the driver fills one while the other is read; with one it would lose every other frame.
    """
    if wish.mjpg:
        capture.set(cv2.CAP_PROP_FOURCC, float(cv2.VideoWriter.fourcc(*"MJPG")))
    capture.set(cv2.CAP_PROP_FRAME_WIDTH, float(wish.size[0]))
    capture.set(cv2.CAP_PROP_FRAME_HEIGHT, float(wish.size[1]))
    capture.set(cv2.CAP_PROP_FPS, wish.rate)
    capture.set(cv2.CAP_PROP_BUFFERSIZE, 2.0)
