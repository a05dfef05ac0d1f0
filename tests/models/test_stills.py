"""The tracker against MediaPipe's own Holistic (0.10.21), which behaves like heat-map kernel 9.

In the reference's region our net, refinement and projection give the reference's landmarks, and our detector
gives the reference's region but for the last bit of a float32. End to end that bit counts: it changes which
1/32 of a pixel the crop reads, and so the landmarks, most where the region is larger than the picture.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from blazerig.models.body import PoseNet
from blazerig.models.detector import PoseDetector
from blazerig.models.holistic import HolisticTracker, Performer
from blazerig.models.roi import Roi
from blazerig.models.sessions import Net
from blazerig.models.video import Video

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("BLAZERIG_SHARED", ROOT.parent / "shared"))
Arrays = dict[str, np.ndarray]
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
SAMPLE_FRAMES = (0, 40, 80)
NAMES = (*PICTURES, *(f"sample frame {number}" for number in SAMPLE_FRAMES))


@dataclass(frozen=True)
class Still:
    """A picture, what the reference says of it, and what we see in it."""

    picture: np.ndarray
    expected: Arrays
    seen: Performer | None


def first_picture(path: Path) -> np.ndarray:
    with Video(path) as video:
        return next(video.frames()).picture


def distances(found: np.ndarray, expected: np.ndarray) -> np.ndarray:
    return np.linalg.norm(found - expected, axis=-1)


def references_region(still: Still) -> Roi:
    x, y, width, height, rotation = still.expected["body_roi"].tolist()
    return Roi(x, y, max(width, height), rotation)


def last_bit_effect(still: Still) -> tuple[float, float]:
    """How far the landmarks go, on average, when the region moves by a bit of its float32: px and mm."""
    net, region = PoseNet(Net("pose_landmarks"), KERNEL), references_region(still)
    bit = 2.0**-24 * max(*still.picture.shape, region.size)
    steps = [(x, size) for x in (-bit, bit) for size in (-bit, bit)]
    moved = [replace(region, x=region.x + x, size=region.size + size) for x, size in steps]
    bodies = [seen.body for seen in (net(still.picture, roi) for roi in moved) if seen is not None]
    return (
        max(distances(body.image, still.expected["body_image"]).mean() for body in bodies),
        max(distances(body.world, still.expected["body_world"]).mean() for body in bodies) * 1e3,
    )


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The pictures that are there: those beside the checkout, and frames of the project's own clip."""
    paths = {name: SHARED / "media" / "images" / name for name in PICTURES}
    folder = tmp_path_factory.mktemp("frames")
    for clip in sorted((ROOT / "tests" / "sample").glob("*.mp4"))[:1]:
        with Video(clip) as video:
            for number, frame in enumerate(video.frames()):
                if number in SAMPLE_FRAMES:
                    paths[f"sample frame {number}"] = folder / f"{number}.png"
                    cv2.imwrite(str(folder / f"{number}.png"), frame.picture)
    return {name: path for name, path in paths.items() if path.is_file()}


@pytest.fixture(scope="module")
def stills(pictures: dict[str, Path], reference: Callable[..., Arrays]) -> dict[str, Arrays]:
    """What the reference says of each picture."""
    if not pictures:
        pytest.skip("there are no pictures")
    arrays = reference(*pictures.values())
    return {name: {key: values[row] for key, values in arrays.items()} for row, name in enumerate(pictures)}


@pytest.fixture(scope="module", params=NAMES)
def still(request: pytest.FixtureRequest, pictures: dict[str, Path], stills: dict[str, Arrays]) -> Still:
    if request.param not in pictures:
        pytest.skip(f"{request.param} is not there")
    picture = first_picture(pictures[request.param])
    seen = HolisticTracker(heatmap_kernel=KERNEL).step(picture, 0.0)
    return Still(picture, stills[request.param], seen)


def test_the_same_people_and_hands_are_found(still: Still) -> None:
    assert (still.seen is None) == np.isnan(still.expected["body_image"]).all()
    for side in ("left", "right"):
        hand = None if still.seen is None else getattr(still.seen, side)
        assert (hand is None) == np.isnan(still.expected[f"{side}_hand_image"]).all()


def test_the_detector_gives_the_references_region(still: Still) -> None:
    roi = PoseDetector(Net("pose_detector"))(still.picture)
    expected = still.expected["body_roi"]
    if np.isnan(expected).all():
        assert roi is None
        return
    assert roi is not None
    assert np.abs(np.array((roi.x, roi.y, roi.size)) - expected[:3]).max() < 1e-3
    assert abs(roi.rotation - expected[4]) * roi.size < 1e-3


def test_in_the_references_region_the_landmarks_are_the_references(still: Still) -> None:
    if still.seen is None:
        pytest.skip("nobody is in this picture")
    seen = PoseNet(Net("pose_landmarks"), KERNEL)(still.picture, references_region(still))
    assert seen is not None
    assert distances(seen.body.image[:, :2], still.expected["body_image"][:, :2]).max() < 0.1 * PIXELS
    assert distances(seen.body.world, still.expected["body_world"]).max() < 1e-3 * MILLIMETRES
    assert np.abs(seen.body.visibility - still.expected["body_visibility"]).max() < 1e-4


def test_the_body_is_the_references_within_a_twentieth_of_a_pixel(still: Still) -> None:
    if still.seen is None:
        pytest.skip("nobody is in this picture")
    pixels, millimetres = last_bit_effect(still)
    image = distances(still.seen.body.image[:, :2], still.expected["body_image"][:, :2]).mean()
    world = distances(still.seen.body.world, still.expected["body_world"]).mean()
    assert image < max(PIXELS, pixels)
    assert world < 1e-3 * max(MILLIMETRES, millimetres)


def test_hands_are_the_references_within_a_third_of_a_pixel(still: Still) -> None:
    hands = {side: getattr(still.seen, side) for side in ("left", "right")} if still.seen is not None else {}
    found = {side: hand for side, hand in hands.items() if hand is not None}
    if not found:
        pytest.skip("no hand is in this picture")
    for side, hand in found.items():
        assert distances(hand.image[:, :2], still.expected[f"{side}_hand_image"][:, :2]).max() < HAND_PIXELS
