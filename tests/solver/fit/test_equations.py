"""The banded, bordered normal equations against a dense least-squares solution of the same residuals."""

import numpy as np
import pytest
from blazerig.solver.fit.equations import Equations
from blazerig.solver.smooth import second_difference

FRAMES, SIZE, SHARED, POINTS = 7, 4, 3, 5
TIMES = np.cumsum([0.0, 0.03, 0.05, 0.02, 0.04, 0.03, 0.06])
HELD = np.gradient(TIMES)[1:-1]


class Dense:
    """All residuals as rows over all unknowns: the frames' one after the other, then the shared ones."""

    def __init__(self):
        self.rows, self.residuals, self.weights = [], [], []

    def add(self, blocks, shared, residual, weight):
        """Rows (R, SIZE) of some frames, those of what is shared (R, SHARED), residuals and weights (R,)."""
        row = np.zeros((len(residual), FRAMES * SIZE + SHARED))
        for frame, block in blocks.items():
            row[:, frame * SIZE : (frame + 1) * SIZE] = block
        row[:, FRAMES * SIZE :] = shared
        self.rows.append(row)
        self.residuals.append(residual)
        self.weights.append(np.broadcast_to(weight, residual.shape))

    def solve(self):
        rows, residuals, weights = (np.concatenate(x) for x in (self.rows, self.residuals, self.weights))
        root = np.sqrt(weights)
        found = np.linalg.lstsq(rows * root[:, None], -residuals * root, rcond=None)[0]
        return found[: FRAMES * SIZE].reshape(FRAMES, SIZE), found[FRAMES * SIZE :]


def rows(random, equations, dense):
    jacobian, shared = random.normal(size=(FRAMES, 6, SIZE)), random.normal(size=(FRAMES, 6, SHARED))
    residual, weight = random.normal(size=(FRAMES, 6)), random.uniform(0.1, 2.0, (FRAMES, 6))
    equations.add_rows(jacobian, shared, residual, weight)
    for t in range(FRAMES):
        dense.add({t: jacobian[t]}, shared[t], residual[t], weight[t])


def points(random, equations, dense):
    jacobian, shared = (random.normal(size=(FRAMES, POINTS, 3, size)) for size in (SIZE, SHARED))
    residual, root = random.normal(size=(FRAMES, POINTS, 3)), random.normal(size=(FRAMES, POINTS, 3, 3))
    blocks = np.swapaxes(root, -1, -2) @ root
    equations.add_points(jacobian, shared, (blocks @ residual[..., None])[..., 0], blocks)
    for t in range(FRAMES):
        for n in range(POINTS):
            dense.add(
                {t: root[t, n] @ jacobian[t, n]}, root[t, n] @ shared[t, n], root[t, n] @ residual[t, n], 1.0
            )


def points_against_a_reference(random, equations, dense):
    jacobian, shared = (random.normal(size=(FRAMES, POINTS, 3, size)) for size in (SIZE, SHARED))
    residual, weight = random.normal(size=(FRAMES, POINTS, 3)), random.uniform(0.1, 2.0, (FRAMES, POINTS, 3))
    middle = tuple(part[:, :2].mean(1) for part in (jacobian, shared))
    summed = tuple((weight[..., None] * part).sum(1) for part in (jacobian, shared))
    pull = weight * residual
    equations.add_points(jacobian, shared, pull, weight[..., None] * np.eye(3))
    equations.add_reference(middle, summed, weight.sum(1), pull.sum(1))
    for t in range(FRAMES):
        for n in range(POINTS):
            own, common = jacobian[t, n] - middle[0][t], shared[t, n] - middle[1][t]
            dense.add({t: own}, common, residual[t, n], weight[t, n])


def accelerations(random, equations, dense):
    jacobian, place = random.normal(size=(FRAMES, 6, SIZE)), random.normal(size=(FRAMES, 6))
    weight, c = random.uniform(1e-7, 1e-6, 6), second_difference(TIMES)
    equations.add_accelerations(jacobian, place, TIMES, weight)
    for t in range(FRAMES - 2):
        blocks = {t + i: c[t, i] * jacobian[t + i] for i in range(3)}
        dense.add(blocks, np.zeros((6, SHARED)), c[t] @ place[t : t + 3], HELD[t] * weight)


