"""Our world's axes and Unity's.

Ours are right-handed with +Z up; who faces the camera looks along -Y and has the left at +X. Unity's are
left-handed with +Y up; a character looks along +Z and has the left at -X. What names the same direction of
the same character fixes the map M: up (0, 0, 1) to (0, 1, 0), front (0, -1, 0) to (0, 0, 1), left (1, 0, 0)
to (-1, 0, 0); so (x, y, z) to (-x, z, -y), which turns a right hand into a left one (det M = -1). A rotation
R becomes M R M^-1: the same angle about the axis M a, counted the other way round because the hand changed,
which is the quaternion (w, -M v) of (w, v).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from ...take import Floats

_UNITY_FROM_WORLD: Floats = np.array([[-1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, -1.0, 0.0]])


def unity_points(points: ArrayLike) -> Floats:
    """Points of our world, (*, 3), in Unity's axes."""
    return np.asarray(points, float) @ _UNITY_FROM_WORLD.T


def world_points(points: ArrayLike) -> Floats:
    """Points in Unity's axes, (*, 3), in our world's."""
    return np.asarray(points, float) @ _UNITY_FROM_WORLD


def unity_rotations(rotations: ArrayLike) -> Floats:
    """Quaternions (w, x, y, z) of our world as Unity writes them: (x, y, z, w). Shape (*, 4)."""
    q = np.asarray(rotations, float)
    return np.concatenate([-unity_points(q[..., 1:]), q[..., :1]], axis=-1)


def world_rotations(rotations: ArrayLike) -> Floats:
    """Quaternions (x, y, z, w) of Unity as ours: (w, x, y, z). Shape (*, 4)."""
    q = np.asarray(rotations, float)
    return np.concatenate([q[..., 3:], -world_points(q[..., :3])], axis=-1)
