"""Fewer keys: curves through some of the frames that stay within an error of all of them.

The channels of a bone share their keys, so that an animator grabs a pose and not a number. Between two keys
runs a cubic with given slopes at both ends (Hermite), which is the Bezier curve whose handles lie at a third
of the way. Keys are put where the curve is furthest off until it is nowhere too far off, then those are
taken away that it can do without. The slopes are those that come nearest to all frames (least squares), but
flat where the motion stands still, so that a foot that was put down stays down.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..take import Floats

Ints = NDArray[np.intp]
Bools = NDArray[np.bool_]
Misfit = Callable[[Floats, Floats], Floats]

STILL = 0.05
"""What changes by less than this part of the tolerance from frame to frame stands still ..."""
STILL_FRAMES = 3
"""... if it does so for so many steps."""
MEASURED = 1e-3
"""Weight of the slopes measured at the keys, against that of one frame, where few frames say more."""
APART = 16
"""Frames between the keys that are tried first, half a second of a motion; from fewer it takes ten times as
long to come to the same."""
TIE = 1e-9
"""By which each second key is dearer, so that of equal ones half are taken away and not one."""
ROUNDS = 12
"""At most, of taking away keys that are not needed."""


@dataclass(frozen=True)
class Curve:
    """Cubics from key to key in C channels.

    Attributes:
        kept: The frames that have keys, as indices. Shape (K,).
        times: Of the keys. Shape (K,).
        values: At the keys. Shape (K, C).
        arriving: Slopes before the keys. Shape (K, C).
        leaving: Slopes after the keys. Shape (K, C).
    """

    kept: Ints
    times: Floats
    values: Floats
    arriving: Floats
    leaving: Floats


def reduce(times: Floats, values: Floats, misfit: Misfit) -> Curve:
    """A curve with few keys that is nowhere more than 1 off, as `misfit` has it.

    Args:
        times: Rising. Shape (F,).
        values: Shape (F, C).
        misfit: How far values (N, C) are from others, as a part of what is tolerated. Shape (N,).
    """
    frames = len(times)
    still = _standing(misfit(values[1:], values[:-1]) if frames > 1 else np.zeros(0))
    ends = np.flatnonzero(still[1:] != still[:-1])
    key = np.zeros(frames, bool)
    key[[0, -1]] = True
    key[ends] = True
    fixed = key.copy()
    key[::APART] |= ~still[1::APART][: len(key[::APART])]
    curve = _refined(times, values, misfit, key, still)
    for _ in range(ROUNDS):
        spare = _spare(curve, times, values, misfit, fixed)
        if not len(spare):
            break
        key = np.zeros(frames, bool)
        key[curve.kept] = True
        key[spare] = False
        fewer = _refined(times, values, misfit, key, still)
        if len(fewer.kept) >= len(curve.kept):
            break
        curve = fewer
    return curve


def evaluate(curve: Curve, times: Floats) -> Floats:
    """Values (N, C) of a curve at times (N,) within it."""
    return _cubic(curve, times, _segment(curve.times, times))


def _standing(steps: Floats) -> Bools:
    """Which gaps between frames belong to a stretch of stillness; one more at either end that do not.

    Args:
        steps: How far each frame is from the one before, as a part of what is tolerated. Shape (F - 1,).

    Returns:
        Shape (F + 1,): before and after each frame.
    """
    still = np.concatenate([[False], steps < STILL, [False]])
    bounds = np.flatnonzero(still[1:] != still[:-1]) + 1
    for begin, end in zip(bounds[::2], bounds[1::2], strict=True):
        if end - begin < STILL_FRAMES:
            still[begin:end] = False
    return still


def _refined(times: Floats, values: Floats, misfit: Misfit, key: Bools, still: Bools) -> Curve:
    """Add keys where the curve is furthest off, one in each gap, until it is nowhere too far off.

    Not next to a key, though: a short gap beside a long one makes its curve swing.
    """
    key = key.copy()
    while True:
        kept = np.flatnonzero(key)
        curve = _fitted(times, values, kept, still)
        if len(kept) == len(times):
            return curve
        segment = _segment(curve.times, times)
        off = misfit(_rounded(_cubic(curve, times, segment)), values)
        off[kept] = 0.0
        worst = np.maximum.reduceat(off, kept[:-1])
        if worst.max() <= 1.0:
            return curve
        late = np.flatnonzero((off == worst[segment]) & (off > 1.0))
        begin, end = kept[segment[late]], kept[segment[late] + 1]
        quarter = np.maximum((end - begin) // 4, 1)
        key[np.clip(late, begin + quarter, end - quarter)] = True


def _rounded(values: Floats) -> Floats:
    """As exactly as Blender holds them."""
    return values.astype(np.float32).astype(float)


def _spare(curve: Curve, times: Floats, values: Floats, misfit: Misfit, fixed: Bools) -> Ints:
    """Frames whose keys the curve can do without, no two next to each other.

    Each second key is taken away for a try, those of least consequence first.
    """
    inner = np.arange(1, len(curve.kept) - 1)
    inner = inner[~fixed[curve.kept[inner]]]
    cost = np.full(len(curve.kept), np.inf)
    for parity in (0, 1):
        tried = inner[inner % 2 == parity]
        if not len(tried):
            continue
        without = _without(curve, tried)
        segment = _segment(without.times, times)
        off = misfit(_cubic(without, times, segment), values)
        worst = np.maximum.reduceat(off, without.kept[:-1])
        cost[tried] = worst[segment[curve.kept[tried]]]
    allowed = cost <= 1.0
    cost[::2] += TIE
    low = allowed & (cost <= np.roll(cost, 1)) & (cost < np.roll(cost, -1))
    return curve.kept[low]


def _without(curve: Curve, gone: Ints) -> Curve:
    def rest(part: Floats) -> Floats:
        return np.delete(part, gone, axis=0)

    return Curve(
        np.delete(curve.kept, gone),
        rest(curve.times),
        rest(curve.values),
        rest(curve.arriving),
        rest(curve.leaving),
    )


def _segment(keys: Floats, times: Floats) -> Ints:
    """Which gap between keys each time lies in."""
    return np.clip(np.searchsorted(keys, times, side="right") - 1, 0, max(len(keys) - 2, 0))


def _cubic(curve: Curve, times: Floats, segment: Ints) -> Floats:
    if len(curve.times) == 1:
        return np.repeat(curve.values, len(times), axis=0)
    values, ahead, behind = _basis(curve.times, times, segment)
    begin = values * curve.values[segment] + (1.0 - values) * curve.values[segment + 1]
    return begin + ahead * curve.leaving[segment] + behind * curve.arriving[segment + 1]


def _basis(keys: Floats, times: Floats, segment: Ints) -> tuple[Floats, Floats, Floats]:
    """Hermite's cubics: of the value where a gap begins, of the slope there, of that at its end. (N, 1)."""
    width = (keys[segment + 1] - keys[segment])[:, None]
    t = (times - keys[segment])[:, None] / width
    u = 1.0 - t
    return u * u * (1.0 + 2.0 * t), width * t * u * u, -width * t * t * u


