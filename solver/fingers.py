"""How the digits bend, from their landmarks and how the hand is turned. See docs/derivations.md, Fingers."""

from __future__ import annotations

import numpy as np

from ..take import Floats
from . import rotations
from .hand_model import ROOTS, bones, turns
from .hand_view import HandView
from .humanoid import FINGERS, finger_slots
from .landmarks import FINGER_ROOTS
from .smooth import smooth

ACROSS = np.array([[0.12, 0.12, 0.13]] + 4 * [[0.085, 0.105, 0.12]])
"""Standard error across the view of the second, third and last landmark of each digit, palms."""
DEPTH = np.array([0.21, 0.27, 0.32])
"""Of their depth."""
WORTH = 0.5
"""Landmarks of a digit err together: each counts for so many."""
ACROSS_TAIL, DEPTH_TAIL, DEPTH_WORTH = 3.0, 1.0, 1.5
"""Mean squares at which a landmark counts half, and how much depth counts beside."""
RESTING = np.radians([[0.0, 5.0, 12.0]] + 4 * [[0.0, 45.0, 35.0]])
"""Aside, bend of the root and of the middle joint of a hand at rest, radians. Shape (5, 3)."""
SPREAD = np.radians([[8.0, 12.0, 18.0]] + 4 * [[5.0, 30.0, 35.0]])
"""Of everyday hands about that."""
TOGETHER = 0.6
"""Correlation of the bends of a finger's root and middle joint: hands open and close (Santello et al. 1998)."""
LOW = np.radians([[-25.0, -25.0, -20.0]] + 4 * [[-20.0, -30.0, -5.0]])
HIGH = np.radians([[25.0, 50.0, 75.0]] + 4 * [[20.0, 95.0, 115.0]])
"""Ranges (AAOS, Joint Motion: knuckles to 90, middle joints to 100, thumbs to 50 and 80 degrees; some people more)."""
LIMIT = np.radians(10.0)
"""How hard they are."""
STEPS = 5
LONGEST_STEP = 0.6
CUTOFF = 5.0
"""Hertz: what is left of the fingers' motion after smoothing."""
UNSEEN = 0.05
"""Weight of a resting hand while none is seen."""
_MIRROR = np.array([1.0, 1.0, -1.0, -1.0])


def fingers(view: HandView, hand: Floats, times: Floats) -> dict[str, Floats]:
    """Rotation of each finger slot against the hand, at rest where the hand is not seen. Each (F, 4).

    Args:
        view: Of the hand.
        hand: Its rotation, camera axes. Shape (F, 4).
        times: Seconds. Shape (F,).
    """
    angles = bend(view, view.of_camera(hand))
    angles = smooth(angles, times, CUTOFF, np.where(view.seen, 1.0, UNSEEN))
    turned = turns(np.clip(angles, LOW, HIGH))
    if view.side == "right":
        turned = turned * _MIRROR
    return {
        slot: turned[:, digit, bone]
        for digit, finger in enumerate(FINGERS)
        for bone, slot in enumerate(finger_slots(view.side, finger))
    }


def bend(view: HandView, hand: Floats) -> Floats:
    """Aside, bend of the root and of the middle joint of each digit, frame by frame. Shape (F, 5, 3).

    Damped Gauss-Newton on the landmarks' distances from the model's, the rest and the ranges;
    `hand` (F, 4) is in the view's axes.
    """
    roots = np.array([FINGER_ROOTS[finger] for finger in FINGERS])
    seen = view.points[:, roots[:, None] + [1, 2, 3]]
    turn = rotations.to_matrix(hand)[:, None, None] * view.palm
    start = (turn @ ROOTS[:, None, :, None])[..., 0]
    across = (ACROSS * view.palm) ** 2
    depth = (DEPTH * view.palm) ** 2
    resting = np.linalg.inv(_covariance())
    angles = np.tile(RESTING, (len(hand), 1, 1))
    for _ in range(STEPS):
        model, slopes = bones(angles)
        miss = start + (turn @ np.cumsum(model, axis=-2)[..., None])[..., 0] - seen
        slopes = turn @ np.cumsum(slopes, axis=-3)
        weight = WORTH * view.seen[:, None, None, None] * _weights(miss, across, depth)
        weighted = slopes * weight[..., None]
        curvature = np.einsum("fdbij,fdbik->fdjk", weighted, slopes) + resting
        gradient = np.einsum("fdbij,fdbi->fdj", weighted, miss)
        gradient += (resting @ (angles - RESTING)[..., None])[..., 0]
        beyond = angles - np.clip(angles, LOW, HIGH)
        gradient += beyond / LIMIT**2
        curvature += (beyond != 0)[..., None] * np.eye(3) / LIMIT**2
        step = np.linalg.solve(curvature, gradient[..., None])[..., 0]
        angles = angles - np.clip(step, -LONGEST_STEP, LONGEST_STEP)
    return angles


def _weights(miss: Floats, across: Floats, depth: Floats) -> Floats:
    """Of each coordinate of the misses (F, 5, 3, 3), with Cauchy tails: across the view, and in depth."""
    flat = (miss[..., :2] ** 2).mean(-1) / across
    deep = miss[..., 2] ** 2 / depth
    flat = 1 / (1 + flat / ACROSS_TAIL) / across
    deep = DEPTH_WORTH / (1 + deep / DEPTH_TAIL) / depth
    return np.stack([flat, flat, deep], axis=-1)


def _covariance() -> Floats:
    """Of the angles of a digit about their rest. Shape (5, 3, 3)."""
    correlation = np.tile(np.eye(3), (5, 1, 1))
    correlation[1:, 1, 2] = correlation[1:, 2, 1] = TOGETHER
    return correlation * SPREAD[:, :, None] * SPREAD[:, None, :]
