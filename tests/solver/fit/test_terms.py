"""The terms: what each pulls at is the gradient of its own cost."""

from dataclasses import replace

import numpy as np
import pytest
from blazerig.solver import rotations
from blazerig.solver.evidence import LEVEL
from blazerig.solver.fit import terms
from blazerig.solver.fit.body import place
from blazerig.solver.fit.equations import Equations
from blazerig.solver.fit.linear import linear
from blazerig.solver.fit.points import Points
from blazerig.solver.fit.ranges import ALONG, HANGING, HIGH, LIMBS, LOW, REST, SPREAD
from blazerig.solver.fit.skeleton import ANGLES, BALLS, BENDS, FREEDOMS, LENGTHS, NODE, ball_columns
from blazerig.solver.fit.terms import ACCELERATED, WEIGHTS
from blazerig.solver.landmarks import HEELS, HIPS, TOES
from blazerig.solver.plant import ROOT, Plant
from blazerig.solver.smooth import durations, second_difference

TIMES = np.cumsum([0.0, 0.03, 0.05, 0.02, 0.04])
HELD = durations(TIMES)
STEP = 1e-6
TOLERANCE = 3.0


@pytest.fixture
def body(random_body):
    return random_body(0, len(TIMES))


@pytest.fixture
def sight(random_body, perfect_sight):
    """What was seen of another body, each landmark with a trust and errors of its own."""
    random = np.random.default_rng(1)
    seen = perfect_sight(random_body(2, len(TIMES)), TIMES)
    return replace(
        seen,
        trust=random.uniform(0.1, 1.0, seen.trust.shape),
        across=random.uniform(0.2, 0.5, seen.across.shape),
        error=random.uniform(0.2, 0.5, seen.error.shape),
        hands=rotations.normalise(random.normal(size=seen.hands.shape)),
        hand_error=random.uniform(0.5, 1.0, seen.hand_error.shape),
        noise=random.uniform(0.2, 1.0, seen.noise.shape),
    )


def assert_pulls_down_the_slope(body, term, cost, columns=slice(None), *, lengths=True):
    """What `term` adds to the right-hand side is minus the gradient of `cost`, in ten directions."""
    equations = Equations(len(TIMES), FREEDOMS, len(LENGTHS))
    term(equations, linear(body, measure=True))
    random = np.random.default_rng(3)
    for _ in range(10):
        step, longer = np.zeros((len(TIMES), FREEDOMS)), np.zeros(len(LENGTHS))
        step[:, columns] = random.normal(size=step[:, columns].shape)
        longer += lengths * random.normal(size=len(LENGTHS))
        before, after = (cost(body.moved(sign * STEP * step, sign * STEP * longer)) for sign in (-1, 1))
        slope = -(equations.side * step).sum() - equations.corner_side @ longer
        assert slope == pytest.approx((after - before) / (2 * STEP), rel=1e-4, abs=1e-6 * abs(cost(body)))


def at_landmarks(term, *rest):
    """A term of the landmarks as one of the equations: what it says of them, let count there."""

    def whole(equations, at):
        points = Points(len(TIMES))
        term(points, at, *rest)
        points.add_to(equations, at)

    return whole


def cauchy(squared):
    """The loss whose weights `robust` gives."""
    return TOLERANCE**2 / 2 * np.log1p(squared.sum(-1) / TOLERANCE**2)


def bends_and_angles(body):
    frames = len(body.root)
    return np.concatenate([body.bends.reshape(frames, -1), body.angles], axis=-1)


BENT = slice(ball_columns(BENDS[0]).start, FREEDOMS)
"""Freedoms whose values stand in the state itself."""


def test_landmarks_pull_as_their_cauchy_losses_do(body, sight):
    def cost(body):
        points = place(body).landmarks
        across = (points[..., :2] - sight.slopes * points[..., 2:]) / sight.across[..., None]
        metric = points - points[:, list(HIPS)].mean(1, keepdims=True) - sight.metric
        each = sight.trust**2 * cauchy(across**2) + sight.trust * cauchy((metric / sight.error) ** 2)
        return (each * HELD[:, None] / sight.noise**2).sum()

    assert_pulls_down_the_slope(body, at_landmarks(terms.landmarks, sight, HELD, TOLERANCE), cost)


def test_landmarks_where_they_were_seen_pull_at_nothing(body, perfect_sight):
    equations = Equations(len(TIMES), FREEDOMS, len(LENGTHS))
    sight = perfect_sight(body, TIMES)
    at_landmarks(terms.landmarks, sight, HELD, TOLERANCE)(equations, linear(body, measure=True))
    np.testing.assert_allclose(equations.side, 0.0, atol=1e-8)
    np.testing.assert_allclose(equations.corner_side, 0.0, atol=1e-8)


