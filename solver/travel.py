"""A motion on the spot: the way that a performer goes is taken out, the sway of the body is not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .pose import Pose
from .smooth import smooth

SWAY = 0.5
"""Hertz: faster than this the hips sway over the feet, slower they travel (a step takes half a second)."""


def in_place(pose: Pose) -> Pose:
    """The same motion as on a treadmill, about the spot over which the performer rests.

    The hips' way over the floor, without what is faster than `SWAY`, is taken from the whole body:
    standing feet move evenly against it, and stay where they are while the performer does.
    """
    way = smooth(pose.hips, pose.times, SWAY) - pose.rest[0]
    return replace(pose, hips=pose.hips - way * np.array([1.0, 1.0, 0.0]))
