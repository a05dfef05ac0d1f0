"""Landmarks put right by what was learned from rendered people, whose joints are known.

The nets' landmarks err in the same way for the same pose, above all in depth. A small network reads the
metric and the image landmarks of one frame and says by how much each is off, and how sure that is; see
docs/derivations.md, CORRECTION. It is taught by `tests/calibration/correction.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..take import Floats
from . import rotations
from .landmarks import ANKLES, ELBOWS, HIPS, KNEES, LANDMARKS, MIRRORED, SHOULDERS, WRISTS
from .learned import answer, numbers
from .median import median

TABLE = Path(__file__).with_name("correction.npz")
LIMBS = tuple(zip((*SHOULDERS, *ELBOWS, *HIPS, *KNEES), (*ELBOWS, *WRISTS, *KNEES, *ANKLES), strict=True))
"""The eight bones of the limbs, whose lengths with the trunk's make the performer's size."""
PLACING = (0, 7, 8, *range(11, 17), *range(23, 33))
"""Landmarks by which the metric points are laid over the image's: those that the net sees best."""
UNSEEN = 0.05
"""Weight in it of a landmark that the net takes for hidden, against 1."""
FLAT = (*SHOULDERS, *ELBOWS, *WRISTS, *HIPS, *KNEES, *ANKLES)
"""Landmarks whose viewing rays are corrected."""
SPREADS = (-6.0, 0.0)
"""Lowest and highest logarithm of an error, in shares of the size: 0.8 cm, and as good as unknown."""
MIRROR = np.array([-1.0, 1.0, 1.0])


@dataclass(frozen=True)
class Corrected:
    """Landmarks and their standard errors; NaN where they were NaN.

    Attributes:
        metric: Metres from the middle of the hips, camera axes. Shape (F, 33, 3).
        slopes: x/z and y/z of their viewing rays. Shape (F, 33, 2).
        error: Standard error of `metric`, in x, y and z of the axes along the hips' viewing ray, metres.
            Shape (F, 33, 3).
        across: Standard error of `slopes`, metres at the performer. Shape (F, 33).
    """

    metric: Floats
    slopes: Floats
    error: Floats
    across: Floats


def correct(metric: Floats, slopes: Floats, visibility: Floats) -> Corrected:
    """What the landmarks of each frame would be without the errors that the nets always make.

    Every frame stands for itself, but for the performer's size. A mirrored performer gives the mirrored
    result, exactly.

    Args:
        metric: Metres from the middle of the hips, turned by `camera.face_ray`. Shape (F, 33, 3).
        slopes: x/z and y/z of the landmarks' viewing rays. Shape (F, 33, 2).
        visibility: As the net gave it, 0 to 1. Shape (F, 33).
    """
    known = np.isfinite(metric).all((1, 2)) & np.isfinite(slopes).all((1, 2)) & np.isfinite(visibility).all(1)
    if len(known) and known.all():
        return _correct(metric, slopes, visibility)
    empty = Corrected(*(np.full((len(metric), LANDMARKS, *last), np.nan) for last in ((3,), (2,), (3,), ())))
    if known.any():
        found = _correct(metric[known], slopes[known], visibility[known])
        for name, values in vars(found).items():
            getattr(empty, name)[known] = values
    return empty


@dataclass(frozen=True)
class Crop:
    """One performer's landmarks seen along the ray to the hips, as the net saw them, in shares of the size.

    Attributes:
        size: Of the performer, metres.
        turn: From these axes to the camera's. Shape (F, 3, 3).
        points: Metric landmarks. Shape (F, 33, 3).
        rays: x/z and y/z of the viewing rays in these axes. Shape (F, 33, 2).
        scale: Slope of one size at the performer. Shape (F, 1, 1).
    """

    size: float
    turn: Floats
    points: Floats
    rays: Floats
    scale: Floats

    def image(self) -> Floats:
        """Image landmarks in shares of the size, from the hips. Shape (F, 33, 2)."""
        return (self.rays - middle_of_hips(self.rays)) / self.scale


def seen_along_hips(metric: Floats, slopes: Floats, visibility: Floats) -> Crop:
    """The landmarks in the axes of a camera that looks at the hips; arguments as of `correct`, none NaN."""
    size = size_of(metric)
    ray = np.concatenate([slopes, np.ones((*slopes.shape[:2], 1))], axis=-1)
    turn = rotations.to_matrix(rotations.shortest_arc(_AHEAD, middle_of_hips(ray)[:, 0]))
    points, ray = metric @ turn / size, ray @ turn
    rays = ray[..., :2] / ray[..., 2:]
    return Crop(size, turn, points, rays, angular_scale(points, rays, visibility)[:, None, None])


