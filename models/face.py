"""The face: looked for where the pose has the head, found by a detector of its own, then followed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from ..take import Floats
from .body import Body
from .roi import Drift, Picture, Roi, crops, follow, project, roi_of_box, rotation_between
from .sessions import Net
from .ssd import anchors, detections

_HEAD = slice(0, 11)
_RIGHT_EYE, _LEFT_EYE = 5, 2
_FINDER_SIZE = 128
_FINDER_STRIDES = (8, 16, 16, 16)
_SIZE = 192
_MIN_PRESENCE = 0.5
_RIGHT_CORNER, _LEFT_CORNER = 33, 263
_DRIFT = Drift(rotation=math.radians(15.0), translation=0.1, scale=0.3, margin=-0.2)


@dataclass(frozen=True)
class SeenFace:
    """One face in one frame.

    Attributes:
        image: Pixels; z in pixels too, relative. The 468 landmarks of MediaPipe's face mesh, then five of
            each iris, the performer's right one before the left. Shape (478, 3).
        score: The net's presence of a face, 0 to 1.
    """

    image: Floats
    score: float


class FaceFinder:
    """Looks where exactly a face is (`modules/face_detection/face_detection_short_range.pbtxt`)."""

    def __init__(self, net: Net, *, exact: bool = True) -> None:
        self._net = net
        self._exact = exact
        self._anchors = anchors(_FINDER_SIZE, _FINDER_STRIDES)

    def __call__(self, pictures: Sequence[Picture], rois: Sequence[Roi]) -> list[Roi | None]:
        """The region of the best face within each region of its BGR picture, all in one batch."""
        if not rois:
            return []
        pixels = crops(pictures, rois, _FINDER_SIZE, border=cv2.BORDER_CONSTANT, exact=self._exact)
        outputs = zip(*self._net(pixels), strict=True)
        found = [detections(raw, logits, self._anchors, _FINDER_SIZE)[0] for raw, logits in outputs]
        return [
            roi_of_keypoints(project(boxes[0, 4:].reshape(-1, 2), roi)) if len(boxes) else None
            for boxes, roi in zip(found, rois, strict=True)
        ]


class FaceNet:
    """Landmarks of faces in regions (`modules/face_landmark/face_landmark_cpu.pbtxt`, with attention)."""

    def __init__(self, net: Net, *, exact: bool = True) -> None:
        self._net = net
        self._exact = exact

    def __call__(self, pictures: Sequence[Picture], rois: Sequence[Roi]) -> list[SeenFace | None]:
        """The face in each region of its BGR picture, all in one batch; None where the net sees none."""
        if not rois:
            return []
        landmarks, logits = self._net(crops(pictures, rois, _SIZE, exact=self._exact))
        scores = 1.0 / (1.0 + np.exp(-logits.reshape(-1).astype(np.float64)))
        return [
            SeenFace(project(points / _SIZE, roi), score) if score > _MIN_PRESENCE else None
            for points, score, roi in zip(landmarks, scores.tolist(), rois, strict=True)
        ]


class FaceTracker:
    """The face of one body (`modules/holistic_landmark/face_landmarks_from_pose_cpu.pbtxt`)."""

    def __init__(self, finder: FaceFinder, net: FaceNet) -> None:
        self._finder = finder
        self._net = net
        self._previous: SeenFace | None = None

    def lose(self) -> None:
        """A frame without a body: forget where the face was."""
        self._previous = None

    def step(self, picture: Picture, body: Body) -> SeenFace | None:
        """The face of the next frame, from its (filtered) body; None where it is not found."""
        (fresh,) = self._finder([picture], [roi_of_head(body.image)])
        if fresh is None:
            self._previous = None
        else:
            (self._previous,) = self._net([picture], [self._followed(fresh)])
        return self._previous

    def _followed(self, fresh: Roi) -> Roi:
        if self._previous is None:
            return fresh
        return follow_face(fresh, self._previous.image)


def follow_face(fresh: Roi, image: Floats) -> Roi:
    """The region of last frame's landmarks, pixels, shape (L, 3), unless it drifted from `fresh`."""
    return follow(fresh, roi_of_face(image), image, _DRIFT)


def roi_of_head(image: Floats) -> Roi:
    """A generous region around a face, from the body's landmarks of the head. Pixels, shape (33, 3).

    `modules/holistic_landmark/face_landmarks_from_pose_to_recrop_roi.pbtxt`.
    """
    points = image[:, :2].astype(np.float64)
    return _roi_around(points[_HEAD], points[_RIGHT_EYE], points[_LEFT_EYE], scale=3.0)


def roi_of_keypoints(points: Floats) -> Roi:
    """The region of a face from the detector's keypoints: eyes, nose, mouth, ears. Pixels, shape (6, 2).

    `modules/holistic_landmark/face_detection_front_detections_to_roi.pbtxt`.
    """
    return _roi_around(points, points[0], points[1], shift_y=-0.1, scale=2.0)


def roi_of_face(image: Floats) -> Roi:
    """The region of a face from its landmarks, pixels, shape (L, 3).

    `modules/holistic_landmark/face_landmarks_to_roi.pbtxt`.
    """
    points = image[:, :2].astype(np.float64)
    return _roi_around(points, points[_RIGHT_CORNER], points[_LEFT_CORNER], scale=1.5)


def _roi_around(points: Floats, right: Floats, left: Floats, *, shift_y: float = 0.0, scale: float) -> Roi:
    """The region around the box of `points`, turned so that the line from eye to eye lies level in it."""
    low, high = points.min(0), points.max(0)
    width, height = (high - low).tolist()
    rotation = rotation_between(right.tolist(), left.tolist(), 0.0)
    return roi_of_box(((low + high) / 2.0).tolist(), width, height, rotation, shift_y=shift_y, scale=scale)
