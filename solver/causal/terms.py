"""What a frame says of the body: the fit's terms as rows of one product. docs/derivations.md, TERMS, LIVE."""

from __future__ import annotations

import numpy as np

from ...take import Floats
from .. import rotations
from ..fit.ranges import FOOT_BALLS, FOOT_SPREAD, HIGH, LIMB_BALLS, LIMBS, LOW, REST, SPREAD, TWIST_SPREAD
from ..fit.skeleton import ANGLES, BENDS, FREEDOMS, NODE, angle_column, ball_columns
from ..fit.terms import FOOT_COLUMNS, TWIST_COLUMNS, TWIST_SIGNS, WEIGHTS, twist_from_hanging
from ..fit.unseen import pull
from ..humanoid import SIDES
from ..landmarks import HIPS
from ..sight import Sight
from .linear import Linear

TOLERANCE = 6.0
"""Standard errors at which an image landmark counts half: what comes as a surprise may yet be true."""


def evidence(at: Linear, sight: Sight, held: float) -> tuple[Floats, Floats]:
    """Curvature (N, N) and gradient (N,) of the fit's terms by the state and the lengths together.

    The limits of shoulders, hips and feet are left out: as they stand in the fit they hold back what moves.

    Args:
        at: Where the body is expected.
        sight: Of one frame.
        held: Seconds that its evidence counts for.
    """
    rows, misses = _seen(at, sight, held)
    curvature, gradient = rows @ rows.T, -(rows @ misses)
    residual, weight = _expected(at, sight, held)
    curvature.ravel()[: FREEDOMS * len(curvature) : len(curvature) + 1] += weight
    gradient[:FREEDOMS] -= residual
    return curvature, gradient


def _seen(at: Linear, sight: Sight, held: float) -> tuple[Floats, Floats]:
    """Landmarks and hands: derivatives (N, R) and misses (R,) in units of their errors."""
    points, slopes, trust, noise = (
        at.placed.landmarks[0].T, sight.slopes[0].T, sight.trust[0], sight.noise[0],
    )  # fmt: skip
    error = sight.error[0].T * noise
    deep = points - (points[:, _LEFT] + points[:, _RIGHT])[:, None] / 2.0 - sight.metric[0].T
    close = ((deep / sight.error[0].T) ** 2).sum(0) / 9.0
    deep_weight = np.sqrt(held * trust / (1.0 + close)) / error
    flat = points[:2] - slopes * points[2]
    across = sight.across[0]
    close = ((flat / across) ** 2).sum(0) / TOLERANCE**2
    flat_weight = trust * np.sqrt(held / (1.0 + close)) / (across * noise)

    moves = at.moves
    count = len(moves)
    middle = (moves[:, :, _LEFT] + moves[:, :, _RIGHT])[:, :, None] / 2.0
    hands = np.isfinite(sight.hand_error[0]).any()
    rows = np.zeros((count, _ROWS + 6 * hands))
    misses = np.empty(rows.shape[1])
    rows[:, :_DEEP] = ((moves - middle) * deep_weight).reshape(count, _DEEP)
    rows[:, _DEEP:_ROWS] = ((moves[:, :2] - slopes * moves[:, 2:]) * flat_weight).reshape(count, -1)
    misses[:_DEEP], misses[_DEEP:_ROWS] = (deep * deep_weight).ravel(), (flat * flat_weight).ravel()
    if hands:
        turned = rotations.from_matrix(at.placed.turned[0, _HANDS])
        miss = rotations.to_vector(rotations.multiply(turned, rotations.inverse(sight.hands[0])))
        wide = sight.hand_error[0]
        weight = np.sqrt(held / (1.0 + (miss**2).sum(-1) / (3.0 * wide) ** 2)) / wide
        misses[_ROWS:] = (miss * weight[:, None]).ravel()
        rows[:FREEDOMS, _ROWS:] = at.turns * np.repeat(weight, 3)
    return rows, misses


def _expected(at: Linear, sight: Sight, held: float) -> tuple[Floats, Floats]:
    """Ranges, rests and twists: weighted residuals, and their weights. Both (FREEDOMS,)."""
    body = at.body
    values = np.zeros(FREEDOMS)
    values[_BENDS], values[_ANGLES] = body.bends[0].ravel(), body.angles[0]
    outside = values - np.minimum(np.maximum(values, LOW), HIGH)
    weight = held * (_REST_WEIGHT + (outside != 0.0) / WEIGHTS.limit**2)
    residual = held * (_REST_WEIGHT * (values - REST) + outside / WEIGHTS.limit**2)
    balls = body.balls[0]
    turned = np.empty(len(_FREE))
    turned[: len(LIMBS)] = TWIST_SIGNS * twist_from_hanging(balls[LIMB_BALLS])
    turned[len(LIMBS) :] = rotations.to_vector(balls[FOOT_BALLS]).ravel()
    weight[_FREE] += held * _FREE_WEIGHT
    residual[_FREE] += held * _FREE_WEIGHT * turned
    if sight.hidden.any():
        away, pulls = pull(body, sight.hidden)
        weight += held * pulls[0]
        residual += held * pulls[0] * away[0]
    return residual, weight


_LEFT, _RIGHT = HIPS
_DEEP, _ROWS = 3 * 33, 5 * 33
_HANDS = [NODE[f"{side}Hand"] for side in SIDES]
_BENDS = slice(ball_columns(BENDS[0]).start, ball_columns(BENDS[-1]).stop)
_ANGLES = slice(angle_column(ANGLES[0]), FREEDOMS)
_REST_WEIGHT = WEIGHTS.rest / SPREAD**2
_FREE = np.concatenate([TWIST_COLUMNS, FOOT_COLUMNS])
_FREE_WEIGHT = WEIGHTS.rest * np.concatenate(
    [TWIST_SPREAD**-2.0, np.tile(FOOT_SPREAD**-2.0, len(FOOT_BALLS))]
)
