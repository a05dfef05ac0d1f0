"""Up and the floor as they become known: the witnesses of `tilt`, summed as they come.

docs/derivations.md, TILT, LIVE.
"""

from __future__ import annotations

import math
from collections import deque

import numpy as np

from ...take import Floats
from .. import rotations, tilt
from ..contacts import FOOT_POINTS, SOLES
from ..landmarks import ANKLES, HIPS, KNEES, LANDMARKS, SHOULDERS
from ..tilt import Ground

EASE = 1.0
"""Seconds in which what is taken for the floor follows what is known of it, so that nobody is seen to tip."""
REMEMBERED = 32
"""Footings that are kept; the oldest goes first."""
CALIBRATED = np.radians(2.0)
"""How far from upright somebody stands who does so to calibrate, errors of the nets' depth included."""
STANCES = 1.0
"""Seconds of standing upright after which their mean counts in full."""


class Floor:
    """The camera's tilt and height over the floor.

    Attributes:
        ground: As it is by now.
    """

    def __init__(self, hips_height: float, pitch: float | None = None) -> None:
        """For hips at `hips_height` metres, standing; `pitch` in radians where it is known."""
        self._usual, self._spread = np.stack([tilt.PITCH, tilt.ROLL, tilt.EYE_HEIGHT], axis=1)
        if pitch is not None:
            self._usual[:2], self._spread[:2] = (pitch, 0.0), tilt.KNOWN_TILT
        self._hips_height = hips_height
        self._known = self._usual.copy()
        self._taken: Floats | None = None
        self.ground = Ground(tilt.upwards(*self._usual[:2]), -float(self._usual[2]))
        self._stance, self._stood = np.zeros(2), 0.0
        self._root, self._seen = np.zeros(3), 0.0
        self._footings: deque[Floats] = deque(maxlen=REMEMBERED)
        self._standing: list[Floats | None] = [None, None]
        self._upright: Floats | None = None

    def stood(self, lean: Floats) -> None:
        """Somebody stood upright to calibrate, seen to `lean` (2,) forwards and sideways, radians."""
        self._upright = lean

    def step(self, points: Floats, trust: Floats, standing: Floats, seconds: float) -> None:
        """One more frame.

        Args:
            points: Fitted landmarks, camera axes. Shape (33, 3).
            trust: Of them. Shape (33,).
            standing: Whether each of `FOOT_POINTS` stands. Shape (4,).
            seconds: That the frame stands for.
        """
        self._seen += seconds
        self._root += ((points[HIPS[0]] + points[HIPS[1]]) / 2.0 - self._root) * seconds / self._seen
        self._watch_stance(points, trust, seconds)
        self._watch_feet(points, standing, seconds)
        self._known = self._known + self._improvement()
        before = self._known if self._taken is None else self._taken
        taken = self._taken = before + (1.0 - np.exp(-seconds / EASE)) * (self._known - before)
        pitch, roll, height = (float(value) for value in taken)
        self.ground = Ground(tilt.upwards(pitch, roll), -height)

    def _watch_stance(self, points: Floats, trust: Floats, seconds: float) -> None:
        """The mean lean, forwards and sideways, while a knee is straight."""
        bones = _BONES @ points
        cosine = rotations.dot(bones[:2], bones[2:4]) / np.sqrt(
            rotations.dot(bones[:2], bones[:2]) * rotations.dot(bones[2:4], bones[2:4])
        )
        if not ((cosine > _STRAIGHT) & (trust[_ANKLES] > 0.5)).any():
            return
        x, y, z = bones[4].tolist()
        self._stood += seconds
        lean = np.array([math.atan2(-z, -y), math.atan2(x, -y)])
        self._stance += (lean - self._stance) * seconds / self._stood

    def _watch_feet(self, points: Floats, standing: Floats, seconds: float) -> None:
        """The mean place of each standing foot's lowest point, and for how long it has stood there."""
        up = tilt.upwards(*self._known[:2])
        feet = points[_FEET]
        heights, stands = (feet @ up - SOLES).tolist(), standing.tolist()
        for foot in range(2):
            if not (stands[foot] or stands[foot + 2]):
                self._standing[foot] = None
                continue
            lowest = foot if heights[foot] < heights[foot + 2] else foot + 2
            row = self._standing[foot]
            if row is None:
                row = self._standing[foot] = np.zeros(5)
                self._footings.append(row)
            row[4] += seconds
            row[:4] += (np.append(feet[lowest], SOLES[lowest]) - row[:4]) * seconds / row[4]

    def _improvement(self) -> Floats:
        """A Gauss-Newton step of pitch, roll and height."""
        pitch, roll, height = self._known
        share = min(1.0, self._stood / STANCES) / tilt.UPRIGHT_SPREAD
        misses = [(self._known - self._usual) / self._spread, (self._stance - self._known[:2]) * share]
        slopes = [np.diag(1.0 / self._spread), -share * np.eye(2, 3)]
        if self._upright is not None:
            misses.append((self._upright - self._known[:2]) / CALIBRATED)
            slopes.append(-np.eye(2, 3) / CALIBRATED)
        up, turned = _up_and_slopes(pitch, roll)
        if self._footings:
            footings = np.array(self._footings)
            drop = footings[:, 3] - footings[:, :3] @ up
            error = np.hypot(tilt.DEPTH_ERROR * drop, tilt.SOLE_ERROR)
            sure = np.minimum(footings[:, 4] / tilt.LASTING, 1.0) / error
            misses.append(sure * (drop - height))
            slope = np.full((len(drop), 3), -1.0)
            slope[:, :2] = -footings[:, :3] @ turned
            slopes.append(sure[:, None] * slope)
        else:
            misses.append(np.array([(self._root @ up + height - self._hips_height) / tilt.STOOD_ERROR]))
            slopes.append(np.append(self._root @ turned, 1.0)[None] / tilt.STOOD_ERROR)
        miss, slope = np.concatenate(misses), np.concatenate(slopes)
        weighted = slope / (1.0 + (miss / tilt.OUTLIER) ** 2)[:, None]
        return -np.linalg.solve(weighted.T @ slope, weighted.T @ miss)


def _up_and_slopes(pitch: float, roll: float) -> tuple[Floats, Floats]:
    """`tilt.upwards` (3,) and its derivatives by pitch and roll (3, 2)."""
    sp, cp, sr, cr = math.sin(pitch), math.cos(pitch), math.sin(roll), math.cos(roll)
    return np.array([sr, -cr * cp, -cr * sp]), np.array([[0.0, cr], [cr * sp, sr * cp], [-cr * cp, sr * sp]])


def _bones() -> Floats:
    """Both thighs, both shins, and from the middle of the ankles to the shoulders'. Shape (5, 33)."""
    points = np.eye(LANDMARKS)
    thighs, shins = points[list(KNEES)] - points[list(HIPS)], points[list(ANKLES)] - points[list(KNEES)]
    trunk = points[list(SHOULDERS)].mean(0) - points[list(ANKLES)].mean(0)
    return np.concatenate([thighs, shins, trunk[None]])


_BONES = _bones()
_STRAIGHT = math.cos(tilt.STRAIGHT)
_ANKLES, _FEET = list(ANKLES), list(FOOT_POINTS)
