"""Pelvis, spine, neck and head from the lines of hips and shoulders and the points of the face."""

from __future__ import annotations

import numpy as np

from ..take import Floats
from . import rotations
from .rest import FORWARD, UP

LEFT = np.array([1.0, 0.0, 0.0])
SHOULDER_SHARE = 0.25
"""How much the long shoulder line says of the pelvis's heading beside the short, noisy hip line."""
FACE_RISE = np.radians(9.0)
"""Rise of the line from between the ears to amid eyes and nose in a level head (rendered clips)."""


def torso(hips: Floats, shoulders: Floats) -> Floats:
    """Rotations of hips, spine, chest and upperChest.

    The pelvis follows the hip line, the upper chest the shoulder line, both along the line
    from hips to shoulders; the spine between them shares the turn evenly.

    Args:
        hips: Left and right hip, world. Shape (F, 2, 3).
        shoulders: Left and right shoulder. Shape (F, 2, 3).

    Returns:
        Shape (F, 4, 4).
    """
    up = shoulders.mean(1) - hips.mean(1)
    shoulder_line = rotations.normalise(shoulders[:, 0] - shoulders[:, 1])
    hip_line = rotations.normalise(hips[:, 0] - hips[:, 1])
    pelvis_line = (1 - SHOULDER_SHARE) * hip_line + SHOULDER_SHARE * shoulder_line
    pelvis = rotations.between_frames(UP, LEFT, up, pelvis_line)
    chest = rotations.between_frames(UP, LEFT, up, shoulder_line)
    return np.stack([rotations.interpolate(pelvis, chest, share / 3.0) for share in range(4)], axis=1)


def head(face: Floats) -> Floats:
    """Rotation of the head from nose, eyes and ears.

    Args:
        face: Nose, left and right eye, left and right ear, world axes. Shape (F, 5, 3).

    Returns:
        Shape (F, 4); NaN where a point is missing.
    """
    nose, eyes, ears = face[:, 0], face[:, 1:3].mean(1), face[:, 3:5]
    ahead = (nose + eyes) / 2 - ears.mean(1)
    level = rotations.rotate(rotations.from_axis_angle(LEFT, -FACE_RISE), FORWARD)
    return rotations.between_frames(LEFT, level, ears[:, 0] - ears[:, 1], ahead)
