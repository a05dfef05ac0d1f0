"""How the camera is tilted, and how high over the floor it is.

Four witnesses, each with its error: cameras are usually nearly level and about chest high, people
stand upright on average, and all places where a foot stood lie in one plane. The first three are
weak; a performer who comes and goes makes the last one strong. docs/derivations.md, TILT.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.optimize import least_squares

from ..take import Floats
from . import rotations
from .contacts import FOOT_POINTS, SOLES
from .landmarks import ANKLES, HIPS, KNEES, SHOULDERS
from .runs import runs
from .smooth import durations

PITCH = np.radians([4.0, 7.0])
"""Mean and spread of cameras that film a person: they look down a little, as they stand at chest height."""
KNOWN_TILT = np.radians(0.1)
"""Spread of a pitch that the user gives."""
ROLL = np.radians([0.0, 2.0])
"""Likewise of the roll: tripods and hands hold cameras level."""
EYE_HEIGHT = np.array([1.4, 0.5])
"""Mean and spread of a camera's height over the floor, metres: from a desk to over the head."""
UPRIGHT_SPREAD = np.radians(4.6)
"""How far the mean stance of a clip is from upright, bias of the nets' depth included (rendered clips)."""
STRAIGHT = np.radians(25.0)
"""A knee bent by less counts as straight: such a performer stands upright on average."""
DEPTH_ERROR = 0.04
"""Share of its depth by which a foot's is wrong from one place to another (rendered clips)."""
SOLE_ERROR = 0.02
"""Metres by which a standing foot's landmarks are off the height that they should have."""
STOOD_ERROR = 0.15
"""Metres by which hips are off a standing performer's where no foot was seen."""
LASTING = 0.4
"""Seconds: a contact that is shorter may be none, and counts for less."""
OUTLIER = 2.0
"""A witness that is wrong by more than this many of its errors is an outlier (Cauchy loss)."""


@dataclass(frozen=True)
class Ground:
    """The floor in camera axes: points p with up . p = height.

    Attributes:
        up: Unit vector against gravity. Shape (3,).
        height: Metres; negative, as the camera is above it.
    """

    up: Floats
    height: float

    def world_from_camera(self) -> Floats:
        """Rotation from camera axes to the world's: up is +Z, the view goes along +Y. Shape (3, 3)."""
        ahead = np.array([0.0, 0.0, 1.0]) - self.up[2] * self.up
        ahead /= np.sqrt(ahead @ ahead)
        return np.array([rotations.cross(ahead, self.up), ahead, self.up])


def upwards(pitch: float, roll: float = 0.0) -> Floats:
    """Unit vector against gravity in camera axes. Shape (3,)."""
    level = math.cos(roll)
    return np.array([math.sin(roll), -level * math.cos(pitch), -level * math.sin(pitch)])


def find_tilt(
    stances: Floats, footings: Floats, root: Floats, hips_height: float, pitch: float | None
) -> Ground:
    """The floor under the likeliest tilt and height of the camera.

    Args:
        stances: From the ankles to the shoulders while a knee is straight. Shape (K, 3), K may be 0.
        footings: Where feet stood, as `footings` finds them. Shape (M, 5), M may be 0.
        root: Paths of the hips' middle. Shape (F, 3).
        hips_height: Of the standing performer, metres.
        pitch: Radians where it is known; the camera then does not roll.
    """

    def misses(guess: Floats) -> Floats:
        pitch, roll, height = guess
        up = upwards(pitch, roll)
        plane = _footing_misses(footings, up, height)
        if not len(footings):
            plane = np.array([(np.median(root @ up) + height - hips_height) / STOOD_ERROR])
        upright = (stance - guess[:2]) / UPRIGHT_SPREAD
        return np.concatenate([(guess - usual) / spread, upright if len(stances) else [], plane])

    stance = _median_stance(stances)
    usual, spread = np.stack([PITCH, ROLL, EYE_HEIGHT], axis=1)
    if pitch is not None:
        usual[:2], spread[:2] = (pitch, 0.0), KNOWN_TILT
    found = least_squares(misses, usual, loss="cauchy", f_scale=OUTLIER)
    pitch, roll, height = (float(value) for value in found.x)
    return Ground(upwards(pitch, roll), -height)


def _median_stance(stances: Floats) -> Floats:
    """By how much the median stance leans, forwards and sideways, radians (2,); 0 where there is none."""
    if not len(stances):
        return np.zeros(2)
    lean = np.arctan2([-stances[:, 2], stances[:, 0]], -stances[:, 1])
    return np.median(lean, axis=1)


def _footing_misses(footings: Floats, up: Floats, height: float) -> Floats:
    """By how much feet are over or under the floor, in units of what the errors of their depths make of it.

    The viewing ray is exact, the depth is not: a point moves along its ray, and its height with it.
    """
    drop = footings[:, 3] - footings[:, :3] @ up
    sure = np.minimum(footings[:, 4] / LASTING, 1.0)
    return sure * (drop - height) / np.hypot(DEPTH_ERROR * drop, SOLE_ERROR)


def upright_stances(paths: Floats, trust: Floats) -> Floats:
    """From the middle of the ankles to that of the shoulders wherever a knee is straight. Shape (K, 3)."""
    upright = np.zeros(len(paths), bool)
    for hip, knee, ankle in zip(HIPS, KNEES, ANKLES, strict=True):
        thigh = paths[:, knee] - paths[:, hip]
        shin = paths[:, ankle] - paths[:, knee]
        sine = np.linalg.norm(np.cross(thigh, shin), axis=-1)
        straight = np.arctan2(sine, (thigh * shin).sum(-1)) < STRAIGHT
        upright |= straight & (trust[:, ankle] > 0.5)
    return (_middle(paths, SHOULDERS) - _middle(paths, ANKLES))[upright]


def _middle(paths: Floats, pair: tuple[int, int]) -> Floats:
    return paths[:, list(pair)].mean(1)


def footings(paths: Floats, standing: Floats, times: Floats, up: Floats) -> Floats:
    """The places where feet stood: one for each time that a foot stood, of its lowest point.

    Args:
        paths: Camera axes. Shape (F, N+1, 3).
        standing: Which of `FOOT_POINTS` stands, 0 or 1. Shape (F, 4).
        times: Seconds. Shape (F,).
        up: Upwards, as far as it is known. Shape (3,).

    Returns:
        Median position in camera axes, the height that such a point has while it stands, and how many
        seconds it stood. Shape (M, 5).
    """
    points = paths[:, list(FOOT_POINTS)]
    heights, held = points @ up - SOLES, durations(times)
    found = []
    for foot in range(2):
        both = [foot, foot + 2]
        lowest = np.array(both)[heights[:, both].argmin(1)]
        places = np.column_stack([points[np.arange(len(points)), lowest], SOLES[lowest]])
        for run in runs(standing[:, both].any(1)):
            found.append([*np.median(places[run], axis=0), held[run].sum()])
    return np.array(found).reshape(-1, 5)
