"""The performer's own range: weights are 1 at the performer's extreme, and not at noise's."""

from __future__ import annotations

from functools import cache

import numpy as np

from ...take import Floats
from .mirror import PARTNERS
from .shapes import SHAPES
from .table import Table
from .weights import LOOKS
from .within import within

MEANT = 0.25, 0.45
"""A peak below the first is taken for chance, one from the second on for meant."""
LEAST, MOST = 0.6, 1.5
"""Peaks beyond are taken for these."""
SURE = 60.0
"""Information, in squared noise, below which a shape is never made larger than it was read."""
LIDS = np.array([name.startswith("eyeBlink") for name in SHAPES])
"""Nor are these: everybody's close wholly, and one that never does is narrowed or hidden."""
FULL = 0.9
"""Of the extreme: from here on a weight is 1, so that lids close."""


def peaks_of(weights: Floats, belief: Floats) -> Floats:
    """The extreme of each shape over a clip: what all but a fiftieth of the frames that have it stay under.

    (F, 52) to (52,); 0 for a shape that hardly was.
    """
    used = np.where((weights > 0.1) & (belief[:, None] > 0.3), weights, np.nan)
    found = np.zeros(weights.shape[1])
    often = np.isfinite(used).sum(0) >= 2
    found[often] = np.nanquantile(used[:, often], 0.98, axis=0)
    return found


def scaled(weights: Floats, peaks: Floats, table: Table) -> Floats:
    """Weights (F, 52) as shares of the performer's extremes, both sides of a face alike; 0 to 1."""
    both = np.maximum(peaks, peaks[PARTNERS])
    meant = within((both - MEANT[0]) / (MEANT[1] - MEANT[0]), 0.0, 1.0)
    least, most, full = _limits(table)
    extreme = full * (1.0 + meant * (within(both, least, most) - 1.0))
    return within(weights / extreme, 0.0, 1.0)


@cache
def _limits(table: Table) -> tuple[Floats, Floats, Floats]:
    """Of each shape the least and the most extreme, and the share of it that is 1; the gaze's stay. (52,)."""
    least = np.where(LOOKS | LIDS | (table.curvature.diagonal() < SURE), 1.0, LEAST)
    return least, np.where(LOOKS, 1.0, MOST), np.where(LOOKS, 1.0, FULL)
