"""When keys stand: the footage's seconds on a scene's frames. Without Blender."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from ...solver import rotations
from ...solver.retarget import Keys

Floats = NDArray[np.floating]

SAME = 1e-3
"""Frames that are nearer to each other are one."""


def whole_frames(first: float, last: float, *, origin: int = 0, step: int = 1) -> Floats:
    """The frames `origin`, `origin` + `step` and so on, both ways, that lie from `first` to `last`.

    Where none does, the whole frame next to `first`.
    """
    begin = int(np.ceil((first - SAME - origin) / step))
    end = int(np.floor((last + SAME - origin) / step))
    if end < begin:
        return np.array([np.round(first)])
    return origin + step * np.arange(begin, end + 1, dtype=float)


def within(frames: Floats, first: float, last: float) -> Floats:
    """Those of the rising `frames` that lie between `first` and `last`, and these two."""
    inner = frames[(frames > first + SAME) & (frames < last - SAME)]
    return np.unique(np.concatenate([[first], inner, [last]]))


def resampled(keys: Keys, times: Floats) -> Keys:
    """`keys` at other times (N,): rotations the shorter way at constant speed, locations in straight lines.

    Before the first and after the last of its own times a motion stands still.
    """
    own = np.asarray(keys.times, float)
    if len(own) == len(times) and np.array_equal(own, times):
        return keys
    at = np.interp(times, own, np.arange(len(own), dtype=float))
    before = np.clip(at.astype(int), 0, max(len(own) - 2, 0))
    after = np.minimum(before + 1, len(own) - 1)
    share = at - before

    def turned(values: Floats) -> Floats:
        return rotations.continuous(rotations.interpolate(values[before], values[after], share))

    def moved(values: Floats) -> Floats:
        return values[before] + (values[after] - values[before]) * share[:, None]

    return dataclasses.replace(
        keys,
        times=times,
        rotations={name: turned(np.asarray(values)) for name, values in keys.rotations.items()},
        locations={name: moved(np.asarray(values)) for name, values in keys.locations.items()},
    )
