"""The performer's own range: weights are 1 at the performer's extreme, and not at noise's."""

from __future__ import annotations

import numpy as np

from ...take import Floats
from .table import Table
from .weights import LOOKS, partners

MEANT = 0.25, 0.45
"""A peak below the first is taken for chance, one from the second on for meant."""
LEAST, MOST = 0.6, 1.5
"""Peaks beyond are taken for these."""
SURE = 60.0
"""Information, in squared noise, below which a shape is never made larger than it was read."""
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
    both = np.maximum(peaks, peaks[partners()])
    meant = np.clip((both - MEANT[0]) / (MEANT[1] - MEANT[0]), 0.0, 1.0)
    least = np.where(np.diag(table.curvature) < SURE, 1.0, LEAST)
    extreme = 1.0 + meant * (np.clip(both, least, MOST) - 1.0)
    extreme = np.where(LOOKS, 1.0, extreme * FULL)
    return np.clip(weights / extreme, 0.0, 1.0)
