"""The tracker against MediaPipe's own Holistic (0.10.21), which behaves like heat-map kernel 9.

In the reference's region our net, refinement and projection give the reference's landmarks, and our detector
gives the reference's region but for the last bit of a float32. End to end that bit counts: it changes which
1/32 of a pixel the crop reads, and so the landmarks, most where the region is larger than the picture.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from blazerig.models.body import PoseNet
from blazerig.models.detector import PoseDetector
from blazerig.models.holistic import HolisticTracker, Performer
from blazerig.models.roi import Roi
from blazerig.models.sessions import Net
from blazerig.models.video import Video

KERNEL = 9
PIXELS, MILLIMETRES, HAND_PIXELS = 0.05, 0.1, 0.3
PICTURES = (
    "astronaut.png",
    "coco_000000000785_skier.jpg",
    "mpsamples_hand_test.jpg",
    "mpsamples_thumbs_up.png",
    "poseanimator_full-body.png",
    "poseanimator_full-body_1.png",
    "poseanimator_test.png",
    "tfjs_hands.jpg",
    "tfjs_pose_warrior.jpg",
    "tfjs_three_people.jpg",
)


def first_picture(path: Path) -> np.ndarray:
    with Video(path) as video:
        return next(video.frames()).picture


@pytest.fixture(scope="module")
def stills(shared: Path, reference: Callable[..., dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
    return reference(*(shared / "images" / name for name in PICTURES))
