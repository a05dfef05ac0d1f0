"""What the solver found: the motion, and how far each part of it can be trusted."""

from __future__ import annotations

from dataclasses import dataclass

from ..take import Floats
from .camera import Camera
from .face.face_motion import FaceMotion
from .pose import Pose


@dataclass(frozen=True)
class Solution:
    """A solved clip of F frames.

    Attributes:
        pose: The motion.
        camera: The camera that it was seen by.
        world_from_camera: Rotation from camera axes (x right, y down, z away) to the world's. Shape (3, 3).
        eye: Where the camera stands in the world, metres. Shape (3,).
        trust: How far each body landmark was believed, 0 to 1. Shape (F, 33).
        landmarks: Where the solved body puts its landmarks, world, metres; NaN for those that are
            not fitted. Shape (F, 33, 3).
        contacts: How firmly left heel, left toes, right heel, right toes, left hand and right hand
            stand, 0 to 1. Shape (F, 6).
        face: What the face does; None where none was looked for, or none was seen.
    """

    pose: Pose
    camera: Camera
    world_from_camera: Floats
    eye: Floats
    trust: Floats
    landmarks: Floats
    contacts: Floats
    face: FaceMotion | None = None
