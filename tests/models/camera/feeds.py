"""Feeds that do what a test says, and cameras that a test plugs in and out."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import cv2
import numpy as np
from blazerig.models.camera.feed import Captured
from blazerig.models.camera.listed import Listed

SHAPE = (48, 64, 3)


def until(done: Callable[[], bool], seconds: float = 5.0) -> bool:
    """Wait for it; whether it came."""
    end = time.perf_counter() + seconds
    while not done():
        if time.perf_counter() > end:
            return False
        time.sleep(0.002)
    return True


class Script:
    """A feed that gives, one by one, what it is told: pictures by their shape, ends, errors, calls."""

    fps, focal, trouble = 30.0, None, ""

    def __init__(self, *steps: object) -> None:
        self._steps = list(steps)
        self.closed = threading.Event()

    def read(self) -> Captured | None:
        if not self._steps:
            self.closed.wait(0.01)
            return Captured(np.zeros(SHAPE, np.uint8), time.perf_counter())
        step = self._steps.pop(0)
        if isinstance(step, BaseException):
            raise step
        if isinstance(step, tuple):
            return Captured(np.full(step, 7, np.uint8), time.perf_counter())
        return step() if callable(step) else None

    def close(self) -> None:
        self.closed.set()


class Desk:
    """A desk with one camera on it, which can be plugged in and out, covered, held up and taken by others.

    What OpenCV gives for it is `opener`, what the system lists `listing`.
    """

    def __init__(self, name: str = "Webcam") -> None:
        self.name = name
        self.number: int | None = 0
        self.shape = SHAPE
        self.shade = 120
        self.failing = False
        self.hanging = threading.Event()
        self.hanging.set()
        self.opened: list[tuple[int | str, int]] = []
        self.asked: dict[int, float] = {}
        self.refusing: set[int] = set()
        self.released = 0
        self.stamp = 0.0

    def listing(self, *, modes: bool = True) -> tuple[Listed, ...]:  # noqa: ARG002
        return () if self.number is None else (Listed(str(self.number), self.name),)

    def opener(self, place: int | str, backend: int) -> Desk.Capture:
        self.opened.append((place, backend))
        return Desk.Capture(self, place == self.number and backend not in self.refusing, place)

    class Capture:
        def __init__(self, desk: Desk, is_open: bool, place: int | str) -> None:
            self._desk, self._open, self._place = desk, is_open, place

        def isOpened(self) -> bool:  # noqa: N802
            return self._open

        def set(self, key: int, value: float) -> bool:
            self._desk.asked[key] = value
            return True

        def get(self, key: int) -> float:
            return {cv2.CAP_PROP_FPS: 30.0, cv2.CAP_PROP_POS_MSEC: self._desk.stamp}.get(key, -1.0)

        def grab(self) -> bool:
            self._desk.hanging.wait()
            time.sleep(0.002)
            return self._place == self._desk.number and not self._desk.failing

        def retrieve(self) -> tuple[bool, np.ndarray]:
            return True, np.full(self._desk.shape, self._desk.shade, np.uint8)

        def release(self) -> None:
            self._desk.released += 1
