"""Up and the floor: how the camera is tilted, and where the feet stand."""

from __future__ import annotations

import numpy as np

from ..take import Floats
from . import rests, tilt
from .contacts import FOOT_POINTS, SOLES, find_contacts
from .landmarks import ANKLES, HEELS, TOES
from .plant import ROOT, Plant
from .tilt import Ground


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
    nowhere = np.zeros((0, 5))
    guess = tilt.find_tilt(stances, nowhere, paths[:, ROOT], hips_height, pitch)
    standing = find_contacts(paths, slopes, trust, times, guess.up)
    footings = tilt.footings(paths, standing, times, guess.up)
    return tilt.find_tilt(stances, footings, paths[:, ROOT], hips_height, pitch)


def find_plants(paths: Floats, slopes: Floats, trust: Floats, times: Floats, ground: Ground) -> Plant:
    """Which heels and toes stand when, and what else rests; an ankle stands when both of its points do.

    Args:
        paths: Camera axes. Shape (F, N+1, 3).
        slopes: Viewing rays of the landmarks. Shape (F, N, 2).
        trust: Of each landmark. Shape (F, N).
        times: Seconds. Shape (F,).
        ground: The floor.
    """
    planted = rests.find_rests(paths, trust, times, paths @ ground.up - ground.height)
    planted[:, list(FOOT_POINTS)] = find_contacts(paths, slopes, trust, times, ground.up)
    for ankle, heel, toes in zip(ANKLES, HEELS, TOES, strict=True):
        planted[:, ankle] = np.minimum(planted[:, heel], planted[:, toes])
    rest = np.full(ROOT + 1, np.nan)
    rest[[*FOOT_POINTS, *rests.POINTS]] = [*SOLES, *rests.HEIGHTS]
    return Plant(np.minimum(planted[1:], planted[:-1]), ground.up, ground.height, rest)
