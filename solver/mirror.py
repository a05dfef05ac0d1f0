"""A motion with left and right exchanged."""

from __future__ import annotations

import numpy as np

from ..take import Floats
from .humanoid import INDEX, SLOTS, side_of
from .pose import Pose

_ACROSS = np.array([-1.0, 1.0, 1.0])
_TURNS = np.array([1.0, 1.0, -1.0, -1.0])
"""What a mirror at x = 0 makes of points and of quaternions."""


def mirrored(pose: Pose) -> Pose:
    """What `pose` looks like in a mirror at x = 0: exact, and its own inverse."""
    return Pose(
        pose.times,
        _exchanged(pose.rotations) * _TURNS,
        pose.hips * _ACROSS,
        _exchanged(pose.rest[None])[0] * _ACROSS,
    )


def _exchanged(values: Floats) -> Floats:
    """`values` (F, 52, *) of the slots with those of left and right exchanged."""
    return values[:, [INDEX[_OTHER[slot]] for slot in SLOTS]]


def _other(slot: str) -> str:
    side = side_of(slot)
    return {"left": "right", "right": "left", "": ""}[side] + slot.removeprefix(side)


_OTHER = {slot: _other(slot) for slot in SLOTS}
