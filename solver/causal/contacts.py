"""Which heels and toes stand, as far as it is known by now: the witnesses of `contacts` in turn."""

from __future__ import annotations

from collections import deque

import numpy as np

from ...take import Floats
from .. import rotations
from ..contacts import CUTOFF, RAISED, SOLES, SPEED, STATES, TOGETHER, UNEVEN, UNSEEN, WINDOW

CHANGE = 1.0
"""Price of a contact that begins or ends (natural logarithm): less than of one that is looked back at, as a
foot slides in every frame of doubt."""
LOWEST = 10
"""Percentile of the heights of late that is the floor."""


class Contacts:
    """The likeliest way to stand now: the forward half of the offline search (Viterbi 1967)."""

    def __init__(self) -> None:
        """Before the first frame."""
        self._gains = np.zeros(len(STATES))
        self._slopes: Floats | None = None
        self._heights: deque[tuple[float, Floats]] = deque()
        self._time = 0.0

    def step(self, slopes: Floats, depths: Floats, heights: Floats, trust: Floats, seconds: float) -> Floats:
        """Whether each of `FOOT_POINTS` stands, 0 or 1, after one more frame. Shape (4,).

        Args:
            slopes: Of their viewing rays. Shape (4, 2).
            depths: Along the view, metres. Shape (4,).
            heights: Over the floor as far as it is known, metres. Shape (4,).
            trust: In them, 0 to 1. Shape (4,).
            seconds: Since the frame before.
        """
        speed = self._speed(slopes, seconds) * depths
        height = np.maximum(self._over_floor(heights - SOLES, seconds), 0.0)
        stands = trust * (SPEED.ratio(speed) + RAISED.ratio(height)) - (1.0 - trust) * UNSEEN
        gains = (self._gains[:, None] - _CHANGES).max(0) + seconds / TOGETHER * (STATES @ stands)
        self._gains = gains - gains.max()
        return STATES[self._gains.argmax()].astype(float)

    def _speed(self, slopes: Floats, seconds: float) -> Floats:
        """How fast smoothed points cross the picture, in slopes a second. Shape (4,)."""
        before = slopes if self._slopes is None else self._slopes
        step = (slopes - before) * (1.0 - np.exp(-2.0 * np.pi * CUTOFF * seconds))
        self._slopes = before + step
        return rotations.length(step)[:, 0] / seconds

    def _over_floor(self, heights: Floats, seconds: float) -> Floats:
        """Heights (4,) less those of the floor: the feet's lowest ones of late."""
        self._time += seconds
        self._heights.append((self._time, np.minimum(heights[:2], heights[2:])))
        while self._heights[0][0] < self._time - WINDOW:
            self._heights.popleft()
        late = np.array([height for _, height in self._heights])
        lowest = np.sort(late, axis=0)[len(late) * LOWEST // 100]
        return heights - np.tile(np.minimum(lowest, lowest.min() + UNEVEN), 2)


_CHANGES = CHANGE * (STATES[:, None] != STATES[None]).sum(-1)
