"""The fit: damped Gauss-Newton over all that a body can do, all frames of a clip at once.

docs/derivations.md, FIT.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..plant import Plant
from ..sight import Sight
from ..smooth import durations
from . import terms
from .body import Body
from .calm import calm
from .equations import Equations
from .linear import linear
from .points import Points
from .skeleton import FREEDOMS, LENGTHS
from .terms import WEIGHTS, Weights
from .windows import OVERLAP, WINDOW, in_windows, samples

ITERATIONS = 5
RELAXED = 0.8
"""Steps after the first go by this share farther than the equations say: robust weights and limits make them
too short, unless landmarks are exact (over-relaxation)."""
STEP = np.concatenate([np.full(3, 0.2), np.full(FREEDOMS - 3, 0.5)])
"""Damping: how far one iteration usually goes, metres and radians."""
LENGTH_STEP = 0.05
TOLERANCE = 3.0
"""Standard errors at which a landmark counts half."""
ROUGH = 30.0
"""The same for a fit from a rough guess."""
COOLING = 0.6
"""A fit from a rough guess begins with a wider tolerance, which shrinks by this (graduated non-convexity)."""


def fit(
    sight: Sight,
    body: Body,
    weights: Weights = WEIGHTS,
    iterations: int = ITERATIONS,
    plant: Plant | None = None,
    *,
    measure: bool = True,
    tolerance: float = TOLERANCE,
    enough: float = np.inf,
) -> Body:
    """The body that fits what was seen best, from a first guess.

    Args:
        sight: What was seen.
        body: The first guess.
        weights: Of the terms.
        iterations: How many steps, or at most twice as many, as `enough` says.
        plant: Points that stand, where that is known.
        measure: Whether the lengths are measured too, or kept.
        tolerance: Standard errors at which a landmark counts half in the first step; shrinks to `TOLERANCE`.
        enough: Radians. There are more steps while the equations ask for one that turns a joint farther.
    """
    if len(sight.times) > WINDOW + 2 * OVERLAP:
        if measure:
            few = samples(len(sight.times))
            known = fit(sight.part(few), body.part(few), weights, iterations, tolerance=tolerance)
            body = replace(body, lengths=known.lengths)

        def part(frames: slice) -> Body:
            own = None if plant is None else plant.part(frames)
            some = sight.part(frames), body.part(frames)
            return fit(*some, weights, iterations, own, measure=False, tolerance=tolerance, enough=enough)

        return in_windows(part, len(sight.times))
    farther = 1.0 + RELAXED * float(sight.noise.mean())
    for i in range(2 * iterations):
        far = farther if i else 1.0
        step, longer = _equations(sight, body, weights, tolerance, plant, measure).solve()
        body = body.moved(
            np.clip(far * step, -1.0, 1.0),
            np.clip(far * longer, -0.2, 0.2) if measure else np.zeros(len(LENGTHS)),
        )
        tolerance = max(TOLERANCE, tolerance * COOLING)
        if i + 1 >= iterations and np.abs(step[:, 3:]).max() < enough:
            break
    return body


def _equations(
    sight: Sight, body: Body, weights: Weights, tolerance: float, plant: Plant | None, measure: bool
) -> Equations:
    at = linear(body, measure=measure)
    held = durations(sight.times)
    equations = Equations(len(held), FREEDOMS, len(LENGTHS) if measure else 0)
    points = Points(len(held))
    terms.landmarks(points, at, sight, held, tolerance)
    terms.accelerations(points, at, sight.times, weights)
    if plant is not None:
        terms.plants(points, at, plant, held, weights)
        terms.soles(equations, at, plant, held, weights)
    terms.hands(equations, at, sight, held)
    terms.limits_and_rests(equations, at, weights, held)
    terms.unseen(equations, at, sight, held)
    terms.twists(equations, at, weights, held)
    terms.angular(equations, at, sight.times, weights)
    calm(equations, points, at, sight.times, weights)
    points.add_to(equations, at)
    equations.add_diagonal(np.zeros((len(held), FREEDOMS)), held[:, None] / STEP**2)
    if measure:
        terms.proportions(equations, at, weights)
        none = np.zeros(len(LENGTHS))
        equations.add_shared(none, np.eye(len(LENGTHS)), none + LENGTH_STEP**-2.0)
    return equations
