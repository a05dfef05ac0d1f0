"""Triangles of what is drawn."""

from __future__ import annotations

import numpy as np
import pytest
from blazerig.addon.takes.shapes import boxes, dots, hatches, repeated, ribbons


def area(triangles: np.ndarray) -> float:
    a, b, c = np.moveaxis(triangles.reshape(-1, 3, 2).astype(float), 1, 0)
    u, v = b - a, c - a
    return float(np.abs(u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]).sum() / 2)


def test_areas_are_those_of_the_shapes() -> None:
    assert area(boxes(np.array([1.0, 2.0]), np.array([4.0, 7.0]))) == pytest.approx(15.0)
    assert area(dots(np.zeros((5, 2)), 2.0)) == pytest.approx(20.0)
    assert area(ribbons(np.array([[[0.0, 0.0], [3.0, 4.0]]]), 2.0)) == pytest.approx(10.0)


def test_nothing_is_no_triangle_and_a_line_without_length_none_that_is_seen() -> None:
    assert boxes(np.zeros((0, 2)), np.zeros((0, 2))).shape == (0, 2)
    assert np.isfinite(ribbons(np.zeros((1, 2, 2)), 2.0)).all()


def test_hatches_stay_within_their_rectangle_but_for_their_width() -> None:
    low, high = np.array([10.0, 5.0]), np.array([47.0, 20.0])
    found = hatches(low, high, 7.0, 1.0)
    assert len(found) > 6
    assert (found >= low - 1.0).all()
    assert (found <= high + 1.0).all()


def test_the_pattern_of_hatches_does_not_depend_on_where_a_rectangle_begins() -> None:
    one = hatches(np.array([0.0, 0.0]), np.array([50.0, 10.0]), 7.0, 1.0)
    two = hatches(np.array([-20.0, 0.0]), np.array([50.0, 10.0]), 7.0, 1.0)
    inner = {tuple(point) for point in np.round(one[(one[:, 0] > 12) & (one[:, 0] < 38)], 3).tolist()}
    assert inner
    assert inner <= {tuple(point) for point in np.round(two, 3).tolist()}


def test_a_colour_goes_to_all_corners_of_its_shape() -> None:
    assert repeated(np.eye(4)).shape == (24, 4)
    assert (repeated(np.eye(4))[6:12] == np.eye(4)[1]).all()
