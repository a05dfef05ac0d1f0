"""The fit: damped Gauss-Newton over all that a body can do, all frames of a clip at once."""

from __future__ import annotations

import numpy as np

from ...take import Floats
from ..paths import Plant
from . import terms
from .body import Body, axes, landmark_jacobian, length_jacobian, place
from .equations import Equations
from ..sight import Sight
from .skeleton import FREEDOMS, LENGTHS
from .terms import WEIGHTS, Linear, Weights

ITERATIONS = 10
STEP = np.concatenate([np.full(3, 0.2), np.full(FREEDOMS - 3, 0.5)])
"""Damping: how far one iteration usually goes, metres and radians."""
LENGTH_STEP = 0.05


def fit(
    sight: Sight,
    body: Body,
    weights: Weights = WEIGHTS,
    iterations: int = ITERATIONS,
    plant: Plant | None = None,
) -> Body:
    """The body that fits what was seen best, from a first guess."""
    for i in range(iterations):
        tolerance = max(3.0, 30.0 * 0.7**i) if plant is None else 3.0
        step, longer = equations_of(sight, body, weights, tolerance, plant).solve()
        body = body.moved(np.clip(step, -1.0, 1.0), np.clip(longer, -0.2, 0.2))
    return body


def linear(body: Body) -> Linear:
    placed = place(body)
    turning = axes(body, placed)
    return Linear(body, placed, turning, landmark_jacobian(turning, placed), length_jacobian(body, placed))


def equations_of(
    sight: Sight, body: Body, weights: Weights, tolerance: float, plant: Plant | None
) -> Equations:
    """The normal equations at a body."""
    at = linear(body)
    held = terms.durations_of(sight)
    equations = Equations(len(held), FREEDOMS, len(LENGTHS))
    terms.image(equations, at, sight, held, tolerance)
    terms.metric(equations, at, sight, held)
    terms.hands(equations, at, sight, held)
    terms.limits_and_rests(equations, at, weights, held)
    terms.twists(equations, at, weights, held)
    terms.accelerations(equations, at, sight.times, weights)
    terms.angular(equations, at, sight.times, weights)
    if plant is not None:
        terms.plants(equations, at, plant, held, weights)
    terms.proportions(equations, at, weights)
    none = np.zeros((len(held), FREEDOMS))
    equations.add_diagonal(none, held[:, None] / STEP**2)
    equations.add_shared(
        np.zeros(len(LENGTHS)), np.eye(len(LENGTHS)), np.full(len(LENGTHS), LENGTH_STEP**-2.0)
    )
    return equations
