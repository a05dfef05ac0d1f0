import numpy as np
import pytest
from blazerig.models.filters import OneEuro, Smoothed


def filtered(filter_: OneEuro, values: np.ndarray, fps: float = 30.0, scale: float = 1.0) -> np.ndarray:
    return np.stack([filter_(value, step / fps, scale) for step, value in enumerate(values)])


@pytest.mark.parametrize("parameters", [(0.05, 80.0), (0.1, 40.0), (0.01, 10.0)])
def test_a_constant_passes_untouched(parameters: tuple[float, float]) -> None:
    values = np.full((50, 33, 3), 123.456, np.float32)
    assert filtered(OneEuro(*parameters), values) == pytest.approx(values, rel=1e-6)


def test_the_first_values_pass_and_a_later_step_is_damped() -> None:
    values = np.array([[0.0], [0.0], [1.0], [1.0]], np.float32)
    result = filtered(OneEuro(0.05, 0.0), values)[:, 0]
    assert result[0] == 0.0
    assert 0.0 < result[2] < result[3] < 1.0


def test_it_follows_the_published_recurrence() -> None:
    """The derivative is from the previous raw value; an edge at 30 frames a second by hand."""
    filter_ = OneEuro(0.05, 80.0)
    filter_(np.array([1.0]), 0.0)
    rate = 30.0
    speed = (2.0 - 1.0) * rate * (1.0 / (1.0 + rate / (2.0 * np.pi)))
    alpha = 1.0 / (1.0 + rate / (2.0 * np.pi * (0.05 + 80.0 * speed)))
    assert filter_(np.array([2.0]), 1.0 / rate)[0] == pytest.approx(alpha * 2.0 + (1.0 - alpha) * 1.0)


def test_fast_motion_is_followed_more_closely_than_slow_motion() -> None:
    ramp = np.arange(60, dtype=np.float64)[:, None]
    lag_slow = (0.001 * ramp - filtered(OneEuro(0.05, 80.0), 0.001 * ramp))[-1] / 0.001
    lag_fast = (ramp - filtered(OneEuro(0.05, 80.0), ramp))[-1]
    assert lag_fast < 0.1 * lag_slow


def test_size_in_the_picture_does_not_matter_once_scaled() -> None:
    values = np.random.default_rng(1).normal(size=(40, 5)).cumsum(0)
    small = filtered(OneEuro(0.05, 80.0), values, scale=1.0)
    large = filtered(OneEuro(0.05, 80.0), values * 400.0, scale=1.0 / 400.0)
    assert large == pytest.approx(small * 400.0)


def test_time_that_does_not_advance_changes_nothing() -> None:
    filter_, other = OneEuro(0.05, 80.0), OneEuro(0.05, 80.0)
    for each in (filter_, other):
        each(np.array([0.0]), 1.0)
    assert filter_(np.array([9.0]), 1.0) == 9.0
    assert filter_(np.array([9.0]), 0.5) == 9.0
    assert filter_(np.array([1.0]), 1.1) == other(np.array([1.0]), 1.1)


def test_after_a_reset_values_pass_again() -> None:
    filter_ = OneEuro(0.05, 80.0)
    filter_(np.array([0.0]), 0.0)
    filter_.reset()
    assert filter_(np.array([5.0]), 0.1) == 5.0


def test_the_average_takes_a_tenth_of_the_new() -> None:
    average = Smoothed(0.1)
    assert average(np.array([1.0])) == 1.0
    assert average(np.array([0.0])) == pytest.approx(0.9)
    assert average(np.array([0.0])) == pytest.approx(0.81)
