"""Finds a person in a whole picture: the pose detector, its anchors and its suppression of doubles."""

from __future__ import annotations

import math

import cv2
import numpy as np

from ..take import Floats
from .roi import Picture, Roi, crop, project, roi_of_alignment, roi_of_picture
from .sessions import Net

_SIZE = 224
_STRIDES = (8, 16, 32, 32, 32)
_MIN_SCORE = 0.5
_MIN_OVERLAP = 0.3
_ROI_SCALE = 1.25


class PoseDetector:
    """Where to look for the body (`modules/pose_detection/pose_detection_cpu.pbtxt`)."""

    def __init__(self, net: Net) -> None:
        self._net = net
        self._anchors = anchors(_SIZE, _STRIDES)

    def __call__(self, picture: Picture) -> Roi | None:
        """The region of the best person in a BGR picture; None if there is none."""
        whole = roi_of_picture(picture)
        pixels = crop(picture, whole, _SIZE, border=cv2.BORDER_CONSTANT)
        boxes, logits = self._net(pixels[None])
        # In double precision: a region moved by its last float32 bit already changes the crop's rounding.
        boxes, logits = boxes[0].astype(np.float64), logits[0, :, 0].astype(np.float64)
        best = best_detection(*decode(boxes, logits, self._anchors, _SIZE))
        if best is None:
            return None
        # Keypoint 0 is the middle of the hips, 1 tells size and direction of the whole body.
        hips, edge = project(best[4:8].reshape(2, 2), whole).tolist()
        return roi_of_alignment(hips, edge, math.pi / 2.0, scale=_ROI_SCALE)


def anchors(size: int, strides: tuple[int, ...]) -> Floats:
    """Centres of the anchors, 0 to 1, two per cell and layer; layers of one stride share their cells.

    `tflite/ssd_anchors_calculator.cc` with fixed anchor size. Shape (A, 2).
    """
    grids: list[Floats] = []
    for stride in dict.fromkeys(strides):
        cells = math.ceil(size / stride)
        centres = (np.arange(cells) + 0.5) / cells
        x, y = np.meshgrid(centres, centres)
        per_cell = 2 * strides.count(stride)
        grids.append(np.repeat(np.column_stack([x.ravel(), y.ravel()]), per_cell, axis=0))
    return np.concatenate(grids)


def decode(raw: Floats, logits: Floats, centres: Floats, size: int) -> tuple[Floats, Floats]:
    """Detections that reach the least score, in any order (`tensor/tensors_to_detections_calculator.cc`).

    Args:
        raw: Centre, width, height, keypoints, in pixels of the crop from the anchor. Shape (A, 4 + 2K).
        logits: Shape (A,).
        centres: Of the anchors, 0 to 1. Shape (A, 2).
        size: Of the crop in pixels.

    Returns:
        Boxes as x0, y0, x1, y1, then keypoints, 0 to 1 across the crop, shape (D, 4 + 2K);
        scores, shape (D,).
    """
    scores = 1.0 / (1.0 + np.exp(-np.clip(logits, -100.0, 100.0)))
    width, height = raw[:, 2], raw[:, 3]
    kept = np.flatnonzero((scores >= _MIN_SCORE) & (width >= 0.0) & (height >= 0.0))
    found = raw[kept] / size
    points = found.reshape(len(kept), raw.shape[1] // 2, 2)
    half = points[:, 1] / 2.0
    points[:, [0, *range(2, points.shape[1])]] += centres[kept, None]
    points[:, 0], points[:, 1] = points[:, 0] - half, points[:, 0] + half
    return found, scores[kept]


def best_detection(found: Floats, scores: Floats) -> Floats | None:
    """The best detection, averaged over those that overlap it by their scores; None if there is none.

    The first cluster of `util/non_max_suppression_calculator.cc`, WEIGHTED; no later one is ever used.
    """
    if len(found) == 0:
        return None
    best = int(np.argmax(scores))
    cluster = overlap(found[best, :4], found[:, :4]) > _MIN_OVERLAP
    cluster[best] = True
    weights = scores[cluster]
    return (weights @ found[cluster]) / weights.sum()


def overlap(box: Floats, boxes: Floats) -> Floats:
    """Intersection over union of one box with others, as x0, y0, x1, y1. Shape (D,)."""
    sides = np.minimum(box[2:], boxes[:, 2:4]) - np.maximum(box[:2], boxes[:, :2])
    shared = np.prod(np.maximum(sides, 0.0), axis=1)
    union = np.prod(box[2:] - box[:2]) + np.prod(boxes[:, 2:4] - boxes[:, :2], axis=1) - shared
    return np.divide(shared, union, out=np.zeros_like(shared), where=union > 0.0)
