"""The smoother: what passes it, what it takes away, and what it does about gaps."""

import numpy as np
import pytest
from blazerig.solver.smooth import smooth, smooth_angles

TIMES = np.arange(300) / 30.0


def test_a_constant_and_a_straight_line_pass_untouched():
    line = np.stack([np.full(300, 3.0), 2.0 * TIMES - 1.0], axis=-1)
    np.testing.assert_allclose(smooth(line, TIMES, 2.0), line, atol=1e-6)


@pytest.mark.parametrize(("frequency", "left"), [(0.5, 0.996), (2.0, 0.5), (8.0, 0.004)])
def test_its_response_is_that_of_a_zero_phase_butterworth(frequency, left):
    wave = np.sin(2 * np.pi * frequency * TIMES)
    inner = slice(60, -60)
    result = smooth(wave, TIMES, 2.0)[inner]
    gain = (result * wave[inner]).sum() / (wave[inner] ** 2).sum()
    assert gain == pytest.approx(left, abs=0.02)
    quarter = np.cos(2 * np.pi * frequency * TIMES)[inner]
    assert abs((result * quarter).sum() / (quarter**2).sum()) < 0.01  # no lag


def test_uneven_times_give_the_same_curve():
    random = np.random.default_rng(0)
    times = np.sort(random.uniform(0, 10, 400))
    curve = smooth(np.sin(times), times, 3.0)
    np.testing.assert_allclose(curve, np.sin(times), atol=0.02)


def test_gaps_are_bridged_and_all_missing_stays_missing():
    wave = np.sin(TIMES)
    wave[100:110] = np.nan
    np.testing.assert_allclose(smooth(wave, TIMES, 4.0)[100:110], np.sin(TIMES)[100:110], atol=0.02)
    assert np.isnan(smooth(np.full(5, np.nan), TIMES[:5], 4.0)).all()


@pytest.mark.parametrize("frames", [1, 2, 3])
def test_the_shortest_clips_pass(frames):
    values = np.arange(frames, dtype=float)
    np.testing.assert_allclose(smooth(values, TIMES[:frames], 4.0), values, atol=1e-6)


def test_a_sample_without_weight_does_not_count():
    values = np.zeros(300)
    values[150] = 100.0
    weights = np.ones(300)
    weights[150] = 0.0
    np.testing.assert_allclose(smooth(values, TIMES, 4.0, weights), 0.0, atol=1e-6)


def test_angles_are_smoothed_across_the_turn_and_drift_to_the_default_unseen():
    angles = np.full(300, np.pi - 0.01)
    angles[::2] = -np.pi + 0.01
    held = smooth_angles(angles, TIMES, 3.0, np.ones(300), 0.0)
    assert np.abs(np.abs(held) - np.pi).max() < 0.05
    unseen = smooth_angles(np.full(300, 2.0), TIMES, 3.0, np.zeros(300), 0.5)
    np.testing.assert_allclose(unseen, 0.5, atol=1e-9)
