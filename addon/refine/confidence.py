"""How far each limb of a solved take can be trusted, and where it is worst."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...solver.landmarks import HIPS, SHOULDERS
from ...solver.solution import Solution
from ...take import Floats, Take

POINTS = {
    "body": (*SHOULDERS, *HIPS),
    "head": (0, 7, 8),
    "left_arm": (13, 15),
    "right_arm": (14, 16),
    "left_leg": (25, 27, 29, 31),
    "right_leg": (26, 28, 30, 32),
}
"""The landmarks that tell of each limb."""
MIRRORED = [0, 1, 3, 2, 5, 4]
"""The limb on the other side of each of `POINTS`: whose motion a mirrored character's limb has."""
TOLERANCE = 0.1
"""What a landmark may be missed by, as a share of the torso's length in the picture (docs/confidence.md)."""
APART = 0.5
"""Seconds between two frames that both count as worst: their neighbours are as bad."""


def limb_confidence(take: Take, solution: Solution) -> Floats:
    """How far each limb of `POINTS` is right, 0 to 1. Shape (F, 6).

    The solver's trust in its landmarks, less where they were solved farther than `TOLERANCE` from where they
    were seen: at twice the tolerance, half.
    """
    seen = np.asarray(take.body_image, float)[..., :2]
    missed = np.linalg.norm(seen - _pictured(solution), axis=-1)
    torso = np.linalg.norm(seen[:, list(SHOULDERS)].mean(1) - seen[:, list(HIPS)].mean(1), axis=-1)
    allowed = TOLERANCE * np.fmax(torso, np.nanmax(torso, initial=1.0) / 2)[:, None]
    right = np.minimum(1.0, allowed / np.fmax(missed, allowed))
    sure = np.nan_to_num(solution.trust) * np.where(np.isfinite(missed), right, 1.0)
    return np.stack([sure[:, list(points)].mean(1) for points in POINTS.values()], axis=-1)


def _pictured(solution: Solution) -> Floats:
    """Where the camera sees the solved landmarks, px. Shape (F, 33, 2); NaN behind it."""
    inside = (solution.landmarks - solution.eye) @ solution.world_from_camera
    depth = np.where(inside[..., 2:] > 1e-3, inside[..., 2:], np.nan)
    return solution.camera.centre + solution.camera.focal * inside[..., :2] / depth


def worst_frames(confidence: Floats, times: Floats) -> NDArray[np.intp]:
    """Frames from the worst on, by the mean over limbs (F, L), no two within `APART`."""
    badness = np.asarray(confidence).mean(-1)
    left = np.ones(len(times), bool)
    found: list[int] = []
    for frame in np.argsort(badness, kind="stable"):
        if left[frame]:
            found.append(int(frame))
            left &= np.abs(times - times[frame]) > APART
    return np.array(found, np.intp)


def part_of_slot(slot: str) -> str:
    """The limb that a slot of the humanoid belongs to."""
    if slot in ("neck", "head", "jaw", "leftEye", "rightEye"):
        return "head"
    side = next((side for side in ("left", "right") if slot.startswith(side)), None)
    if side is None:
        return "body"
    return f"{side}_leg" if any(word in slot for word in ("Leg", "Foot", "Toes")) else f"{side}_arm"
