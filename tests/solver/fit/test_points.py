"""What landmarks are weighed by, against dense least squares over how all of them move."""

import numpy as np
import pytest
from blazerig.solver.fit.equations import Equations
from blazerig.solver.fit.linear import linear
from blazerig.solver.fit.points import Points
from blazerig.solver.fit.skeleton import FREEDOMS, LENGTHS
from blazerig.solver.landmarks import HIPS, LANDMARKS
from blazerig.solver.smooth import second_difference

TIMES = np.cumsum([0.0, 0.03, 0.05, 0.02, 0.04])
FRAMES = len(TIMES)
UP = np.array([0.1, -0.9, 0.4])


@pytest.fixture
def at(random_body):
    return linear(random_body(0, FRAMES), measure=True)


def random_points(random):
    """Weights of all kinds."""
    points = Points(FRAMES)
    points.slopes = random.normal(size=(FRAMES, LANDMARKS, 2))
    points.across += random.uniform(0.1, 2.0, points.across.shape)
    points.from_hips += random.uniform(0.1, 2.0, points.from_hips.shape)
    return points


def dense(at, rows):
    """Products of rows (F, R, 33, 3) that measure the landmarks: by the state, then by the lengths."""
    moved = np.concatenate([at.state, at.lengths], axis=-1)
    jacobian = np.einsum("frna,fnad->frd", rows, moved)
    return jacobian.swapaxes(1, 2) @ jacobian


def whole(equations):
    """The blocks of frames with themselves."""
    return np.concatenate([equations.bands[0], equations.border], axis=-1)


def added(points, at):
    equations = Equations(FRAMES, FREEDOMS, len(LENGTHS))
    points.add_to(equations, at)
    return equations


def test_a_frame_meets_itself_as_its_rows_do(at):
    points = random_points(np.random.default_rng(1))
    across, deep = np.zeros((2, FRAMES, LANDMARKS, 3, LANDMARKS, 3))
    every = np.arange(LANDMARKS)
    for axis in range(3):
        root = np.sqrt(points.from_hips[..., axis])
        deep[:, every, axis, every, axis] += root
        for hip in HIPS:
            deep[:, every, axis, hip, axis] -= root / 2
        if axis < 2:
            root = np.sqrt(points.across)
            across[:, every, axis, every, axis] = root
            across[:, every, axis, every, 2] = -root * points.slopes[..., axis]
    rows = np.concatenate([across, deep], axis=1).reshape(FRAMES, -1, LANDMARKS, 3)
    expected, found = dense(at, rows), added(points, at)
    np.testing.assert_allclose(whole(found), expected[:, :FREEDOMS], atol=1e-9)
    np.testing.assert_allclose(found.corner, expected[:, FREEDOMS:, FREEDOMS:].sum(0), atol=1e-9)


def test_heights_meet_along_what_is_up(at):
    points, weight = Points(FRAMES), np.random.default_rng(2).uniform(0.1, 2.0, (FRAMES, LANDMARKS))
    points.add_heights(np.zeros((FRAMES, LANDMARKS)), UP, weight)
    rows = np.eye(LANDMARKS)[..., None] * UP * np.sqrt(weight)[:, :, None, None]
    np.testing.assert_allclose(whole(added(points, at)), dense(at, rows)[:, :FREEDOMS], atol=1e-9)


@pytest.mark.parametrize("kind", ["accelerations", "steps"])
def test_frames_meet_later_ones_as_differences_in_time_do(at, kind):
    random, points = np.random.default_rng(3), Points(FRAMES)
    places = np.zeros((FRAMES, LANDMARKS, 3))
    if kind == "accelerations":
        weight, span = random.uniform(1e-6, 1e-5, LANDMARKS), 3
        points.add_accelerations(places, TIMES, weight)
        held = np.gradient(TIMES)[1:-1]
        factors = second_difference(TIMES)[:, :, None] * np.sqrt(held[:, None] * weight)[:, None]
    else:
        weight, span = random.uniform(0.1, 2.0, (FRAMES - 1, LANDMARKS)), 2
        points.add_steps(places, weight)
        factors = np.array([-1.0, 1.0])[:, None] * np.sqrt(weight)[:, None]
    expected = np.zeros((3, FRAMES, FREEDOMS, FREEDOMS))
    for t, factor in enumerate(factors):  # (span, 33): how much each frame counts
        rows = [at.state[t + i] * factor[i, :, None, None] for i in range(span)]
        for i in range(span):
            for j in range(i + 1):
                expected[i - j, t + j] += np.einsum("nad,nae->de", rows[j], rows[i])
    for lag, blocks in enumerate(added(points, at).bands):
        np.testing.assert_allclose(blocks, expected[lag, : FRAMES - lag], rtol=1e-9, atol=1e-9)


def test_what_is_added_to_a_part_is_added_to_the_whole(at):
    some, every = Points(FRAMES), Points(FRAMES)
    weight = np.full(LANDMARKS, 2.0)
    some.part(slice(1, 5)).add_accelerations(at.placed.landmarks[1:5], TIMES[1:5], weight)
    assert some.pull_on_paths[1:5].any()
    assert not some.pull_on_paths[0].any()
    every.add_accelerations(at.placed.landmarks, TIMES, weight)
    np.testing.assert_allclose(some.paths[2][1:], every.paths[2][1:])
