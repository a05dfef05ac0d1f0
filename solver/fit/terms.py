"""What the fit weighs against each other: one function a term, all in units of their standard errors.

Everything is integrated over time, so that the rate of the frames does not matter.
docs/derivations.md, TERMS.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from ...take import Floats
from .. import rotations
from ..edits import Spans
from ..humanoid import SIDES
from ..landmarks import HEELS, HIPS, LANDMARKS, TOES
from ..plant import Plant
from ..settings import Settings
from ..sight import Sight
from ..smooth import second_difference
from . import limits
from .body import Body, node_jacobian
from .equations import Equations
from .linear import Linear
from .points import Points
from .ranges import (
    ALONG,
    FOOT_BALLS,
    FOOT_SPREAD,
    HANGING,
    HIGH,
    LIMB_BALLS,
    LIMBS,
    LOW,
    REST,
    SPREAD,
    TWIST_SPREAD,
    columns_of,
)
from .skeleton import ANGLES, BALLS, BENDS, FREEDOMS, LENGTHS, NODE, angle_column, ball_columns
from .unseen import pull


@dataclass(frozen=True)
class Weights:
    """The table of the terms' sizes: what counts as one standard error.

    Attributes:
        limit: Radians by which a joint may be out of its range.
        rest: How often the spreads about rests and the usual twists count.
        acceleration: Usual size of a landmark's acceleration, m/s^2 (of the order of gravity).
        hand_acceleration: Likewise of wrists and hands.
        angular: Of a joint's angular acceleration, rad/s^2.
        proportion: Of the logarithm of a length against the standard person's, whatever the size.
        proportion_seconds: For so many seconds of a clip those proportions count.
        pinned: Metres a standing point may move from frame to frame.
        floor: Metres by which a standing point may seem to be off the floor.
        tilt: Radians by which a standing foot may be tilted to a side.
        calm: Stretches in which parts of the body are to be smooth (`calm`).
    """

    limit: float = np.radians(4.0)
    rest: float = 1.0
    acceleration: float = 12.0
    hand_acceleration: float = 24.0
    angular: float = 100.0
    proportion: float = 0.06
    proportion_seconds: float = 2.0
    pinned: float = 0.0005
    floor: float = 0.02
    tilt: float = np.radians(5.0)
    calm: Spans = field(default_factory=dict)


WEIGHTS = Weights()
LOOSE = 1e3
"""Times the usual size of what is not held: a term so wide says nothing."""


def weights_of(settings: Settings) -> Weights:
    """The table for these settings, without the terms of the parts that are switched off."""
    parts, usual = settings.parts, WEIGHTS
    wide = 1.0 / max(settings.smoothing, 1.0 / LOOSE) if parts.smooth else LOOSE
    return replace(
        usual,
        limit=usual.limit * (1.0 if parts.limits else LOOSE),
        rest=usual.rest / (1.0 if parts.rests else LOOSE),
        acceleration=wide * usual.acceleration,
        hand_acceleration=wide * usual.hand_acceleration,
        angular=wide * usual.angular,
        calm=settings.edits.smooth,
    )


HANDS = (15, 16, 19, 20)
"""Landmarks of wrists and hands."""
ACCELERATED = (0, 7, 8, 11, 12, 13, 14, 15, 16, 19, 20, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32)


EVERY = np.append(np.zeros(3), np.ones(FREEDOMS - 3))
"""All freedoms that turn joints. Shape (FREEDOMS,)."""


def landmarks(points: Points, at: Linear, sight: Sight, held: Floats, tolerance: float) -> None:
    """Each landmark lies on its viewing ray, and where the net has it from the middle of the hips."""
    places, slopes = at.placed.landmarks, sight.slopes
    flat = places[..., :2] - slopes * places[..., 2:]
    close = robust((flat / sight.across[..., None]) ** 2, tolerance)
    points.slopes = slopes
    points.across += sight.trust**2 * close * held[:, None] / (sight.noise * sight.across) ** 2
    pulled = points.across[..., None] * flat
    points.pull[..., :2] += pulled
    points.pull[..., 2] -= rotations.dot(slopes, pulled)
    deep = places - _middle(places) - sight.metric
    close = robust((deep / sight.error) ** 2)
    weight = sight.trust * close * held[:, None] / sight.noise**2
    points.from_hips += weight[..., None] / sight.error**2
    points.pull_from_hips += points.from_hips * deep


def _middle(values: Floats) -> Floats:
    """Of the hips. Shape (F, 33, *) to (F, 1, *)."""
    return (values[:, HIPS[0]] + values[:, HIPS[1]])[:, None] / 2


def hands(equations: Equations, at: Linear, sight: Sight, held: Floats) -> None:
    """The hands are turned as their own net saw them."""
    if not np.isfinite(sight.hand_error).any():
        return
    turned = rotations.from_matrix(at.placed.turned[:, _HANDS])
    miss = rotations.to_vector(rotations.multiply(turned, rotations.inverse(sight.hands)))
    error = sight.hand_error[..., None]
    weight = robust((miss / error) ** 2) * held[:, None] / sight.hand_error**2
    jacobian = np.concatenate([node_jacobian(at.axes, node) for node in _HANDS], axis=1)
    equations.add_rows(jacobian, miss.reshape(len(held), -1), np.repeat(weight, 3, -1))


_HANDS = [NODE[f"{side}Hand"] for side in SIDES]


def limits_and_rests(equations: Equations, at: Linear, weights: Weights, held: Floats) -> None:
    """Joints stay within their ranges and, where nothing else is known, at rest."""
    outside = out_of_range(at.body) + limits.beyond(at.body)
    equations.add_diagonal(outside, held[:, None] / weights.limit**2 * np.ones(FREEDOMS))
    rests(equations, at, weights, held)


def out_of_range(body: Body) -> Floats:
    """How far bends and angles are out of their ranges, radians. Shape (F, FREEDOMS)."""
    values = _values(body)
    return values - np.clip(values, LOW, HIGH)


def rests(equations: Equations, at: Linear, weights: Weights, held: Floats) -> None:
    """Joints are at rest where nothing else is known."""
    equations.add_diagonal(_values(at.body) - REST, weights.rest * held[:, None] / SPREAD**2)


def unseen(equations: Equations, at: Linear, sight: Sight, held: Floats) -> None:
    """Limbs that were not seen for long are at rest."""
    residual, weight = pull(at.body, sight.hidden)
    equations.add_diagonal(residual, held[:, None] * weight)


def twists(equations: Equations, at: Linear, weights: Weights, held: Floats) -> None:
    """Upper limbs twist, and feet turn, about their rest."""
    residual, weight = np.zeros((len(held), FREEDOMS)), np.zeros((len(held), FREEDOMS))
    residual[:, TWIST_COLUMNS] = TWIST_SIGNS * twist_from_hanging(at.body.balls[:, LIMB_BALLS])
    weight[:, TWIST_COLUMNS] = 1.0 / TWIST_SPREAD**2
    residual[:, FOOT_COLUMNS] = rotations.to_vector(at.body.balls[:, FOOT_BALLS]).reshape(len(held), -1)
    weight[:, FOOT_COLUMNS] = np.tile(1.0 / FOOT_SPREAD**2, len(FOOT_BALLS))
    equations.add_diagonal(residual, weights.rest * held[:, None] * weight)


TWIST_COLUMNS = [
    ball_columns(name).start + int(np.abs(way).argmax()) for name, way in zip(LIMBS, ALONG, strict=True)
]
TWIST_SIGNS = ALONG.sum(-1)
FOOT_COLUMNS = columns_of(FOOT_BALLS)
"""The degrees of freedom that twist the upper limbs, with their signs, and those that turn the feet."""


def twist_from_hanging(turned: Floats) -> Floats:
    """How far `LIMBS` (*, 4, 4) are twisted against the shortest way from where they hang, radians (*, 4).

    The turn from hanging is a swing after a twist about the limb, which hangs straight down.
    """
    w, down = (turned * _FROM_HANGING[0]).sum(-1), (turned * _FROM_HANGING[1]).sum(-1)
    return (2.0 * np.arctan2(down, w) + np.pi) % (2.0 * np.pi) - np.pi


def _from_hanging() -> Floats:
    """By a limb's own turn, the real part of that from hanging, and its axis downwards. Shape (2, 4, 4)."""
    turns = rotations.multiply(np.eye(4), rotations.inverse(HANGING)[:, None])
    return np.stack([turns[..., 0], -turns[..., 3]])


