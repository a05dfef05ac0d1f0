"""Shapes as triangles: one shader draws them, whatever the graphics card does with the width of lines."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...take import Floats

Triangles = NDArray[np.float32]
_CORNERS = np.array([0, 1, 2, 0, 2, 3])


def boxes(low: Floats, high: Floats) -> Triangles:
    """Upright rectangles from their lower left and upper right corners. Shapes (N, 2), (N, 2) to (6N, 2)."""
    low, high = np.reshape(low, (-1, 2)), np.reshape(high, (-1, 2))
    x = np.stack([low[:, 0], high[:, 0], high[:, 0], low[:, 0]], axis=-1)
    y = np.stack([low[:, 1], low[:, 1], high[:, 1], high[:, 1]], axis=-1)
    return _triangles(np.stack([x, y], axis=-1))


def dots(points: Floats, size: float) -> Triangles:
    """Squares of `size` about points. Shape (N, 2) to (6N, 2)."""
    points = np.reshape(points, (-1, 2))
    return boxes(points - size / 2, points + size / 2)


def ribbons(lines: Floats, width: float) -> Triangles:
    """Lines of a width. Shape (N, 2, 2) to (6N, 2)."""
    lines = np.reshape(lines, (-1, 2, 2))
    along = lines[:, 1] - lines[:, 0]
    length = np.maximum(np.linalg.norm(along, axis=-1, keepdims=True), 1e-9)
    across = np.stack([-along[:, 1], along[:, 0]], axis=-1) / length * (width / 2)
    corners = [lines[:, 0] - across, lines[:, 1] - across, lines[:, 1] + across, lines[:, 0] + across]
    return _triangles(np.stack(corners, axis=1))


def hatches(low: Floats, high: Floats, step: float, width: float) -> Triangles:
    """Slanting lines that fill a rectangle, of one pattern for all. Shapes (2,), (2,) to (6N, 2)."""
    (left, bottom), (right, top) = low, high
    starts = np.arange(np.floor((left - top) / step), np.ceil((right - bottom) / step) + 1) * step
    x = np.stack([starts + bottom, starts + top], axis=-1)
    y = np.broadcast_to(np.array([bottom, top], float), x.shape)
    inside = np.clip(x, left, right)
    y = y + (inside - x)
    kept = inside[:, 1] - inside[:, 0] > 1e-6
    return ribbons(np.stack([inside, y], axis=-1)[kept], width)


def repeated(colours: Floats) -> NDArray[np.float32]:
    """The colours (N, 4) of N shapes as those of their corners. Shape (6N, 4)."""
    return np.repeat(np.asarray(colours, np.float32).reshape(-1, 4), len(_CORNERS), axis=0)


def _triangles(corners: Floats) -> Triangles:
    """Quadrilaterals (N, 4, 2) as triangles (6N, 2)."""
    return np.ascontiguousarray(corners[:, _CORNERS].reshape(-1, 2), np.float32)
