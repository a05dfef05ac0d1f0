"""Measures of a probability against what came true."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata

BINS = 10
_KEPT = 0.95


@dataclass(frozen=True)
class Reliability:
    """Figures of one probability.

    Attributes:
        auc: Chance that a point that is right is given more than one that is wrong.
        calibration_error: Mean distance between what was said and what came true, over the bins.
        brier: Mean square of the same, point by point.
        passing: Share of the wrong points above a limit that 95 % of the right ones reach.
        said: Mean of each bin. Shape (B,), NaN where it is empty.
        true: Share that was right. Shape (B,).
        share: Of all points. Shape (B,).
    """

    auc: float
    calibration_error: float
    brier: float
    passing: float
    said: np.ndarray
    true: np.ndarray
    share: np.ndarray


def reliability(said: np.ndarray, right: np.ndarray) -> Reliability:
    """Of a probability and of what came true, arrays of the same shape."""
    said, right = said.ravel(), right.ravel()
    ranks = rankdata(said)
    count, wrong = int(right.sum()), int((~right).sum())
    bins = np.minimum((said * BINS).astype(int), BINS - 1)
    each = [bins == index for index in range(BINS)]
    means = np.array([said[bin_].mean() if bin_.any() else np.nan for bin_ in each])
    trues = np.array([right[bin_].mean() if bin_.any() else np.nan for bin_ in each])
    share = np.array([bin_.mean() for bin_ in each])
    return Reliability(
        auc=float((ranks[right].sum() - count * (count + 1) / 2) / (count * wrong)),
        calibration_error=float(np.nansum(np.abs(means - trues) * share)),
        brier=float(((said - right) ** 2).mean()),
        passing=float((said[~right] >= np.quantile(said[right], 1.0 - _KEPT)).mean()),
        said=means,
        true=trues,
        share=share,
    )
