"""A performer who comes and goes, and a character that stays: poses as they come, on the spot."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ...solver.pose import Pose
from ...solver.travel import SWAY
from ...take import Floats


class Treadmill:
    """Takes the way over the floor out of poses, as `solver.travel.in_place` does where all are known.

    The way is what a low-pass filter of first order leaves of the hips' place: steps pass into it with the
    delay of that filter, 0.3 s.
    """

    def __init__(self) -> None:
        self._way: Floats | None = None
        self._time = 0.0

    def __call__(self, pose: Pose) -> Pose:
        """A pose of one frame; one of no later time goes the way of the last."""
        place, time = pose.hips[0, :2] - pose.rest[0, :2], float(pose.times[0])
        if self._way is None:
            self._way, self._time = place, time
        seconds = max(0.0, time - self._time)
        self._way = self._way + (1.0 - np.exp(-2.0 * np.pi * SWAY * seconds)) * (place - self._way)
        self._time = max(time, self._time)
        return replace(pose, hips=pose.hips - np.append(self._way, 0.0))