_FROM_HANGING = _from_hanging()


def accelerations(
    points: Points,
    at: Linear,
    times: Floats,
    weights: Weights,
    which: Sequence[int] = ACCELERATED,
    share: float = 1.0,
) -> None:
    """Accelerations of the landmarks `which` are of their usual size; this counts `share` times."""
    weight = np.zeros(LANDMARKS)
    weight[list(which)] = share / weights.acceleration**2
    held = [i for i in HANDS if i in which]
    weight[held] = share / weights.hand_acceleration**2
    points.add_accelerations(at.placed.landmarks, times, weight)


def angular(equations: Equations, at: Linear, times: Floats, weights: Weights, share: Floats = EVERY) -> None:
    """So are the angular accelerations of the joints; each freedom's counts `share` (D,) times."""
    if len(times) < 3:
        return
    body, c = at.body, second_difference(times)
    felt = np.zeros((len(times) - 2, FREEDOMS))
    back = rotations.inverse(body.balls[1:-1])
    before = rotations.to_vector(rotations.multiply(back, body.balls[:-2]))
    after = rotations.to_vector(rotations.multiply(back, body.balls[2:]))
    turned = c[:, 0, None, None] * before + c[:, 2, None, None] * after
    first = ball_columns(BALLS[0]).start
    felt[:, first : first + 3 * len(BALLS)] = turned.reshape(len(felt), -1)
    values = _values(body)[:, ball_columns(BENDS[0]).start :]
    felt[:, ball_columns(BENDS[0]).start :] = sum(c[:, i, None] * values[i : len(felt) + i] for i in range(3))
    equations.add_smoothness(felt, times, share * weights.angular**-2.0)