def smoothness(random, equations, dense):
    felt, weight = random.normal(size=(FRAMES - 2, SIZE)), random.uniform(1e-7, 1e-6, SIZE)
    equations.add_smoothness(felt, TIMES, weight)
    for t, c in enumerate(second_difference(TIMES)):
        blocks = {t + i: c[i] * np.eye(SIZE) for i in range(3)}
        dense.add(blocks, np.zeros((SIZE, SHARED)), felt[t], HELD[t] * weight)


def steps(random, equations, dense):
    jacobian, place = random.normal(size=(FRAMES, 6, SIZE)), random.normal(size=(FRAMES, 6))
    weight = random.uniform(0.1, 2.0, (FRAMES - 1, 6))
    equations.add_steps(jacobian, place, weight)
    for t in range(FRAMES - 1):
        dense.add(
            {t: -jacobian[t], t + 1: jacobian[t + 1]},
            np.zeros((6, SHARED)),
            place[t + 1] - place[t],
            weight[t],
        )


def shared_alone(random, equations, dense):
    residual, jacobian = random.normal(size=6), random.normal(size=(6, SHARED))
    weight = random.uniform(0.1, 2.0, 6)
    equations.add_shared(residual, jacobian, weight)
    dense.add({}, jacobian, residual, weight)


ALL = (rows, points, points_against_a_reference, accelerations, smoothness, steps, shared_alone)


def damped():
    """Equations and their dense likeness with a little of every unknown, so that none is undetermined."""
    equations, dense = Equations(FRAMES, SIZE, SHARED), Dense()
    equations.add_diagonal(np.full((FRAMES, SIZE), 0.1), np.full((FRAMES, SIZE), 0.3))
    equations.add_shared(np.full(SHARED, 0.1), np.eye(SHARED), np.full(SHARED, 0.3))
    for t in range(FRAMES):
        dense.add({t: np.eye(SIZE)}, np.zeros((SIZE, SHARED)), np.full(SIZE, 0.1), 0.3)
    dense.add({}, np.eye(SHARED), np.full(SHARED, 0.1), 0.3)
    return equations, dense


NAMED = [pytest.param((term,), id=term.__name__) for term in ALL]


@pytest.mark.parametrize("terms", [*NAMED, pytest.param(ALL, id="all")])
def test_the_step_is_that_of_the_dense_least_squares(terms):
    random = np.random.default_rng(0)
    equations, dense = damped()
    for term in terms:
        term(random, equations, dense)
    for found, expected in zip(equations.solve(), dense.solve(), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-9)


def test_nothing_shared_is_as_a_border_that_stays_where_it_is():
    random = np.random.default_rng(1)
    jacobian, residual = random.normal(size=(FRAMES, 6, SIZE)), random.normal(size=(FRAMES, 6))
    alone, bordered = Equations(FRAMES, SIZE, 0), Equations(FRAMES, SIZE, SHARED)
    alone.add_rows(jacobian, np.zeros((FRAMES, 6, 0)), residual, np.ones((FRAMES, 6)))
    bordered.add_rows(jacobian, np.zeros((FRAMES, 6, SHARED)), residual, np.ones((FRAMES, 6)))
    bordered.add_shared(np.zeros(SHARED), np.eye(SHARED), np.ones(SHARED))
    np.testing.assert_allclose(alone.solve()[0], bordered.solve()[0], atol=1e-12)
    assert alone.solve()[1].shape == (0,)


@pytest.mark.parametrize("frames", [1, 2])
def test_clips_too_short_to_accelerate_are_solved(frames):
    equations = Equations(frames, SIZE, 0)
    equations.add_diagonal(np.ones((frames, SIZE)), np.ones((frames, SIZE)))
    equations.add_accelerations(np.ones((frames, 3, SIZE)), np.ones((frames, 3)), TIMES[:frames], np.ones(3))
    equations.add_smoothness(np.ones((0, SIZE)), TIMES[:frames], np.ones(SIZE))
    np.testing.assert_allclose(equations.solve()[0], -1.0)
