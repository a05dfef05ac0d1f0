"""The humanoid in one frame, as the live clock gives it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..take import Floats
from .pose import Pose


@dataclass(frozen=True)
class LivePose:
    """The humanoid in one frame. Nothing in it is NaN.

    Attributes:
        time: Seconds.
        rotations: World rotation of each slot from its T-pose. Shape (52, 4).
        hips: World position of the hips joint, metres. Shape (3,).
        rest: Joints in the T-pose of the performer, as far as they are known by now. Shape (52, 3).
        trust: How far each body landmark was believed, 0 to 1. Shape (33,).
        landmarks: Where the solved body has them, world, metres; NaN before somebody was seen. Shape (33, 3).
        contacts: How firmly left heel, left toes, right heel and right toes stand, 0 to 1. Shape (4,).
    """

    time: float
    rotations: Floats
    hips: Floats
    rest: Floats
    trust: Floats
    landmarks: Floats
    contacts: Floats


def as_pose(live: LivePose) -> Pose:
    """A motion of that one frame, as retargeting takes it."""
    return Pose(np.array([live.time]), live.rotations[None], live.hips[None], live.rest)