def plants(points: Points, at: Linear, plant: Plant, held: Floats, weights: Weights) -> None:
    """Points that stand do not move, and stand on the floor."""
    places, rest = at.placed.landmarks, plant.rest[:, :LANDMARKS]
    known = np.isfinite(rest).all(0)
    still = plant.planted[:, :LANDMARKS] * held[1:, None] / weights.pinned**2
    points.add_steps(places, known * still)
    if not np.isfinite(plant.height):
        return
    high = np.where(known, places @ plant.up - plant.height - rest, 0.0)
    stands = known * plant.standing()[:, :LANDMARKS] * held[:, None] / weights.floor**2
    points.add_heights(high, plant.up, stands)


def soles(equations: Equations, at: Linear, plant: Plant, held: Floats, weights: Weights) -> None:
    """A foot whose heel or toes stand is not tilted to a side: it stands on its sole, not on an edge."""
    standing = plant.standing()
    for foot, points in _SOLES:
        across = at.placed.turned[:, foot, :, 0]
        lever = np.cross(across, plant.up)[:, None]
        weight = standing[:, points].max(1) * held / weights.tilt**2
        equations.add_rows(lever @ node_jacobian(at.axes, foot), across @ plant.up[:, None], weight[:, None])


_SOLES = [(NODE[f"{side}Foot"], points) for side, *points in zip(SIDES, HEELS, TOES, strict=True)]


def proportions(equations: Equations, at: Linear, weights: Weights) -> None:
    """Lengths are in proportion as the standard person's, whatever the size."""
    count = len(LENGTHS)
    centred = np.eye(count) - 1.0 / count
    weight = np.full(count, weights.proportion_seconds / weights.proportion**2)
    equations.add_shared(centred @ at.body.lengths, centred, weight)


def _values(body: Body) -> Floats:
    """Bends and angles where they stand in the state; zero elsewhere. Shape (F, FREEDOMS)."""
    values = np.zeros((len(body.root), FREEDOMS))
    first = ball_columns(BENDS[0]).start
    values[:, first : first + 3 * len(BENDS)] = body.bends.reshape(len(values), -1)
    values[:, angle_column(ANGLES[0]) :] = body.angles
    return values


def robust(squared: Floats, tolerance: float = 3.0) -> Floats:
    """Weights of a Cauchy loss for squared errors (*, n) in units of their size: a half at `tolerance`."""
    return 1.0 / (1.0 + squared.sum(-1) / tolerance**2)
