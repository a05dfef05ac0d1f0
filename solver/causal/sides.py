"""Left and right exchanged by the nets, caught as it happens: the forward half of the search of `swaps`."""

from __future__ import annotations

import numpy as np

from ...take import Floats, Take
from ..swaps import PRICES, STATES, jumps, size_of, with_sides_exchanged


class Sides:
    """Which of a performer's sides is which."""

    def __init__(self) -> None:
        """The first frame is taken to be right."""
        self._before: Floats | None = None
        self._total = PRICES.copy()

    def step(self, take: Take) -> Take:
        """A take of one frame in which somebody was seen, left and right put right."""
        points = np.asarray(take.body_world, float)
        if self._before is not None:
            reached = self._total[:, None] + jumps(self._before, points, float(size_of(points)[0]))[0]
            total = reached.min(0) + PRICES
            self._total = total - total.min()
        self._before = points
        now = STATES[self._total.argmin()]
        return with_sides_exchanged(take, now[None]) if now.any() else take
