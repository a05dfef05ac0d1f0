"""How fast a live session is: poses a second, latency, what the time goes to, memory."""

from __future__ import annotations

import time
from array import array
from collections.abc import Mapping
from typing import Any

import numpy as np

from .frame import LiveFrame
from .memory import resident

PERCENTILES = {"p50": 50, "p95": 95}


class Meter:
    """Counts the poses that were sent.

    Attributes:
        poses: How many.
    """

    def __init__(self) -> None:
        self.poses = 0
        self._sent, self._latency = array("d"), array("f")
        self._stages: dict[str, array[float]] = {}
        self._first_index, self._last_index = 0, -1
        self._start: float | None = None

    def add(self, live: LiveFrame, sent: float) -> None:
        """A pose, and when it was `sent` on the camera's clock, s."""
        if not self.poses:
            self._first_index, self._start = live.frame.index, resident()
        self.poses += 1
        self._last_index = live.frame.index
        self._sent.append(sent)
        self._latency.append(1e3 * (sent - live.frame.time))
        for stage, milliseconds in live.stages.items():
            self._stages.setdefault(stage, array("f")).append(milliseconds)

    @property
    def seconds(self) -> float:
        """Since the first pose."""
        return time.perf_counter() - self._sent[0] if self._sent else 0.0

    @property
    def dropped(self) -> int:
        """Frames that came between the first pose and the last, and were not fetched."""
        return self._last_index - self._first_index + 1 - self.poses if self.poses else 0

    def latency(self, seconds: float) -> float:
        """The usual latency of the last `seconds`, s; 0 before the first pose."""
        recent = self._latency[len(self._latency) - self._within(seconds) :]
        return float(np.median(recent)) / 1e3 if recent else 0.0

    def figures(self, seconds: float | None = None) -> dict[str, Any]:
        """What was measured, over the last `seconds` or since the beginning.

        `fps` of poses; `latency_ms` from capture to sending, and `stages_ms`, each with its percentiles;
        `dropped` and `rss_mb`, whose values may be None, since the beginning.
        """
        count = self.poses if seconds is None else self._within(seconds)
        sent = self._sent[len(self._sent) - count :]
        lasted = sent[-1] - sent[0] if count > 1 else 0.0
        return {
            "fps": round((count - 1) / lasted, 2) if lasted > 0.0 else 0.0,
            "latency_ms": _percentiles(self._latency, count),
            "dropped": self.dropped,
            "stages_ms": {stage: _percentiles(spent, count) for stage, spent in self._stages.items()},
            "rss_mb": {"start": self._start, "end": resident()},
        }

    def _within(self, seconds: float) -> int:
        """How many poses were sent in the last `seconds`."""
        return len(self._sent) - int(np.searchsorted(self._sent, time.perf_counter() - seconds))


def _percentiles(milliseconds: array[float], count: int) -> Mapping[str, float]:
    if not count:
        return {}
    values = np.percentile(milliseconds[len(milliseconds) - count :], list(PERCENTILES.values()))
    return {name: round(float(value), 2) for name, value in zip(PERCENTILES, values, strict=True)}
