"""The one-euro filter: a low-pass whose cutoff rises with speed, so that rest is still and motion not late.

Casiez, Roussel & Vogel, "1 € Filter", CHI 2012. A rotation's cutoff follows its angular speed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from ...take import Floats
from .. import rotations

Rate = TypeVar("Rate", float, Floats)
SPEED_CUTOFF = 1.0
"""Hertz, of the speed itself (as published)."""


@dataclass(frozen=True)
class Cutoff:
    """Hertz at rest, and how many more for each unit of speed a second; of all, or of each value (N, 1)."""

    rest: Floats | float
    rise: Floats | float


class OneEuro:
    """Smooths N values (N, D), or N rotations (N, 4) in the order of time."""

    def __init__(self, cutoff: Cutoff, *, turning: bool) -> None:
        """With `cutoff`; `turning` for rotations."""
        self._cutoff, self._turning = cutoff, turning
        self._value: Floats | None = None
        self._speed: Floats = np.zeros(0)

    def step(self, value: Floats, seconds: float, most: Floats | float = np.inf) -> Floats:
        """The smoothed value, `seconds` after the one before; the first one as it is.

        No value moves farther than `most` a second, of each its own (N, 1) or of all.
        """
        if self._value is None:
            self._value, self._speed = value, np.zeros((len(value), 3 if self._turning else value.shape[-1]))
            return value
        if self._turning:
            way = rotations.to_vector(rotations.multiply(value, rotations.inverse(self._value)))
        else:
            way = value - self._value
        self._speed = self._speed + low_pass(SPEED_CUTOFF, seconds) * (way / seconds - self._speed)
        fast = rotations.length(self._speed)
        step = way * low_pass(self._cutoff.rest + self._cutoff.rise * fast, seconds)
        if most is not np.inf:
            step = step * np.minimum(1.0, most * seconds / np.maximum(rotations.length(step), 1e-9))
        if self._turning:
            self._value = rotations.normalise(rotations.multiply(rotations.from_vector(step), self._value))
        else:
            self._value = self._value + step
        return self._value


def low_pass(cutoff: Rate, seconds: float) -> Rate:
    """How far a first-order low-pass of a cutoff in hertz goes to a new value in one step."""
    rate = 2.0 * np.pi * seconds * cutoff
    return rate / (1.0 + rate)
