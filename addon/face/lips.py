"""Lips closed over an open jaw, on characters that have nothing for that. Nothing here needs Blender."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from ...solver.face.shapes import INDEX

Floats = NDArray[np.floating]

_JAW, _CLOSED = INDEX["jawOpen"], INDEX["mouthClose"]


def as_open_as_lips(weights: Floats, unshown: Collection[str]) -> Floats:
    """Weights (F, 52) with a jaw that opens no further than the lips, where nothing shows those closed.

    ARKit's `jawOpen` is of the jaw alone, and `mouthClose` is how far the lips stay together all the same.

    Args:
        weights: Of ARKit's shapes.
        unshown: Those that the character cannot show.
    """
    if "mouthClose" not in unshown:
        return weights
    weights = weights.copy()
    weights[:, _JAW] = np.maximum(weights[:, _JAW] - weights[:, _CLOSED], 0.0)
    return weights
