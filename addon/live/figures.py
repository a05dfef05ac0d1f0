"""How the live session goes: rates and delays over the last seconds."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np

OVER = 4.0
"""Seconds that the figures are of."""


@dataclass(frozen=True)
class Figures:
    """Of the last seconds.

    Attributes:
        rate: Poses put on the characters, a second.
        latency: From a frame's capture until its pose is on the rig: median and 95 percent, milliseconds.
        hold: That Blender's main thread is held by one update, likewise.
    """

    rate: float = 0.0
    latency: tuple[float, float] = (0.0, 0.0)
    hold: tuple[float, float] = (0.0, 0.0)


class Rolling:
    """Counts updates as they come."""

    def __init__(self) -> None:
        self._updates: deque[tuple[float, float, float]] = deque()

    def add(self, now: float, captured: float, began: float) -> None:
        """Count an update.

        Args:
            now: When it was done,
            captured: when the frame was captured that it shows,
            began: and when the update began; seconds on one clock.
        """
        self._updates.append((now, now - captured, now - began))

    def figures(self, now: float) -> Figures:
        """Of the seconds before `now`."""
        updates = self._updates
        while updates and updates[0][0] < now - OVER:
            updates.popleft()
        if not updates:
            return Figures()
        times, latencies, holds = np.array(updates).T
        spent = max(now - times[0], 1e-3)
        rate = len(times) / spent if spent > 0.5 else 0.0
        return Figures(rate, _spread(latencies), _spread(holds))


def _spread(seconds: np.ndarray) -> tuple[float, float]:
    """Median and 95 percent in milliseconds."""
    low, high = 1000.0 * np.percentile(seconds, (50, 95))
    return float(low), float(high)
