import math

import numpy as np
import pytest
from blazerig.models.hands import INDICES, PINKIES, WRISTS, roi_of_hand, roi_of_wrist
from blazerig.models.roi import rotate

SEEDS = range(20)


def flat_hand(seed: int) -> np.ndarray:
    """An upright right hand, palm at the camera, fingers up; a little noise. Shape (21, 3)."""
    random = np.random.default_rng(seed)
    fingers = [(x, y, 0.0) for x in (-60, -30, 0, 30, 60) for y in (-60, -90, -110, -130)]
    return np.array([(0.0, 0.0, 0.0), *fingers]) + random.normal(0, 3, (21, 3))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_region_turns_moves_and_grows_with_the_hand(seed: int) -> None:
    hand = flat_hand(seed)
    plain = roi_of_hand(hand)
    angle, shift = 0.1 + seed, np.array((300.0, -40.0))
    moved = rotate(hand, angle) * 1.7
    moved[:, :2] += shift
    roi = roi_of_hand(moved)
    centre = rotate(np.array((plain.x, plain.y)), angle) * 1.7 + shift
    assert (roi.x, roi.y) == pytest.approx(tuple(centre))
    assert roi.size == pytest.approx(plain.size * 1.7)
    assert math.cos(roi.rotation - plain.rotation - angle) == pytest.approx(1.0)


def test_an_upright_hand_gives_an_upright_region_around_all_of_it() -> None:
    hand = flat_hand(0)
    roi = roi_of_hand(hand)
    assert roi.rotation == pytest.approx(0.0, abs=0.1)
    inside = np.abs(hand[:, :2] - (roi.x, roi.y)) / roi.size
    assert inside.max() < 0.5


def test_fingertips_do_not_move_the_region() -> None:
    hand = flat_hand(0)
    bent = hand.copy()
    bent[[4, 7, 8, 11, 12, 15, 16, 19, 20]] += 50.0
    assert roi_of_hand(bent) == roi_of_hand(hand)


@pytest.mark.parametrize("side", ["left", "right"])
def test_the_wrists_region_lies_beyond_the_wrist_and_points_along_the_hand(side: str) -> None:
    body = np.zeros((33, 3))
    body[WRISTS[side]] = (100.0, 100.0, 0.0)
    body[PINKIES[side]] = (140.0, 90.0, 0.0)
    body[INDICES[side]] = (140.0, 105.0, 0.0)
    roi = roi_of_wrist(body, side)
    assert roi.rotation == pytest.approx(math.pi / 2.0)
    assert roi.size == pytest.approx(2.0 * 40.0 * 2.7)
    # Shifted by a tenth of the size before scaling, away from the wrist.
    assert (roi.x, roi.y) == pytest.approx((140.0 + 8.0, 100.0))
