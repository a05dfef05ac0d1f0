"""Parts out of sight for long, behind the body or outside the picture: what a net says of them is a guess.

docs/derivations.md, HIDDEN.
"""

from __future__ import annotations

import numpy as np

from ..take import Floats
from . import rotations
from .landmarks import ANKLES, ELBOWS, HIPS, KNEES, LANDMARKS, SHOULDERS, WRISTS
from .median import median
from .smooth import smooth

BELIEVED = (0.02, 0.1)
"""Trust up to which a part counts as not seen, and from which on it counts as seen."""
CUTOFF = 0.4
"""Hertz: what is lost for a third of a second moves on; after a second or two nothing is known of it."""
PARTS = ("left arm", "left leg", "right arm", "right leg", "hips")
_LIMBS = [ends for i in range(2) for ends in ((ELBOWS[i], WRISTS[i]), (KNEES[i], ANKLES[i]))]
_SEEN_BY = np.array([*_LIMBS, HIPS])
_POINTS = ((13, 15, 17, 19, 21), (25, 27, 29, 31), (14, 16, 18, 20, 22), (26, 28, 30, 32), HIPS)
_BELONGS = np.array([[point in points for points in _POINTS] for point in range(LANDMARKS)], float)
"""Which part moves a landmark. Shape (33, PARTS)."""


def hidden(trust: Floats, times: Floats) -> Floats:
    """How far each of `PARTS` has been out of sight, smoothly, 0 to 1. Shape (F, PARTS).

    `trust` is that of the landmarks (F, 33): a limb is seen where its middle joint or its end is.
    """
    return out_of_sight(smooth(parts_trust(trust), times, CUTOFF))


def parts_trust(trust: Floats) -> Floats:
    """How far each of `PARTS` is seen, by the trust in the landmarks. Shape (F, 33) to (F, PARTS)."""
    return trust[:, _SEEN_BY].max(-1)


def out_of_sight(trust: Floats) -> Floats:
    """How far parts are hidden that are seen so far over a while, 0 to 1. Shape (F, PARTS)."""
    low, high = BELIEVED
    return np.clip((high - trust) / (high - low), 0.0, 1.0)


def points_hidden(parts: Floats) -> Floats:
    """The same of the landmarks: (F, PARTS) to (F, 33)."""
    return parts @ _BELONGS.T


def with_hips(metric: Floats, parts: Floats) -> Floats:
    """Metric landmarks (F, 33, 3) whose hips, as far as they are hidden, are under the shoulders.

    They are as far below as in the median, by a camera that is taken to be level.
    """
    if not parts.any():
        return metric
    trunk = metric[:, SHOULDERS].mean(1) - metric[:, HIPS].mean(1)
    high = rotations.length(trunk)[..., 0]
    upright = median(high[np.isfinite(high)]) * np.array([0.0, -1.0, 0.0])
    lost = parts[:, PARTS.index("hips"), None]
    return metric + (lost * (upright - trunk))[:, None] * _CARRIED


_CARRIED = np.array([[0.0] if point in HIPS else [1.0] for point in range(LANDMARKS)])
"""What moves with the shoulders where the hips are put elsewhere under them."""
