"""The 52 weights from how far the face's points are from where they rest.

Which weights would move the points so? Each shape's effect on the net's landmarks was measured on rendered
heads; the weights are the fewest and smallest, none below 0, that explain what is seen.
docs/derivations.md, FACE.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from ...take import Floats
from .fewest import fewest
from .shapes import SHAPES
from .table import Table

LOOKS = np.array(["Look" in name for name in SHAPES])
"""Shapes that the gaze says."""
DEAD = 0.3
"""The weight, of 1, up to which a shape that explains what is seen is still left out."""
PRICES, SMALL = (6.0, 12.0), 5.0
"""What it costs at least and at most to use a shape at all, and how fast the cost grows: chosen where
cross-talk is least."""
TURNED = 0.5
"""Radians of yaw or pitch at which the points are believed half."""
MOST = 1.5
_MILLIMETRE = 1000.0


def read_weights(
    away: Floats, angles: Floats, looks: Floats, table: Table, start: Floats | None = None
) -> Floats:
    """Weights before the performer's range is known; those of shapes that cannot be seen are 0.

    Args:
        away: `MEASURED` from where they are in the performer's neutral face, metres, head's axes. Shape (F,
            M, 3).
        angles: `head.turns`. Shape (F, P).
        looks: Weights of the gaze's shapes, 0 elsewhere. Shape (F, 52).
        table: The net's answers.
        start: Weights of a moment before, if they are known: from there the way is shorter. Shape (1, 52).

    Returns:
        Shape (F, 52), 0 to `MOST`.
    """
    problem = _problem(table)
    measures = away.reshape(len(away), -1) * _MILLIMETRE
    said = measures @ problem.reading - angles @ problem.turned - looks @ problem.looked
    belief = 1.0 / (1.0 + (angles[:, 0] ** 2 + angles[:, 6] ** 2) / TURNED**2)
    read = np.empty((len(away), len(problem.free)))
    used = np.zeros(len(problem.free), bool) if start is None else start[0, problem.free] > 0
    for frame, share in enumerate(belief):
        curvature = share * problem.curvature + problem.small
        read[frame] = fewest(curvature, share * said[frame] - problem.price, used)
        used = read[frame] > 0
    found = looks.copy()
    found[:, problem.free] = read * problem.gain
    return np.minimum(found, MOST)


@dataclass(frozen=True)
class _Problem:
    """Which K shapes are looked for, what of the table is about them, and what they cost."""

    free: NDArray[np.intp]
    reading: Floats
    turned: Floats
    looked: Floats
    curvature: Floats
    small: Floats
    gain: Floats
    price: Floats


@cache
def _problem(table: Table) -> _Problem:
    free = np.flatnonzero(~LOOKS & (table.gain > 0))
    curvature = np.ascontiguousarray(table.curvature[np.ix_(free, free)])
    return _Problem(
        free=free,
        reading=np.ascontiguousarray(table.reading[:, free]),
        turned=np.ascontiguousarray(table.turned[:, free]),
        looked=np.ascontiguousarray(table.curvature[:, free]),
        curvature=curvature,
        small=SMALL * np.eye(len(free)),
        gain=table.gain[free],
        price=np.clip(DEAD * np.diag(curvature), *PRICES),
    )
