"""The two filters that MediaPipe smooths landmarks with, for arrays of any shape.

They are recurrences: one call per frame, in the order of time.
"""

from __future__ import annotations

import math

import numpy as np

from ..take import Floats

_FIRST_FREQUENCY = 30.0


class OneEuro:
    """One-euro filter (Casiez et al. 2012) as in `util/filtering/one_euro_filter.cc`.

    The derivative is taken from the previous raw value, not from the previous filtered one.
    """

    def __init__(self, min_cutoff: float, beta: float, derivative_cutoff: float = 1.0) -> None:
        self._min_cutoff = min_cutoff
        self._beta = beta
        self._derivative_cutoff = derivative_cutoff
        self.reset()

    def reset(self) -> None:
        """Forget everything: the next values pass through."""
        self._time: float | None = None
        self._raw: Floats = np.zeros(0, np.float32)
        self._filtered: Floats = self._raw
        self._speed: Floats = self._raw

    def __call__(self, values: Floats, time: float, scale: float = 1.0) -> Floats:
        """Filter `values`, seen at `time` s; speeds are judged after multiplication with `scale`.

        The first values pass through, and so do those at a time that is not later than the last.
        """
        if self._time is None:
            self._time, self._raw, self._filtered = time, values, values
            self._speed = np.zeros_like(values)
            return values
        if time <= self._time:
            return values
        frequency = 1.0 / (time - self._time)
        speed = (values - self._raw) * (scale * frequency)
        self._speed = _blend(speed, self._speed, _alpha(frequency, self._derivative_cutoff))
        alpha = _alpha(frequency, self._min_cutoff + self._beta * np.abs(self._speed))
        self._filtered = _blend(values, self._filtered, alpha)
        self._time, self._raw = time, values
        return self._filtered


class Smoothed:
    """Exponential moving average with a constant share `alpha` of the new value."""

    def __init__(self, alpha: float) -> None:
        self._alpha = alpha
        self._state: Floats | None = None

    def __call__(self, values: Floats) -> Floats:
        """Filter `values`; the first pass through."""
        self._state = values if self._state is None else _blend(values, self._state, self._alpha)
        return self._state


def _alpha(frequency: float, cutoff: Floats | float) -> Floats | float:
    return 1.0 / (1.0 + frequency / (2.0 * math.pi * cutoff))


def _blend(new: Floats, old: Floats, alpha: Floats | float) -> Floats:
    return (alpha * new + (1.0 - alpha) * old).astype(new.dtype)
