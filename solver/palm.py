"""How a hand is turned, from the six landmarks of its palm and from where its forearm is.

The picture tells the palm's landmarks well, their depth badly: a small palm and its mirror image in depth
look alike, and the net mistakes one for the other in a third of the frames. So each frame gets several
candidates, each the optimum near one guess, and the cheapest path through them is taken.
docs/derivations.md, PALMS.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..take import Floats
from . import rotations
from .fingers import bend
from .hand_model import PALM, PALM_SHAPE
from .hand_view import HandView
from .rest import OUT
from .viterbi import cheapest

ACROSS, ACROSS_PIXELS = 0.06, 1.5
DEPTH, DEPTH_PIXELS = 0.10, 3.0
"""Standard errors of a palm's landmarks across the view and in depth: palms, and pixels (rendered hands)."""
WORTH = 8.0
"""For how many independent measurements the landmarks of a palm count."""
SURE_DEPTH = 55.0
"""Pixels of a palm at which depth counts half as much as the picture: a small palm is often seen tilted the
wrong way (of rendered hands a third at 20 pixels, none at 45)."""
ACROSS_TAIL, DEPTH_TAIL = 2.0, 0.5
"""Mean squares at which half of that is left."""
RESTING = np.radians([0.0, -12.0, 0.0])
"""A wrist rests a little extended. Rotation vector against the forearm, palm down."""
SPREAD = np.radians([35.0, 18.0, 12.0])
"""Of forearm twist, flexion and deviation about that, radians."""
BENDS = np.radians([-60.0, 60.0])
"""Flexions of the wrist from which it is guessed, beside what the net says."""
TURNING = 6.0
"""Usual angular speed of a hand, rad/s."""
JUMP = 20.0
"""What a jump between candidates costs at most."""
THUMB = slice(0, 1)
THUMB_WORTH, THUMB_STEPS = 2.0, 3
"""What is left of the thumb's fit counts beside: a thumb closes towards the palm, not from its back."""
STEPS = 4
LONGEST_STEP = 0.6
DAMPING = 2.0
"""Gauss-Newton: how many steps, how far one goes at most (radians), and what is added to the diagonal."""

_DAMPING, _RESTING = DAMPING * np.eye(3), rotations.from_vector(RESTING)
_BENT = rotations.from_axis_angle([0.0, 1.0, 0.0], BENDS)


@dataclass(frozen=True)
class Palms:
    """How a hand is turned from the T-pose, camera axes (F, 4), and the standard error, radians (F,).

    The error is infinite where the hand was not seen.
    """

    turned: Floats
    error: Floats


def palm(view: HandView, forearm: Floats, times: Floats) -> Palms:
    """The turn of a hand over time.

    Args:
        view: Of the hand.
        forearm: Rotation of its forearm before pronation, camera axes. Shape (F, 4).
        times: Seconds. Shape (F,).
    """
    found = candidates(view, forearm)
    thumb = bend(view, found.turned, THUMB, THUMB_STEPS)[1][..., 0]
    found = replace(found, cost=found.cost + THUMB_WORTH * thumb)
    return chosen(view, found, cheapest(found.cost.T, _step_cost(found.turned, times)))


@dataclass(frozen=True)
class Candidates:
    """K ways in which a hand may be turned in each of F frames, in its view's axes.

    Attributes:
        turned: Rotations. Shape (K, F, 4).
        cost: Twice the negative logarithm of how likely each is. Shape (K, F).
        curvature: Of half of it. Shape (K, F, 3, 3).
    """

    turned: Floats
    cost: Floats
    curvature: Floats


def candidates(
    view: HandView, forearm: Floats, before: Floats | None = None, steps: int = STEPS
) -> Candidates:
    """The optima near the guesses, frame by frame, but for what the thumb says.

    Args:
        view: Of the hand.
        forearm: As in `palm`.
        before: How the hand was turned in the frame before, camera axes; a guess in place of those of
            what a wrist can do. Shape (F, 4).
        steps: Of Gauss-Newton.
    """
    resting = rotations.multiply(view.of_camera(forearm), _RESTING)
    moments, rest = _Moments.of(view), _Rest.of(resting)
    guesses = _guesses(view, resting, None if before is None else view.of_camera(before))
    for _ in range(steps):
        gradient, curvature, _ = _linear(guesses, moments, rest)
        curvature += _DAMPING
        step = -np.linalg.solve(curvature, gradient[..., None])[..., 0]
        step *= np.minimum(1.0, LONGEST_STEP / np.maximum(rotations.length(step), 1e-9))
        guesses = rotations.multiply(rotations.from_vector(step), guesses)
    _, curvature, cost = _linear(guesses, moments, rest)
    return Candidates(guesses, cost, curvature)


