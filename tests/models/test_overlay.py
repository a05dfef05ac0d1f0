from dataclasses import replace

import numpy as np
import pytest
from blazerig.models.overlay import draw
from blazerig.take import Face, Hand, Take

SIZE = (320, 240)


def take_of(body: np.ndarray | None = None, left: np.ndarray | None = None) -> Take:
    """A take of one frame with the landmarks that are given, and nothing else."""

    def hand(image: np.ndarray | None) -> Hand:
        lost = np.full((1, 21, 3), np.nan, np.float32)
        if image is None:
            return Hand(lost, lost, np.array([np.nan]))
        return Hand(image[None].astype(np.float32), lost, np.array([1.0]))

    image = np.full((33, 3), np.nan) if body is None else body
    return Take(
        source="made",
        fps=30.0,
        times=np.zeros(1),
        size=np.array(SIZE),
        body_image=image[None],
        body_world=image[None],
        body_visibility=np.ones((1, 33)),
        body_confidence=np.ones((1, 33)),
        left=hand(left),
        right=hand(None),
    )


def scattered(count: int, seed: int) -> np.ndarray:
    points = np.random.default_rng(seed).uniform((40, 40, 0), (280, 200, 1), (count, 3))
    points[-1, :2] = 160, 120
    return points


@pytest.fixture
def grey() -> np.ndarray:
    return np.full((SIZE[1], SIZE[0], 3), 128, np.uint8)


@pytest.fixture
def large() -> np.ndarray:
    return np.full((4 * SIZE[1], 4 * SIZE[0], 3), 128, np.uint8)


def test_nothing_found_draws_nothing(grey: np.ndarray) -> None:
    assert (draw(grey, take_of(), 0) == grey).all()


def test_a_face_is_drawn_where_it_was_found(grey: np.ndarray) -> None:
    points = scattered(478, 3)
    found = replace(take_of(), face=Face(points[None], np.ones(1)))
    lost = replace(take_of(), face=Face(np.full((1, 478, 3), np.nan), np.full(1, np.nan)))
    drawn = np.argwhere((draw(grey, found, 0) != grey).any(-1))
    assert len(drawn) > 100
    assert (drawn.min(0) >= points[:, 1::-1].min(0) - 2).all()
    assert (drawn.max(0) <= points[:, 1::-1].max(0) + 2).all()
    assert (draw(grey, lost, 0) == grey).all()


def test_the_bodys_few_lines_of_the_face_give_way_to_the_face_itself(grey: np.ndarray) -> None:
    body = np.full((33, 3), np.nan)
    body[:11] = scattered(11, 4)
    lost = replace(take_of(body), face=Face(np.full((1, 478, 3), np.nan), np.full(1, np.nan)))
    found = replace(lost, face=Face(scattered(478, 3)[None], np.ones(1)))
    alone = replace(take_of(), face=found.face)
    assert (draw(grey, lost, 0) == draw(grey, take_of(body), 0)).all()
    assert (draw(grey, lost, 0) != grey).any()
    assert (draw(grey, found, 0) == draw(grey, alone, 0)).all()


def test_the_given_picture_is_left_alone(grey: np.ndarray) -> None:
    drawn = draw(grey, take_of(scattered(33, 1)), 0)
    assert (grey == 128).all()
    assert (drawn != grey).any()


def test_elbows_and_fingertips_are_covered_and_far_corners_are_not(grey: np.ndarray) -> None:
    body, hand = scattered(33, 2), scattered(21, 3)
    drawn = draw(grey, take_of(body, hand), 0)
    for x, y, _ in [body[13], body[14], body[25], hand[4], hand[8], hand[20]]:
        assert (drawn[round(y), round(x)] != 128).any()
    assert (drawn[:20] == 128).all()
    assert (drawn[:, :20] == 128).all()


def test_left_is_warm_and_right_is_cool(grey: np.ndarray) -> None:
    body = np.full((33, 3), np.nan)
    body[[11, 13]] = (250, 50, 0), (250, 150, 0)
    body[[12, 14]] = (50, 50, 0), (50, 150, 0)
    drawn = draw(grey, take_of(body), 0).astype(int)
    blue, _, red = drawn[100, 250]
    assert red > blue + 50
    blue, _, red = drawn[100, 50]
    assert blue > red + 50


def test_hidden_parts_are_thinner(large: np.ndarray) -> None:
    body = np.full((33, 3), np.nan)
    body[[11, 13]] = (100, 100, 0), (100, 200, 0)
    take = take_of(body)
    hidden = replace(take, body_visibility=np.zeros((1, 33)))
    seen_width, hidden_width = ((draw(large, each, 0) != large).any(-1)[600].sum() for each in (take, hidden))
    assert 0 < hidden_width < 0.7 * seen_width


def test_the_drawing_fits_a_picture_of_another_size(grey: np.ndarray, large: np.ndarray) -> None:
    body = scattered(33, 5)
    take = take_of(body)
    drawn = draw(large, take, 0)
    for x, y, _ in body[[13, 14, 25, 26]]:
        assert (drawn[round(4 * y), round(4 * x)] != 128).any()
    small = (draw(grey, take, 0) != grey).any(-1)
    assert ((drawn != large).any(-1)[2::4, 2::4] <= small).mean() > 0.98, "nothing is drawn elsewhere"


def test_points_absurdly_far_out_are_left_out(grey: np.ndarray) -> None:
    body = scattered(33, 6)
    body[15] = 1e30, -1e30, 0
    assert (draw(grey, take_of(body), 0) != grey).any()
