"""Stretches of frames in which something holds. Without SciPy, which Blender's own process does not load."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def runs(state: NDArray[np.bool_]) -> list[slice]:
    """The frames in which `state` (F,) holds, as slices."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], state, [False]]).astype(int)))
    return [slice(first, after) for first, after in zip(edges[::2], edges[1::2], strict=True)]
