"""Seconds of a take and frames of a scene: the one place that turns one into the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from ...take import Floats
from ..frame_rate import rate_of

Times = TypeVar("Times", float, Floats)


@dataclass(frozen=True)
class Clock:
    """A take on a scene's frames, as `write_keys` lays it: `start` + seconds * `rate`.

    Attributes:
        start: Frame of second 0 of the footage.
        rate: Frames per second of the scene.
    """

    start: float
    rate: float

    def frames(self, seconds: Times) -> Times:
        """Where seconds of the take lie on the scene's frames, between frames too."""
        return self.start + seconds * self.rate

    def seconds(self, frames: Times) -> Times:
        """Which seconds of the take lie on frames of the scene."""
        return (frames - self.start) / self.rate


def clock_of(scene: Any) -> Clock:
    """How a `bpy.types.Scene` lays its takes on its frames."""
    return Clock(scene.blazerig.animate.start_frame, rate_of(scene))


def nearest(times: Floats, second: float) -> int:
    """Index of the frame of a take that is shown at `second`: the nearest. `times` has shape (F,), F > 0."""
    after = int(np.searchsorted(times, second))
    if after == 0:
        return 0
    if after == len(times):
        return len(times) - 1
    return after if times[after] - second < second - times[after - 1] else after - 1
