"""Finds people in a whole picture: the pose detector."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from ..take import Floats
from .roi import Picture, Roi, crops, project, roi_of_alignment, roi_of_picture
from .sessions import Net
from .ssd import anchors, detections, overlap

_SIZE = 224
_STRIDES = (8, 16, 32, 32, 32)
_ROI_SCALE = 1.25
_SAME_FACE = 0.3


@dataclass(frozen=True)
class Candidate:
    """Somebody whom the detector saw.

    Attributes:
        roi: The region of the whole body.
        score: 0.5 to 1.
        box: The face as x0, y0, x1, y1, pixels. Shape (4,).
    """

    roi: Roi
    score: float
    box: Floats


class PoseDetector:
    """Where to look for bodies (`modules/pose_detection/pose_detection_cpu.pbtxt`)."""

    def __init__(self, net: Net) -> None:
        self._net = net
        self._anchors = anchors(_SIZE, _STRIDES)

    def __call__(self, picture: Picture, regions: Sequence[Roi] | None = None) -> list[Candidate]:
        """The people in a BGR picture, the best first; none is no error.

        Seen as a whole, or in upright `regions` of it, all in one batch: people who are small in the whole
        are found in parts of it.
        """
        regions = [roi_of_picture(picture)] if regions is None else regions
        if not regions:
            return []
        pixels = crops([picture] * len(regions), regions, _SIZE, border=cv2.BORDER_CONSTANT)
        found = [
            candidate
            for raw, logits, region in zip(*self._net(pixels), regions, strict=True)
            for candidate in _candidates(*detections(raw, logits, self._anchors, _SIZE), region)
        ]
        return found if len(regions) == 1 else _distinct(found)


def _candidates(found: Floats, scores: Floats, region: Roi) -> list[Candidate]:
    placed = project(found.reshape(len(found), found.shape[1] // 2, 2), region)
    return [
        Candidate(roi_of_keypoints(points[2:]), score, points[:2].ravel())
        for points, score in zip(placed, scores.tolist(), strict=True)
    ]


def roi_of_keypoints(points: Floats) -> Roi:
    """The region of a body; keypoint 0 is the middle of the hips, 1 tells size and direction. Pixels.

    `modules/pose_landmark/pose_detection_to_roi.pbtxt`. Shape (K, 2).
    """
    hips, edge = points[:2].tolist()
    return roi_of_alignment(hips, edge, math.pi / 2.0, scale=_ROI_SCALE)


def _distinct(candidates: list[Candidate]) -> list[Candidate]:
    """The best first; of several sightings of one face the best."""
    kept: list[Candidate] = []
    for candidate in sorted(candidates, key=lambda candidate: -candidate.score):
        boxes = np.array([other.box for other in kept]).reshape(-1, 4)
        if not (overlap(candidate.box, boxes) > _SAME_FACE).any():
            kept.append(candidate)
    return kept
