"""The banded, bordered normal equations against a dense least-squares solution of the same residuals."""

import numpy as np
import pytest
from blazerig.solver.fit.equations import Equations
from blazerig.solver.smooth import second_difference

FRAMES, SIZE, SHARED = 7, 4, 3
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
    jacobian = random.normal(size=(FRAMES, 6, SIZE))
    residual, weight = random.normal(size=(FRAMES, 6)), random.uniform(0.1, 2.0, (FRAMES, 6))
    equations.add_rows(jacobian, residual, weight)
    for t in range(FRAMES):
        dense.add({t: jacobian[t]}, np.zeros((6, SHARED)), residual[t], weight[t])


def frames(random, equations, dense):
    jacobian, residual = random.normal(size=(FRAMES, 9, SIZE + SHARED)), random.normal(size=(FRAMES, 9))
    turned = jacobian.swapaxes(1, 2)
    equations.add_frames(turned @ jacobian, (turned @ residual[..., None])[..., 0])
    for t in range(FRAMES):
        dense.add({t: jacobian[t, :, :SIZE]}, jacobian[t, :, SIZE:], residual[t], 1.0)


def frames_and_later_ones(random, equations, dense):
    jacobian = random.normal(size=(FRAMES, 6, SIZE))
    for lag in (1, 2):
        own = np.zeros((FRAMES, SIZE, SIZE))
        own[lag:] += jacobian[lag:].swapaxes(1, 2) @ jacobian[lag:]
        own[:-lag] += jacobian[:-lag].swapaxes(1, 2) @ jacobian[:-lag]
        equations.add_frames(
            np.pad(own, ((0, 0), (0, SHARED), (0, SHARED))), np.zeros((FRAMES, SIZE + SHARED))
        )
        equations.add_later(lag, -jacobian[:-lag].swapaxes(1, 2) @ jacobian[lag:])
        for t in range(FRAMES - lag):
            dense.add({t: -jacobian[t], t + lag: jacobian[t + lag]}, np.zeros((6, SHARED)), np.zeros(6), 1.0)


def smoothness(random, equations, dense):
    felt, weight = random.normal(size=(FRAMES - 2, SIZE)), random.uniform(1e-7, 1e-6, SIZE)
    equations.add_smoothness(felt, TIMES, weight)
    for t, c in enumerate(second_difference(TIMES)):
        blocks = {t + i: c[i] * np.eye(SIZE) for i in range(3)}
        dense.add(blocks, np.zeros((SIZE, SHARED)), felt[t], HELD[t] * weight)


def shared_alone(random, equations, dense):
    residual, jacobian = random.normal(size=6), random.normal(size=(6, SHARED))
    weight = random.uniform(0.1, 2.0, 6)
    equations.add_shared(residual, jacobian, weight)
    dense.add({}, jacobian, residual, weight)


ALL = (rows, frames, frames_and_later_ones, smoothness, shared_alone)


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
    alone.add_rows(jacobian, residual, np.ones((FRAMES, 6)))
    bordered.add_rows(jacobian, residual, np.ones((FRAMES, 6)))
    bordered.add_shared(np.zeros(SHARED), np.eye(SHARED), np.ones(SHARED))
    step, longer = alone.solve()
    np.testing.assert_allclose(step, bordered.solve()[0], atol=1e-12)
    assert longer.shape == (0,)


@pytest.mark.parametrize("frames", [1, 2])
def test_clips_too_short_to_accelerate_are_solved(frames):
    equations = Equations(frames, SIZE, 0)
    equations.add_diagonal(np.ones((frames, SIZE)), np.ones((frames, SIZE)))
    equations.add_smoothness(np.ones((0, SIZE)), TIMES[:frames], np.ones(SIZE))
    np.testing.assert_allclose(equations.solve()[0], -1.0)
