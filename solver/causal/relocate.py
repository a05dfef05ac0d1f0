"""Limbs that are stuck: begun anew where they have been out of place for a while.

A straight elbow says nothing of where its hinge lies. If the filter guesses that wrongly, the elbow would
have to bend backwards, and stays where it is, however plainly it is seen elsewhere: a local minimum.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ...take import Floats
from .. import limbs, rotations
from ..fit.body import Placed
from ..fit.skeleton import ANGLES, BALLS, FREEDOMS, NODE, angle_column, ball_columns
from ..humanoid import SIDES
from ..landmarks import ANKLES, ELBOWS, HEELS, HIPS, KNEES, SHOULDERS, TOES, WRISTS
from ..rest import ELBOW_HINGE, KNEE_HINGE
from ..sight import Sight
from .filter import START, START_VELOCITY, Estimate

STUCK = 6.0
"""Mean square of a limb's misses, in units of their errors, from which on it is stuck ..."""
LASTING = 0.1
"""... on average over so many seconds ..."""
SEEN = 0.5
"""Trust in both joints above which a limb is seen well enough to be out of place."""
WORST = 30.0
"""... of which none counts for more than this."""


class Misfits:
    """How badly left and right arm, left and right leg fit what is seen of them."""

    def __init__(self) -> None:
        """Well."""
        self._misses = np.zeros(4)

    def step(self, placed: Placed, sight: Sight, seconds: float) -> list[int]:
        """The limbs that are stuck; they are expected to be begun anew."""
        points = placed.landmarks[0]
        middle, points = (points[_HIPS[0]] + points[_HIPS[1]]) / 2.0, points[_JOINTS]
        flat = points[..., :2] - sight.slopes[0, _JOINTS] * points[..., 2:]
        deep = (points - middle - sight.metric[0, _JOINTS]) / sight.error[0, _JOINTS]
        trust = sight.trust[0, _JOINTS]
        wide = rotations.dot(flat, flat) / sight.across[0, _JOINTS] ** 2
        squares = trust * (wide + rotations.dot(deep, deep)) * (trust.min(0) > SEEN)
        misses = np.minimum((squares[0] + squares[1]) / 10.0, WORST)
        self._misses += (1.0 - np.exp(-seconds / LASTING)) * (misses - self._misses)
        stuck = np.flatnonzero(self._misses > STUCK)
        self._misses[stuck] = 0.0
        return [int(limb) for limb in stuck]


def begun_anew(estimate: Estimate, placed: Placed, sight: Sight, stuck: list[int]) -> Estimate:
    """With some limbs as the metric landmarks alone have them, and unsure of them."""
    body = estimate.body
    balls, angles = body.balls.copy(), body.angles.copy()
    velocity, covariance = estimate.velocity.copy(), estimate.covariance.copy()
    for limb in stuck:
        ball, angle = _LIMBS[limb]
        balls[:, BALLS.index(ball)], angles[:, ANGLES.index(angle)] = _read(limb, placed, sight)
        own = np.r_[ball_columns(ball), angle_column(angle)]
        velocity[own] = 0.0
        for first, spread in ((0, START), (len(covariance) - FREEDOMS, START_VELOCITY)):
            rows = first + own
            covariance[rows] = covariance[:, rows] = 0.0
            covariance[rows, rows] = spread[own] ** 2
    return replace(
        estimate, body=replace(body, balls=balls, angles=angles), velocity=velocity, covariance=covariance
    )


def _read(limb: int, placed: Placed, sight: Sight) -> tuple[Floats, Floats]:
    """Rotation of the upper bone against what carries it (1, 4), and the bend of the hinge (1,)."""
    side = SIDES[limb % 2]
    points = sight.metric[:, [_ROOTS[limb], *_JOINTS[:, limb]]]
    if limb < len(SIDES):
        carried = rotations.from_matrix(placed.turned[:, NODE[f"{side}Shoulder"]])
        found, axis = limbs.arm(side, points, carried, sight.times), ELBOW_HINGE[side]
    else:
        carried = rotations.from_matrix(placed.turned[:, NODE["hips"]])
        ahead = sight.metric[:, TOES[limb % 2]] - sight.metric[:, HEELS[limb % 2]]
        found, axis = limbs.leg(points, ahead, carried, sight.times), KNEE_HINGE
    bend = rotations.twist_angle(rotations.multiply(rotations.inverse(found.upper), found.lower), axis)
    return rotations.multiply(rotations.inverse(carried), found.upper), np.maximum(bend, 0.0)


_ROOTS = (*SHOULDERS, *HIPS)
_JOINTS = np.array([[*ELBOWS, *KNEES], [*WRISTS, *ANKLES]])
_HIPS = list(HIPS)
_LIMBS = [
    (f"{side}Upper{part}", side + hinge)
    for part, hinge in (("Arm", "Elbow"), ("Leg", "Knee"))
    for side in SIDES
]
