"""Who is found in a picture: two of the project's performer side by side, or nobody."""

import cv2
import numpy as np
import pytest
from blazerig.models.detector import Candidate, PoseDetector
from blazerig.models.roi import Roi
from blazerig.models.sessions import Net


@pytest.fixture(scope="module")
def detector() -> PoseDetector:
    return PoseDetector(Net("pose_detector"))


@pytest.fixture(scope="module")
def one(request: pytest.FixtureRequest) -> np.ndarray:
    """A square picture with a person in it."""
    picture = cv2.VideoCapture(str(request.getfixturevalue("person"))).read()[1]
    side = min(picture.shape[:2])
    left = (picture.shape[1] - side) // 2
    return np.ascontiguousarray(picture[:side, left : left + side])


def centres(candidates: list[Candidate]) -> np.ndarray:
    return np.array([(candidate.roi.x, candidate.roi.y) for candidate in candidates])


def test_everybody_is_found_the_best_first(detector: PoseDetector, one: np.ndarray) -> None:
    side = len(one)
    faint = cv2.addWeighted(one, 0.5, np.full_like(one, 90), 0.5, 0.0)
    (alone,) = detector(one)
    both = detector(np.hstack([faint, one]))
    assert [candidate.score for candidate in both] == sorted((c.score for c in both), reverse=True)
    expected = centres([alone]) + np.array([(0, 0), (side, 0)])
    found = centres(both)[np.argsort([candidate.roi.x for candidate in both])]
    assert found == pytest.approx(expected, abs=0.04 * side)
    assert all(0.5 <= candidate.score <= 1.0 for candidate in both)


def test_the_box_lies_around_the_face_above_the_hips(detector: PoseDetector, one: np.ndarray) -> None:
    (alone,) = detector(one)
    left, top, right, bottom = alone.box.tolist()
    assert alone.box.shape == (4,)
    assert 0.02 < (right - left) / alone.roi.size < 0.3
    assert bottom - top == pytest.approx(right - left, rel=0.3)
    assert abs((left + right) / 2 - alone.roi.x) < 0.3 * alone.roi.size
    assert bottom < alone.roi.y


def test_in_parts_of_a_picture_a_person_is_found_where_the_whole_has_them(
    detector: PoseDetector, one: np.ndarray
) -> None:
    side = float(len(one))
    picture = np.hstack([one, np.zeros_like(one)])
    regions = [Roi(side / 2, side / 2, side, 0.0), Roi(side * 0.6, side / 2, side, 0.0)]
    (found,) = detector(picture, regions)
    (alone,) = detector(one)
    assert centres([found]) == pytest.approx(centres([alone]), abs=0.04 * side)
    assert found.score >= alone.score


def test_nobody_is_nobody(detector: PoseDetector) -> None:
    assert detector(np.zeros((90, 160, 3), np.uint8)) == []
    assert detector(np.zeros((90, 160, 3), np.uint8), []) == []