def chosen(view: HandView, found: Candidates, path: NDArray[np.intp]) -> Palms:
    """Of the candidates those on a `path` (F,)."""
    rows = np.arange(len(path))
    turned = found.turned[path, rows]
    error = _error(found.turned, found.cost, found.curvature[path, rows], turned)
    return Palms(view.to_camera(turned), np.where(view.seen, error, np.inf))


def wrist(side: str, local: Floats) -> Floats:
    """Pronation, flexion and deviation of a hand against its unturned forearm, radians.

    Args:
        side: "left" or "right".
        local: Rotation, first of deviation, then of flexion, then of pronation. Shape (F, 4).

    Returns:
        Shape (F, 3).
    """
    m = rotations.to_matrix(local)
    pronation = np.arctan2(-m[:, 1, 2], m[:, 2, 2])
    flexion = np.arcsin(np.clip(m[:, 0, 2], -1.0, 1.0))
    deviation = np.arctan2(-m[:, 0, 1], m[:, 0, 0])
    mirror = OUT[side][0]
    return np.stack([pronation, mirror * flexion, mirror * deviation], axis=-1)


@dataclass(frozen=True)
class _Moments:
    """All that the fit needs of the palm's landmarks, means over them.

    Attributes:
        shape: Second moments of the model's. Shape (3, 3).
        mixed: Of the model's with the seen ones. Shape (F, 3, 3).
        seen: Of the seen ones. Shape (F, 3).
        weight: Of half a square across the view, of that again, and of a square in depth. Shape (F, 3).
        worth: For how many measurements each of the two counts, times its tail. Shape (F, 2).
    """

    shape: Floats
    mixed: Floats
    seen: Floats
    weight: Floats
    worth: Floats

    @staticmethod
    def of(view: HandView) -> _Moments:
        model, points = PALM_SHAPE * view.palm, view.points.take(PALM, 1)
        count = len(PALM)
        across = (ACROSS * view.palm) ** 2 + (ACROSS_PIXELS * view.pixel) ** 2
        depth = (DEPTH * view.palm) ** 2 + (DEPTH_PIXELS * view.pixel) ** 2
        flat, deep = view.seen / across, view.seen / depth
        worth = WORTH / (1.0 + (SURE_DEPTH * view.pixel / view.palm) ** 2)
        weights, worths = np.empty((len(worth), 3)), np.full((len(worth), 2), WORTH)
        weights[:, :2], weights[:, 2], worths[:, 1] = 0.5 * flat[:, None], deep, worth
        square = (points * points).sum(1) / count
        return _Moments(model.T @ model / count, model.T @ points / count, square, weights, worths)


@dataclass(frozen=True)
class _Rest:
    """Where a hand rests: the rotation back from there (F, 4), what a turn from it pulls, and how stiffly.

    The last two are (F, 3, 3).
    """

    back: Floats
    pull: Floats
    stiffness: Floats

    @staticmethod
    def of(resting: Floats) -> _Rest:
        axes = rotations.to_matrix(resting)
        pull = axes * SPREAD**-2.0
        return _Rest(rotations.inverse(resting), pull, pull @ np.swapaxes(axes, -1, -2))


def _guesses(view: HandView, resting: Floats, before: Floats | None) -> Floats:
    """As the net says, its mirror image in depth, and as before or what a wrist can do. Shape (K, F, 4)."""
    seen = _read(view.points)
    other = rotations.multiply(resting, _BENT[:, None]) if before is None else before[None]
    guesses = np.concatenate([seen, other])
    return np.where(np.isfinite(guesses), guesses, resting)


