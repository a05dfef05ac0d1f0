"""A known height: the one length that a single camera cannot see."""

from __future__ import annotations

from dataclasses import replace

from ..take import Floats
from .humanoid import INDEX, rest_pose
from .solution import Solution

STANDARD_HEIGHT = 1.70
"""Metres from sole to crown of the person whom `humanoid.rest_pose` describes."""

_STANDARD = rest_pose()


def standing_height(rest: Floats) -> float:
    """Metres from the sole to the crown of who has these joints (52, 3) in the T-pose.

    There is no joint at the crown: from the head's joint to it is taken to be in proportion to the spine.
    """
    head, hips = (float(rest[INDEX[slot], 2]) for slot in ("head", "hips"))
    standard_head, standard_hips = (float(_STANDARD[INDEX[slot], 2]) for slot in ("head", "hips"))
    crown = (STANDARD_HEIGHT - standard_head) / (standard_head - standard_hips)
    return head + crown * (head - hips)


def with_height(solution: Solution, height: float) -> Solution:
    """The same motion of a performer who is `height` metres tall.

    Body, way and the camera's distance grow alike about the world's origin, which lies on the
    floor: no angle, no picture and no contact changes.
    """
    scale = height / standing_height(solution.pose.rest)
    pose = replace(solution.pose, hips=scale * solution.pose.hips, rest=scale * solution.pose.rest)
    return replace(solution, pose=pose, eye=scale * solution.eye, landmarks=scale * solution.landmarks)
