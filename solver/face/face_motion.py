"""What a performer's face does over a clip."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...take import Floats
from .. import rotations
from .shapes import SHAPES

_WORLD_FROM_HEAD = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, -1.0, 0.0]])
"""Axes of the head in the T-pose, whose face looks along -Y."""


@dataclass(frozen=True)
class FaceMotion:
    """The head, the gaze and the 52 weights over F frames, without gaps: a lost face eases to neutral.

    Attributes:
        times: Seconds. Shape (F,).
        weights: 0 to 1, in the order of `SHAPES`. Shape (F, 52).
        head: Rotation of the head in the camera's axes: identity faces the camera, upright. Shape (F, 4).
        place: Of the point between the eyes, metres from the camera, camera axes. Shape (F, 3).
        gaze: Yaw (towards the performer's left) and pitch (up) of the left and the right eye against
            the head, radians. Shape (F, 2, 2).
        trust: How far the face was seen, 0 to 1; 0 where it was lost or smaller than 40 px. Shape (F,).
    """

    times: Floats
    weights: Floats
    head: Floats
    place: Floats
    gaze: Floats
    trust: Floats


def at_rest(time: float) -> FaceMotion:
    """A face of which nothing is known: neutral, a metre before the camera, at one time, not trusted."""
    return FaceMotion(
        times=np.array([time]),
        weights=np.zeros((1, len(SHAPES))),
        head=rotations.IDENTITY[None].copy(),
        place=np.array([[0.0, 0.0, 1.0]]),
        gaze=np.zeros((1, 2, 2)),
        trust=np.zeros(1),
    )


def head_in_world(face: FaceMotion, world_from_camera: Floats, eye: Floats) -> tuple[Floats, Floats]:
    """The head's rotation from its T-pose (F, 4) and its place (F, 3) in the world's axes, metres.

    Args:
        face: As solved.
        world_from_camera: Rotation, as in `Solution`. Shape (3, 3).
        eye: Where the camera stands. Shape (3,).
    """
    turn = world_from_camera @ rotations.to_matrix(face.head) @ _WORLD_FROM_HEAD.T
    return rotations.from_matrix(turn), face.place @ world_from_camera.T + eye
