"""The face frame by frame, as it comes: the live clock of `solve_face`.

The neutral face is learned while it runs, or from the seconds of a calibration.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ...take import Floats
from .. import rotations
from ..camera import Camera
from ..causal.one_euro import OneEuro, low_pass
from .face_motion import FaceMotion
from .gaze import gaze_of, looks_of
from .head import Stand
from .look import look_at, size_of, straightness
from .neutral import eyes_at_rest, neutral_of, shift
from .points import LOWER, UPPER
from .reach import scaled
from .shapes import INDEX
from .solve import EASE, GAZE, HEAD, LIDS, WEIGHTS
from .table import load_table
from .weights import read_weights

KEPT, EVERY = 150, 0.1
"""How many faces the neutral one is looked for among, and the seconds between them."""
SHARE = 0.2
"""Of them, those that are near count."""
LEAST = 0.05
"""Belief below which nothing is learned from a face."""
SOON = 0.2
"""Seconds within which a head is near where it was."""
LEARNED = 3.0
"""Seconds in which an extreme is learned."""


@dataclass(frozen=True)
class _Kept:
    """A face's points (478, 3) and irises (2, 2), metres, an iris' diameter, and how much it counts."""

    points: Floats
    eyes: Floats
    iris: float
    belief: float


class FaceSolver:
    """One performer's face, in the order of time."""

    def __init__(self, camera: Camera) -> None:
        """Seen by `camera`, whose centre is the picture's."""
        self._camera, self._table = camera, load_table()
        self._kept: list[_Kept] = []
        self._neutral: Floats | None = None
        self._rest: Floats = np.zeros((2, 2))
        self._calibrate_until: float | None = None
        self._calibrate_for: float | None = None
        self._fixed = False
        self._kept_at = -np.inf
        self._peaks: Floats = np.zeros(len(INDEX))
        self._read: Floats | None = None
        self._near: Stand | None = None
        self._size = 1.0
        self._ease = 0.0
        self._now: float | None = None
        self._last = FaceMotion(
            np.zeros(1), np.zeros((1, len(INDEX))), rotations.IDENTITY[None], np.array([[0.0, 0.0, 1.0]]),
            np.zeros((1, 2, 2)), np.zeros(1),
        )  # fmt: skip
        self._calm = OneEuro(WEIGHTS, turning=False), OneEuro(GAZE, turning=False)
        self._calm_head = OneEuro(HEAD, turning=True), OneEuro(HEAD, turning=False)

    def calibrate(self, seconds: float) -> None:
        """Take the face of the next `seconds` for the performer's neutral one, from then on."""
        self._calibrate_for = seconds
        self._kept, self._fixed = [], False

    @property
    def calibrating(self) -> float:
        """Seconds of a calibration that are left; 0 when there is none."""
        if self._calibrate_for is not None:
            return self._calibrate_for
        left = (
            0.0 if self._calibrate_until is None or self._now is None else self._calibrate_until - self._now
        )
        return max(left, 0.0)

    def step(self, image: ArrayLike, score: float, time: float) -> FaceMotion:
        """The face of the next frame, as a motion of one frame.

        Args:
            image: Landmarks, px; NaN where no face was found. Shape (478, 3).
            score: The net's presence of a face, 0 to 1.
            time: Seconds, later than the last frame's.
        """
        image = np.asarray(image, float)
        seconds = 1.0 / 30.0 if self._now is None else max(time - self._now, 1e-3)
        self._now = time
        if self._calibrate_for is not None:
            self._calibrate_until, self._calibrate_for = time + self._calibrate_for, None
        if np.isfinite(image).all():
            self._last = self._seen(image, score, time, seconds)
        else:
            self._last = self._lost(time, seconds)
        return self._last

    def _seen(self, image: Floats, score: float, time: float, seconds: float) -> FaceMotion:
        near = self._near if seconds < SOON else None
        look = look_at(image[None], self._camera, self._table, near)
        self._near = look.turn, look.place
        trust = float(look.trust[0]) * min(max(score, 0.0), 1.0)
        belief = trust * float(straightness(look.head)[0]) + 1e-6
        neutral = self._learn(look.points[0], look.eyes[0], float(look.iris[0]), belief, time)
        away = look.points - neutral
        shut = self._last.weights[:, LIDS]
        gaze = gaze_of(look.eyes - self._rest, shut, look.angles[:, 0])
        weights = read_weights(away, look.angles, looks_of(gaze), self._table, self._read)
        self._read = weights
        rising = low_pass(1.0 / LEARNED, seconds) * belief
        self._peaks += rising * np.maximum(weights[0] - self._peaks, 0.0)
        weights = scaled(weights, self._peaks, self._table)
        self._ease += low_pass(1.0 / (2.0 * np.pi * EASE), seconds) * (float(trust > 0) - self._ease)
        return FaceMotion(
            np.array([time]),
            self._calm[0].step(weights.T * self._ease, seconds).T,
            self._calm_head[0].step(look.head, seconds),
            self._calm_head[1].step(look.place * self._size, seconds),
            self._calm[1].step(gaze.reshape(4, 1) * self._ease, seconds).reshape(1, 2, 2),
            np.array([trust]),
        )

    def _lost(self, time: float, seconds: float) -> FaceMotion:
        fading = low_pass(1.0 / (2.0 * np.pi * EASE), seconds)
        self._ease -= fading * self._ease
        self._near = None
        last = self._last
        left = 1.0 - fading
        weights = self._calm[0].step(last.weights.T * left, seconds).T
        gaze = self._calm[1].step(last.gaze.reshape(4, 1) * left, seconds).reshape(1, 2, 2)
        return FaceMotion(np.array([time]), weights, last.head, last.place, gaze, np.zeros(1))

    def _learn(self, points: Floats, eyes: Floats, iris: float, belief: float, time: float) -> Floats:
        """The neutral face (478, 3), moved towards where the faces kept now and then are densest."""
        if self._neutral is None:
            self._neutral, self._rest = points.copy(), eyes.copy()
        if self._fixed or belief < LEAST:
            return self._neutral
        if time - self._kept_at >= EVERY:
            self._kept_at = time
            self._kept = [*self._kept[1 - KEPT :], _Kept(points, eyes, iris, belief)]
            self._size = size_of(np.array([kept.iris for kept in self._kept]))
            self._neutral, self._rest = _nearer(self._kept, self._neutral, self._rest)
        if self._calibrate_until is not None and time >= self._calibrate_until:
            weight = np.array([kept.belief for kept in self._kept])
            self._neutral = neutral_of(np.array([kept.points for kept in self._kept]), weight)
            self._rest = eyes_at_rest(np.array([kept.eyes for kept in self._kept]), weight)
            self._calibrate_until, self._fixed = None, True
        return self._neutral


def _nearer(kept: Sequence[_Kept], neutral: Floats, rest: Floats) -> tuple[Floats, Floats]:
    """One step of the mean shift of the neutral face and of the irises' rest."""
    faces, belief = np.array([one.points for one in kept]), np.array([one.belief for one in kept])
    moved = neutral.copy()
    for part in (UPPER, LOWER):
        values = faces[:, part].reshape(len(faces), -1)
        moved[part] = shift(values, belief, neutral[part].ravel(), SHARE).reshape(-1, 3)
    eyes = np.array([one.eyes for one in kept]).reshape(len(kept), -1)
    return moved, shift(eyes, belief, rest.ravel(), SHARE).reshape(2, 2)
