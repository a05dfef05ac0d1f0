"""Smoothing without lag: the Whittaker-Henderson smoother, with the times and the weights of the samples.

Minimises  sum_i w_i h_i (x_i - y_i)^2 + lambda sum_i h_i (x''_i)^2  with h_i the time a sample stands
for. For even sampling its response is 1 / (1 + (f / cutoff)^4): that of a second-order Butterworth filter
run forwards and backwards, with lambda = (2 pi cutoff)^-4. Where the weights are zero the curve runs
on with the least bending. Source: Eilers, "A perfect smoother", Analytical Chemistry 75 (2003) 3631.
docs/derivations.md, MOTION.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..take import Floats


def durations(times: Floats) -> Floats:
    """Seconds that each of F samples stands for; one thirtieth for a lone one. Shape (F,)."""
    if len(times) < 2:
        return np.full(len(times), 1.0 / 30.0)
    held = np.empty(len(times))
    held[0], held[-1] = times[1] - times[0], times[-1] - times[-2]
    held[1:-1] = (times[2:] - times[:-2]) / 2.0
    return held


def second_difference(times: Floats) -> Floats:
    """Coefficients of x'' at each inner sample: of the one before, itself, the one after. Shape (F-2, 3)."""
    step = times[1:] - times[:-1]
    before, after, span = step[:-1], step[1:], times[2:] - times[:-2]
    found = np.empty((len(span), 3))
    found[:, 0], found[:, 1], found[:, 2] = before * span, -before * after, after * span
    return 2.0 / found


def smooth(values: ArrayLike, times: Floats, cutoff: float, weights: ArrayLike | None = None) -> Floats:
    """`values` (F, *) smoothed to `cutoff` hertz; NaN samples and those of weight zero are bridged.

    Args:
        values: Any real quantity over time. Shape (F, *).
        times: Seconds, rising. Shape (F,).
        cutoff: Where half the amplitude is left, hertz.
        weights: How much each sample counts. Shape (F,).

    Returns:
        Shape (F, *). NaN throughout where there was no sample at all.
    """
    from scipy.linalg import solveh_banded  # Blender shall not load it as it starts

    values = np.asarray(values, float)
    frames = len(values)
    table = values.reshape(frames, -1)
    weight = np.ones(frames) if weights is None else np.asarray(weights, float)
    weight = np.where(np.isfinite(table).all(-1), weight, 0.0)
    if not weight.any():
        return np.full_like(values, np.nan)
    held = durations(times)
    bands = np.zeros((3, frames))
    bands[0] = weight * held + 1e-9 * held
    if frames > 2:
        c = second_difference(times)
        scale = held[1:-1] / (2 * np.pi * cutoff) ** 4
        for i in range(3):
            bands[0, i : frames - 2 + i] += scale * c[:, i] ** 2
        bands[1, : frames - 2] += scale * c[:, 0] * c[:, 1]
        bands[1, 1 : frames - 1] += scale * c[:, 1] * c[:, 2]
        bands[2, : frames - 2] += scale * c[:, 0] * c[:, 2]
    # a whisper of pull towards the mean keeps a lone sample from leaving the line undetermined
    mean = (weight[:, None] * np.nan_to_num(table)).sum(0) / weight.sum()
    right = (weight * held)[:, None] * (np.nan_to_num(table) - mean)
    return (solveh_banded(bands[: min(3, frames)], right, lower=True) + mean).reshape(values.shape)


def smooth_angles(angles: Floats, times: Floats, cutoff: float, weights: Floats, default: float) -> Floats:
    """Angles (F,) in radians smoothed on the circle; unweighted ones are held and drift to `default`."""
    faint = 0.02
    circle = np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    weights = np.where(np.isfinite(angles), weights, 0.0)
    pulled = weights[:, None] * np.nan_to_num(circle) + faint * np.array([np.cos(default), np.sin(default)])
    held = smooth(pulled / (weights + faint)[:, None], times, cutoff, weights + faint)
    return np.arctan2(held[:, 1], held[:, 0])


def bridge(values: Floats, times: Floats, known: NDArray[np.bool_]) -> Floats:
    """`values` (F, *) with the frames that are not `known` (F,) drawn straight between their neighbours.

    Before the first and after the last known frame its value is held.
    """
    if known.all():
        return values
    table = values.reshape(len(values), -1)
    columns = [np.interp(times, times[known], column[known]) for column in table.T]
    return np.stack(columns, axis=-1).reshape(values.shape)
