"""How far a landmark of the body can be believed: a probability, calibrated on footage whose truth is known.

The net's own visibility is generous to points that it guesses. The height of the heat map tells a point
that was seen from one that was guessed; the three together are weighed by a logistic regression for each
part of the body, see `docs/confidence.md`. `tests/calibration/confidence.py` fits these numbers again.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..take import Floats

_LANDMARKS = 33
# Nearer to 0 or 1 than this, the net's figures are taken for this.
_CERTAIN = 1e-3
# Landmarks of a part; what the log-odds of visibility, presence and peak weigh, and a constant.
PARTS: dict[str, tuple[range | tuple[int, ...], tuple[float, float, float, float]]] = {
    "head": (range(11), (0.37, 0.07, 2.24, -5.01)),
    "torso": ((11, 12, 23, 24), (0.22, 0.05, 2.13, -2.69)),
    "elbows": ((13, 14), (0.10, 0.33, 1.96, -2.94)),
    "hands": (range(15, 23), (0.36, 0.14, 2.24, -2.71)),
    "knees": ((25, 26), (0.07, 0.17, 1.38, -0.80)),
    "feet": (range(27, 33), (0.30, 0.15, 1.23, -0.95)),
}


def confidence(image: Floats, visibility: Floats, presence: Floats, peak: Floats, size: ArrayLike) -> Floats:
    """Probability that a point is in the picture and within a tenth of the torso's length of its true place.

    The torso runs from between the shoulders to between the hips; a tenth of it is 5 cm in an adult. Each
    frame stands for itself. Greater visibility, presence or peak never makes it less.

    Args:
        image: Landmarks in pixels, x right, y down, of which x and y count. Shape (*, 33, 2 or 3).
        visibility: As the net gave it, not smoothed, 0 to 1. Shape (*, 33).
        presence: Shape (*, 33).
        peak: Height of the heat map at the point, 0 to 1. Shape (*, 33).
        size: Width and height of the picture in pixels. Shape (2,), or as broadcasts against `image`.

    Returns:
        Shape (*, 33), float32: 0 for a point outside the picture, NaN where there is no body.
    """
    odds = (evidence(visibility, presence, peak) * _WEIGHTS).sum(axis=-1) + _CONSTANTS
    believed = np.where(in_picture(image, size), 1.0 / (1.0 + np.exp(-odds)), 0.0)
    return np.where(np.isnan(image[..., :2]).any(axis=-1), np.nan, believed).astype(np.float32)


def evidence(visibility: Floats, presence: Floats, peak: Floats) -> Floats:
    """Log-odds of what the net says of each point, bounded. Shape (*, 33, 3)."""
    said = np.clip(np.stack([visibility, presence, peak], axis=-1), _CERTAIN, 1.0 - _CERTAIN)
    return np.log(said / (1.0 - said))


def in_picture(points: Floats, size: ArrayLike) -> NDArray[np.bool_]:
    """Whether points, in pixels, lie within a picture of this width and height. Shape (*,)."""
    return ((points[..., :2] >= 0.0) & (points[..., :2] < np.asarray(size))).all(axis=-1)


def _table() -> tuple[Floats, Floats]:
    """Weights, shape (33, 3), and constants, shape (33,), of every landmark."""
    table = np.zeros((_LANDMARKS, 4))
    for landmarks, numbers in PARTS.values():
        table[list(landmarks)] = numbers
    return table[:, :3], table[:, 3]


_WEIGHTS, _CONSTANTS = _table()
