"""Stretches in which a part of the body is to be smooth: its accelerations are smaller there.

docs/derivations.md, EDITS.
"""

from __future__ import annotations

import numpy as np

from ...take import Floats
from ..edits import LIMBS, inside
from ..runs import runs
from . import terms
from .equations import Equations
from .linear import Linear
from .points import Points
from .skeleton import ANGLES, FREEDOMS, angle_column, ball_columns
from .terms import ACCELERATED, EVERY, Weights

CALMER = 10.0
"""By this much are accelerations smaller: what is faster than about 1.7 Hz, instead of 5.5, goes."""


def _turning(part: str) -> Floats:
    """Which degrees of freedom turn a part: 1 for those that do. Shape (FREEDOMS,)."""
    if part == "body":
        return EVERY
    found = np.zeros(FREEDOMS)
    if part == "head":
        found[ball_columns("neck")] = 1.0
        return found
    side, limb = part.split("_")
    for ball in ("UpperArm",) if limb == "arm" else ("UpperLeg", "Foot"):
        found[ball_columns(side + ball)] = 1.0
    for angle in ANGLES:
        if angle.startswith(side) and angle.endswith("Knee") == (limb == "leg"):
            found[angle_column(angle)] = 1.0
    return found


_TURNING = {part: _turning(part) for part in LIMBS}


def calm(equations: Equations, points: Points, at: Linear, times: Floats, weights: Weights) -> None:
    """What is to be smooth is accelerated less, besides what holds for all."""
    more = CALMER**2 - 1.0
    for part, stretches in weights.calm.items():
        moved = [i for i in ACCELERATED if i in LIMBS[part]]
        for run in runs(inside(stretches, times)):
            frames = slice(max(run.start - 1, 0), min(run.stop + 1, len(times)))
            here = (at.part(frames), times[frames], weights)
            terms.accelerations(points.part(frames), *here, moved, more)
            terms.angular(equations.part(frames), *here, more * _TURNING[part])
