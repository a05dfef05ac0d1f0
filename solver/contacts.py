"""Which heels and toes stand when: the likeliest sequence of contacts over the whole clip.

A point that stands does not move in the picture, is low, and carries the body: while nothing
stands the body falls freely. Each witness speaks as a log-likelihood ratio of two measured
distributions, standing against moving; the sequence of contacts with the largest sum, less a price for
every change, is taken. docs/derivations.md, CONTACTS.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from ..take import Floats
from .landmarks import HEELS, TOES
from .runs import runs
from .smooth import durations, smooth
from .viterbi import cheapest

FOOT_POINTS = (*HEELS, *TOES)
"""Left heel, right heel, left toes, right toes."""
BY_FOOT = [0, 2, 1, 3]
"""Their order foot by foot: left heel, left toes, right heel, right toes."""
SOLE = {HEELS[0]: 0.04, HEELS[1]: 0.04, TOES[0]: 0.015, TOES[1]: 0.015}
"""Height of a standing foot's landmarks over the floor, metres (rendered clips)."""
SOLES = np.array([SOLE[i] for i in FOOT_POINTS])
GRAVITY = 9.81
"""m/s^2."""


@dataclass(frozen=True)
class Witness:
    """Two zero-mean normal distributions of one quantity: while a point stands, and while it does not.

    Attributes:
        standing: Standard deviation while the point stands.
        moving: Standard deviation while it does not.
        degrees: How many components the quantity's length is of.
    """

    standing: float
    moving: float
    degrees: int

    def ratio(self, size: Floats) -> Floats:
        """Logarithm of how much likelier `size` is while standing, at least -`SUREST`."""
        narrower = 0.5 * (self.standing**-2 - self.moving**-2)
        gain = self.degrees * np.log(self.moving / self.standing)
        return np.maximum(gain - narrower * size**2, -SUREST)


SUREST = 6.0
"""No single frame's witness says more than this (natural logarithm): tracks have outliers."""
SPEED = Witness(0.12, 0.60, 2)
"""Speed across the view, m/s, as the picture shows it, jitter included (rendered clips)."""
RAISED = Witness(0.03, 0.12, 1)
"""Height over the floor, metres."""
FALLING = Witness(4.0, 9.0, 1)
"""Vertical acceleration of the root less free fall's, m/s^2, with no foot on the floor, and with one."""
TOGETHER = 0.08
"""Seconds over which the errors of a track hang together: so long a time counts as one observation."""
CHANGE = 2.0
"""Price of a contact that begins or ends (natural logarithm): about two changes a second and point."""
UNSEEN = 3.0
"""Price of a contact of a point that is not seen, per observation."""
CUTOFF = 5.0
"""Hertz, of the tracks whose speed is taken: contacts last longer, jitter does not."""
WINDOW = 1.0
"""The floor under the feet is their lowest height within this many seconds ..."""
UNEVEN = 0.03
"""... for either foot its own, unless that is so much over the other's, metres: a lifted foot is no floor."""

STATES = np.array(list(product((False, True), repeat=len(FOOT_POINTS))))
"""All the ways to stand, the first on nothing. Shape (16, 4)."""


def find_contacts(paths: Floats, slopes: Floats, trust: Floats, times: Floats, up: Floats) -> Floats:
    """Which of `FOOT_POINTS` stands in which frame, 0 or 1. Shape (F, 4).

    Args:
        paths: Fitted landmarks and the root, camera axes. Shape (F, N+1, 3).
        slopes: Viewing rays of the landmarks. Shape (F, N, 2).
        trust: Of each landmark. Shape (F, N).
        times: Seconds. Shape (F,).
        up: Upwards, camera axes. Shape (3,).
    """
    columns = list(FOOT_POINTS)
    points, seen = paths[:, columns], trust[:, columns]
    speed = speeds(slopes[:, columns], times) * points[..., 2]
    height = np.maximum(over_floor(points @ up, times), 0.0)
    stands = SPEED.ratio(speed) + RAISED.ratio(height)
    stands = seen * stands - (1.0 - seen) * UNSEEN
    gains = stands @ STATES.T
    gains[:, 0] += FALLING.ratio(_vertical_acceleration(paths[:, -1] @ up, times) + GRAVITY)
    changes = CHANGE * (STATES[:, None] != STATES[None]).sum(-1)
    best = cheapest(-gains * durations(times)[:, None] / TOGETHER, changes)
    return STATES[best].astype(float)


def speeds(slopes: Floats, times: Floats) -> Floats:
    """How fast points cross the picture, in slopes a second. Shapes (F, K, 2) to (F, K)."""
    return np.linalg.norm(velocity(smooth(slopes, times, CUTOFF), times), axis=-1)


def velocity(points: Floats, times: Floats) -> Floats:
    """First derivative of `points` (F, *) per second; none where there is but one frame."""
    return np.gradient(points, times, axis=0) if len(times) > 1 else np.zeros_like(points)


def over_floor(heights: Floats, times: Floats) -> Floats:
    """Heights (F, 4) along `up` of `FOOT_POINTS` less what they have while the foot stands.

    The floor is the feet's own, over a while: heights drift with the errors of tilt and depth.
    """
    from scipy.ndimage import percentile_filter  # Blender shall not load it as it starts

    heights = heights - SOLES
    frames = max(3, round(WINDOW / float(np.median(durations(times)))))
    feet = np.minimum(heights[:, :2], heights[:, 2:])
    lowest = percentile_filter(feet, 10, size=(frames, 1), mode="nearest")
    floor = np.minimum(lowest, lowest.min(-1, keepdims=True) + UNEVEN)
    return heights - np.tile(floor, 2)


def _vertical_acceleration(height: Floats, times: Floats) -> Floats:
    return velocity(velocity(smooth(height, times, CUTOFF), times), times)


def lasting(state: NDArray[np.bool_], times: Floats, shortest: float) -> NDArray[np.bool_]:
    """`state` (F,) without the runs of less than `shortest` seconds."""
    kept = np.zeros(len(state), bool)
    for run in runs(state):
        kept[run] = times[run.stop - 1] - times[run.start] >= shortest
    return kept
