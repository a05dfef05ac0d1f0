"""The performer's matte: how much of each pixel is the performer, 0 to 1, calmed over time.

Two nets know it. The pose net sees it in the region that follows the body: it is the performer's alone. The
selfie net sees people in the whole picture, sooner and more coarsely.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from .regions import Way
from .roi import Picture, Roi, crops
from .sessions import Net
from .video import Frame

Matte = NDArray[np.float32]
"""Of a picture: shape (H, W), 0 to 1."""
Key = TypeVar("Key")

_SIZE = 256
# Logits reach 1700; beyond this one float32 knows no difference.
_SURE = 80.0
_INERTIA = 0.7
# How sure a value is, by the square of its distance from 1/2: a polynomial near the entropy.
_SURENESS = (-624.717, 291.309, -57.8051, -0.748699, 5.68842)


class PoseMatte:
    """Mattes of one person over a clip, from the pose net."""

    def __init__(self, way: Way, net: Net) -> None:
        self._way = way
        self._net = net

    def __call__(self, frames: Sequence[Frame]) -> list[Matte | None]:
        """The matte in each frame, all in one batch; None where the person is not there."""
        rois = [self._way.roi(frame.time) for frame in frames]
        there = [(frame.picture, roi) for frame, roi in zip(frames, rois, strict=True) if roi is not None]
        seen = iter(pose_mattes(self._net, [picture for picture, _ in there], [roi for _, roi in there]))
        return [None if roi is None else next(seen) for roi in rois]


class SelfieMatte:
    """Mattes of all who are there, from the selfie net.

    It has two shapes, one for pictures that are wider than high.
    """

    def __init__(self, square: Net, landscape: Net) -> None:
        self._square = square
        self._landscape = landscape

    def __call__(self, frames: Sequence[Frame]) -> list[Matte]:
        """The matte in each frame, all in one batch."""
        height, width = frames[0].picture.shape[:2]
        net = self._landscape if width > height else self._square
        return selfie_mattes(net, [frame.picture for frame in frames])


def pose_mattes(net: Net, pictures: Sequence[Picture], rois: Sequence[Roi]) -> list[Matte]:
    """The matte of the body in each region of its BGR picture, all in one batch.

    `modules/pose_landmark/pose_landmark_by_roi_cpu.pbtxt`.
    """
    if not rois:
        return []
    (logits,) = net(crops(pictures, rois, _SIZE))
    seen = 1.0 / (1.0 + np.exp(-np.clip(logits[:, 0], -_SURE, _SURE)))
    return [uncrop(values, roi, picture) for values, roi, picture in zip(seen, rois, pictures, strict=True)]


def selfie_mattes(net: Net, pictures: Sequence[Picture]) -> list[Matte]:
    """The matte of each BGR picture, all in one batch.

    `modules/selfie_segmentation/selfie_segmentation_cpu.pbtxt`.
    """
    rows, columns, _ = net.crop_shape
    (seen,) = net(np.stack([_stretched(picture, rows, columns) for picture in pictures]))
    sizes = [picture.shape[1::-1] for picture in pictures]
    return [_floats(cv2.resize(values, size)) for values, size in zip(seen[:, 0], sizes, strict=True)]


def calm(mattes: Iterable[tuple[Key, Matte | None]]) -> Iterator[tuple[Key, Matte | None]]:
    """Mattes in the order of time, each with what it is of, calmed.

    The less sure a pixel is, the more it keeps of what it was.
    """
    previous: Matte | None = None
    for key, matte in mattes:
        previous = matte if matte is None or previous is None else calmed(matte, previous)
        yield key, previous


def calmed(matte: Matte, previous: Matte) -> Matte:
    """`matte` where it is sure, up to 0.7 of `previous` where it is not.

    `calculators/image/segmentation_smoothing_calculator.cc`.
    """
    distance = np.square(matte - np.float32(0.5))
    sureness = np.zeros_like(distance)
    for factor in _SURENESS:
        sureness += np.float32(factor)
        sureness *= distance
    unsureness = np.float32(1.0) - np.minimum(sureness, np.float32(1.0))
    return matte + (previous - matte) * unsureness * np.float32(_INERTIA)


def uncrop(values: NDArray[np.floating[Any]], roi: Roi, picture: Picture) -> Matte:
    """What was seen in `roi`, square, at its place in the picture; zero around it.

    The inverse of `crop` (`calculators/image/warp_affine_calculator.cc`).
    """
    scale = len(values) / roi.size
    across, along = scale * math.cos(roi.rotation), scale * math.sin(roi.rotation)
    half = len(values) / 2.0
    crop_from_picture = np.array(
        [
            (across, along, half - across * roi.x - along * roi.y),
            (-along, across, half + along * roi.x - across * roi.y),
        ]
    )
    height, width = picture.shape[:2]
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return _floats(
        cv2.warpAffine(np.asarray(values, np.float32), crop_from_picture, (width, height), flags=flags)
    )


def _stretched(picture: Picture, rows: int, columns: int) -> Picture:
    """The whole picture in the shape of a net, RGB; bilinear without a half-pixel shift, as `crop`."""
    height, width = picture.shape[:2]
    scales = np.diag((columns / width, rows / height, 1.0))
    pixels = cv2.warpPerspective(picture, scales, (columns, rows), flags=cv2.INTER_LINEAR)
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB), np.uint8)


def _floats(values: object) -> Matte:
    return np.asarray(values, np.float32)
