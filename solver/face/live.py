"""The face frame by frame, as it comes: the live clock of `solve_face`.

The neutral face is learned while it runs, or from the seconds of a calibration.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from ...take import Floats
from ..camera import Camera
from ..causal.one_euro import Cutoff, OneEuro, low_pass
from .face_motion import FaceMotion, at_rest
from .gaze import gaze_of, looks_of
from .head import Stand
from .learned import LearnedFace
from .look import look_at, straightness
from .reach import scaled
from .shapes import INDEX
from .solve import EASE, GAZE, HEAD, LIDS, WEIGHTS
from .table import load_table
from .weights import read_weights

SOON = 0.2
"""Seconds within which a head is near where it was."""
LEARNED = 3.0
"""Seconds in which an extreme is learned."""
CALM = Cutoff(
    np.concatenate([WEIGHTS.rest, np.full((4, 1), GAZE.rest)]),
    np.concatenate([WEIGHTS.rise, np.full((4, 1), GAZE.rise)]),
)
"""Of the weights and the gaze of both eyes, which go through one filter."""


class FaceSolver:
    """One performer's face, in the order of time."""

    def __init__(self, camera: Camera) -> None:
        """Seen by `camera`, whose centre is the picture's."""
        self._camera, self._table = camera, load_table()
        self._learned = LearnedFace()
        self._calibrate_until: float | None = None
        self._calibrate_for: float | None = None
        self._peaks: Floats = np.zeros(len(INDEX))
        self._read: Floats | None = None
        self._near: Stand | None = None
        self._ease = 0.0
        self._now: float | None = None
        self._last = at_rest(0.0)
        self._calm = OneEuro(CALM, turning=False)
        self._calm_head = OneEuro(HEAD, turning=True), OneEuro(HEAD, turning=False)

    def calibrate(self, seconds: float) -> None:
        """Take the face of the next `seconds` for the performer's neutral one, from then on.

        Where none is seen in them it is learned as it was before.
        """
        self._calibrate_for = seconds
        self._learned.forget()

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
        if self._calibrate_until is not None and time >= self._calibrate_until:
            self._calibrate_until = None
            self._learned.fix()
        if np.isfinite(image).all():
            self._last = self._seen(image, score, time, seconds)
        else:
            self._last = self._lost(time, seconds)
        return self._last

    def _seen(self, image: Floats, score: float, time: float, seconds: float) -> FaceMotion:
        near = self._near if seconds < SOON else None
        look = look_at(image[None], self._camera, self._table, near)
        self._near = look.stand
        trust = float(look.trust[0]) * min(max(score, 0.0), 1.0)
        belief = trust * float(straightness(look.head)[0]) + 1e-6
        neutral, rest = self._learned.learn(look, belief, time)
        shut = self._last.weights[:, LIDS]
        gaze = gaze_of(look.eyes - rest, shut, look.angles[:, 0])
        weights = read_weights(look.points - neutral, look.angles, looks_of(gaze), self._table, self._read)
        self._read = weights
        rising = low_pass(1.0 / LEARNED, seconds) * belief
        self._peaks += rising * np.maximum(weights[0] - self._peaks, 0.0)
        weights = scaled(weights, self._peaks, self._table)
        self._ease += low_pass(1.0 / (2.0 * np.pi * EASE), seconds) * (float(trust > 0) - self._ease)
        weights, gaze = self._calmed(weights, gaze, self._ease, seconds)
        head = self._calm_head[0].step(look.head, seconds)
        place = self._calm_head[1].step(look.place * self._learned.size, seconds)
        return FaceMotion(np.array([time]), weights, head, place, gaze, np.array([trust]))

    def _lost(self, time: float, seconds: float) -> FaceMotion:
        fading = low_pass(1.0 / (2.0 * np.pi * EASE), seconds)
        self._ease -= fading * self._ease
        self._near = None
        last = self._last
        weights, gaze = self._calmed(last.weights, last.gaze, 1.0 - fading, seconds)
        return FaceMotion(np.array([time]), weights, last.head, last.place, gaze, np.zeros(1))

    def _calmed(self, weights: Floats, gaze: Floats, ease: float, seconds: float) -> tuple[Floats, Floats]:
        """Weights (1, 52) and gaze (1, 2, 2), eased to nothing and smoothed."""
        both = np.concatenate([weights[0], gaze.ravel()])[:, None] * ease
        calm = self._calm.step(both, seconds)
        return calm[: len(INDEX)].T, calm[len(INDEX) :].reshape(1, 2, 2)
