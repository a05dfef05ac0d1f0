"""The performer's face at rest, where faces are densest, neither their mean nor the first one; its size."""

from __future__ import annotations

import math

import numpy as np

from ...take import Floats
from .. import rotations
from .points import LOWER, UPPER

IRIS = 0.0117
"""Diameter of an iris, metres: 11.7 ± 0.5 mm (Rüfer et al., Cornea 24 (2005) 259)."""
NOISE = 0.0006
"""Root of the mean square by which landmarks of a still face stray, metres."""
NEAR = 0.15
"""Share of the faces that are taken for neutral ones."""
MANY = 400
"""Faces among which the densest place is looked for, spread over the clip."""
_SHIFTS = 3


def neutral_of(points: Floats, belief: Floats) -> Floats:
    """The mode of faces in the head's axes, upper and lower face each for itself. (F, M, 3) to (M, 3).

    Args:
        points: `MEASURED`, metres, head's axes.
        belief: How much each frame counts. Shape (F,).
    """
    parts = [mode(points[:, part].reshape(len(points), -1), belief) for part in (UPPER, LOWER)]
    return np.concatenate(parts).reshape(-1, 3)


def mode(values: Floats, belief: Floats) -> Floats:
    """The densest place among values (F, D), metres. Shape (D,).

    It starts from the value whose neighbours are nearest (Loftsgaarden & Quesenberry, Annals of Mathematical
    Statistics 36 (1965) 1049) and ends with mean shifts (Fukunaga & Hostetler, IEEE Trans. Information Theory
    21 (1975) 32).
    """
    believed = np.flatnonzero(belief >= 0.3 * belief.max())
    some = values[believed[:: 1 + len(believed) // MANY]]
    squares = (some**2).sum(-1)
    far = squares[:, None] + squares - 2.0 * some @ some.T
    neighbours = min(max(3, int(NEAR * len(some))), len(some) - 1)
    middle = some[np.partition(far, neighbours, axis=1)[:, neighbours].argmin()]
    squares = rotations.dot(values, values)
    for _ in range(_SHIFTS):
        middle = shift(values, squares, belief, middle, NEAR)
    return middle


def shift(values: Floats, squares: Floats, belief: Floats, middle: Floats, share: float) -> Floats:
    """One step of the mean shift, with a kernel as wide as a share of the values are near. Shape (D,).

    Args:
        values: Shape (F, D).
        squares: Of the values' lengths. Shape (F,).
        belief: How much each counts. Shape (F,).
        middle: Where the step begins. Shape (D,).
        share: Of the values, those that are near.
    """
    away = squares - 2.0 * (values @ middle) + middle @ middle
    far = np.sqrt(np.maximum(away, 0.0) / len(middle))
    width = max(quantile(far, share), NOISE)
    weight = belief * np.exp(-0.5 * (far / width) ** 2)
    return (weight @ values) / max(float(weight.sum()), 1e-12)


def quantile(values: Floats, share: float) -> float:
    """`numpy.quantile` without its overhead."""
    below = int(share * (len(values) - 1))
    above = min(below + 1, len(values) - 1)
    parted = np.partition(values, (below, above))
    return float(parted[below] + (share * (len(values) - 1) - below) * (parted[above] - parted[below]))


def eyes_at_rest(eyes: Floats, belief: Floats) -> Floats:
    """Where the irises are when nothing is looked at. (F, 2, 2) to (2, 2), metres."""
    return mode(eyes.reshape(len(eyes), -1), belief).reshape(2, 2)


def size_of(iris: Floats) -> float:
    """The performer's size against the reference's, from many frames' irises (F,).

    The root, since the net errs on irises about as much as people's faces differ.
    """
    seen = iris[np.isfinite(iris)]
    return math.sqrt(min(max(IRIS / quantile(seen, 0.5), 0.7), 1.4)) if len(seen) else 1.0
