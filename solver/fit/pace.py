"""Fits at a lower rate, for what changes slowly: which way limbs point, and how long they are.

docs/derivations.md, FIT.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ...take import Floats
from .. import rotations
from ..sight import Sight
from .body import Body

RATE = 10.0
"""Frames a second that a first fit looks at: motion is well below half of that (hertz), but for its peaks."""


def thinned(sight: Sight) -> Sight:
    """The same at no more than `RATE` frames a second: means, weighted by trust, of the frames in between.

    As far as landmarks are exact, the middle one alone is looked at: a mean of places that a limb swings
    through is nearer to its joint.
    """
    first = np.flatnonzero(np.diff(np.floor((sight.times - sight.times[0]) * RATE + 1e-6), prepend=-1.0))
    count = np.diff(np.append(first, len(sight.times)))
    middle = first + count // 2

    def mean(values: Floats, weights: Floats) -> Floats:
        part = weights.reshape(*weights.shape, *[1] * (values.ndim - weights.ndim))
        return np.add.reduceat(values * part, first) / np.add.reduceat(part * np.ones_like(values), first)

    even = np.full(len(sight.times), float(sight.noise.mean()))
    even[middle] = 1.0
    trusted = even[:, None] * (sight.trust + 1e-6)
    return replace(
        sight,
        times=mean(sight.times, even),
        slopes=mean(sight.slopes, trusted),
        metric=mean(sight.metric, trusted),
        trust=mean(sight.trust, even),
        across=mean(sight.across, even),
        error=mean(sight.error, even),
        noise=mean(sight.noise, even),
        hidden=mean(sight.hidden, even),
        hands=sight.hands[middle],
        hand_error=sight.hand_error[middle],
    )


def between(body: Body, times: Floats, wanted: Floats) -> Body:
    """A body at `times` (K,) drawn on to the `wanted` ones (F,), within them."""
    after = np.clip(np.searchsorted(times, wanted, side="right"), 1, max(len(times) - 1, 1))
    before = after - 1
    after = np.minimum(after, len(times) - 1)
    span = np.maximum(times[after] - times[before], 1e-9)
    share = np.clip((wanted - times[before]) / span, 0.0, 1.0)

    def line(values: Floats) -> Floats:
        part = share.reshape(-1, *[1] * (values.ndim - 1))
        return (1 - part) * values[before] + part * values[after]

    balls = rotations.interpolate(body.balls[before], body.balls[after], share[:, None])
    return Body(line(body.root), balls, line(body.bends), line(body.angles), body.lengths)
