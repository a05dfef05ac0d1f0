"""One frame in few large products is what the fit finds of it term by term."""

import numpy as np
import pytest
from blazerig.solver import rotations
from blazerig.solver.causal import linear as causal
from blazerig.solver.causal import terms as rows
from blazerig.solver.fit import linear, terms
from blazerig.solver.fit.body import Body, node_jacobian, place
from blazerig.solver.fit.equations import Equations
from blazerig.solver.fit.points import Points
from blazerig.solver.fit.skeleton import ANGLES, BALLS, BENDS, FREEDOMS, LENGTHS, NODE
from blazerig.solver.fit.terms import WEIGHTS
from blazerig.solver.sight import Sight


@pytest.fixture
def body():
    random = np.random.default_rng(7)
    return Body(
        random.normal(0.0, 1.0, (1, 3)) + np.array([0.0, 0.0, 4.0]),
        rotations.normalise(random.normal(0.0, 1.0, (1, len(BALLS), 4))),
        random.normal(0.0, 0.4, (1, len(BENDS), 3)),
        random.normal(0.0, 0.8, (1, len(ANGLES))),
        random.normal(0.0, 0.2, len(LENGTHS)),
    )


def seen(body, random):
    points = place(body).landmarks
    return Sight(
        np.zeros(1), points[..., :2] / points[..., 2:] + random.normal(0.0, 0.01, (1, 33, 2)),
        points + random.normal(0.0, 0.1, (1, 33, 3)), random.uniform(0.0, 1.0, (1, 33)),
        random.uniform(0.01, 0.02, (1, 33)), random.uniform(0.02, 0.08, (1, 33, 3)),
        rotations.normalise(random.normal(0.0, 1.0, (1, 2, 4))), random.uniform(0.1, 0.3, (1, 2)),
        random.uniform(0.5, 1.0, (1, 33)), random.uniform(0.0, 1.0, (1, 5)),
    )  # fmt: skip


def test_places_and_derivatives_are_those_of_the_fit(body):
    ours, theirs = causal.linear(body, measure=True), linear.linear(body, measure=True)
    for name in ("turned", "places", "landmarks"):
        np.testing.assert_allclose(getattr(ours.placed, name), getattr(theirs.placed, name), atol=1e-12)
    np.testing.assert_allclose(ours.moves[:FREEDOMS], theirs.state[0].transpose(2, 1, 0), atol=1e-12)
    np.testing.assert_allclose(ours.moves[FREEDOMS:], theirs.lengths[0].transpose(2, 1, 0), atol=1e-12)
    hands = [node_jacobian(theirs.axes, NODE[f"{side}Hand"])[0] for side in ("left", "right")]
    np.testing.assert_allclose(ours.turns, np.concatenate(hands).T, atol=1e-12)


@pytest.mark.parametrize("measure", [True, False])
def test_evidence_is_the_sum_of_the_fits_terms(body, measure):
    sight, held = seen(body, np.random.default_rng(8)), np.array([1 / 30])
    at = linear.linear(body, measure=measure)
    equations = Equations(1, FREEDOMS, at.lengths.shape[-1])
    points = Points(1)
    terms.landmarks(points, at, sight, held, rows.TOLERANCE)
    points.add_to(equations, at)
    terms.hands(equations, at, sight, held)
    outside = terms.out_of_range(body)
    equations.add_diagonal(outside, held[0] / WEIGHTS.limit**2 * (outside != 0.0))
    terms.rests(equations, at, WEIGHTS, held)
    terms.twists(equations, at, WEIGHTS, held)
    terms.unseen(equations, at, sight, held)
    curvature, gradient = rows.evidence(causal.linear(body, measure=measure), sight, held[0])
    np.testing.assert_allclose(curvature[:FREEDOMS, :FREEDOMS], equations.bands[0][0], atol=1e-6)
    np.testing.assert_allclose(curvature[:FREEDOMS, FREEDOMS:], equations.border[0], atol=1e-6)
    np.testing.assert_allclose(curvature[FREEDOMS:, FREEDOMS:], equations.corner, atol=1e-6)
    expected = np.concatenate([equations.side[0], equations.corner_side])
    np.testing.assert_allclose(gradient, expected, atol=1e-6)
