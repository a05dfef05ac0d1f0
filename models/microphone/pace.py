"""When sound was captured, from when its blocks came."""

from __future__ import annotations

from collections import deque

_SETTLING = 2.0
"""Seconds after which the beginning no longer changes."""
_WINDOW = 1.0
"""Seconds of blocks of which the quickest tells how late the sound is."""
_HOLE = 0.1
"""Seconds that must be missing before they are filled."""


class Pace:
    """Each block comes at some time after its last sample was captured; the quickest tells best.

    Attributes:
        began: When the first sample was captured, in the clock of the arrivals, s; None before the first.
    """

    def __init__(self, rate: int) -> None:
        """For sound of `rate` samples a second."""
        self.began: float | None = None
        self._rate = rate
        self._count = 0
        self._recent: deque[tuple[float, float]] = deque()

    def __call__(self, arrived: float, count: int) -> int:
        """How many samples got lost before this block of `count`, which arrived at `arrived` s."""
        self._count += count
        guess = arrived - self._count / self._rate
        if self.began is None or (guess < self.began and self._count < _SETTLING * self._rate):
            self.began = guess
        self._recent.append((arrived, guess))
        while self._recent[0][0] < arrived - _WINDOW:
            self._recent.popleft()
        if arrived - self._recent[0][0] < _WINDOW / 2:
            return 0
        missing = min(guess for _, guess in self._recent) - self.began
        if missing < _HOLE:
            return 0
        lost = round(missing * self._rate)
        self._count += lost
        self._recent.clear()
        return lost
