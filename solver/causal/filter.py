"""The fit's causal half: an extended Kalman filter over all that a body can do.

It weighs the same terms as the fit of a whole clip, with white noise as the accelerations, so it is the
filter of which that fit is the smoother. docs/derivations.md, LIVE.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import get_lapack_funcs

from ...take import Floats
from ..fit.body import Body
from ..fit.ranges import HIGH, LOW
from ..fit.skeleton import ANGLES, BENDS, FREEDOMS, LENGTHS, angle_column, ball_columns
from ..fit.terms import ACCELERATED, HANDS, WEIGHTS
from ..sight import Sight
from .linear import Linear, linear
from .terms import evidence

_factor, _invert, _solve, _solve_whole = get_lapack_funcs(("potrf", "potri", "potrs", "posv"), (np.eye(1),))
LASTS = 0.1
"""Seconds in which a velocity dies away, to 1/e: motion turns round (Singer 1970)."""
LONGEST = 0.1
"""A frame's evidence counts for no more seconds than this, however long the one before is gone."""
LONGEST_STEP = 1.0
"""Metres or radians that one step goes at most."""
START = np.concatenate([np.full(3, 1.0), np.full(FREEDOMS - 3, 0.7)])
"""Standard error of a first guess, metres and radians."""
START_VELOCITY = np.concatenate([np.full(3, 1.0), np.full(FREEDOMS - 3, 3.0)])
"""And of a velocity of zero, a second."""
SIZE = 0.15
"""Standard deviation of the logarithm of people's size."""
STILL = 0.02
"""m/s that a standing point moves."""


@dataclass(frozen=True)
class Estimate:
    """A body in one frame, and how sure it is.

    Attributes:
        body: Of one frame.
        velocity: Of its state, a second. Shape (FREEDOMS,).
        covariance: Of the state, the lengths while they are measured, and the velocity, in that order.
        agility: Spectral density of the state's acceleration. Shape (FREEDOMS, FREEDOMS).
    """

    body: Body
    velocity: Floats
    covariance: Floats
    agility: Floats

    @property
    def measures(self) -> bool:
        """Whether the lengths are still measured."""
        return len(self.covariance) > 2 * FREEDOMS

    @property
    def measured(self) -> Floats:
        """Covariance of what landmarks measure: of the state, and of the lengths while they are unknown."""
        return self.covariance[:-FREEDOMS, :-FREEDOMS]


def begun(body: Body) -> Estimate:
    """Of a first guess."""
    covariance = np.diag(np.concatenate([START, START_VELOCITY]) ** 2.0)
    guess = Estimate(body, np.zeros(FREEDOMS), covariance, agility(linear(body, measure=False)))
    return unsettled(guess)


def unsettled(estimate: Estimate) -> Estimate:
    """The same with lengths of which no more is known than of people's."""
    count = len(LENGTHS)
    centred = np.eye(count) - 1.0 / count
    known = centred * WEIGHTS.proportion_seconds / WEIGHTS.proportion**2 + np.full(
        (count, count), (count * SIZE) ** -2.0
    )
    whole = np.zeros((2 * FREEDOMS + count, 2 * FREEDOMS + count))
    moving = np.r_[:FREEDOMS, -FREEDOMS:0]
    whole[np.ix_(moving, moving)] = estimate.covariance
    whole[FREEDOMS:-FREEDOMS, FREEDOMS:-FREEDOMS] = np.linalg.inv(known)
    return replace(estimate, covariance=whole)


def anew(estimate: Estimate) -> Estimate:
    """The same body, as unsure of it as of a first guess; lengths that were known stay known."""
    begin = begun(estimate.body)
    return begin if estimate.measures else settled(begin)


def settled(estimate: Estimate) -> Estimate:
    """The same with its lengths known for good."""
    kept = np.r_[:FREEDOMS, -FREEDOMS:0]
    return Estimate(
        estimate.body, estimate.velocity, estimate.covariance[np.ix_(kept, kept)], estimate.agility
    )


def moved_on(estimate: Estimate, seconds: float) -> Body:
    """The body `seconds` later: the motion runs on and dies away."""
    way = LASTS * (1.0 - np.exp(-seconds / LASTS))
    return estimate.body.moved(way * estimate.velocity[None], np.zeros(len(LENGTHS)))


def ahead(estimate: Estimate, seconds: float) -> Body:
    """The same, but for joints that would leave their ranges."""
    body, now = moved_on(estimate, seconds), estimate.body
    bends, angles = (
        np.clip(later, np.minimum(here, low), np.maximum(here, high))
        for later, here, low, high in (
            (body.bends, now.bends, LOW[_BENT].reshape(-1, 3), HIGH[_BENT].reshape(-1, 3)),
            (body.angles, now.angles, LOW[_HINGED], HIGH[_HINGED]),
        )
    )
    return replace(body, bends=bends, angles=angles)