def test_a_landmark_that_is_not_trusted_pulls_at_nothing(body, sight):
    equations = Equations(len(TIMES), FREEDOMS, len(LENGTHS))
    unseen = replace(sight, trust=np.zeros_like(sight.trust))
    at_landmarks(terms.landmarks, unseen, HELD, TOLERANCE)(equations, linear(body, measure=True))
    assert not equations.side.any()


def test_hands_pull_as_the_loss_of_their_angles_does(body, sight):
    def cost(body):
        placed, total = place(body), 0.0
        for i, side in enumerate(("left", "right")):
            turned = rotations.from_matrix(placed.turned[:, NODE[f"{side}Hand"]])
            angle = rotations.angle_between(turned, sight.hands[:, i])
            total += (cauchy((angle / sight.hand_error[:, i])[:, None] ** 2) * HELD).sum()
        return total

    assert_pulls_down_the_slope(
        body, lambda equations, at: terms.hands(equations, at, sight, HELD), cost, lengths=False
    )


def test_hands_that_were_not_seen_pull_at_nothing(body, sight):
    unseen = replace(sight, hand_error=np.full_like(sight.hand_error, np.inf))
    equations = Equations(len(TIMES), FREEDOMS, 0)
    terms.hands(equations, linear(body, measure=False), unseen, HELD)
    np.testing.assert_array_equal(equations.side, 0.0)


def test_limits_and_rests_pull_as_their_squares_do(body):
    def cost(body):
        values = bends_and_angles(body)
        beyond = (values - np.clip(values, LOW[BENT], HIGH[BENT])) / WEIGHTS.limit
        away = (values - REST[BENT]) / SPREAD[BENT]
        return ((beyond**2 + WEIGHTS.rest * away**2).sum(-1) * HELD).sum() / 2

    def term(equations, at):
        terms.limits_and_rests(equations, at, WEIGHTS, HELD)

    assert_pulls_down_the_slope(body, term, cost, BENT, lengths=False)


def test_a_twist_turns_one_to_one_with_its_degree_of_freedom(body):
    limbs = body.balls[:, [BALLS.index(limb) for limb in LIMBS]]
    turns = [
        terms.twist_from_hanging(rotations.multiply(limbs, rotations.from_axis_angle(ALONG, np.full(4, way))))
        for way in (-STEP, STEP)
    ]
    np.testing.assert_allclose((turns[1] - turns[0]) / (2 * STEP), 1.0, atol=1e-6)


def test_a_twist_is_against_the_shortest_way_from_hanging(body):
    limbs = body.balls[:, [BALLS.index(limb) for limb in LIMBS]]
    shortest = rotations.shortest_arc([0.0, 0.0, -1.0], rotations.rotate(limbs, ALONG))
    back = rotations.inverse(rotations.multiply(shortest, HANGING))
    expected = rotations.twist_angle(rotations.multiply(back, limbs), ALONG)
    np.testing.assert_allclose(terms.twist_from_hanging(limbs), expected, atol=1e-9)


def test_an_arm_raised_from_where_it_hangs_is_not_twisted():
    axes = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], rotations.normalise([1.0, 1.0, 0.0])]
    raised = rotations.from_axis_angle(np.array(axes), np.radians(80.0))[:, None]
    twist = terms.twist_from_hanging(rotations.multiply(raised, HANGING))
    np.testing.assert_allclose(twist, 0.0, atol=1e-9)


def second_differences(values):
    c, inner = second_difference(TIMES), len(TIMES) - 2
    return sum(c[:, i].reshape(-1, *[1] * (values.ndim - 1)) * values[i : i + inner] for i in range(3))


def test_accelerations_pull_as_their_squares_do(body):
    usual = np.full(33, WEIGHTS.acceleration)
    usual[[15, 16, 19, 20]] = WEIGHTS.hand_acceleration

    def cost(body):
        felt = second_differences(place(body).landmarks) / usual[:, None]
        return ((felt[:, list(ACCELERATED)] ** 2).sum((1, 2)) * HELD[1:-1]).sum() / 2

    assert_pulls_down_the_slope(body, at_landmarks(terms.accelerations, TIMES, WEIGHTS), cost, lengths=False)


def test_angular_accelerations_of_bends_and_hinges_pull_as_their_squares_do(body):
    def cost(body):
        felt = second_differences(bends_and_angles(body)) / WEIGHTS.angular
        return ((felt**2).sum(-1) * HELD[1:-1]).sum() / 2

    def term(equations, at):
        terms.angular(equations, at, TIMES, WEIGHTS)

    assert_pulls_down_the_slope(body, term, cost, BENT, lengths=False)


