"""Live frames and notes into a pipe, written by a thread of its own.

A reader that is busy holds up nothing: of poses and pictures the newest waits for it, of notes all.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Mapping
from typing import Any, BinaryIO

import cv2
import numpy as np
from numpy.typing import NDArray

from ..models.video import Frame
from ..take import Floats, Take
from . import wire
from .face_outline import OUTLINE
from .frame import LiveFrame

WIDTH = 320
"""Of the small pictures, px."""
PAUSE = 1.0 / 15.0
"""Seconds from one picture to the next, at least."""
_PATIENCE = 0.02
"""Seconds that a pose is waited for to be written."""
_NOTES = 1000


class Pipe:
    """Sends what a live session gives.

    Attributes:
        pictures: Whether small pictures are sent too.
        over: Whether the reader is gone.
    """

    def __init__(self, out: BinaryIO) -> None:
        """To `out`, which is flushed after every message."""
        self.pictures, self.over = False, False
        self._out = out
        self._changed = threading.Condition()
        self._notes: deque[Mapping[str, Any]] = deque(maxlen=_NOTES)
        self._pose: LiveFrame | None = None
        self._picture: LiveFrame | None = None
        self._next_picture = 0.0
        self._closing = False
        self._thread = threading.Thread(target=self._write, daemon=True)
        self._thread.start()

    def send(self, live: LiveFrame) -> None:
        """The pose of a frame, and perhaps its picture; waits a moment for the pose to be written."""
        with self._changed:
            self._pose = live
            if self.pictures and live.frame.time >= self._next_picture:
                self._picture, self._next_picture = live, live.frame.time + PAUSE
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._pose is not live or self.over, _PATIENCE)

    def note(self, **note: Any) -> None:
        """A note."""
        with self._changed:
            self._notes.append(note)
            self._changed.notify_all()

    def idle(self) -> None:
        """Nothing is done now and then."""

    def close(self, timeout: float = 1.0) -> None:
        """Write what waits, in so many seconds at most: a reader that hangs gets no more."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._thread.join(timeout)

    def _write(self) -> None:
        """The thread's work."""
        try:
            while self._waited():
                self._write_waiting()
        except OSError:
            with self._changed:
                self.over = True
                self._changed.notify_all()

    def _waited(self) -> bool:
        """Waits for something to write; False at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._notes or self._pose or self._picture or self._closing)
            return bool(self._notes or self._pose or self._picture)

    def _write_waiting(self) -> None:
        with self._changed:
            notes, pose, picture = tuple(self._notes), self._pose, self._picture
            self._notes.clear()
            self._picture = None
        for note in notes:
            self._put(wire.note_message(note))
        if pose is not None:
            self._put(wire.pose_message(seen(pose, time.perf_counter())))
            with self._changed:
                self._pose = None if self._pose is pose else self._pose
                self._changed.notify_all()
        if picture is not None:
            self._put(wire.picture_message(small(picture.frame)))

    def _put(self, message: bytes) -> None:
        self._out.write(message)
        self._out.flush()


def seen(live: LiveFrame, sent: float) -> wire.Seen:
    """A live frame as Blender gets it."""
    take = live.seen
    body, left, right = (
        _shares(points, take.size) for points in (take.body_image, take.left.image, take.right.image)
    )
    there = live.elsewhere or live.performer is not None
    return wire.Seen(
        live.frame.index,
        live.frame.time,
        sent,
        live.pose,
        there,
        body,
        left,
        right,
        face=live.face,
        outline=_outline(take),
    )


def _outline(take: Take) -> Floats:
    if take.face is None:
        return np.full((len(OUTLINE), 2), np.nan)
    return _shares(np.asarray(take.face.image, float)[:, OUTLINE], take.size)


def _shares(image: Floats, size: NDArray[np.integer[Any]]) -> Floats:
    """Landmarks of the one frame in shares of the picture's width and height. Shape (L, 2)."""
    return image[0, :, :2] / size


def small(frame: Frame) -> wire.Picture:
    """What is shown of a frame in a corner of Blender's window."""
    height, width = frame.picture.shape[:2]
    shown = min(width, WIDTH)
    size = shown, max(1, round(shown * height / width))
    pixels = cv2.cvtColor(cv2.resize(frame.picture, size, interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2RGB)
    return wire.Picture(frame.index, np.asarray(pixels, np.uint8))
