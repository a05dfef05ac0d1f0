"""A solved motion smoothed once more, on feet that stand where they stood."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..take import Floats
from . import rotations
from .contacts import velocity
from .humanoid import INDEX, SIDES, joint_positions
from .lock import lock_feet
from .pose import Pose
from .smooth import smooth
from .soles import HEEL_BEHIND

STILL = 0.03
"""m/s: a point of a sole that is slower stands (standing feet of a solved motion do not move at all)."""
LOW = 0.03
"""Metres over the floor beyond which none does."""


def steadied(pose: Pose, cutoff: float) -> Pose:
    """`pose` without what is faster than `cutoff` hertz and without lag; feet that stood still do."""
    turned = smooth(rotations.continuous(pose.rotations), pose.times, cutoff)
    smoothed = replace(
        pose, rotations=rotations.normalise(turned), hips=smooth(pose.hips, pose.times, cutoff)
    )
    return lock_feet(smoothed, standing(pose))


def standing(pose: Pose) -> Floats:
    """Which of left heel, left ball, right heel and right ball stand still, 0 or 1. Shape (F, 4)."""
    joints = joint_positions(pose.rotations, pose.hips, pose.rest)
    states: list[Floats] = []
    for side in SIDES:
        foot, toes = INDEX[f"{side}Foot"], INDEX[f"{side}Toes"]
        ankle, ball = pose.rest[foot], pose.rest[toes]
        heel = HEEL_BEHIND * (ankle - ball) * [1.0, 1.0, 0.0] - [0.0, 0.0, ankle[2]]
        points = (
            joints[:, foot] + rotations.rotate(pose.rotations[:, foot], heel),
            joints[:, toes] - [0.0, 0.0, ball[2]],
        )
        for point in points:
            slow = rotations.length(velocity(point, pose.times))[:, 0] < STILL
            states.append((slow & (point[:, 2] < LOW)).astype(float))
    return np.stack(states, axis=-1)