def predicted(estimate: Estimate, seconds: float) -> Estimate:
    """What is expected `seconds` later."""
    left = np.exp(-seconds / LASTS)
    way, body = LASTS * (1.0 - left), moved_on(estimate, seconds)
    covariance = estimate.covariance.copy()
    state, velocity = slice(None, FREEDOMS), slice(-FREEDOMS, None)
    covariance[state] += way * covariance[velocity]
    covariance[:, state] += way * covariance[:, velocity]
    covariance[velocity] *= left
    covariance[:, velocity] *= left
    covariance[state, state] += seconds**3 / 3.0 * estimate.agility
    covariance[state, velocity] += seconds**2 / 2.0 * estimate.agility
    covariance[velocity, state] += seconds**2 / 2.0 * estimate.agility
    covariance[velocity, velocity] += seconds * estimate.agility
    return Estimate(body, left * estimate.velocity, covariance, estimate.agility)


def updated(estimate: Estimate, sight: Sight, seconds: float) -> tuple[Estimate, Linear]:
    """The likeliest body between what was expected and what is seen, and where it was linearised.

    Args:
        estimate: As expected.
        sight: Of one frame.
        seconds: That this frame stands for.
    """
    at = linear(estimate.body, measure=estimate.measures)
    curvature, pull = evidence(at, sight, min(seconds, LONGEST))
    factor, failed = _factor(estimate.measured, lower=1)
    if failed:  # by rounding alone
        return updated(anew(estimate), sight, seconds)
    count = len(factor)
    after = _inverse(_factor(_inverse(factor) + curvature, lower=1)[0])
    step = np.minimum(np.maximum(after @ pull, -LONGEST_STEP), LONGEST_STEP)

    cross = estimate.covariance[count:, :count]
    felt = _solve(factor, cross.T, lower=1)[0].T
    covariance = np.empty_like(estimate.covariance)
    covariance[:count, :count] = after
    covariance[count:, :count] = met = felt @ after
    covariance[:count, count:] = met.T
    covariance[count:, count:] = estimate.covariance[count:, count:] - (cross - met) @ felt.T
    body = estimate.body.moved(step[None, :FREEDOMS], _longer(step))
    return Estimate(body, estimate.velocity + felt @ step, covariance, agility(at)), at


def _inverse(factor: Floats) -> Floats:
    """Of a symmetric matrix by its lower Cholesky factor, in which zeros stand above the diagonal."""
    half = _invert(factor, lower=1)[0]
    whole = half + half.T
    whole.ravel()[:: len(whole) + 1] /= 2.0
    return whole


def stilled(estimate: Estimate, at: Linear, points: NDArray[np.intp], firm: Floats) -> Estimate:
    """With `points` (K,) that stand: their velocity is zero, as far as they stand `firm` (K,), over 0 to 1.

    A zero-velocity update (Foxlin 2005): where a foot stands may still be learned, it does not move.
    """
    rows = at.moves[:FREEDOMS].take(points, 2).reshape(FREEDOMS, -1)
    covariance = estimate.covariance
    met = covariance[:, -FREEDOMS:] @ rows
    seen = rows.T @ met[-FREEDOMS:]
    seen.ravel()[:: len(seen) + 1] += np.tile((STILL / firm) ** 2, 3)
    gain = _solve_whole(seen, met.T, lower=1)[1].T
    step = -gain @ (estimate.velocity @ rows)
    count = len(covariance) - FREEDOMS
    body = estimate.body.moved(step[None, :FREEDOMS], _longer(step[:count]))
    return Estimate(body, estimate.velocity + step[count:], covariance - gain @ met.T, estimate.agility)


def agility(at: Linear) -> Floats:
    """Spectral density of the usual accelerations of landmarks and joints. Shape (FREEDOMS, FREEDOMS)."""
    moved = (at.moves[:FREEDOMS].take(_ACCELERATED, 2) * _USUAL).reshape(FREEDOMS, -1)
    return _inverse(_factor(moved @ moved.T + _STIFF, lower=1)[0])


def _longer(step: Floats) -> Floats:
    """The lengths' part of a step; zero where they are known."""
    longer = step[FREEDOMS:]
    return longer if len(longer) else np.zeros(len(LENGTHS))


_BENT = slice(ball_columns(BENDS[0]).start, ball_columns(BENDS[-1]).stop)
_HINGED = slice(angle_column(ANGLES[0]), FREEDOMS)
_ACCELERATED = list(ACCELERATED)
_USUAL = np.array(
    [1 / (WEIGHTS.hand_acceleration if i in HANDS else WEIGHTS.acceleration) for i in ACCELERATED]
)
_STIFF = np.diag(np.concatenate([np.zeros(3), np.full(FREEDOMS - 3, WEIGHTS.angular**-2.0)]))
