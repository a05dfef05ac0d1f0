"""How the digits bend, from their landmarks and how the hand is turned. docs/derivations.md, FINGERS."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..take import Floats
from . import rotations
from .hand_model import AXES, ROOTS, reach, turns
from .hand_view import HandView
from .humanoid import FINGERS, finger_slots
from .landmarks import FINGER_ROOTS
from .smooth import smooth

ACROSS = np.array([[0.08, 0.08, 0.09]] + 4 * [[0.06, 0.08, 0.09]])
ACROSS_PIXELS = 1.5
DEPTH, DEPTH_PIXELS = np.array([0.10, 0.14, 0.18]), 4.5
"""Standard errors of a digit's landmarks across the view and in depth: palms, and pixels (rendered hands)."""
WORTH = 0.5
"""Landmarks of a digit err together: each counts for so many."""
ACROSS_TAIL, DEPTH_TAIL, DEPTH_WORTH = 3.0, 1.0, 1.5
"""Mean squares at which a landmark counts half, and how much depth counts beside."""
RESTING = np.radians([[0.0, 5.0, 12.0]] + 4 * [[0.0, 45.0, 35.0]])
"""Aside, bend of the root and of the middle joint of a hand at rest, radians. Shape (5, 3)."""
SPREAD = np.radians([[10.0, 16.0, 22.0]] + 4 * [[8.0, 30.0, 35.0]])
"""Of everyday hands about that."""
TOGETHER = 0.6
"""Correlation of the bends of a finger's root and middle joint: hands close (Santello et al. 1998)."""
LOW = np.radians([[-35.0, -25.0, -20.0]] + 4 * [[-20.0, -30.0, -5.0]])
HIGH = np.radians([[35.0, 50.0, 75.0]] + 4 * [[20.0, 95.0, 115.0]])
"""Ranges, radians (AAOS, Joint Motion: knuckles 90, middle joints 100 degrees; some people more)."""
LIMIT = np.radians(10.0)
"""How hard they are."""
STEPS = 4
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


def bend(view: HandView, hand: Floats, steps: int = STEPS, start: Floats = RESTING) -> Floats:
    """How digits bend, frame by frame: damped Gauss-Newton on landmarks, rest and ranges.

    Args:
        view: Of the hand.
        hand: Rotations of it in the view's axes. Shape (F, 4).
        steps: Of Gauss-Newton.
        start: Angles to begin with, broadcast against (F, 5, 3).

    Returns:
        Aside, bend of the root and of the middle joint, radians. Shape (F, 5, 3).
    """
    turn = rotations.to_matrix(hand)[:, None] * view.palm
    roots = (turn @ ROOTS[..., None])[..., 0]
    aims = view.points.take(_JOINTS, 1) - roots[:, :, None]
    frames = (turn @ np.swapaxes(AXES, -1, -2))[:, :, None]
    errors = _Errors.of(view)
    angles = np.broadcast_to(start, roots.shape).copy()
    for _ in range(steps):
        gradient, curvature = _linear(angles, frames, aims, errors)
        step = np.linalg.solve(curvature, gradient[..., None])[..., 0]
        angles -= np.minimum(np.maximum(step, -LONGEST_STEP), LONGEST_STEP)
    return angles


@dataclass(frozen=True)
class _Errors:
    """What misses of the landmarks count over F frames.

    Attributes:
        scale: Of half a square across the view, of that again, and of a square in depth. Shape (F, 5, 3, 3).
        worth: Of a landmark, across the view and in depth. Shape (F, 1, 1, 2).
    """

    scale: Floats
    worth: Floats

    @staticmethod
    def of(view: HandView) -> _Errors:
        pixel = view.pixel[:, None, None]
        across = (ACROSS * view.palm) ** 2 + (ACROSS_PIXELS * pixel) ** 2
        depth = (DEPTH * view.palm) ** 2 + (DEPTH_PIXELS * pixel) ** 2
        scale = np.empty((*across.shape, 3))
        scale[..., :2], scale[..., 2] = 0.5 / across[..., None], 1.0 / depth
        return _Errors(scale, WORTH * view.seen[:, None, None, None] * [1.0, DEPTH_WORTH])


def _linear(angles: Floats, frames: Floats, aims: Floats, errors: _Errors) -> tuple[Floats, Floats]:
    """Gradient (F, 5, 3) and curvature (F, 5, 3, 3) at angles (F, 5, 3): the bones' ends belong at `aims`."""
    way = frames @ reach(angles)
    way[..., 0] -= aims
    fits = 1.0 + np.dot(way[..., 0] ** 2 * errors.scale, _TWO) / _TAILS
    weight = np.dot(errors.worth * [2.0, 1.0] / fits, _TWO.T) * errors.scale
    rows = way.reshape(*angles.shape[:-1], 9, 4)
    both = np.swapaxes(rows[..., 1:] * weight.reshape(*rows.shape[:-1], 1), -1, -2) @ rows
    beyond = angles - np.minimum(np.maximum(angles, LOW), HIGH)
    pulled = (_REST_WEIGHT @ (angles - RESTING)[..., None])[..., 0]
    gradient = both[..., 0] + pulled + beyond / LIMIT**2
    curvature = both[..., 1:] + _REST_WEIGHT + (beyond != 0)[..., None] * _STIFF
    return gradient, curvature


_STIFF = np.eye(3) / LIMIT**2
_TAILS = np.array([ACROSS_TAIL, DEPTH_TAIL])
_TWO = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
"""Sums x and y, and leaves z."""


def _covariance() -> Floats:
    """Of the angles of a digit about their rest. Shape (5, 3, 3)."""
    correlation = np.tile(np.eye(3), (5, 1, 1))
    correlation[1:, 1, 2] = correlation[1:, 2, 1] = TOGETHER
    return correlation * SPREAD[:, :, None] * SPREAD[:, None, :]


_JOINTS = np.array([FINGER_ROOTS[finger] for finger in FINGERS])[:, None] + [1, 2, 3]
"""Landmarks that a digit's bones end at. Shape (5, 3)."""
_REST_WEIGHT = np.linalg.inv(_covariance())
