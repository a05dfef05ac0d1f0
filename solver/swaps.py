"""Frames in which the nets took the left for the right: seen from behind a body looks much the same.

Such a mistake shows in time alone: from one frame to the next every left point jumps to where the right one
was. The sequence of right and exchanged frames with the least jumping is taken. It looks at depth too: in the
picture alone, left and right of whoever spins change places twice a turn. docs/derivations.md, SWAPS.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ..take import Floats, Hand, Take
from . import rotations
from .landmarks import ANKLES, ELBOWS, HIPS, KNEES, MIRRORED, SHOULDERS, WRISTS
from .viterbi import cheapest

JOINTS = (*SHOULDERS, *ELBOWS, *WRISTS, *HIPS, *KNEES, *ANKLES)
JUMP = 0.05
"""Usual step of a joint from frame to frame, as a share of the body's size."""
EXCHANGED = 0.02
"""Price of each exchanged frame: where nothing jumps, the nets are right."""


def uncrossed(take: Take) -> Take:
    """The same take with left and right put right wherever they were exchanged."""
    metric = np.asarray(take.body_world, float)
    seen = np.isfinite(metric).all((1, 2))
    if not seen.any():
        return take
    crossed = exchanged(metric, seen)
    if not crossed.any():
        return take
    return with_sides_exchanged(take, crossed)


def with_sides_exchanged(take: Take, crossed: NDArray[np.bool_]) -> Take:
    """The same take with left for right in the frames that are `crossed` (F,)."""
    body = {
        name: np.where(crossed.reshape(-1, *[1] * (values.ndim - 1)), values[:, MIRRORED], values)
        for name in ("body_image", "body_world", "body_visibility", "body_confidence")
        for values in [np.asarray(getattr(take, name))]
    }
    return replace(
        take,
        **body,
        left=_mixed(take.left, take.right, crossed),
        right=_mixed(take.right, take.left, crossed),
    )


def _mixed(own: Hand, other: Hand, crossed: NDArray[np.bool_]) -> Hand:
    """`own`, and `other` where `crossed` (F,)."""
    return Hand(
        *(
            np.where(crossed.reshape(-1, *[1] * (np.ndim(mine) - 1)), theirs, mine)
            for mine, theirs in ((own.image, other.image), (own.world, other.world), (own.score, other.score))
        )
    )


def exchanged(metric: Floats, seen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which frames have left and right exchanged, as the rest of the clip shows.

    Args:
        metric: Metres from the middle of the hips. Shape (F, 33, 3).
        seen: Whether the body was. Shape (F,).
    """
    known = np.flatnonzero(seen)
    points, other = metric[known][:, list(JOINTS)], metric[known][:, MIRRORED[list(JOINTS)]]
    size = float(np.median(np.ptp(points[..., :2], axis=1).max(-1)))
    same = jump(points[:-1], points[1:], size)
    across = jump(points[:-1], other[1:], size)
    costs = np.tile([0.0, EXCHANGED], (len(known), 1))
    steps = np.stack([np.stack([same, across], -1), np.stack([across, same], -1)], -2)
    found = np.zeros(len(seen), bool)
    found[known] = cheapest(costs, steps).astype(bool)
    return found


def jump(before: Floats, after: Floats, size: float) -> Floats:
    """Robust sum of the joints' steps, (K, J, 3) to (K,)."""
    step = after - before
    return np.log1p(rotations.dot(step, step) / (JUMP * size) ** 2).sum(-1)
