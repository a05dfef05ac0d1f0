import numpy as np
import pytest
from blazerig.models.ssd import anchors, averaged, decode, overlap


def test_anchors_are_as_many_and_where_the_nets_want_them() -> None:
    pose = anchors(224, (8, 16, 32, 32, 32))
    assert pose.shape == (2254, 2)
    assert pose[0] == pytest.approx([0.5 / 28, 0.5 / 28])
    assert pose[2] == pytest.approx([1.5 / 28, 0.5 / 28])
    assert pose[28 * 28 * 2] == pytest.approx([0.5 / 14, 0.5 / 14])
    assert pose[-6:] == pytest.approx(np.full((6, 2), 6.5 / 7))
    assert anchors(128, (8, 16, 16, 16)).shape == (896, 2)


def test_a_box_is_decoded_around_its_anchor() -> None:
    raw = np.array([[22.4, -11.2, 44.8, 22.4, 11.2, 33.6]])
    found, scores = decode(raw, np.array([2.0]), np.array([[0.5, 0.5]]), 224)
    assert found[0] == pytest.approx([0.5, 0.4, 0.7, 0.5, 0.55, 0.65])
    assert scores == pytest.approx([1.0 / (1.0 + np.exp(-2.0))])


def test_faint_and_impossible_boxes_are_dropped_and_half_a_score_is_enough() -> None:
    raw = np.ones((5, 4))
    raw[1, 2], raw[2, 3], raw[3, 2] = -1.0, -1.0, np.nan
    found, scores = decode(raw, np.array([0.0, 5.0, 5.0, 5.0, -0.01]), np.zeros((5, 2)), 224)
    assert scores == pytest.approx([0.5])
    assert found.shape == (1, 4)


def test_an_enormous_logit_is_no_trouble() -> None:
    with np.errstate(all="raise"):
        assert decode(np.ones((2, 4)), np.array([1e4, -1e4]), np.zeros((2, 2)), 224)[1] == pytest.approx(
            [1.0]
        )


def test_the_best_is_averaged_with_those_that_overlap_it_and_no_others() -> None:
    found = np.array([[0.0, 0.0, 1.0, 1.0, 5.0], [0.1, 0.0, 1.1, 1.0, 8.0], [3.0, 3.0, 4.0, 4.0, 99.0]])
    scores = np.array([0.7, 0.6, 0.9])
    kept, best = averaged(found, scores)
    assert kept == pytest.approx(np.array([found[2], (0.7 * found[0] + 0.6 * found[1]) / 1.3]))
    assert best == pytest.approx([0.9, 0.7])


def test_a_box_that_overlaps_two_goes_to_the_better_one() -> None:
    found = np.array([[0.0, 0.0, 1.0, 1.0], [0.5, 0.0, 1.5, 1.0], [1.0, 0.0, 2.0, 1.0]])
    kept, best = averaged(found, np.array([0.6, 0.8, 0.9]))
    assert kept == pytest.approx(np.array([(0.9 * found[2] + 0.8 * found[1]) / 1.7, found[0]]))
    assert best == pytest.approx([0.9, 0.6])


def test_the_order_of_detections_does_not_matter() -> None:
    random = np.random.default_rng(2)
    corners = random.uniform(0, 1, (30, 2))
    found = np.hstack([corners, corners + random.uniform(0.1, 0.5, (30, 2)), random.normal(size=(30, 8))])
    scores = random.uniform(0.5, 1.0, 30)
    order = random.permutation(30)
    for one, other in zip(averaged(found, scores), averaged(found[order], scores[order]), strict=True):
        assert one == pytest.approx(other)
    assert 1 < len(averaged(found, scores)[1]) < 30


def test_no_detection_is_none_and_an_empty_box_is_still_one() -> None:
    assert [part.shape for part in averaged(np.zeros((0, 12)), np.zeros(0))] == [(0, 12), (0,)]
    assert averaged(np.zeros((1, 12)), np.array([0.7]))[0] == pytest.approx(np.zeros((1, 12)))


def test_overlap_is_the_shared_part_of_the_union() -> None:
    boxes = np.array([[0, 0, 2, 2], [1, 0, 3, 2], [2, 0, 4, 2], [5, 5, 6, 6]], float)
    assert overlap(boxes[0], boxes) == pytest.approx([1.0, 1.0 / 3.0, 0.0, 0.0])
