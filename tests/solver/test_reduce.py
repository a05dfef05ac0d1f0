"""Fewer keys: never further off than allowed, sharp where motion stops, and none that are not needed."""

from __future__ import annotations

import numpy as np
import pytest
from blazerig.solver.reduce import Curve, evaluate, reduce
from scipy.interpolate import CubicHermiteSpline

FRAMES = np.arange(1.0, 301.0)


def furthest(tolerance: float):
    """The misfit of plain numbers."""

    def misfit(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        return np.abs(a - b).max(axis=1) / tolerance

    return misfit


def wave(seed: int = 1, noise: float = 0.0) -> np.ndarray:
    random = np.random.default_rng(seed)
    phases = random.uniform(0.0, 2 * np.pi, 4)
    columns = [np.sin(FRAMES / period + phase) for period, phase in zip((9, 14, 23, 40), phases, strict=True)]
    return (
        np.stack(columns, axis=1) + random.normal(0.0, noise, (len(FRAMES), 4))
        if noise
        else np.stack(columns, axis=1)
    )


def off(curve: Curve, values: np.ndarray) -> float:
    return float(np.abs(evaluate(curve, FRAMES) - values).max())


@pytest.mark.parametrize("tolerance", [0.3, 0.03, 0.003])
@pytest.mark.parametrize("noise", [0.0, 0.01])
def test_the_curve_is_nowhere_further_off_than_allowed(tolerance: float, noise: float) -> None:
    values = wave(noise=noise)
    curve = reduce(FRAMES, values, furthest(tolerance))
    assert off(curve, values) <= tolerance * (1 + 1e-6)


def test_a_larger_error_takes_fewer_keys() -> None:
    counts = [len(reduce(FRAMES, wave(), furthest(tolerance)).kept) for tolerance in (0.001, 0.01, 0.1)]
    assert counts[0] > counts[1] > counts[2]
    assert counts[1] < 60


def test_the_keys_are_frames_of_the_motion_first_and_last_included() -> None:
    values = wave()
    curve = reduce(FRAMES, values, furthest(0.02))
    assert (curve.kept[0], curve.kept[-1]) == (0, 299)
    assert np.array_equal(curve.times, FRAMES[curve.kept])
    assert np.array_equal(curve.values, values[curve.kept])


def test_between_keys_runs_hermites_cubic() -> None:
    curve = reduce(FRAMES, wave(), furthest(0.02))
    fine = np.linspace(1.0, 300.0, 4001)
    for begin in range(len(curve.kept) - 1):
        ends = slice(begin, begin + 2)
        inside = (fine >= curve.times[begin]) & (fine < curve.times[begin + 1])
        slopes = np.stack([curve.leaving[begin], curve.arriving[begin + 1]])
        expected = CubicHermiteSpline(curve.times[ends], curve.values[ends], slopes)(fine[inside])
        assert np.allclose(evaluate(curve, fine[inside]), expected, atol=1e-9)


def test_a_cubic_is_two_keys() -> None:
    t = (FRAMES - 1.0) / 299.0
    values = np.stack([t**3 - t, 2 * t**2, -t, np.ones_like(t)], axis=1)
    curve = reduce(FRAMES, values, furthest(1e-4))
    assert len(curve.kept) <= 3


def test_what_does_not_move_is_a_key_at_either_end() -> None:
    curve = reduce(FRAMES, np.full((300, 4), 0.7), furthest(0.01))
    assert curve.kept.tolist() == [0, 299]
    assert np.allclose(evaluate(curve, FRAMES), 0.7, atol=1e-12)


def test_what_stops_stands_still_at_once_and_does_not_swing_on() -> None:
    """A foot that travels, is put down at frame 100, stands until frame 200 and goes on."""
    place = np.interp(FRAMES, [1, 100, 200, 300], [0.0, 1.0, 1.0, 2.0])[:, None]
    curve = reduce(FRAMES, place, furthest(0.02))
    standing = np.linspace(100.0, 200.0, 1001)
    assert np.abs(evaluate(curve, standing) - 1.0).max() < 1e-9
    assert {99, 199} <= set(curve.kept.tolist())
    assert len(curve.kept) < 10


def test_channels_share_their_keys() -> None:
    curve = reduce(FRAMES, wave(), furthest(0.02))
    assert curve.values.shape == curve.arriving.shape == curve.leaving.shape == (len(curve.kept), 4)


def test_only_where_motion_stops_or_starts_the_curve_has_a_corner() -> None:
    curve = reduce(FRAMES, wave(), furthest(0.02))
    assert np.array_equal(curve.arriving, curve.leaving)


@pytest.mark.parametrize("frames", [1, 2, 3, 4])
def test_few_frames_are_kept_as_they_are_needed(frames: int) -> None:
    values = np.random.default_rng(2).normal(0.0, 1.0, (frames, 3))
    times = 10.0 + np.arange(frames)
    curve = reduce(times, values, furthest(1e-6))
    assert np.allclose(evaluate(curve, times), values, atol=1e-6)


def test_times_need_not_be_even() -> None:
    random = np.random.default_rng(3)
    times = np.cumsum(random.uniform(0.3, 1.7, 200))
    values = np.stack([np.sin(times / 8), np.cos(times / 11)], axis=1)
    curve = reduce(times, values, furthest(0.01))
    assert np.abs(evaluate(curve, times) - values).max() <= 0.01 * (1 + 1e-6)
    assert len(curve.kept) < 60
