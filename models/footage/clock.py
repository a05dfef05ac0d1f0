"""A file's time stamps turned into times that start at 0 and always increase."""

from __future__ import annotations

import math


class Clock:
    """Tells the times of frames from their stamps.

    A stamp that is missing or does not increase is replaced by the last time plus one nominal frame.
    """

    def __init__(self, fps: float, origin: float | None = None) -> None:
        """A clock for frames that come `fps` times a second.

        Args:
            fps: Nominal frames per second.
            origin: Stamp of the footage's first frame in seconds; that of the first call where it is None.
        """
        self._step = 1.0 / fps
        self._origin = origin
        self._last = -self._step

    def __call__(self, stamp: float) -> float:
        """The time of the next frame, whose stamp is `stamp` s, NaN where it has none."""
        if self._origin is None:
            self._origin = stamp if math.isfinite(stamp) else 0.0
        time = stamp - self._origin
        self._last = time if math.isfinite(time) and time > self._last else self._last + self._step
        return self._last
