"""Where the eyes look, as bones in the head, and back."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ...solver import rotations
from ...take import Floats
from .axes import unity_points, unity_rotations, world_rotations
from .bones import Placed

EYES = ("LeftEye", "RightEye")
PLACES: Floats = np.array([[0.0315, -0.08, 0.06], [-0.0315, -0.08, 0.06]])
"""Of the eyes in the head, world's axes, metres: 63 mm apart, as the usual person's are."""
_UP, _LEFT = np.array([0.0, 0.0, 1.0]), np.array([1.0, 0.0, 0.0])
_AHEAD = np.array([0.0, -1.0, 0.0])
_TURNED = 1e-4


def eyes_of(gaze: Floats) -> dict[str, Placed]:
    """The bones of eyes that look so: yaw to the left and pitch up of the left and the right one. (2, 2)."""
    turned = rotations.multiply(
        rotations.from_axis_angle(_UP, gaze[:, 0]), rotations.from_axis_angle(_LEFT, -gaze[:, 1])
    )
    placed = map(Placed, unity_points(PLACES), unity_rotations(turned))
    return dict(zip(EYES, placed, strict=True))


def gaze_told(bones: Mapping[str, Placed]) -> Floats | None:
    """Yaw and pitch of both eyes, radians, of their bones; None where there are none, or never turned."""
    if not all(name in bones for name in EYES):
        return None
    x, y, z = rotations.rotate(world_rotations([bones[name].rotation for name in EYES]), _AHEAD).T
    gaze = np.stack([np.arctan2(x, -y), np.arctan2(z, np.hypot(x, y))], axis=-1)
    return gaze if np.abs(gaze).max() > _TURNED else None
