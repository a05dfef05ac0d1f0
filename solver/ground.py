"""Up and the floor: how the camera is tilted, and where the feet stand."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..take import Floats
from . import rests, tilt
from .contacts import FOOT_POINTS, SOLES, find_contacts
from .edits import Spans, inside, stand_as_said
from .landmarks import ANKLES, HEELS, TOES, WRISTS
from .plant import ROOT, Plant
from .runs import runs
from .tilt import Ground

STANDING_POINTS = {
    "left_foot": [HEELS[0], TOES[0]], "right_foot": [HEELS[1], TOES[1]],
    "left_hand": [WRISTS[0]], "right_hand": [WRISTS[1]],
}  # fmt: skip
"""The landmarks of the parts that are said to stand."""
OFF_FLOOR = 0.25
"""Metres over the floor above which a hand that stands does so on something else."""
NOTHING: Spans = {}


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


def find_plants(
    paths: Floats, slopes: Floats, trust: Floats, times: Floats, ground: Ground, said: Spans = NOTHING
) -> Plant:
    """Which heels and toes stand when, and what else rests; an ankle stands when both of its points do.

    Args:
        paths: Camera axes. Shape (F, N+1, 3).
        slopes: Viewing rays of the landmarks. Shape (F, N, 2).
        trust: Of each landmark. Shape (F, N).
        times: Seconds. Shape (F,).
        ground: The floor.
        said: When parts stand, where that is not to be found: `Edits.contacts`.
    """
    height = paths @ ground.up - ground.height
    planted = rests.find_rests(paths, trust, times, height)
    planted[:, list(FOOT_POINTS)] = find_contacts(paths, slopes, trust, times, ground.up)
    rest = np.full((len(times), ROOT + 1), np.nan)
    rest[:, [*FOOT_POINTS, *rests.POINTS]] = [*SOLES, *rests.HEIGHTS]
    for part, stretches in said.items():
        points, stands = STANDING_POINTS[part], inside(stretches, times)
        planted[:, points] = stand_as_said(planted[:, points], stands)
        if part.endswith("hand"):
            _lean(rest[:, points[0]], height[:, points[0]], stands)
    for ankle, heel, toes in zip(ANKLES, HEELS, TOES, strict=True):
        planted[:, ankle] = np.minimum(planted[:, heel], planted[:, toes])
    return Plant(np.minimum(planted[1:], planted[:-1]), ground.up, ground.height, rest)


def _lean(rest: Floats, height: Floats, stands: NDArray[np.bool_]) -> None:
    """Let a hand that is far over the floor while it stands stay up there: on a table, against a wall."""
    for run in runs(stands):
        over = float(np.median(height[run]))
        if over > OFF_FLOOR:
            rest[run] = over