def _correct(metric: Floats, slopes: Floats, visibility: Floats) -> Corrected:
    """The same for frames that are all known."""
    crop = seen_along_hips(metric, slopes, visibility)
    change, error = network(crop.points, crop.image(), visibility, np.log(crop.scale[:, :, 0]))
    rays = crop.rays + _IS_FLAT * change[..., 3:] * crop.scale
    back = crop.turn.swapaxes(1, 2)
    ray = np.concatenate([rays, np.ones((*rays.shape[:2], 1))], axis=-1) @ back
    across = np.sqrt(rotations.dot(error[..., 3:], error[..., 3:]) / 2.0) * crop.size
    metric = ((crop.points + change[..., :3]) * crop.size) @ back
    metric -= middle_of_hips(metric)
    return Corrected(metric, ray[..., :2] / ray[..., 2:], error[..., :3] * crop.size, across)


def middle_of_hips(values: Floats) -> Floats:
    """Shape (F, 33, *) to (F, 1, *)."""
    return (values[:, HIPS[0]] + values[:, HIPS[1]])[:, None] / 2.0


def size_of(points: Floats) -> float:
    """The performer's size: the lengths of the limbs' bones and of the trunk together. Shape (F, 33, 3)."""
    bones = _BONES @ points
    return median(np.sqrt(rotations.dot(bones, bones)).sum(1))


def _bones() -> Floats:
    """The limbs' bones and the trunk, by the landmarks. Shape (9, 33)."""
    points = np.eye(LANDMARKS)
    limbs = [points[end] - points[start] for start, end in LIMBS]
    return np.stack([*limbs, points[list(SHOULDERS)].mean(0) - points[list(HIPS)].mean(0)])


_BONES = _bones()
_AHEAD = np.array([0.0, 0.0, 1.0])
_IS_FLAT = np.isin(np.arange(LANDMARKS), FLAT)[:, None]


def angular_scale(points: Floats, rays: Floats, visibility: Floats) -> Floats:
    """Slope per unit of `points` at the performer: weighted least squares over the frame. Shape (F,)."""
    weight = visibility.take(PLACING, 1)[..., None] + UNSEEN
    weight = weight / weight.sum(1, keepdims=True)
    flat, seen = points.take(PLACING, 1)[..., :2], rays.take(PLACING, 1)
    flat = flat - (weight * flat).sum(1, keepdims=True)
    pulled = weight * flat
    return (pulled * seen).sum((1, 2)) / (pulled * flat).sum((1, 2))


def network(points: Floats, image: Floats, visibility: Floats, scale: Floats) -> tuple[Floats, Floats]:
    """By how much the landmarks are off, and the standard error of that, in shares of the size.

    Args:
        points: Metric landmarks in shares of the size, from the hips. Shape (F, 33, 3).
        image: Image landmarks in the same unit, from the hips. Shape (F, 33, 2).
        visibility: Shape (F, 33).
        scale: Logarithm of the slope of one size. Shape (F, 1).

    Returns:
        Change of x, y, z of the metric and x, y of the image landmarks, and its error. Each (F, 33, 5).
    """
    frames = len(points)
    parts = (points.reshape(frames, -1), image.reshape(frames, -1), visibility, scale)
    own = np.concatenate(parts, axis=1)
    both = np.concatenate([own, own.take(_SWAPPED, 1) * _SIGNS])
    change, spread = _layers(both)
    change = change[:frames] + change[frames:, MIRRORED] * _MIRRORS
    return change / 2, np.exp((spread[:frames] + spread[frames:, MIRRORED]) / 2)


def _swapped() -> tuple[NDArray[np.intp], Floats]:
    """Where the inputs of a mirrored performer stand among the own ones, and their signs. Both (199,)."""
    first = 0
    where: list[NDArray[np.intp]] = []
    signs: list[Floats] = []
    for mirror in (MIRROR, MIRROR[:2], np.ones(1)):
        where.append(first + (MIRRORED[:, None] * mirror.size + np.arange(mirror.size)).ravel())
        signs.append(np.tile(mirror, LANDMARKS))
        first += LANDMARKS * mirror.size
    return np.concatenate([*where, [first]]), np.concatenate([*signs, [1.0]])


_SWAPPED, _SIGNS = _swapped()
_MIRRORS = np.concatenate([MIRROR, MIRROR[:2]])


def _layers(inputs: Floats) -> tuple[Floats, Floats]:
    """Changes and the logarithms of their errors (F, 33, 5) by the network's inputs (F, 199)."""
    out, unit = answer(TABLE, inputs).reshape(-1, LANDMARKS, 2, 5), numbers(TABLE)["unit"]
    spread = out[:, :, 1] + np.log(unit)
    return out[:, :, 0] * unit, np.minimum(np.maximum(spread, SPREADS[0]), SPREADS[1])
