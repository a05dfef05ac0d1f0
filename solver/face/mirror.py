"""A face with left and right exchanged."""

from __future__ import annotations

import numpy as np

from ...take import Floats
from .face_motion import FaceMotion
from .shapes import INDEX, SHAPES

_SIDES = {"Left": "Right", "Right": "Left"}
_TURNS = np.array([1.0, 1.0, -1.0, -1.0])
_ACROSS = np.array([-1.0, 1.0, 1.0])
_ASIDE = np.array([-1.0, 1.0])
"""What a mirror at x = 0 makes of quaternions, of points, and of yaw and pitch."""


def mirrored(weights: Floats) -> Floats:
    """What weights (F, 52) look like in a mirror; its own inverse."""
    return weights[:, PARTNERS]


def mirrored_face(face: FaceMotion) -> FaceMotion:
    """What a face looks like in a mirror before the camera; its own inverse."""
    return FaceMotion(
        face.times,
        mirrored(face.weights),
        face.head * _TURNS,
        face.place * _ACROSS,
        face.gaze[:, ::-1] * _ASIDE,
        face.trust,
    )


def _other(shape: str) -> str:
    for side, other in _SIDES.items():
        if shape.endswith(side):
            return shape.removesuffix(side) + other
    return shape


PARTNERS = np.array([INDEX[_other(shape)] for shape in SHAPES])
"""Of each shape the same on the other side, or itself. Shape (52,)."""
