"""Values kept between limits."""

from __future__ import annotations

import numpy as np

from ...take import Floats


def within(values: Floats, least: Floats | float, most: Floats | float) -> Floats:
    """`numpy.clip` without its overhead, which counts frame by frame."""
    return np.minimum(np.maximum(values, least), most)
