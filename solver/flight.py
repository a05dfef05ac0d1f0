"""Jumps: while nothing stands, the body falls freely. docs/derivations.md, FLIGHT."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..take import Floats
from .contacts import CUTOFF, GRAVITY
from .runs import runs
from .smooth import second_difference, smooth

FREE_FALL = np.array([0.0, 0.0, -GRAVITY])
"""Its acceleration, world, m/s^2."""
FALLS = 5.0
"""m/s^2 downwards, half of gravity: who accelerates less while nothing stands was badly seen."""
SHORTEST = 0.08
"""Seconds: a shorter time off the floor is no flight."""


def in_flight(standing: NDArray[np.bool_], height: Floats, times: Floats) -> NDArray[np.bool_]:
    """Whether the body flies: nothing stands for a while, and it falls; take-off and landing were seen.

    Args:
        standing: Whether each foot stands. Shape (F, 2).
        height: Of the root over the floor, metres. Shape (F,).
        times: Seconds. Shape (F,).
    """
    flies = np.zeros(len(times), bool)
    falls = -acceleration(smooth(height, times, CUTOFF)[:, None], times)
    for run in runs(~standing.any(1)):
        whole = run.start > 0 and run.stop < len(times)
        if whole and times[run.stop - 1] - times[run.start] >= SHORTEST:
            flies[run] = falls[run.start - 1 : run.stop - 1].mean() > FALLS
    return flies


def acceleration(points: Floats, times: Floats) -> Floats:
    """Second derivative of `points` (F, 3) at the inner frames, per second squared. Shape (F-2, 3)."""
    if len(points) < 3:
        return points[:0]
    c = second_difference(times)
    return c[:, :1] * points[:-2] + c[:, 1:2] * points[1:-1] + c[:, 2:] * points[2:]
