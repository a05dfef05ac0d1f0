"""How far a clip's landmarks can be believed, from how well the two kinds of them agree.

The nets' metric and image landmarks are two guesses at the same points. Laid on their viewing rays,
the metric ones of real footage miss them by about two centimetres, whatever the clip; exact ones do not.
docs/derivations.md, NOISE.
"""

from __future__ import annotations

import numpy as np

from ..take import Floats
from . import rotations
from .camera import place
from .median import median

USUAL = 0.015
"""Metres by which they miss in footage: the medians of fourteen clips, filmed and rendered, are 0.018 up."""
LEAST = 0.02
"""So much of the usual errors is left to the most exact: the fitted body is not quite the performer's."""


def noise(metric: Floats, slopes: Floats, trust: Floats) -> float:
    """The size of the errors as a share of the usual, `LEAST` to 1, and 1 for all that a net has seen.

    Args:
        metric: Metres, camera axes. Shape (F, 33, 3).
        slopes: x/z and y/z of their viewing rays. Shape (F, 33, 2).
        trust: Shape (F, 33).
    """
    placed = metric + place(metric, slopes, trust)[:, None]
    miss = rotations.length(placed[..., :2] - slopes * placed[..., 2:])[..., 0]
    seen = miss[np.isfinite(miss) & (trust > 0.5 * trust.max(initial=0.0))]
    return min(max(median(seen) / USUAL, LEAST), 1.0) if len(seen) else 1.0
