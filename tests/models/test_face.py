"""The face's regions, and how it is followed. What it looks like is compared in test_stills.py."""

import math
from collections.abc import Sequence

import cv2
import numpy as np
import pytest
from blazerig.models.body import Body
from blazerig.models.face import (
    FaceFinder,
    FaceNet,
    FaceTracker,
    SeenFace,
    roi_of_face,
    roi_of_head,
    roi_of_keypoints,
)
from blazerig.models.roi import Roi, rotate
from blazerig.models.sessions import Net

SEEDS = range(10)
NOWHERE = np.zeros((4, 4, 3), np.uint8)


def head(seed: int) -> np.ndarray:
    """A body whose head looks at the camera, with a little noise, and is all that counts. Shape (33, 3)."""
    body = np.full((33, 3), 1e4)
    offsets = [
        (0, 0),
        (8, -20),
        (15, -20),
        (22, -20),
        (-8, -20),
        (-15, -20),
        (-22, -20),
        (40, -10),
        (-40, -10),
    ]
    body[:11, :2] = [*offsets, (10, 20), (-10, 20)]
    return body + np.random.default_rng(seed).normal(0, 1, (33, 3))


def moved(points: np.ndarray, angle: float, scale: float, shift: tuple[float, float]) -> np.ndarray:
    turned = rotate(points, angle) * scale
    turned[..., :2] += shift
    return turned


def test_the_region_around_a_head_holds_it_three_times_over() -> None:
    body = head(0)
    roi = roi_of_head(body)
    assert roi.rotation == pytest.approx(0.0, abs=0.1)
    assert roi.size == pytest.approx(3.0 * np.ptp(body[:11, 0]))
    assert roi.x == pytest.approx((body[:11, 0].max() + body[:11, 0].min()) / 2)
    assert roi.y == pytest.approx((body[:11, 1].max() + body[:11, 1].min()) / 2)


@pytest.mark.parametrize("angle", [-2.0, -0.3, 0.5, 3.0])
def test_regions_turn_with_the_line_from_eye_to_eye(angle: float) -> None:
    body = head(1)
    eyes = body[2, :2] - body[5, :2]
    level = math.atan2(eyes[1], eyes[0])
    assert math.cos(roi_of_head(moved(body, angle, 1.0, (0, 0))).rotation - level - angle) == pytest.approx(
        1.0
    )
    points = np.zeros((478, 3))
    points[33, 0], points[263, 0] = -30.0, 30.0
    assert math.cos(roi_of_face(moved(points, angle, 1.0, (0, 0))).rotation - angle) == pytest.approx(1.0)


@pytest.mark.parametrize("seed", SEEDS)
def test_regions_move_and_grow_with_what_they_are_made_of(seed: int) -> None:
    points = np.random.default_rng(seed).normal(0, 30, (478, 2))
    for region, count in ((roi_of_face, 478), (roi_of_keypoints, 6)):
        plain, other = region(points[:count]), region(moved(points[:count], 0.0, 1.7, (50.0, -20.0)))
        assert (other.x, other.y) == pytest.approx((plain.x * 1.7 + 50.0, plain.y * 1.7 - 20.0))
        assert other.size == pytest.approx(plain.size * 1.7)
        assert other.rotation == pytest.approx(plain.rotation)


def test_the_region_of_keypoints_is_shifted_up_by_a_tenth_of_their_height() -> None:
    keypoints = np.array([(-20.0, 0.0), (20.0, 0.0), (0.0, 15.0), (0.0, 30.0), (-35.0, 5.0), (35.0, 5.0)])
    assert roi_of_keypoints(keypoints) == Roi(0.0, 15.0 - 3.0, 140.0, 0.0)


class Finder(FaceFinder):
    """Finds what it is told to find."""

    def __init__(self, *regions: Roi | None) -> None:
        self.regions = list(regions)

    def __call__(self, pictures: Sequence[np.ndarray], rois: Sequence[Roi]) -> list[Roi | None]:
        return [self.regions.pop(0) for _ in zip(pictures, rois, strict=True)]


class Landmarks(FaceNet):
    """Sees a face that fills two thirds of the region, or none; remembers where it looked."""

    def __init__(self, *seen: bool) -> None:
        self.seen = list(seen)
        self.looked: list[Roi] = []

    def __call__(self, pictures: Sequence[np.ndarray], rois: Sequence[Roi]) -> list[SeenFace | None]:
        self.looked += rois
        pairs = zip(pictures, rois, strict=True)
        return [SeenFace(face_in(roi), 0.9) if self.seen.pop(0) else None for _, roi in pairs]


