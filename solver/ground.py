"""Up and the floor: how the camera is tilted, and where the feet stand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..take import Floats
from . import tilt
from .contacts import FOOT_POINTS, SOLE, SOLES, find_contacts
from .landmarks import ANKLES, COLUMN, HEELS, TOES
from .paths import ROOT, Plant
from .smooth import bridge, smooth

DRIFT_CUTOFF = 2.0
"""Hertz: how fast the correction of a foot's height may change."""
ROUNDS = 2
"""The contacts tell the tilt, which tells the contacts: so often."""


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
        ahead = np.cross(self.up, [1.0, 0.0, 0.0])
        ahead /= np.linalg.norm(ahead)
        return np.stack([np.cross(ahead, self.up), ahead, self.up])


def find_ground(
    paths: Floats,
    slopes: Floats,
    trust: Floats,
    times: Floats,
    hips_height: float,
    pitch: float | None = None,
) -> Ground:
    """The camera's tilt and the floor, from stances, from where feet stood, and from what cameras do.

    Where no foot was ever seen, the floor is where a standing performer's would be.

    Args:
        paths: Camera axes. Shape (F, N+1, 3).
        slopes: Viewing rays of the landmarks. Shape (F, N, 2).
        trust: Of each landmark. Shape (F, N).
        times: Seconds. Shape (F,).
        hips_height: Of the standing performer, metres.
        pitch: Of the camera, radians, positive where it looks down; None to find it.
    """
    stances = tilt.upright_stances(paths, trust)
    nowhere = np.zeros((0, 4))
    found = tilt.find_tilt(stances, nowhere, paths[:, ROOT], hips_height, pitch)
    for _ in range(ROUNDS):
        up = tilt.upwards(found.pitch, found.roll)
        standing = find_contacts(paths, slopes, trust, times, up)
        footings = tilt.footings(paths, standing, up)
        found = tilt.find_tilt(stances, footings, paths[:, ROOT], hips_height, pitch)
    return Ground(tilt.upwards(found.pitch, found.roll), -found.height)


def find_plants(paths: Floats, slopes: Floats, trust: Floats, times: Floats, ground: Ground) -> Plant:
    """Which heels and toes stand when; an ankle stands when both do.

    Args:
        paths: Camera axes. Shape (F, N+1, 3).
        slopes: Viewing rays of the landmarks. Shape (F, N, 2).
        trust: Of each landmark. Shape (F, N).
        times: Seconds. Shape (F,).
        ground: The floor.
    """
    planted = np.zeros((len(times), ROOT + 1))
    planted[:, [COLUMN[i] for i in FOOT_POINTS]] = find_contacts(paths, slopes, trust, times, ground.up)
    for ankle, heel, toes in zip(ANKLES, HEELS, TOES, strict=True):
        planted[:, COLUMN[ankle]] = np.minimum(planted[:, COLUMN[heel]], planted[:, COLUMN[toes]])
    rest = np.full(ROOT + 1, np.nan)
    rest[[COLUMN[i] for i in FOOT_POINTS]] = SOLES
    return Plant(np.minimum(planted[1:], planted[:-1]), ground.up, ground.height, rest)


def settle(joints: Floats, plant: Plant, times: Floats) -> Floats:
    """The same joints with every standing foot on z = 0: the root first, what is left of it the leg.

    Height drifts with the error of the camera's tilt as the performer comes and goes; between
    contacts the correction runs on smoothly, so a jump stays a jump.

    Args:
        joints: World axes, z over the floor. Shape (F, N+1, 3).
        plant: Which points stand.
        times: Seconds. Shape (F,).
    """
    heights, stands = [], []
    for heel, toes in zip(HEELS, TOES, strict=True):
        points = [COLUMN[heel], COLUMN[toes]]
        stands.append(plant.standing()[:, points].max(-1) > 0)
        lowest = (joints[:, points, 2] - plant.rest[points]).min(-1)
        heights.append(np.where(stands[-1], lowest, 0.0))
    count = np.sum(stands, axis=0)
    settled = joints.copy()
    drift = _between_contacts(np.sum(heights, axis=0) / np.maximum(count, 1), times, count > 0)
    settled[..., 2] -= drift[:, None]
    for height, standing, foot in zip(heights, stands, zip(ANKLES, HEELS, TOES, strict=True), strict=True):
        own = _between_contacts(height - drift, times, standing)
        settled[:, [COLUMN[i] for i in foot], 2] -= own[:, None]
    return settled


def _between_contacts(height: Floats, times: Floats, standing: NDArray[np.bool_]) -> Floats:
    """`height` (F,) while `standing`, and smoothly from there to the next contact; 0 without any."""
    if not standing.any():
        return np.zeros(len(times))
    return smooth(bridge(height, times, standing), times, DRIFT_CUTOFF)
