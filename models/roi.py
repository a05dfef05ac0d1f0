"""Regions of interest: rotated squares of the picture that the nets look at.

Every region that reaches a net is square, so a letterboxed crop is the crop of the grown square, and one
`project` undoes them all. Numbers in brackets are sections of MediaPipe's calculators as the port
specification counts them. Angles are radians, clockwise on the screen; all lengths are pixels.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ..take import Floats

Picture = NDArray[np.uint8]
Point = Sequence[float]


@dataclass(frozen=True)
class Roi:
    """A square: its centre, side and rotation."""

    x: float
    y: float
    size: float
    rotation: float


def wrap(angle: float) -> float:
    """The same angle in [-pi, pi)."""
    return angle - 2.0 * math.pi * math.floor((angle + math.pi) / (2.0 * math.pi))


def rotation_between(start: Point, end: Point, target: float) -> float:
    """The rotation that a region needs for start → end to point at `target`, counter-clockwise from right."""
    return wrap(target - math.atan2(start[1] - end[1], end[0] - start[0]))


def roi_of_box(
    centre: Point, width: float, height: float, rotation: float, *, shift_y: float = 0.0, scale: float = 1.0
) -> Roi:
    """The region around a rotated box: shifted by its own height, squared to its long side, then scaled.

    `util/rect_transformation_calculator.cc`.
    """
    shift = height * shift_y
    return Roi(
        centre[0] - shift * math.sin(rotation),
        centre[1] + shift * math.cos(rotation),
        max(width, height) * scale,
        rotation,
    )


def roi_of_alignment(
    centre: Point, edge: Point, target: float, *, shift_y: float = 0.0, scale: float = 1.0
) -> Roi:
    """The region around `centre`, its side twice the distance to `edge`, turned to have `edge` at `target`.

    `util/alignment_points_to_rects_calculator.cc`.
    """
    side = 2.0 * math.dist(centre, edge)
    return roi_of_box(
        centre, side, side, rotation_between(centre, edge, target), shift_y=shift_y, scale=scale
    )


def roi_of_picture(picture: Picture) -> Roi:
    """The square around the whole picture: what letterboxing shows of it."""
    height, width = picture.shape[:2]
    return Roi(width / 2.0, height / 2.0, float(max(width, height)), 0.0)


def crop(
    picture: Picture, roi: Roi, size: int, *, border: int = cv2.BORDER_REPLICATE, exact: bool = True
) -> Picture:
    """What `roi` shows of a BGR picture, as RGB of shape (size, size, 3).

    Bilinear without a half-pixel shift, rounded to uint8, as the nets' crops are made
    (`calculators/tensor/image_to_tensor_converter_opencv.cc`); OpenCV 5 interpolates otherwise.
    Not `exact`, it takes two thirds of the time, and one value in a hundred is another.
    """
    corners = cv2.boxPoints(((roi.x, roi.y), (roi.size, roi.size), math.degrees(roi.rotation)))
    square = np.array([(0, size), (0, 0), (size, 0), (size, size)], np.float32)
    if exact:
        warp, matrix = cv2.warpPerspective, cv2.getPerspectiveTransform(corners, square)
    else:
        warp, matrix = cv2.warpAffine, cv2.getAffineTransform(corners[:3], square[:3])
    pixels = warp(
        picture, matrix, (size, size), flags=cv2.INTER_LINEAR, borderMode=border, borderValue=(0, 0, 0)
    )
    cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB, dst=pixels)
    return pixels  # pyright: ignore[reportReturnType]


def crops(
    pictures: Sequence[Picture],
    rois: Sequence[Roi],
    size: int,
    *,
    border: int = cv2.BORDER_REPLICATE,
    exact: bool = True,
) -> Picture:
    """What each of N regions shows of its picture: a batch for a net, RGB of shape (N, size, size, 3)."""
    pairs = zip(pictures, rois, strict=True)
    return np.stack([crop(picture, roi, size, border=border, exact=exact) for picture, roi in pairs])


def project(points: Floats, roi: Roi) -> Floats:
    """Points of a crop, 0 to 1 across it, to pixels of the picture. Shape (*, 2) or (*, 3).

    A z is scaled like x and stays relative (`util/landmark_projection_calculator.cc`).
    """
    placed = points * roi.size
    placed[..., :2] = rotate(points[..., :2] - 0.5, roi.rotation) * roi.size + (roi.x, roi.y)
    return placed


def rotate(points: Floats, angle: float) -> Floats:
    """Turn x and y by `angle`; further coordinates stay. Shape (*, 2) or (*, 3)."""
    cosine, sine = math.cos(angle), math.sin(angle)
    turned = points.copy()
    turned[..., 0] = cosine * points[..., 0] - sine * points[..., 1]
    turned[..., 1] = sine * points[..., 0] + cosine * points[..., 1]
    return turned


@dataclass(frozen=True)
class Drift:
    """How far last frame's region may lie from this frame's, in shares of the latter's side.

    Attributes:
        rotation: Radians.
        translation: Of the centre, along each of the region's axes.
        scale: Of the side.
        margin: By how much the region grows before last frame's landmarks must lie in it.
    """

    rotation: float
    translation: float
    scale: float
    margin: float


def follow(fresh: Roi, previous: Roi, landmarks: Floats, drift: Drift) -> Roi:
    """`previous`, the region that last frame's `landmarks` give, unless it drifted from `fresh`.

    `holistic_landmark/calculators/roi_tracking_calculator.cc`, without its overlap rule, which the graphs
    leave out. Landmarks in pixels, shape (L, 2) or (L, 3).
    """
    offset = rotate(np.array((previous.x - fresh.x, previous.y - fresh.y)), -fresh.rotation)
    inside = np.abs(rotate(landmarks[:, :2] - (fresh.x, fresh.y), -fresh.rotation))
    kept = (
        abs(wrap(previous.rotation - fresh.rotation)) <= drift.rotation
        and bool((np.abs(offset) <= fresh.size * drift.translation).all())
        and abs(previous.size - fresh.size) <= fresh.size * drift.scale
        and bool((inside < fresh.size * (1.0 + drift.margin) / 2.0).all())
    )
    return previous if kept else fresh
