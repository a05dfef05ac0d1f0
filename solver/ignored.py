"""Stretches in which the nets are not believed: motion runs on over them. docs/derivations.md, EDITS."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..take import Take
from .edits import LIMBS, Spans, inside
from .hand_view import without
from .humanoid import SIDES
from .sight import Sight
from .smooth import bridge

FAINT = 1e-3
"""Trust in what is put where the nets are ignored: it holds ends in their place and yields to all else."""


def without_ignored(sight: Sight, ignore: Spans) -> Sight:
    """The same without what was seen of the parts while the nets are ignored.

    In its place is what lies straight between what was seen before and after, with next to no trust in it.
    """
    slopes, metric, trust = sight.slopes.copy(), sight.metric.copy(), sight.trust.copy()
    for part, stretches in ignore.items():
        lost, points = inside(stretches, sight.times), LIMBS[part]
        if not lost.all():
            slopes[:, points] = bridge(slopes[:, points], sight.times, ~lost)
            metric[:, points] = bridge(metric[:, points], sight.times, ~lost)
        trust[:, points] = np.where(lost[:, None], np.minimum(trust[:, points], FAINT), trust[:, points])
    return replace(sight, slopes=slopes, metric=metric, trust=trust)


def without_ignored_hands(take: Take, ignore: Spans) -> Take:
    """The same without the hands of arms while the nets are ignored."""
    whole = ignore.get("body", ())
    left, right = (
        without(hand, inside((*ignore.get(f"{side}_arm", ()), *whole), take.times))
        for side, hand in zip(SIDES, (take.left, take.right), strict=True)
    )
    return replace(take, left=left, right=right)