def face_in(roi: Roi) -> np.ndarray:
    points = np.zeros((478, 3))
    points[:, :2] = (roi.x, roi.y)
    side = roi.size / 3.0
    points[[33, 263, 10, 152], :2] += [(-side, 0.0), (side, 0.0), (0.0, -side), (0.0, side)]
    return points


def body() -> Body:
    return Body(head(0), np.zeros((33, 3)), *np.ones((3, 33)))


def steps(finder: Finder, net: Landmarks, count: int) -> list[SeenFace | None]:
    tracker = FaceTracker(finder, net)
    return [tracker.step(NOWHERE, body()) for _ in range(count)]


def test_last_frames_face_gives_the_region_unless_it_has_drifted() -> None:
    fresh = Roi(100.0, 100.0, 90.0, 0.0)
    near, far = Roi(104.0, 100.0, 90.0, 0.0), Roi(120.0, 100.0, 90.0, 0.0)
    net = Landmarks(True, True, True)
    assert None not in steps(Finder(fresh, near, far), net, 3)
    followed = roi_of_face(face_in(fresh))
    assert followed != near
    assert net.looked == [fresh, followed, far]


def test_a_face_that_is_lost_is_found_anew() -> None:
    first, second = Roi(100.0, 100.0, 90.0, 0.0), Roi(104.0, 100.0, 90.0, 0.0)
    net = Landmarks(True, False, True)
    assert [face is None for face in steps(Finder(first, second, second), net, 3)] == [False, True, False]
    assert net.looked[2] == second


def test_without_a_region_there_is_no_face_and_the_last_one_is_forgotten() -> None:
    first, second = Roi(100.0, 100.0, 90.0, 0.0), Roi(104.0, 100.0, 90.0, 0.0)
    net = Landmarks(True, True)
    assert [face is None for face in steps(Finder(first, None, second), net, 3)] == [False, True, False]
    assert net.looked == [first, second]


def test_a_lost_body_loses_its_face() -> None:
    first, second = Roi(100.0, 100.0, 90.0, 0.0), Roi(104.0, 100.0, 90.0, 0.0)
    net = Landmarks(True, True)
    tracker = FaceTracker(Finder(first, second), net)
    tracker.step(NOWHERE, body())
    tracker.lose()
    tracker.step(NOWHERE, body())
    assert net.looked == [first, second]


@pytest.fixture(scope="module")
def portrait(request: pytest.FixtureRequest) -> tuple[np.ndarray, Roi]:
    """A picture of a person, and a region around the head."""
    from blazerig.models.detector import PoseDetector

    picture = cv2.VideoCapture(str(request.getfixturevalue("person"))).read()[1]
    left, top, right, bottom = PoseDetector(Net("pose_detector"))(picture)[0].box.tolist()
    return picture, Roi((left + right) / 2, (top + bottom) / 2, 1.6 * (right - left), 0.0)


def test_a_batch_of_faces_is_its_singles_and_nothing_is_no_face(portrait: tuple[np.ndarray, Roi]) -> None:
    picture, roi = portrait
    finder, net = FaceFinder(Net("face_detector")), FaceNet(Net("face_landmarks_attention"))
    dark = np.zeros_like(picture)
    pictures, rois = [picture, dark, picture], [roi, roi, Roi(roi.x + 3.0, roi.y, roi.size * 1.1, 0.2)]
    found = finder(pictures, rois)
    assert found[1] is None
    regions = [found[0] or roi, roi, found[2] or roi]
    faces = net(pictures, regions)
    assert [face is None for face in faces] == [False, True, False]
    for picture_, roi_, region, face in zip(pictures, rois, regions, faces, strict=True):
        assert finder([picture_], [roi_]) == [region if face else None]
        (single,) = net([picture_], [region])
        assert (single is None) == (face is None)
        if face is not None and single is not None:
            assert face.image == pytest.approx(single.image, abs=1e-2)
            assert face.score == pytest.approx(single.score, abs=1e-4)


def test_a_face_lies_in_its_region_and_its_irises_within_its_eyes(portrait: tuple[np.ndarray, Roi]) -> None:
    picture, roi = portrait
    (region,) = FaceFinder(Net("face_detector"))([picture], [roi])
    assert region is not None
    (face,) = FaceNet(Net("face_landmarks_attention"))([picture], [region])
    assert face is not None
    points = rotate(face.image[:, :2] - (region.x, region.y), -region.rotation)
    assert np.abs(points).max() < 0.6 * region.size
    for iris, corners in (468, (33, 133)), (473, (362, 263)):
        left, right = points[list(corners), 0]
        assert left < points[iris, 0] < right


def test_no_regions_are_no_faces() -> None:
    assert FaceFinder(Net("face_detector"))([], []) == []
    assert FaceNet(Net("face_landmarks_attention"))([], []) == []
