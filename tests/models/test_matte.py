"""Mattes against MediaPipe's, their calming over time, and what they do where nobody is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from blazerig.models.detector import PoseDetector
from blazerig.models.matte import PoseMatte, SelfieMatte, calm, calmed, pose_mattes, selfie_mattes, uncrop
from blazerig.models.people import Sighting
from blazerig.models.regions import Way
from blazerig.models.roi import Roi, crop
from blazerig.models.sessions import Net
from blazerig.models.video import Frame

Arrays = dict[str, np.ndarray]
PICTURES = ("astronaut.png", "coco_000000000785_skier.jpg", "tfjs_pose_warrior.jpg", "tfjs_three_people.jpg")
FRAMES = 5


@pytest.fixture(scope="module")
def pictures(shared: Path) -> dict[str, np.ndarray]:
    return {name: cv2.imread(str(shared / "media" / "images" / name)) for name in PICTURES}


@pytest.fixture(scope="module")
def expected(shared: Path, reference: Callable[..., Arrays]) -> Arrays:
    paths = [shared / "media" / "images" / name for name in PICTURES]
    return {name: steps / 65535 for name, steps in reference(*paths, script="mattes.py").items()}


def likeness(one: np.ndarray, other: np.ndarray) -> tuple[float, float]:
    """Intersection over union at one half, and the mean difference."""
    union = (one > 0.5) | (other > 0.5)
    return ((one > 0.5) & (other > 0.5)).sum() / union.sum(), float(np.abs(one - other).mean())


@pytest.mark.parametrize("number", range(len(PICTURES)), ids=PICTURES)
def test_the_pose_nets_matte_is_the_references(
    number: int, pictures: dict[str, np.ndarray], expected: Arrays
) -> None:
    picture = pictures[PICTURES[number]]
    roi = PoseDetector(Net("pose_detector"))(picture)[0].roi
    (matte,) = pose_mattes(Net("pose_matte"), [picture], [roi])
    overlap, difference = likeness(matte, expected[f"pose_{number}"])
    assert overlap > 0.999
    assert difference < 2e-4


@pytest.mark.parametrize("number", range(len(PICTURES)), ids=PICTURES)
@pytest.mark.parametrize(("model", "net"), list(enumerate(["selfie_matte", "selfie_matte_landscape"])))
def test_the_selfie_nets_matte_is_the_references(
    number: int, model: int, net: str, pictures: dict[str, np.ndarray], expected: Arrays
) -> None:
    (matte,) = selfie_mattes(Net(net), [pictures[PICTURES[number]]])
    assert np.abs(matte - expected[f"selfie_{model}_{number}"]).max() < 2e-3


def test_calming_is_the_references(shared: Path, reference: Callable[..., Arrays]) -> None:
    clip = shared / "media" / "video_gt" / "tfjs_squats" / "pose_squats.mp4"
    arrays = reference(clip, "--video", str(FRAMES), script="mattes.py")
    plain, smooth = (
        [np.float32(arrays[f"{kind}_{number}"] / 65535) for number in range(FRAMES)]
        for kind in ("plain", "smooth")
    )
    found = list(calm([(None, matte) for matte in plain]))
    for (_, ours), theirs in zip(found, smooth, strict=True):
        assert np.abs(ours - theirs).max() < 1e-3
    assert np.abs(plain[-1] - smooth[-1]).max() > 0.1


def test_a_sure_pixel_changes_at_once_and_an_unsure_one_keeps_seven_tenths() -> None:
    sure, unsure = np.float32([[0.0, 1.0]]), np.float32([[0.5, 0.5]])
    assert calmed(sure, 1.0 - sure) == pytest.approx(sure, abs=0.01)
    assert calmed(unsure, np.float32([[1.0, 0.0]])) == pytest.approx(np.array([[0.85, 0.15]]), abs=1e-6)
    still = np.random.default_rng(1).random((5, 5), np.float32)
    assert calmed(still, still) == pytest.approx(still)


def test_who_comes_back_is_not_calmed_by_what_was_before() -> None:
    one, other = np.full((2, 2), 0.4, np.float32), np.full((2, 2), 0.6, np.float32)
    found = [matte for _, matte in calm([(0, one), (1, None), (2, other)])]
    assert found[1] is None
    assert (found[2] == other).all()


@pytest.mark.parametrize("rotation", [0.0, 0.7, -2.5])
def test_uncrop_puts_things_where_crop_took_them(rotation: float) -> None:
    random = np.random.default_rng(4)
    picture = cv2.resize(random.integers(0, 256, (9, 12, 3), np.uint8), (400, 300))
    roi = Roi(180.0, 140.0, 120.0, rotation)
    back = uncrop(crop(picture, roi, 256)[..., 0], roi, picture)
    y, x = np.mgrid[:300, :400]
    inside = (x - roi.x) ** 2 + (y - roi.y) ** 2 < 55**2
    assert np.abs(back - picture[..., 2])[inside].max() < 6.0
    assert (back[(x - roi.x) ** 2 + (y - roi.y) ** 2 > 90**2] == 0).all()


def test_nobody_has_no_matte_and_a_batch_is_its_singles(person: Path) -> None:
    picture = cv2.VideoCapture(str(person)).read()[1]
    hips, edge = np.array([(270.0, 232.0), (270.0, 40.0)])
    sightings = [Sighting(time, np.stack([hips, edge]), np.zeros((4, 2)), 1.0) for time in (1.0, 1.3, 1.6)]
    see = PoseMatte(Way(sightings, [0.0, 0.7, 1.0, 1.3, 1.6, 1.9]), Net("pose_matte"))
    frames = [Frame(number, float(number), picture) for number in range(3)]
    mattes = see(frames)
    assert [matte is None for matte in mattes] == [True, False, True]
    (single,) = see(frames[1:2])
    assert single is not None
    assert mattes[1] is not None
    assert np.abs(mattes[1] - single).max() < 1e-3
    assert 0.02 < single.mean() < 0.6


def test_a_wide_picture_is_seen_by_the_landscape_net(person: Path) -> None:
    picture = cv2.VideoCapture(str(person)).read()[1][:, 100:400]
    square, landscape = Net("selfie_matte"), Net("selfie_matte_landscape")
    for shown, net in ((picture, square), (np.hstack([picture, picture]), landscape)):
        (matte,) = SelfieMatte(square, landscape)([Frame(0, 0.0, shown)])
        assert matte.shape == shown.shape[:2]
        assert (matte == selfie_mattes(net, [shown])[0]).all()
