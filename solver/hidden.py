"""Limbs that are out of sight for long, behind the body or outside the picture: what a net says of them is a guess."""

from __future__ import annotations

import numpy as np

from ..take import Floats
from .landmarks import ANKLES, ELBOWS, HIPS, KNEES, LANDMARKS, SHOULDERS, WRISTS
from .smooth import smooth

BELIEVED = (0.05, 0.25)
"""Trust up to which a limb counts as not seen, and from which on it counts as seen."""
CUTOFF = 0.4
"""Hertz: what is lost for a third of a second goes on as it moved, after a second or two nothing is known of it."""
_SEEN_BY = np.array([(ELBOWS[0], WRISTS[0]), (KNEES[0], ANKLES[0]), (ELBOWS[1], WRISTS[1]), (KNEES[1], ANKLES[1])])
_POINTS = [[13, 15, 17, 19, 21], [25, 27, 29, 31], [14, 16, 18, 20, 22], [26, 28, 30, 32]]
_BELONGS = np.array([[point in points for points in _POINTS] for point in range(LANDMARKS)], float)
"""Which limb moves a landmark. Shape (33, 4)."""


def hidden(trust: Floats, times: Floats) -> Floats:
    """How far left arm and leg, right arm and leg have been out of sight, smoothly, 0 to 1. Shape (F, 4).

    `trust` is that of the landmarks (F, 33): a limb is seen where its middle joint or its end is.
    """
    return _lost(trust[:, _SEEN_BY].max(-1), times)


def _lost(trust: Floats, times: Floats) -> Floats:
    low, high = BELIEVED
    return np.clip((high - smooth(trust, times, CUTOFF)) / (high - low), 0.0, 1.0)


def points_hidden(limbs: Floats) -> Floats:
    """The same of the landmarks: (F, 4) to (F, 33)."""
    return limbs @ _BELONGS.T


def with_hips(metric: Floats, trust: Floats, times: Floats) -> Floats:
    """Metric landmarks (F, 33, 3) whose hips, as far as they are hidden, are under the shoulders.

    They are level and as far below as in the median; the camera is taken to be level too.
    """
    lost = _lost(trust[:, HIPS].max(-1), times)[:, None]
    shoulders = metric[:, SHOULDERS].mean(1)
    trunk = shoulders - metric[:, HIPS].mean(1)
    upright = np.nanmedian(np.linalg.norm(trunk, axis=-1)) * np.array([0.0, -1.0, 0.0])
    return metric + (lost * (upright - trunk))[:, None] * _CARRIED


_CARRIED = np.array([[0.0] if point in HIPS else [1.0] for point in range(LANDMARKS)])
"""What moves with the shoulders where the hips are put elsewhere under them."""
