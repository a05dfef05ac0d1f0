"""Unity's axes: who looks at the camera here looks along +Z there, and a turn to the left stays one."""

from __future__ import annotations

import numpy as np
from blazerig.live.vmc.axes import unity_points, unity_rotations, world_points, world_rotations
from blazerig.solver import rotations

RNG = np.random.default_rng(0)
UP, FRONT, LEFT = (0.0, 0.0, 1.0), (0.0, -1.0, 0.0), (1.0, 0.0, 0.0)


def test_up_front_and_left_of_a_character_are_those_of_unity() -> None:
    np.testing.assert_allclose(unity_points([UP, FRONT, LEFT]), [(0, 1, 0), (0, 0, 1), (-1, 0, 0)])


def test_points_and_rotations_come_back_as_they_went() -> None:
    points, turns = RNG.normal(size=(5, 7, 3)), rotations.normalise(RNG.normal(size=(5, 7, 4)))
    np.testing.assert_allclose(world_points(unity_points(points)), points)
    np.testing.assert_allclose(world_rotations(unity_rotations(turns)), turns)


def test_to_turn_and_to_change_the_axes_may_be_done_in_either_order() -> None:
    points, turns = RNG.normal(size=(100, 3)), rotations.normalise(RNG.normal(size=(100, 4)))
    there = np.roll(unity_rotations(turns), 1, axis=-1)  # quaternions multiply alike in either hand
    expected = unity_points(rotations.rotate(turns, points))
    np.testing.assert_allclose(rotations.rotate(there, unity_points(points)), expected, atol=1e-12)


def test_a_turn_of_the_head_to_the_left_is_negative_about_unitys_y() -> None:
    turned = unity_rotations(rotations.from_axis_angle(UP, np.radians(30)))
    np.testing.assert_allclose(turned, [0, -np.sin(np.radians(15)), 0, np.cos(np.radians(15))], atol=1e-12)


def test_looking_up_is_negative_about_unitys_x() -> None:
    raised = rotations.from_axis_angle(LEFT, np.radians(-30))
    assert rotations.rotate(raised, FRONT)[2] > 0
    np.testing.assert_allclose(unity_rotations(raised)[0], -np.sin(np.radians(15)))
