"""What a performer's face did over a session, in figures."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..solver import rotations
from ..solver.face.face_motion import FaceMotion
from ..solver.face.shapes import SHAPES
from ..take import Floats

EYES = ("left", "right")


class FaceFigures:
    """Of as many faces as come, one a frame.

    Attributes:
        count: How many came.
    """

    def __init__(self) -> None:
        self.count = 0
        self._seen = 0
        self._weights, self._most = np.zeros(len(SHAPES)), np.zeros(len(SHAPES))
        self._least_angles, self._most_angles = np.full(7, np.inf), np.full(7, -np.inf)

    def add(self, face: FaceMotion) -> None:
        """One more, of one frame; only where it was seen does it count for more than `seen`."""
        self.count += 1
        if face.trust[0] <= 0.0:
            return
        self._seen += 1
        self._weights += face.weights[0]
        self._most = np.maximum(self._most, face.weights[0])
        angles = np.degrees(np.concatenate([_turned(face), face.gaze[0].ravel()]))
        self._least_angles = np.minimum(self._least_angles, angles)
        self._most_angles = np.maximum(self._most_angles, angles)

    def figures(self) -> dict[str, Any]:
        """`seen`, the share of the frames in which the face was; and of those the following.

        `weights`: of each of ARKit's shapes the `mean` and the `most`. `head_deg`: from and to how many
        degrees it was turned: `yaw` and `roll` towards the performer's left, `pitch` up. `gaze_deg`: the same
        of the `left` and the `right` eye against the head.
        """
        if not self._seen:
            return {"seen": 0.0}
        mean = self._weights / self._seen
        ranges = np.round(np.stack([self._least_angles, self._most_angles], axis=-1), 1).tolist()
        return {
            "seen": round(self._seen / self.count, 3),
            "weights": {
                shape: {"mean": round(float(mean[i]), 3), "most": round(float(self._most[i]), 3)}
                for i, shape in enumerate(SHAPES)
            },
            "head_deg": dict(zip(("yaw", "pitch", "roll"), ranges[:3], strict=True)),
            "gaze_deg": {
                eye: dict(zip(("yaw", "pitch"), ranges[3 + 2 * i : 5 + 2 * i], strict=True))
                for i, eye in enumerate(EYES)
            },
        }


def _turned(face: FaceMotion) -> Floats:
    """Yaw and pitch of where the head faces, and its roll, radians. Shape (3,)."""
    turn = rotations.to_matrix(face.head[0])
    x, y, z = -turn[:, 2]  # ahead of the face is -z in the head's axes: towards the camera
    roll = np.arctan2(-turn[0, 1], turn[1, 1])
    return np.array([np.arctan2(x, -z), np.arcsin(np.clip(-y, -1.0, 1.0)), roll])
