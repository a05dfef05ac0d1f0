"""What a person looks like: the colours of clothes and hair, to tell people apart who cross or come back."""

from __future__ import annotations

import cv2
import numpy as np

from ..take import Floats
from .roi import Picture

_TORSO = (11, 12, 24, 23)
_THIGHS = ((23, 25), (24, 26))
_FOREARMS = ((13, 15), (14, 16))
_EARS = (7, 8)
_BINS = (6, 12, 12)
# Clothes are seldom so colourful that a* or b* leaves this range, and then count as at its end.
_LOW, _HIGH = 92, 164
_RANGES = (0, 256, _LOW, _HIGH, _LOW, _HIGH)
_PATCH = 24
_PARTS = 4


def colours(picture: Picture, image: Floats) -> Floats:
    """Histograms of torso, thighs, forearms and head in CIE L*a*b*, one after the other, each of sum 1.

    A part that is out of the picture, or too narrow to be looked at, has only zeros.

    Args:
        picture: BGR.
        image: The body's landmarks, pixels. Shape (33, 2) or more columns.
    """
    points = image[:, :2].astype(np.float32)
    length = float(np.linalg.norm(points[11] - points[23]))
    ears = points[list(_EARS)].mean(0)
    up = ears - points[[11, 12]].mean(0)
    parts = [
        [points[list(_TORSO)]],
        [_strip(points[hip], points[knee], 0.25 * length) for hip, knee in _THIGHS],
        [_strip(points[elbow], points[wrist], 0.15 * length) for elbow, wrist in _FOREARMS],
        [_strip(ears - 0.5 * up, ears + 0.7 * up, 0.35 * length)],
    ]
    return np.concatenate([_normal([_histogram(picture, area) for area in areas]) for areas in parts])


def likeness(one: Floats, other: Floats, unknown: float) -> float:
    """How alike two people look, 0 to 1, by the parts that are seen of both; `unknown` where there are none.

    Bhattacharyya's coefficient, the mean over the parts.
    """
    shared = [
        float(np.sqrt(a * b).sum())
        for a, b in zip(np.split(one, _PARTS), np.split(other, _PARTS), strict=True)
        if a.any() and b.any()
    ]
    return sum(shared) / len(shared) if shared else unknown


def _histogram(picture: Picture, corners: Floats) -> Floats:
    """Of the pixels within a quadrilateral, so far as it lies in the picture."""
    height, width = picture.shape[:2]
    square = np.array([(0, 0), (_PATCH, 0), (_PATCH, _PATCH), (0, _PATCH)], np.float32)
    matrix = cv2.getPerspectiveTransform(square, corners)
    grid = np.stack(np.meshgrid(*[np.arange(_PATCH) + 0.5] * 2), -1).reshape(1, -1, 2)
    places = np.floor(cv2.perspectiveTransform(grid, matrix)[0])
    inside = ((places >= 0) & (places < (width, height))).all(1)
    if inside.sum() < _PATCH:
        return np.zeros(_BINS)
    columns, rows = places[inside].astype(np.int64).T
    pixels = cv2.cvtColor(picture[rows, columns][None], cv2.COLOR_BGR2LAB)
    pixels[..., 1:] = np.clip(pixels[..., 1:], _LOW, _HIGH - 1)
    return np.asarray(cv2.calcHist([pixels], [0, 1, 2], None, list(_BINS), list(_RANGES)), np.float64)


def _strip(start: Floats, end: Floats, width: float) -> Floats:
    """The corners of a strip around a bone, pixels."""
    along = end - start
    across = np.array((-along[1], along[0])) * (width / max(float(np.linalg.norm(along)), 1e-6) / 2.0)
    return np.array((start - across, start + across, end + across, end - across), np.float32)


def _normal(histograms: list[Floats]) -> Floats:
    total = np.sum(histograms, axis=0).ravel()
    return total / max(float(total.sum()), 1.0)