def _fitted(times: Floats, values: Floats, kept: Ints, still: Bools) -> Curve:
    """The cubics through the kept frames that come nearest to all others.

    A key at which a stretch of stillness begins or ends has one slope before it and another after it; that
    in the stillness is zero. All others have one slope.
    """
    keys, held = times[kept], values[kept]
    zero = np.zeros_like(held)
    if len(kept) == 1:
        return Curve(kept, keys, held, zero, zero)
    before, after = still[kept], still[kept + 1]
    two = before != after
    arriving = np.arange(len(kept)) + np.concatenate([[0], np.cumsum(two)[:-1]])
    leaving = arriving + two
    flat = np.zeros(leaving[-1] + 1, bool)
    flat[arriving[before]] = flat[leaving[after]] = True
    slopes = _slopes(times, values, kept, arriving, leaving, flat)
    return Curve(kept, keys, held, slopes[arriving], slopes[leaving])


def _slopes(times: Floats, values: Floats, kept: Ints, arriving: Ints, leaving: Ints, flat: Bools) -> Floats:
    """Least squares for the slopes: each gap joins the one it leaves with to the one it arrives with."""
    keys = times[kept]
    segment = _segment(keys, times)
    begin, ahead, behind = _basis(keys, times, segment)
    rest = values - begin * values[kept][segment] - (1.0 - begin) * values[kept][segment + 1]
    gaps = kept[:-1]

    def total(part: Floats) -> Floats:
        return np.add.reduceat(part, gaps)

    width = np.diff(keys)[:, None] ** 2
    measured = np.gradient(values, times, axis=0)[kept]
    slopes = len(flat)
    diagonal, right = np.zeros((slopes, 1)), np.zeros((slopes, values.shape[1]))
    coupling = np.zeros((slopes, 1))
    for side, basis, of in ((leaving[:-1], ahead, measured[:-1]), (arriving[1:], behind, measured[1:])):
        diagonal[side] += total(basis * basis) + MEASURED * width
        right[side] += total(basis * rest) + MEASURED * width * of
    coupling[leaving[:-1]] = total(ahead * behind)
    unused = diagonal[:, 0] == 0.0
    diagonal[flat | unused], right[flat | unused] = 1.0, 0.0
    coupling[flat | unused] = 0.0
    coupling[:-1][(flat | unused)[1:]] = 0.0
    return _tridiagonal(diagonal, coupling, right)


def _tridiagonal(diagonal: Floats, coupling: Floats, right: Floats) -> Floats:
    """Solve a symmetric system whose unknowns are coupled to their neighbours alone (cyclic reduction).

    Args:
        diagonal: Shape (N, 1).
        coupling: Of each unknown to the next one; the last is 0. Shape (N, 1).
        right: Shape (N, C).
    """
    count = len(diagonal)
    lower = np.concatenate([np.zeros((1, 1)), coupling[:-1]])
    upper = coupling.copy()
    reach = 1
    while reach < count:
        none = np.zeros((reach, 1))
        pad = np.ones((reach, 1)), np.zeros((reach, right.shape[1]))
        back = -lower / np.concatenate([pad[0], diagonal[:-reach]])
        ahead = -upper / np.concatenate([diagonal[reach:], pad[0]])
        diagonal = (
            diagonal
            + back * np.concatenate([none, upper[:-reach]])
            + ahead * np.concatenate([lower[reach:], none])
        )
        right = (
            right
            + back * np.concatenate([pad[1], right[:-reach]])
            + ahead * np.concatenate([right[reach:], pad[1]])
        )
        lower = back * np.concatenate([none, lower[:-reach]])
        upper = ahead * np.concatenate([upper[reach:], none])
        reach *= 2
    return right / diagonal
