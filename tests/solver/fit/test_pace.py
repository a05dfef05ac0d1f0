"""Fits at a lower rate: what is averaged, and what is drawn on between."""

from dataclasses import replace

import numpy as np
import pytest
from blazerig.solver import rotations
from blazerig.solver.fit.body import Body
from blazerig.solver.fit.pace import RATE, between, thinned
from blazerig.solver.fit.skeleton import ANGLES, BALLS, BENDS, LENGTHS

EVEN = np.arange(60) / 60.0
UNEVEN = np.cumsum(np.random.default_rng(0).uniform(0.005, 0.04, 60))


def turning(times):
    """A body of which everything changes evenly."""
    return Body(
        times[:, None] * [1.0, 2.0, 3.0],
        np.repeat(rotations.from_axis_angle([0.0, 0.6, 0.8], 2.0 * times)[:, None], len(BALLS), axis=1),
        np.tile(times[:, None, None], (1, len(BENDS), 3)),
        np.tile(times[:, None], (1, len(ANGLES))),
        np.full(len(LENGTHS), 0.1),
    )


def assert_same(body, other):
    for name in ("root", "bends", "angles", "lengths"):
        np.testing.assert_allclose(getattr(body, name), getattr(other, name), atol=1e-9)
    assert rotations.angle_between(body.balls, other.balls).max() < 1e-6


@pytest.mark.parametrize("times", [EVEN, UNEVEN], ids=["even", "uneven"])
def test_what_moves_evenly_is_on_its_line_in_fewer_frames(random_body, perfect_sight, times):
    sight = perfect_sight(random_body(0, len(times)), times)
    line = np.ones((33, 2)) * [2.0, -1.0]
    few = thinned(replace(sight, slopes=times[:, None, None] * line))
    assert len(few.times) < len(times)
    np.testing.assert_allclose(few.slopes, few.times[:, None, None] * line, atol=1e-9)


@pytest.mark.parametrize("times", [EVEN, UNEVEN], ids=["even", "uneven"])
def test_there_are_no_more_frames_a_second_than_the_rate(random_body, perfect_sight, times):
    few = thinned(perfect_sight(random_body(0, len(times)), times))
    assert len(few.times) <= np.ceil((times[-1] - times[0]) * RATE) + 1
    assert (np.diff(few.times) > 0).all()


def test_a_slow_clip_keeps_its_frames(random_body, perfect_sight):
    sight = perfect_sight(random_body(0, 20), np.arange(20) / 10.0)
    few = thinned(sight)
    np.testing.assert_allclose(few.times, sight.times)
    np.testing.assert_allclose(few.metric, sight.metric)


def test_what_is_exact_is_not_averaged(random_body, perfect_sight):
    """A point that swings through a bow is nearer to its middle in the mean of three frames."""
    sight = perfect_sight(random_body(0, 60), EVEN)
    bow = np.tile(np.cos(20.0 * EVEN)[:, None, None], sight.metric.shape[1:])
    exact, rough = (
        thinned(replace(sight, metric=bow, noise=np.full_like(sight.noise, noise))) for noise in (1e-6, 1.0)
    )
    np.testing.assert_allclose(exact.metric[:, 0, 0], np.cos(20.0 * exact.times), atol=1e-5)
    assert np.abs(rough.metric[:, 0, 0] - np.cos(20.0 * rough.times)).max() > 0.05


def test_what_is_not_trusted_does_not_count_in_the_mean(random_body, perfect_sight):
    sight = perfect_sight(random_body(0, 60), EVEN)
    metric, trust = np.zeros_like(sight.metric), sight.trust.copy()
    metric[::4] = 100.0
    trust[::4] = 0.0
    assert np.abs(thinned(replace(sight, metric=metric, trust=trust)).metric).max() < 0.001


@pytest.mark.parametrize("times", [EVEN, UNEVEN], ids=["even", "uneven"])
def test_a_body_that_moves_evenly_is_the_same_at_any_times_between(times):
    wanted = np.linspace(times[0], times[-1], 37)
    assert_same(between(turning(times), times, wanted), turning(wanted))
    assert_same(between(turning(times), times, times), turning(times))


def test_before_and_after_the_first_and_the_last_frame_a_body_is_held():
    held = between(turning(EVEN), EVEN, np.array([-1.0, 2.0]))
    assert_same(held, turning(EVEN[[0, -1]]))


def test_a_single_frame_is_held_throughout(random_body, perfect_sight):
    lone = turning(EVEN[30:31])
    assert_same(between(lone, EVEN[30:31], EVEN), turning(np.full(60, EVEN[30])))
    sight = perfect_sight(random_body(0, 1), np.array([2.0]))
    np.testing.assert_allclose(thinned(sight).slopes, sight.slopes)
