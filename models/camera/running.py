"""A camera that runs in a thread of its own, and is opened anew when it was lost."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable

import cv2
import numpy as np

from ...errors import BlazeRigError
from ..roi import Picture
from ..video import Frame
from .camera import Condition
from .feed import Captured, Feed, GoneError
from .newest import Newest

STALL = 2.0
"""Seconds without a picture after which a camera counts as stalled; three frames of a slow one."""
_APART = 1e-3
"""Seconds between two frames at the least, whatever their stamps say: speeds are computed from them."""


class Running:
    """A `Camera`: a thread reads a feed as fast as it gives pictures and keeps the newest.

    What the thread cannot go on from, a bug included, is raised where frames are fetched.
    """

    def __init__(
        self, name: str, opened: Callable[[], Feed], *, patience: float = 20.0, retry: float = 1.0
    ) -> None:
        """Open it and wait for its first picture, which gives the size of all.

        Args:
            name: For people.
            opened: Opens the feed; called again after each time that it was gone.
            patience: Seconds that the first picture may take.
            retry: Seconds between attempts to open it anew.

        Raises:
            BlazeRigError: It cannot be opened, or gives no picture.
        """
        self.name = name
        self.size = (0, 0)
        self.fps = 0.0
        self.focal: float | None = None
        self._opened, self._retry = opened, retry
        self._newest = Newest()
        self._condition = Condition("opening")
        self._last = time.perf_counter()
        self._time = -math.inf
        self._closed = threading.Event()
        threading.Thread(target=self._run, name=f"camera {name}", daemon=True).start()
        try:
            first = self._newest.after(-1, patience)
        except BaseException:
            self.close()
            raise
        if first is None:
            self.close()
            raise BlazeRigError(
                self._condition.message
                or f"{name} gave no picture within {patience:g} s; see that it is on and that no other "
                "program uses it, and try again"
            )

    def newest(self, after: int, timeout: float) -> Frame | None:
        """As `Camera.newest`; at once None when it has ended or is closed.

        Raises:
            BlazeRigError: It can no longer be read, and trying again is no use.
        """
        return self._newest.after(after, timeout)

    def condition(self) -> Condition:
        """As `Camera.condition`."""
        condition = self._condition
        silence = time.perf_counter() - self._last
        if condition.state == "running" and silence > max(STALL, 3.0 / self.fps if self.fps else 0.0):
            return Condition("stalled", f"{self.name} gives no new pictures; waiting for it")
        return condition

    def close(self) -> None:
        """As `Camera.close`: the thread lets go of the device as soon as the driver lets it."""
        self._closed.set()
        self._newest.end()

    def _run(self) -> None:
        try:
            feed: Feed | None = self._opened()
            self.fps, self.focal = feed.fps, feed.focal
            while feed is not None and self._read_all(feed):
                feed = self._opened_again()
        except BaseException as failure:
            self._newest.end(failure)
        else:
            self._newest.end()

    def _read_all(self, feed: Feed) -> bool:
        """Hand over pictures until none comes; whether it is worth opening it anew."""
        try:
            while not self._closed.is_set():
                captured = feed.read()
                if captured is None:
                    self._condition = Condition("ended")
                    return False
                self._condition = Condition("running", feed.trouble)
                self._hand_over(captured)
        except GoneError as gone:
            self._condition = Condition(gone.state, str(gone))
            return True
        finally:
            feed.close()
        return False

    def _hand_over(self, captured: Captured) -> None:
        if self.size == (0, 0):
            self.size = (captured.picture.shape[1], captured.picture.shape[0])
        self._last = time.perf_counter()
        self._time = max(captured.time, self._time + _APART)
        self._newest.put(fitted(captured.picture, self.size), self._time, missed=captured.missed)

    def _opened_again(self) -> Feed | None:
        """Look for it until it is there, or closed."""
        while not self._closed.wait(self._retry):
            try:
                return self._opened()
            except GoneError as gone:
                self._condition = Condition(gone.state, str(gone))
            except BlazeRigError as error:
                self._condition = Condition("lost", str(error))
        return None


def fitted(picture: Picture, size: tuple[int, int]) -> Picture:
    """`picture` as large as fits into `size` (width, height), in the middle, the rest black."""
    height, width = picture.shape[:2]
    if (width, height) == size:
        return picture
    scale = min(size[0] / width, size[1] / height)
    across, down = min(size[0], round(width * scale)), min(size[1], round(height * scale))
    left, top = (size[0] - across) // 2, (size[1] - down) // 2
    canvas = np.zeros((size[1], size[0], 3), np.uint8)
    canvas[top : top + down, left : left + across] = cv2.resize(
        picture, (across, down), interpolation=cv2.INTER_AREA
    )
    return canvas