def _read(points: Floats) -> Floats:
    """Along the wrist and the middle knuckle, flat as the knuckles lie; and its mirror image in depth.

    Shape (F, 21, 3) to (2, F, 4).
    """
    ways = (points.take([9, 17], 1) - points.take([0, 5], 1)) * _IN_DEPTH
    return rotations.from_matrix(rotations.frame(ways[:, :, 0], ways[:, :, 1]))


_IN_DEPTH = np.array([[1.0, 1.0, 1.0], [1.0, 1.0, -1.0]])[:, None, None]


def _linear(turned: Floats, moments: _Moments, rest: _Rest) -> tuple[Floats, Floats, Floats]:
    """Gradient (K, F, 3), curvature (K, F, 3, 3) and cost (K, F) at rotations (K, F, 4)."""
    turn = rotations.to_matrix(turned)
    model, mixed = turn @ moments.shape @ np.swapaxes(turn, -1, -2), turn @ moments.mixed
    squares = (model - 2.0 * mixed).reshape(*turned.shape[:-1], 9)[..., ::4]
    squares = (squares + moments.seen) * moments.weight
    misses = 1.0 + (squares @ _TWO) / _TAILS
    weights = (moments.worth / misses * moments.weight[:, 1:] * [2.0, 1.0]) @ _FLAT_AND_DEEP
    miss = ((model - mixed) * weights[..., None, :]).reshape(*turned.shape[:-1], 9)
    own = (model.reshape(*miss.shape) @ _CURVATURES).reshape(*turned.shape[:-1], 3, 9)
    bent = rotations.to_vector(rotations.multiply(rest.back, turned))
    gradient = miss @ _GRADIENT + (rest.pull @ bent[..., None])[..., 0]
    curvature = (weights[..., None, :] @ own).reshape(model.shape) + rest.stiffness
    cost = (moments.worth * _TAILS * np.log(misses)).sum(-1)
    return gradient, curvature, cost + ((bent / SPREAD) ** 2).sum(-1)


_TAILS = np.array([ACROSS_TAIL, DEPTH_TAIL])
_TWO = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
_FLAT_AND_DEEP = _TWO.T


def _turning() -> tuple[Floats, Floats]:
    """Of half the weighted squares of turned points by a further turn, from moments of x, y and z.

    Returns:
        The gradient from the weighted moments of points with misses (9, 3), and the curvature of each axis'
        squares from the moments of the points (9, 3 * 9).
    """
    gradient, curvature = np.zeros((3, 3, 3)), np.zeros((3, 3, 3, 3, 3))
    for i, j, k in ((0, 1, 2), (1, 2, 0), (2, 0, 1)):
        gradient[j, k, i], gradient[k, j, i] = 1.0, -1.0
    for axis in range(3):  # a turn w moves this coordinate of p by (w x p): rows of a cross matrix
        cross = np.stack([np.cross(turn, np.eye(3))[:, axis] for turn in np.eye(3)])
        curvature[:, :, axis] = np.einsum("ua,vb->abuv", cross, cross)
    return gradient.reshape(9, 3), curvature.reshape(9, 27)


_GRADIENT, _CURVATURES = _turning()


def _step_cost(turned: Floats, times: Floats) -> Floats:
    """Of turning from each candidate (K, F, 4) to each of the next frame's. Shape (F-1, K, K)."""
    angle = rotations.angle_between(turned[:, None, :-1], turned[None, :, 1:])
    usual = TURNING * np.diff(times)
    return np.moveaxis(jump_cost(angle / usual), -1, 0)


def jump_cost(turned: Floats) -> Floats:
    """Of turning so far from one frame to the next, in units of what is usual."""
    return JUMP * (1 - np.exp(-(turned**2) / JUMP))


def _error(guesses: Floats, cost: Floats, curvature: Floats, turned: Floats) -> Floats:
    """Of the optimum, and of having taken the wrong one. Shape (F,)."""
    near = np.trace(np.linalg.inv(curvature), axis1=-2, axis2=-1) / 3
    likely = np.exp(-(cost - cost.min(0)) / 2)
    likely /= likely.sum(0)
    far = (likely * rotations.angle_between(guesses, turned) ** 2).sum(0) / 3
    return np.sqrt(near + far)