def test_a_joint_that_turns_evenly_is_not_accelerated(body):
    even = rotations.from_axis_angle([0.0, 0.6, 0.8], 2.0 * TIMES)
    body = replace(body, balls=np.repeat(even[:, None], len(BALLS), axis=1))
    equations = Equations(len(TIMES), FREEDOMS, 0)
    terms.angular(equations, linear(body, measure=False), TIMES, WEIGHTS)
    turning = slice(ball_columns(BALLS[0]).start, ball_columns(BALLS[-1]).stop)
    np.testing.assert_allclose(equations.side[:, turning], 0.0, atol=1e-9)


def standing_feet():
    random = np.random.default_rng(4)
    planted, rest = np.zeros((len(TIMES) - 1, ROOT + 1)), np.full((len(TIMES), ROOT + 1), np.nan)
    feet = [*HEELS, *TOES]
    planted[:, feet] = random.uniform(0.0, 1.0, (len(planted), 4))
    rest[:, feet] = 0.03
    return Plant(planted, np.array([0.0, -1.0, 0.0]), -1.2, rest)


def test_planted_points_pull_as_their_steps_and_heights_do(body):
    plant, feet = standing_feet(), [*HEELS, *TOES]

    def cost(body):
        points = place(body).landmarks[:, feet]
        slide = (np.diff(points, axis=0) ** 2).sum(-1) / WEIGHTS.pinned**2
        high = (points @ plant.up - plant.height - 0.03) ** 2 / WEIGHTS.floor**2
        slides = (plant.planted[:, feet] * slide * HELD[1:, None]).sum()
        return (slides + (plant.standing()[:, feet] * high * HELD[:, None]).sum()) / 2

    assert_pulls_down_the_slope(body, at_landmarks(terms.plants, plant, HELD, WEIGHTS), cost, lengths=False)


def test_soles_pull_as_the_squares_of_their_tilts_do(body):
    plant = standing_feet()
    points = np.transpose([HEELS, TOES])

    def cost(body):
        feet = place(body).turned[:, [NODE["leftFoot"], NODE["rightFoot"]]]
        tilt = (plant.up @ feet)[..., 0]
        firmly = plant.standing()[:, points].max(-1)
        return (firmly * HELD[:, None] * tilt**2).sum() / WEIGHTS.tilt**2 / 2

    def term(equations, at):
        terms.soles(equations, at, plant, HELD, WEIGHTS)

    assert_pulls_down_the_slope(body, term, cost, lengths=False)


@pytest.mark.parametrize("turn", [[0.4, 0.0, 0.0], [0.0, 0.0, 0.7]])
def test_a_foot_that_stands_may_roll_onto_its_toes_and_pivot(body, turn):
    balls = np.zeros_like(body.balls)
    balls[...] = rotations.IDENTITY
    balls[:, BALLS.index("hips")] = rotations.from_matrix(LEVEL.T)
    balls[:, [BALLS.index("leftFoot"), BALLS.index("rightFoot")]] = rotations.from_vector(np.array(turn))
    upright = replace(body, balls=balls, angles=np.zeros_like(body.angles))
    equations = Equations(len(TIMES), FREEDOMS, 0)
    terms.soles(equations, linear(upright, measure=False), standing_feet(), HELD, WEIGHTS)
    np.testing.assert_allclose(equations.side, 0.0, atol=1e-9)


def test_without_a_floor_nothing_is_drawn_to_it(body):
    nowhere = replace(standing_feet(), planted=np.zeros((len(TIMES) - 1, ROOT + 1)), height=np.nan)
    equations = Equations(len(TIMES), FREEDOMS, len(LENGTHS))
    at_landmarks(terms.plants, nowhere, HELD, WEIGHTS)(equations, linear(body, measure=True))
    assert not equations.side.any()


def test_proportions_pull_as_their_squares_do_and_leave_the_size_alone(body):
    def cost(body):
        away = body.lengths - body.lengths.mean()
        return WEIGHTS.proportion_seconds * (away**2).sum() / WEIGHTS.proportion**2 / 2

    def term(equations, at):
        terms.proportions(equations, at, WEIGHTS)

    assert_pulls_down_the_slope(body, term, cost)
    taller = replace(body, lengths=np.full(len(LENGTHS), 0.2))
    equations = Equations(len(TIMES), FREEDOMS, len(LENGTHS))
    term(equations, linear(taller, measure=True))
    np.testing.assert_allclose(equations.corner_side, 0.0, atol=1e-12)


def test_a_landmark_at_the_tolerance_counts_half():
    assert terms.robust(np.array([[TOLERANCE**2, 0.0]]), TOLERANCE) == pytest.approx(0.5)
    assert terms.robust(np.array([[0.0, 0.0]])) == pytest.approx(1.0)


def test_every_angle_has_a_range_about_its_rest():
    assert ((LOW < REST) & (REST < HIGH)).all()
    assert len(ANGLES) == FREEDOMS - BENT.start - 3 * len(BENDS)
