"""The body: pose net, smoothing, and the region of interest that follows it from frame to frame."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..take import Floats
from .detector import Candidate, PoseDetector
from .filters import OneEuro, Smoothed
from .heatmap import refine
from .roi import Picture, Roi, crops, project, roi_of_alignment, rotate
from .sessions import Net

_SIZE = 256
_MIN_PRESENCE = 0.5
_LANDMARKS = 33
_ROI_SCALE = 1.25
_NO_SCALE = 1e-6


@dataclass(frozen=True)
class Body:
    """The 33 landmarks of one body in one frame.

    Attributes:
        image: Pixels; z in pixels too, relative to the hips. Shape (33, 3).
        world: Metres, x right, y down, z away from the camera, hip-centred. Shape (33, 3).
        visibility: That the point is in the picture and not hidden, 0 to 1. Shape (33,).
        presence: That the point is in the picture, 0 to 1. Shape (33,).
        peak: Height of the heat map at the point, 0 to 1. Shape (33,).
    """

    image: Floats
    world: Floats
    visibility: Floats
    presence: Floats
    peak: Floats


@dataclass(frozen=True)
class Seen:
    """What the pose net said of one region: the body, and the two points that place the next region.

    `aux` is the middle of the hips and the point that tells size and direction, pixels. Shape (2, 3).
    `score` is the net's presence of a body, 0 to 1.
    """

    body: Body
    aux: Floats
    score: float


class PoseNet:
    """Landmarks of bodies in regions (`modules/pose_landmark/pose_landmark_by_roi_cpu.pbtxt`).

    The heat-map kernel is 7 in MediaPipe's graph; its legacy Python API behaves like 9.
    """

    def __init__(self, net: Net, heatmap_kernel: int = 7, *, exact: bool = True) -> None:
        self._net = net
        self._kernel = heatmap_kernel
        self._exact = exact

    def __call__(self, pictures: Sequence[Picture], rois: Sequence[Roi]) -> list[Seen | None]:
        """The body in each region of its BGR picture, all in one batch; None where the net sees none."""
        if not rois:
            return []
        raw, presence, heatmaps, world = self._net(crops(pictures, rois, _SIZE, exact=self._exact))
        return [self._seen(*row) for row in zip(raw, presence, heatmaps, world, rois, strict=True)]

    def _seen(self, raw: Floats, presence: Floats, heatmaps: Floats, world: Floats, roi: Roi) -> Seen | None:
        if presence[0] <= _MIN_PRESENCE:
            return None
        table = raw.reshape(-1, 5)
        points = table[:, :3] / _SIZE
        points[:, :2], peak = refine(points[:, :2], heatmaps, self._kernel)
        placed = project(points, roi)
        body = Body(
            image=placed[:_LANDMARKS],
            world=rotate(world.reshape(-1, 3)[:_LANDMARKS], roi.rotation),
            visibility=_sigmoid(table[:_LANDMARKS, 3]),
            presence=_sigmoid(table[:_LANDMARKS, 4]),
            peak=peak[:_LANDMARKS],
        )
        return Seen(body, placed[_LANDMARKS : _LANDMARKS + 2], float(presence[0]))


def _sigmoid(logits: Floats) -> Floats:
    return 1.0 / (1.0 + np.exp(-logits))


class _Smoothing:
    """The filters of `pose_landmark_filtering.pbtxt`."""

    def __init__(self) -> None:
        self._image = OneEuro(0.05, 80.0)
        self._world = OneEuro(0.1, 40.0)
        self._aux = OneEuro(0.01, 10.0)
        self._visibility = Smoothed(0.1)

    def __call__(self, seen: Seen, time: float) -> Seen:
        # The scale is the side of the region before it is enlarged, from unfiltered points.
        side = 2.0 * math.dist(seen.aux[0, :2], seen.aux[1, :2])
        world = self._world(seen.body.world, time)
        visibility = self._visibility(seen.body.visibility)
        if side < _NO_SCALE:
            return replace(seen, body=replace(seen.body, world=world, visibility=visibility))
        image = self._image(seen.body.image, time, 1.0 / side)
        body = replace(seen.body, image=image, world=world, visibility=visibility)
        return replace(seen, body=body, aux=self._aux(seen.aux, time, 1.0 / side))

    def lose(self) -> None:
        """A frame without a body: filters of metres and visibility keep their state."""
        self._image.reset()
        self._aux.reset()


def roi_of_body(aux: Floats) -> Roi:
    """Where to look for a body, from the points that place it, pixels, shape (2, 2) or (2, 3).

    `modules/pose_landmark/pose_landmarks_to_roi.pbtxt`.
    """
    hips, edge = aux[:, :2].tolist()
    return roi_of_alignment(hips, edge, math.pi / 2.0, scale=_ROI_SCALE)


def aux_of(roi: Roi) -> Floats:
    """The points whose `roi_of_body` is `roi`, pixels. Shape (2, 2)."""
    reach = roi.size / (2.0 * _ROI_SCALE)
    edge = (roi.x + reach * math.sin(roi.rotation), roi.y - reach * math.cos(roi.rotation))
    return np.array(((roi.x, roi.y), edge))


@dataclass(frozen=True)
class TrackedBody:
    """The body as the net saw it, and as the filters left it for regions and gates."""

    raw: Body
    smooth: Body


Choice = Callable[[Sequence[Candidate], Picture], Candidate]
"""Picks the one to follow out of those whom the detector saw in a picture, the surest first."""


class BodyTracker:
    """Detects once, then follows (`modules/pose_landmark/pose_landmark_cpu.pbtxt`)."""

    def __init__(self, detector: PoseDetector, net: PoseNet, choice: Choice) -> None:
        self._detector = detector
        self._net = net
        self._choice = choice
        self._smoothing = _Smoothing()
        self._roi: Roi | None = None

    def step(self, picture: Picture, time: float) -> TrackedBody | None:
        """The body in the next frame, seen at `time` s; None if nobody is there."""
        roi = self._roi or self._find(picture)
        seen = self._net([picture], [roi])[0] if roi is not None else None
        if seen is None:
            self._roi = None
            self._smoothing.lose()
            return None
        smooth = self._smoothing(seen, time)
        self._roi = roi_of_body(smooth.aux)
        return TrackedBody(seen.body, smooth.body)

    def _find(self, picture: Picture) -> Roi | None:
        candidates = self._detector(picture)
        return self._choice(candidates, picture).roi if candidates else None
