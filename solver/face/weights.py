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
from .points import MEASURED
from .shapes import INDEX, SHAPES
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
_STEPS, _STEPS_ON = 50, 10
_MILLIMETRE = 1000.0


def read_weights(
    away: Floats, angles: Floats, looks: Floats, table: Table, start: Floats | None = None
) -> Floats:
    """Weights before the performer's range is known; those of shapes that cannot be seen are 0.

    Args:
        away: Points of the face from where they are in the performer's neutral face, metres, head's axes.
            Shape (F, 478, 3).
        angles: `head.turns`. Shape (F, P).
        looks: Weights of the gaze's shapes, 0 elsewhere. Shape (F, 52).
        table: The net's answers.
        start: Weights of a moment before, if they are known: from there the way is shorter. Shape (F, 52).

    Returns:
        Shape (F, 52), 0 to `MOST`.
    """
    measures = away[:, MEASURED].reshape(len(away), -1) * _MILLIMETRE
    said = np.einsum("fn,nk->fk", measures, table.reading)  # one core: BLAS would wake all for one frame
    said = said - angles @ table.turned - looks @ table.curvature
    belief = 1.0 / (1.0 + (angles[:, :1] ** 2 + angles[:, 6:7] ** 2) / TURNED**2)
    found = looks.copy()
    problem = _problem(table)
    said = (belief * said)[:, problem.free]
    if start is None:
        found[:, problem.free] = _fewest(said, problem, belief, np.zeros_like(said), _STEPS)
    else:
        near = start[:, problem.free] / problem.gain[problem.free]
        found[:, problem.free] = _fewest(said, problem, belief, near, _STEPS_ON)
    return np.minimum(found * problem.gain, MOST)


@dataclass(frozen=True)
class _Problem:
    """Which shapes are looked for, their curvature and prices, the step's length, and gains (52,)."""

    free: NDArray[np.intp]
    curvature: Floats
    price: Floats
    rate: float
    gain: Floats


@cache
def _problem(table: Table) -> _Problem:
    free = np.flatnonzero(~LOOKS & (table.gain > 0))
    curvature = np.ascontiguousarray(table.curvature[np.ix_(free, free)])
    price = np.clip(DEAD * np.diag(curvature), *PRICES)
    rate = 1.0 / (float(np.linalg.eigvalsh(curvature)[-1]) + SMALL)
    return _Problem(free, curvature, price, rate, np.where(LOOKS, 1.0, table.gain))


def _fewest(said: Floats, problem: _Problem, belief: Floats, start: Floats, steps: int) -> Floats:
    """The minimum of w (belief C + SMALL) w / 2 - said w + price w over 0 <= w <= MOST.

    Accelerated projected gradient: Beck & Teboulle, SIAM J. Imaging Sciences 2 (2009) 183.
    """
    found = ahead = start
    pace, rate = 1.0, problem.rate
    upwards, along, kept = rate * (said - problem.price), rate * belief, 1.0 - rate * SMALL
    for _ in range(steps):
        last = found
        found = np.minimum(
            np.maximum(kept * ahead + upwards - along * (ahead @ problem.curvature), 0.0), MOST
        )
        before, pace = pace, (1.0 + np.sqrt(1.0 + 4.0 * pace * pace)) / 2.0
        ahead = found + (before - 1.0) / pace * (found - last)
    return found


def partners() -> NDArray[np.intp]:
    """Of each shape the same on the other side, or itself. Shape (52,)."""
    swapped = [name.replace("Left", "|").replace("Right", "Left").replace("|", "Right") for name in SHAPES]
    return np.array([INDEX[name] for name in swapped])
