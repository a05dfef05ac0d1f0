"""Points that stand on the floor, as the fit is told of them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..take import Floats
from .landmarks import LANDMARKS

ROOT = LANDMARKS
"""Column of the root, the middle of the hips, behind those of the landmarks."""


@dataclass(frozen=True)
class Plant:
    """Points that stand on the floor.

    Attributes:
        planted: How firmly each point stands from one frame to the next, 0 to 1. Shape (F-1, N+1).
        up: Upwards in camera axes. Shape (3,).
        height: Of the floor along `up`, as seen from the camera, metres; NaN for no floor.
        rest: Height of each point over the floor while it stands, metres; NaN where it is not
            known. Shape (F, N+1).
    """

    planted: Floats
    up: Floats
    height: float
    rest: Floats

    def standing(self) -> Floats:
        """How firmly each point stands in each frame, 0 to 1. Shape (F, N+1)."""
        edged = np.pad(self.planted, ((1, 1), (0, 0)))
        return np.maximum(edged[1:], edged[:-1])

    def part(self, frames: slice) -> Plant:
        """The same of some of the frames."""
        return replace(self, planted=self.planted[frames.start : frames.stop - 1], rest=self.rest[frames])
