"""Frames in which the nets took the left for the right: seen from behind a body looks much the same.

Such a mistake shows in time alone: from one frame to the next every left point jumps to where the right one
was. The sequence of right and exchanged frames with the least jumping is taken, for the upper body and the
legs apart: where legs cross, nobody can tell by them. It looks at depth too: in the picture alone, left and
right of whoever spins change places twice a turn. docs/derivations.md, SWAPS.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ..take import Floats, Hand, Take
from . import rotations
from .landmarks import ANKLES, ELBOWS, HIPS, KNEES, LANDMARKS, MIRRORED, SHOULDERS, WRISTS
from .viterbi import cheapest

JOINTS = np.array([*SHOULDERS, *ELBOWS, *WRISTS, *HIPS, *KNEES, *ANKLES])
"""By which they are followed: half of them are the upper body's."""
IS_LEG = np.arange(LANDMARKS) >= HIPS[0]
STATES = np.array([[False, False], [False, True], [True, False], [True, True]])
"""Whether the upper body and the legs are exchanged."""
JUMP = 0.05
"""Usual step of a joint from frame to frame, as a share of the body's size."""
EXCHANGED = 0.01
"""Price of each half that is exchanged in a frame: where nothing jumps, the nets are right."""
APART = 1.0
"""Price of a frame in which one half is exchanged and the other is not: that is seldom."""
PRICES = EXCHANGED * STATES.sum(1) + APART * (STATES[:, 0] != STATES[:, 1])


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
    """The same take with left for right in the frames and halves that are `crossed` (F, 2)."""
    swapped = np.where(IS_LEG, crossed[:, 1:], crossed[:, :1])
    body = {
        name: np.where(swapped.reshape(*swapped.shape, *[1] * (values.ndim - 2)), values[:, MIRRORED], values)
        for name in ("body_image", "body_world", "body_visibility", "body_confidence")
        for values in [np.asarray(getattr(take, name))]
    }
    return replace(
        take,
        **body,
        left=_mixed(take.left, take.right, crossed[:, 0]),
        right=_mixed(take.right, take.left, crossed[:, 0]),
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

    Returns:
        Of the upper body and of the legs. Shape (F, 2).
    """
    points = metric[seen]
    found = np.zeros((len(seen), 2), bool)
    steps = jumps(points[:-1], points[1:], float(np.median(size_of(points))))
    found[seen] = STATES[cheapest(np.tile(PRICES, (len(points), 1)), steps)]
    return found


def size_of(points: Floats) -> Floats:
    """Across the view, from the first to the last of the joints. Shape (K, 33, 3) to (K,)."""
    return np.ptp(points[:, JOINTS, :2], axis=1).max(-1)


def jumps(before: Floats, after: Floats, size: float) -> Floats:
    """What it costs to go from each of `STATES` in one frame to each in the next: robust sums of steps.

    Args:
        before: Metric landmarks of K frames. Shape (K, 33, 3).
        after: Of the frames after them. Shape (K, 33, 3).
        size: Of the body, metres.

    Returns:
        Shape (K, 4, 4).
    """
    steps = after[:, _STRAIGHT_AND_CROSSED] - before[:, None, JOINTS]
    costs = np.log1p(rotations.dot(steps, steps) / (JUMP * size) ** 2)
    return (costs.reshape(-1, len(_COUNTED)) @ _COUNTED).reshape(-1, len(STATES), len(STATES))


_STRAIGHT_AND_CROSSED = np.stack([JOINTS, MIRRORED[JOINTS]])


def _counted() -> Floats:
    """Which straight and which crossed steps of joints count in which change of state. Shape (24, 16)."""
    changed = STATES[:, None] != STATES  # (4, 4, 2)
    crossed = np.repeat(changed, len(JOINTS) // 2, axis=-1).reshape(-1, len(JOINTS)).T
    return np.concatenate([~crossed, crossed]).astype(float)


_COUNTED = _counted()
