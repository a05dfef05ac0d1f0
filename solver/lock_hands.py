"""Hands that stand are held where they stand: the arms take what is left. docs/derivations.md, LOCKING."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ..take import Floats
from .humanoid import INDEX, SIDES, joint_positions
from .lock import reach
from .pose import Pose
from .rest import FORWARD
from .runs import runs
from .smooth import bridge

BLEND = 0.2
"""Seconds over which a hand goes to where it stands, and from there."""


def lock_hands(pose: Pose, standing: Floats) -> Pose:
    """The same motion on hands that stay where they stand; elbows bend for it.

    Args:
        pose: The motion.
        standing: How firmly the left and the right hand stand, 0 to 1. Shape (F, 2).
    """
    stands = standing > 0.5
    turned = pose.rotations.copy()
    joints = joint_positions(turned, pose.hips, pose.rest)
    for i in np.flatnonzero(stands.any(0)):
        side = SIDES[i]
        arm = [INDEX[f"{side}{part}"] for part in ("UpperArm", "LowerArm", "Hand")]
        shift = _shift(joints[:, arm[2]], stands[:, i], pose.times)
        moved = shift.any(1)
        upper, lower = reach(
            turned[moved, arm[0]], turned[moved, arm[1]], joints[moved][:, arm], shift[moved], -FORWARD
        )
        turned[moved, arm[0]], turned[moved, arm[1]] = upper, lower
    return replace(pose, rotations=turned)


def _shift(hand: Floats, stands: NDArray[np.bool_], times: Floats) -> Floats:
    """What has to be added to a hand's path (F, 3) so that it stands, blended at the ends. Shape (F, 3)."""
    shift, free = np.zeros_like(hand), np.ones(len(times), bool)
    for run in runs(stands):
        shift[run] = np.median(hand[run], axis=0) - hand[run]
        free &= (times < times[run.start] - BLEND) | (times > times[run.stop - 1] + BLEND)
    known = stands | free
    return bridge(shift, times, known)
