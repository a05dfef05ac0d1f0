"""The face frame by frame, as it comes: the live clock of `solve_face`.

The neutral face is learned while it runs, or from the seconds of a calibration; nothing waits for a later frame.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from ...take import Floats
from .. import rotations
from ..camera import Camera
from ..causal.one_euro import OneEuro, low_pass
from .face_motion import FaceMotion
from .gaze import gaze_of, looks_of
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
LEARNED = 3.0
"""Seconds in which an extreme is learned."""


class FaceSolver:
    """One performer's face, in the order of time."""

    def __init__(self, camera: Camera) -> None:
        """Seen by `camera`, whose centre is the picture's."""
        self._camera, self._table = camera, load_table()
        self._faces: list[Floats] = []
        self._eyes: list[Floats] = []
        self._belief: list[float] = []
        self._irises: list[float] = []
        self._neutral: Floats | None = None
        self._rest: Floats = np.zeros((2, 2))
        self._calibrate_until: float | None = None
        self._calibrate_for: float | None = None
        self._fixed = False
        self._kept_at = -np.inf
        self._peaks: Floats = np.zeros(len(INDEX))
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
        self._faces, self._eyes, self._belief = [], [], []
        self._fixed = False

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
        look = look_at(image[None], self._camera, self._table)
        trust = float(look.trust[0]) * min(max(score, 0.0), 1.0)
        belief = trust * float(straightness(look.head)[0]) + 1e-6
        self._learn(look.points[0], look.eyes[0], float(look.iris[0]), belief, time)
        away = look.points - self._neutral
        shut = self._last.weights[:, LIDS]
        gaze = gaze_of(look.eyes - self._rest, shut, look.angles[:, 0])
        weights = read_weights(away, look.angles, looks_of(gaze), self._table)
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
        last = self._last
        left = 1.0 - fading
        weights = self._calm[0].step(last.weights.T * left, seconds).T
        gaze = self._calm[1].step(last.gaze.reshape(4, 1) * left, seconds).reshape(1, 2, 2)
        return FaceMotion(np.array([time]), weights, last.head, last.place, gaze, np.zeros(1))

    def _learn(self, points: Floats, eyes: Floats, iris: float, belief: float, time: float) -> None:
        """Keep a face now and then, and move the neutral one towards where kept faces are densest."""
        if self._neutral is None:
            self._neutral, self._rest = points.copy(), eyes.copy()
        if self._fixed or belief < 0.05:
            return
        if time - self._kept_at >= EVERY:
            self._kept_at = time
            for kept, value in (
                (self._faces, points),
                (self._eyes, eyes),
                (self._belief, belief),
                (self._irises, iris),
            ):
                kept.append(value)  # pyright: ignore[reportArgumentType]
                del kept[:-KEPT]
            self._size = size_of(np.array(self._irises))
            self._approach()
        if self._calibrate_until is not None and time >= self._calibrate_until:
            self._neutral = neutral_of(np.array(self._faces), np.array(self._belief))
            self._rest = eyes_at_rest(np.array(self._eyes), np.array(self._belief))
            self._calibrate_until, self._fixed = None, True

    def _approach(self) -> None:
        """One step of the mean shift."""
        assert self._neutral is not None
        faces, belief = np.array(self._faces), np.array(self._belief)
        moved = self._neutral.copy()
        for part in (UPPER, LOWER):
            values = faces[:, part].reshape(len(faces), -1)
            moved[part] = shift(values, belief, self._neutral[part].ravel(), SHARE).reshape(-1, 3)
        eyes = np.array(self._eyes).reshape(len(faces), -1)
        self._neutral = moved
        self._rest = shift(eyes, belief, self._rest.ravel(), SHARE).reshape(2, 2)
