"""Single-shot detection: anchors, the decoding of boxes, and the suppression of doubles.

Shared by the detectors of people and of faces.
"""

from __future__ import annotations

import math

import numpy as np

from ..take import Floats

_MIN_SCORE = 0.5
_MIN_OVERLAP = 0.3


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


def detections(raw: Floats, logits: Floats, centres: Floats, size: int) -> tuple[Floats, Floats]:
    """What a detector found in one crop, the best first, doubles averaged away.

    Args:
        raw: Centre, width, height, keypoints, in pixels of the crop from the anchor. Shape (A, 4 + 2K).
        logits: Shape (A, 1).
        centres: Of the anchors, 0 to 1. Shape (A, 2).
        size: Of the crop in pixels.

    Returns:
        Boxes as x0, y0, x1, y1, then keypoints, 0 to 1 across the crop, shape (D, 4 + 2K); scores, shape
        (D,). In double precision: a region moved by its last float32 bit already changes a crop's rounding.
    """
    return averaged(*decode(raw.astype(np.float64), logits[:, 0].astype(np.float64), centres, size))


def decode(raw: Floats, logits: Floats, centres: Floats, size: int) -> tuple[Floats, Floats]:
    """Detections that reach the least score, in any order (`tensor/tensors_to_detections_calculator.cc`).

    Arguments and results as for `detections`, but logits of shape (A,).
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


def averaged(found: Floats, scores: Floats) -> tuple[Floats, Floats]:
    """One detection for each cluster that overlaps, averaged by score; its score is the best of them.

    `util/non_max_suppression_calculator.cc`, WEIGHTED: the best of those left takes all that overlap it.
    """
    clusters: list[Floats] = []
    best_scores: list[float] = []
    while len(found):
        best = int(np.argmax(scores))
        cluster = overlap(found[best, :4], found[:, :4]) > _MIN_OVERLAP
        cluster[best] = True
        weights = scores[cluster]
        clusters.append((weights @ found[cluster]) / weights.sum())
        best_scores.append(float(scores[best]))
        found, scores = found[~cluster], scores[~cluster]
    return np.array(clusters).reshape(-1, found.shape[1]), np.array(best_scores)


def overlap(box: Floats, boxes: Floats) -> Floats:
    """Intersection over union of one box with others, as x0, y0, x1, y1. Shape (D,)."""
    sides = np.minimum(box[2:], boxes[:, 2:4]) - np.maximum(box[:2], boxes[:, :2])
    shared = np.prod(np.maximum(sides, 0.0), axis=1)
    union = np.prod(box[2:] - box[:2]) + np.prod(boxes[:, 2:4] - boxes[:, :2], axis=1) - shared
    return np.divide(shared, union, out=np.zeros_like(shared), where=union > 0.0)
