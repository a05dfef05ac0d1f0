"""The hands: found from the pose's wrists, re-cropped by a small net, then followed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..take import Floats
from .body import Body
from .roi import Drift, Picture, Roi, crops, follow, project, roi_of_alignment, roi_of_box, rotate, wrap
from .sessions import Net

SIDES = ("left", "right")
WRISTS = {"left": 15, "right": 16}
PINKIES = {"left": 17, "right": 18}
INDICES = {"left": 19, "right": 20}
_MIN_VISIBILITY = 0.1
_MIN_PRESENCE = 0.5
_RECROP_SIZE = 256
_SIZE = 224
_Z_SCALE = 0.4
_SHIFT_Y = -0.1
_DRIFT = Drift(rotation=math.radians(40.0), translation=0.2, scale=0.4, margin=-0.1)
# Wrist, thumb and the first two joints of every finger: the palm, which fingers do not move.
_PALM = (0, 1, 2, 3, 5, 6, 9, 10, 13, 14, 17, 18)


@dataclass(frozen=True)
class SeenHand:
    """One hand in one frame.

    Attributes:
        image: Pixels; z in pixels too, relative to the wrist. Shape (21, 3).
        world: Metres in the body's axes, from the hand's wrist. Shape (21, 3).
        score: The net's presence of a hand, 0 to 1.
    """

    image: Floats
    world: Floats
    score: float


Hands = dict[str, SeenHand]


class HandFinder:
    """Looks where exactly a hand is (`holistic_landmark/hand_recrop_by_roi_cpu.pbtxt`)."""

    def __init__(self, net: Net, *, exact: bool = True) -> None:
        self._net = net
        self._exact = exact

    def __call__(self, pictures: Sequence[Picture], rois: Sequence[Roi]) -> list[Roi]:
        """The region of the hand within each generous region of its BGR picture, all in one batch."""
        if not rois:
            return []
        (points,) = self._net(crops(pictures, rois, _RECROP_SIZE, exact=self._exact))
        pairs = points.reshape(-1, 2, 2) / _RECROP_SIZE
        placed = [project(pair, roi).tolist() for pair, roi in zip(pairs, rois, strict=True)]
        return [roi_of_alignment(centre, edge, -math.pi / 2.0, shift_y=_SHIFT_Y) for centre, edge in placed]


class HandNet:
    """Landmarks of hands in regions (`modules/hand_landmark/hand_landmark_cpu.pbtxt`)."""

    def __init__(self, net: Net, *, exact: bool = True) -> None:
        self._net = net
        self._exact = exact

    def __call__(self, pictures: Sequence[Picture], rois: Sequence[Roi]) -> list[SeenHand | None]:
        """The hand in each region of its BGR picture, all in one batch; None where the net sees none."""
        if not rois:
            return []
        raw, presence, world = self._net(crops(pictures, rois, _SIZE, exact=self._exact))
        return [_hand(*row) for row in zip(raw, presence, world, rois, strict=True)]


class HandTracker:
    """The hands of one body (`modules/holistic_landmark/hand_landmarks_left_and_right_cpu.pbtxt`).

    All that is run is run for the hands of all its `sides` as one batch.
    """

    def __init__(self, finder: HandFinder, net: HandNet, sides: Sequence[str] = SIDES) -> None:
        self._finder = finder
        self._net = net
        self._sides = sides
        self._previous: Hands = {}

    def lose(self) -> None:
        """A frame without a body: forget where the hands were."""
        self._previous = {}

    def step(self, picture: Picture, body: Body) -> Hands:
        """The hands of the next frame by side, from its (filtered) body; absent where not found."""
        sides = [side for side in self._sides if wrist_seen(body, side)]
        pictures = [picture] * len(sides)
        fresh = self._finder(pictures, [roi_of_wrist(body.image, side) for side in sides])
        rois = [self._followed(side, roi) for side, roi in zip(sides, fresh, strict=True)]
        seen = zip(sides, self._net(pictures, rois), strict=True)
        self._previous = {side: hand for side, hand in seen if hand is not None}
        return self._previous

    def _followed(self, side: str, fresh: Roi) -> Roi:
        if side not in self._previous:
            return fresh
        landmarks = self._previous[side].image
        return follow(fresh, roi_of_hand(landmarks), landmarks, _DRIFT)


def wrist_seen(body: Body, side: str) -> bool:
    """Whether a hand is worth looking for."""
    return bool(body.visibility[WRISTS[side]] > _MIN_VISIBILITY)


def _hand(raw: Floats, presence: Floats, world: Floats, roi: Roi) -> SeenHand | None:
    if presence[0] <= _MIN_PRESENCE:
        return None
    points = raw.reshape(-1, 3) / _SIZE
    points[:, 2] /= _Z_SCALE
    turned = rotate(world.reshape(-1, 3), roi.rotation)
    return SeenHand(project(points, roi), turned - turned[0], float(presence[0]))


def roi_of_wrist(image: Floats, side: str) -> Roi:
    """A generous region around a hand, from the body's wrist, little finger and index finger.

    `holistic_landmark/calculators/hand_detections_from_pose_to_rects_calculator.cc`. Pixels, shape (33, 3).
    """
    points = image[:, :2].astype(np.float64)
    middle = (2.0 * points[INDICES[side]] + points[PINKIES[side]]) / 3.0
    return roi_of_alignment(
        middle.tolist(), points[WRISTS[side]].tolist(), -math.pi / 2.0, shift_y=_SHIFT_Y, scale=2.7
    )


def roi_of_hand(image: Floats) -> Roi:
    """The region of a hand from its landmarks, pixels, shape (21, 3).

    `hand_landmark/calculators/hand_landmarks_to_rect_calculator.cc`: upright along the line from the wrist
    to the knuckles. (The calculator counts them, as 4, 6 and 8, among the landmarks of the palm alone.)
    """
    points = image[:, :2].astype(np.float64)
    direction = ((points[5] + points[13]) / 2.0 + points[9]) / 2.0 - points[0]
    rotation = wrap(math.pi / 2.0 - math.atan2(-direction[1], direction[0]))
    palm = points[list(_PALM)]
    middle = (palm.min(0) + palm.max(0)) / 2.0
    upright = rotate(palm - middle, -rotation)
    low, high = upright.min(0), upright.max(0)
    centre = rotate((low + high) / 2.0, rotation) + middle
    width, height = (high - low).tolist()
    return roi_of_box(centre.tolist(), width, height, rotation, shift_y=_SHIFT_Y, scale=2.0)
