"""The camera: an ideal pinhole whose axis goes through the middle of the picture.

Camera axes are the nets': x right, y down, z away. docs/derivations.md, CAMERA.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ..take import Floats
from . import rotations

AHEAD = np.array([0.0, 0.0, 1.0])
"""Along the camera's axis."""
DIAGONAL_VIEW = np.radians(57.0)
"""Taken where the footage does not say: between a phone's main lens and a webcam."""


@dataclass(frozen=True)
class Camera:
    """Focal length and picture centre (2,), both in pixels."""

    focal: float
    centre: Floats

    def slopes(self, image: ArrayLike) -> Floats:
        """x/z and y/z of the viewing rays through pixels. Shape (*, 2) to (*, 2)."""
        return (np.asarray(image, float) - self.centre) / self.focal


def camera_of(size: ArrayLike, diagonal_view: float | None = None, focal: float | None = None) -> Camera:
    """The camera of a picture.

    Args:
        size: Width and height, px.
        diagonal_view: Diagonal angle of view, radians, where a user says it.
        focal: Focal length, px, where the footage says it; `DIAGONAL_VIEW` counts where nobody does.
    """
    size = np.asarray(size, float)
    if diagonal_view is None and focal is not None:
        return Camera(focal, size / 2.0)
    angle = DIAGONAL_VIEW if diagonal_view is None else diagonal_view
    return Camera(float(np.hypot(*size)) / 2.0 / np.tan(angle / 2.0), size / 2.0)


def face_ray(points: Floats, slopes: Floats) -> Floats:
    """Metric landmarks from the axes of a camera that looks at the crop to those of the real one.

    Args:
        points: Metres. Shape (F, N, 3).
        slopes: Viewing ray of the crop's centre. Shape (F, 2).

    Returns:
        The same points turned by the ray's angle off the camera's axis. Shape (F, N, 3).
    """
    ray = np.concatenate([slopes, np.ones((*slopes.shape[:-1], 1))], axis=-1)
    return points @ rotations.to_matrix(rotations.shortest_arc(AHEAD, ray)).swapaxes(-1, -2)


def place(points: Floats, slopes: Floats, weights: Floats) -> Floats:
    """The translation under which metric points fall on their viewing rays, per frame.

    `tx - u tz = u Z - X` and the same in v are linear in the translation: weighted least
    squares, about the weighted means of both sides.

    Args:
        points: Metres, camera axes. Shape (F, N, 3).
        slopes: Their viewing rays. Shape (F, N, 2).
        weights: Shape (F, N).

    Returns:
        Shape (F, 3). NaN in frames with fewer than two weighted points.
    """
    total = weights.sum(1)
    total[(weights > 0).sum(1) < 2] = np.nan
    share = (weights / total[:, None])[:, None]
    sides = slopes * points[..., 2:] - points[..., :2]
    middle, mean = share @ slopes, share @ sides
    off = slopes - middle
    depth = -(share @ rotations.dot(off, sides)[..., None]) / (share @ rotations.dot(off, off)[..., None])
    return np.concatenate([mean + middle * depth, depth], axis=-1)[:, 0]
