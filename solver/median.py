"""The median of few numbers, without the overhead of `numpy.median`, which is most of a live frame's."""

from __future__ import annotations

import numpy as np

from ..take import Floats


def median(values: Floats) -> float:
    """Of at least one number, none of them NaN. Shape (N,)."""
    ordered = np.sort(values)
    return float(ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2.0
