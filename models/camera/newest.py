"""The place where the capturing thread leaves its newest frame and others fetch it."""

from __future__ import annotations

import threading

from ..roi import Picture
from ..video import Frame


class Newest:
    """Holds one frame: a new one takes the place of that before it, fetched or not."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._frame: Frame | None = None
        self._captured = 0
        self._over = False
        self._failure: BaseException | None = None

    def put(self, picture: Picture, time: float, *, missed: int = 0) -> None:
        """Leave a picture that was captured at `time`, after `missed` that were captured and not kept."""
        with self._changed:
            self._frame = Frame(self._captured + missed, time, picture)
            self._captured += missed + 1
            self._changed.notify_all()

    def end(self, failure: BaseException | None = None) -> None:
        """No more frames come; a `failure` is raised where they are fetched, after the last one."""
        with self._changed:
            self._over = True
            self._failure = self._failure or failure
            self._changed.notify_all()

    def after(self, index: int, timeout: float) -> Frame | None:
        """The newest frame whose index is larger than `index`.

        None where none comes within `timeout` s, or at once where no more will come.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._is_newer(index) or self._over, timeout)
            if self._is_newer(index):
                return self._frame
            if self._failure is not None:
                raise self._failure
            return None

    def _is_newer(self, index: int) -> bool:
        return self._frame is not None and self._frame.index > index
