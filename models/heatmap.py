"""Sharpens landmarks by the heat maps that the pose net gives beside them."""

from __future__ import annotations

import numpy as np

from ..take import Floats

_MIN_CONFIDENCE = 0.5


def refine(points: Floats, logits: Floats, kernel: int) -> tuple[Floats, Floats]:
    """Move each point to the centre of mass of its heat map around it.

    `util/refine_landmarks_from_heatmap_calculator.cc`. A point outside its map, or on a spot where the map
    stays below 0.5, is left where it is.

    Args:
        points: 0 to 1 across the crop. Shape (L, 2).
        logits: One map per point. Shape (L, H, W).
        kernel: Odd side of the window in cells: 7 in the graph; the legacy Python API behaves like 9.

    Returns:
        New points of the same shape, and the highest confidence of each map within its window, 0 to 1,
        shape (L,).
    """
    count, height, width = logits.shape
    cell = np.trunc(points * (width, height)).astype(np.int64)
    reach = np.arange(kernel) - kernel // 2
    columns, rows = cell[:, :1] + reach, cell[:, 1:] + reach
    inside = ((rows >= 0) & (rows < height))[:, :, None] & ((columns >= 0) & (columns < width))[:, None, :]
    window = logits[
        np.arange(count)[:, None, None],
        np.clip(rows, 0, height - 1)[:, :, None],
        np.clip(columns, 0, width - 1)[:, None, :],
    ]
    confidence = np.where(inside, 1.0 / (1.0 + np.exp(-window)), 0.0)
    total = confidence.sum((1, 2))
    centre = np.column_stack(
        [np.einsum("lrc,lc->l", confidence, columns), np.einsum("lrc,lr->l", confidence, rows)]
    )
    on_map = ((cell >= 0) & (cell < (width, height))).all(1)
    peak = np.where(on_map, confidence.max((1, 2)), 0.0)
    moved = peak >= _MIN_CONFIDENCE
    refined = points.copy()
    refined[moved] = centre[moved] / (total[moved, None] * (width, height))
    return refined, peak
