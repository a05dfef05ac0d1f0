"""The fit's causal half: an extended Kalman filter over all that a body can do.

It weighs the same terms as the fit of a whole clip, with white noise as the accelerations, so it is the
filter of which that fit is the smoother. docs/derivations.md, LIVE.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...take import Floats
from ..fit import terms
from ..fit.body import Body
from ..fit.equations import Equations
from ..fit.linear import Linear, linear
from ..fit.skeleton import FREEDOMS, LENGTHS
from ..fit.terms import ACCELERATED, WEIGHTS
from ..sight import Sight

LASTS = 0.1
"""Seconds in which a velocity dies away, to 1/e: motion turns round (Singer 1970)."""
LONGEST = 0.1
"""A frame's evidence counts for no more seconds than this, however long the one before is gone."""
LONGEST_STEP = 1.0
"""Metres or radians that one step goes at most."""
TOLERANCE = 6.0
"""Standard errors at which an image landmark counts half: what comes as a surprise may yet be true."""
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
    count = len(LENGTHS)
    centred = np.eye(count) - 1.0 / count
    known = centred * WEIGHTS.proportion_seconds / WEIGHTS.proportion**2 + np.full(
        (count, count), (count * SIZE) ** -2.0
    )
    covariance = np.zeros((2 * FREEDOMS + count, 2 * FREEDOMS + count))
    covariance[:FREEDOMS, :FREEDOMS] = np.diag(START**2)
    covariance[FREEDOMS:-FREEDOMS, FREEDOMS:-FREEDOMS] = np.linalg.inv(known)
    covariance[-FREEDOMS:, -FREEDOMS:] = np.diag(START_VELOCITY**2)
    return Estimate(body, np.zeros(FREEDOMS), covariance, agility(linear(body, measure=False)))


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
    curvature, pull = _evidence(at, sight, np.full(1, min(seconds, LONGEST)))
    after = np.linalg.inv(np.linalg.inv(estimate.measured) + curvature)
    step = np.clip(after @ pull, -LONGEST_STEP, LONGEST_STEP)
    body = estimate.body.moved(step[None, :FREEDOMS], _longer(step))
    return _corrected(estimate, body, step, after, at), at


def _corrected(estimate: Estimate, body: Body, way: Floats, after: Floats, at: Linear) -> Estimate:
    """With state and lengths `way` further on, of covariance `after`: the velocity follows them."""
    count = len(after)
    met, before = estimate.covariance[count:, :count], estimate.measured
    felt = np.linalg.solve(before, met.T).T
    covariance = np.empty_like(estimate.covariance)
    covariance[:count, :count] = after
    covariance[count:, :count] = felt @ after
    covariance[:count, count:] = covariance[count:, :count].T
    covariance[count:, count:] = estimate.covariance[count:, count:] - felt @ (before - after) @ felt.T
    return Estimate(body, estimate.velocity + felt @ way, covariance, agility(at))


def stilled(estimate: Estimate, at: Linear, points: NDArray[np.intp], firm: Floats) -> Estimate:
    """With `points` (K,) that stand: their velocity is zero, as far as they stand `firm` (K,), over 0 to 1.

    A zero-velocity update (Foxlin 2005): where a foot stands may still be learned, it does not move.
    """
    rows = at.state[0, points].reshape(-1, FREEDOMS)
    covariance = estimate.covariance
    met = covariance[:, -FREEDOMS:] @ rows.T
    noise = np.repeat((STILL / firm) ** 2, 3)
    gain = np.linalg.solve(met[-FREEDOMS:].T @ rows.T + np.diag(noise), met.T).T
    step = -gain @ (rows @ estimate.velocity)
    count = len(covariance) - FREEDOMS
    body = estimate.body.moved(step[None, :FREEDOMS], _longer(step[:count]))
    covariance = covariance - gain @ met.T
    return Estimate(body, estimate.velocity + step[count:], covariance, estimate.agility)


def agility(at: Linear) -> Floats:
    """Spectral density of the usual accelerations of landmarks and joints. Shape (FREEDOMS, FREEDOMS)."""
    moved = at.state[0, _ACCELERATED].reshape(-1, FREEDOMS) * _USUAL
    return np.linalg.inv(moved.T @ moved + _STIFF)


def _evidence(at: Linear, sight: Sight, held: Floats) -> tuple[Floats, Floats]:
    """Curvature and gradient of the fit's terms, by the state and the lengths together.

    The limits of shoulders, hips and feet are left out: as they stand in the fit they hold back what moves.
    """
    equations = Equations(1, FREEDOMS, at.lengths.shape[-1])
    terms.landmarks(equations, at, sight, held, TOLERANCE)
    if np.isfinite(sight.hand_error).any():
        terms.hands(equations, at, sight, held)
    outside = terms.out_of_range(at.body)
    equations.add_diagonal(outside, held[0] / WEIGHTS.limit**2 * (outside != 0.0))
    terms.rests(equations, at, WEIGHTS, held)
    terms.twists(equations, at, WEIGHTS, held)
    if sight.hidden.any():
        terms.unseen(equations, at, sight, held)
    if not at.lengths.shape[-1]:
        return equations.bands[0][0], equations.side[0]
    border = equations.border[0]
    curvature = np.block([[equations.bands[0][0], border], [border.T, equations.corner]])
    return curvature, np.concatenate([equations.side[0], equations.corner_side])


def _longer(step: Floats) -> Floats:
    """The lengths' part of a step; zero where they are known."""
    longer = step[FREEDOMS:]
    return longer if len(longer) else np.zeros(len(LENGTHS))


_ACCELERATED = list(ACCELERATED)
_USUAL = np.repeat(
    [1 / (WEIGHTS.hand_acceleration if i in (15, 16, 19, 20) else WEIGHTS.acceleration) for i in ACCELERATED],
    3,
)[:, None]
_STIFF = np.diag(np.concatenate([np.zeros(3), np.full(FREEDOMS - 3, WEIGHTS.angular**-2.0)]))
