"""Rotations as the numbers of Blender's rotation modes: the same rotations, without jumps."""

from __future__ import annotations

import numpy as np
import pytest
from blazerig.solver import rotations
from blazerig.solver.rotation_mode import from_mode, moved_near, to_euler, to_mode

ORDERS = ("XYZ", "XZY", "YXZ", "YZX", "ZXY", "ZYX")
MODES = ("QUATERNION", "AXIS_ANGLE", *ORDERS)


def wandering(seed: int, frames: int = 400) -> np.ndarray:
    steps = np.random.default_rng(seed).normal(0.0, 0.08, (frames, 3))
    return rotations.from_vector(np.cumsum(steps, axis=0))


def degrees(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.degrees(rotations.angle_between(a, b)).max())


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("seed", range(5))
def test_there_and_back_is_the_same_rotation(mode: str, seed: int) -> None:
    turned = wandering(seed)
    assert degrees(from_mode(to_mode(turned, mode), mode), turned) < 1e-6


def test_an_order_names_the_axes_in_the_order_of_turning() -> None:
    """A quarter about X, then one about Z: y goes to z, where the second leaves it; x goes to y."""
    turned = from_mode([np.pi / 2, 0.0, np.pi / 2], "XYZ")
    assert np.allclose(rotations.rotate(turned, [0.0, 1.0, 0.0]), [0.0, 0.0, 1.0])
    assert np.allclose(rotations.rotate(turned, [1.0, 0.0, 0.0]), [0.0, 1.0, 0.0])
    turned = from_mode([np.pi / 2, 0.0, np.pi / 2], "ZYX")
    assert np.allclose(rotations.rotate(turned, [0.0, 1.0, 0.0]), [-1.0, 0.0, 0.0])


@pytest.mark.parametrize("order", ORDERS)
def test_angles_that_went_without_jumps_come_back_as_they_were_over_many_turns(order: str) -> None:
    t = np.linspace(0.0, 1.0, 300)
    angles = np.stack([9.0 * t, 0.3 + 3.0 * t, -14.0 * t * t], axis=-1)
    again = to_mode(from_mode(angles, order), order, near=angles[0])
    middle = "XYZ".index(order[1])
    assert np.abs(np.diff(again, axis=0)).max() < 0.2
    assert np.allclose(again[:, middle], angles[:, middle], atol=1e-6)
    assert np.allclose(again, angles, atol=1e-6)


@pytest.mark.parametrize("order", ORDERS)
def test_in_gimbal_lock_the_angles_go_on_as_before(order: str) -> None:
    angles = np.full((9, 3), 0.4) + 0.01 * np.arange(9)[:, None]
    middle = "XYZ".index(order[1])
    angles[:, middle] = np.pi / 2 - np.radians([8, 4, 1, 0, 0, 0, 1, 4, 8])
    turned = from_mode(angles, order)
    again = to_euler(turned, order)
    assert degrees(from_mode(again, order), turned) < 1e-5
    assert np.abs(np.diff(again, axis=0)).max() < np.radians(5)


def test_axes_do_not_turn_over_where_a_rotation_passes_none() -> None:
    turned = rotations.from_axis_angle([0.0, 0.0, 1.0], np.linspace(-1.0, 8.0, 91))
    values = to_mode(turned, "AXIS_ANGLE")
    assert np.abs(np.diff(values[:, 1:], axis=0)).max() < 1e-9
    assert np.allclose(np.abs(np.diff(values[:, 0])), 0.1)


@pytest.mark.parametrize("mode", MODES)
def test_no_rotation_at_all_is_fine_in_every_mode(mode: str) -> None:
    still = np.tile(rotations.IDENTITY, (3, 1))
    values = to_mode(still, mode)
    assert np.isfinite(values).all()
    assert np.allclose(from_mode(values, mode), still)
    assert to_mode(still[:0], mode).shape[0] == 0


@pytest.mark.parametrize("mode", MODES)
def test_the_first_frame_is_told_by_the_numbers_next_to_those_asked_for(mode: str) -> None:
    turned = wandering(9)
    values = to_mode(turned, mode)
    if mode == "QUATERNION":
        other = -values
    elif mode == "AXIS_ANGLE":
        other = -values + np.array([6 * np.pi, 0.0, 0.0, 0.0])
    else:
        middle = np.arange(3) == "XYZ".index(mode[1])
        other = np.where(middle, np.pi - values, values + np.pi) + 2 * np.pi * np.array([1.0, -2.0, 3.0])
    assert np.allclose(to_mode(turned, mode, near=other[0] + 0.01), other, atol=1e-6)
    assert np.allclose(moved_near(values, mode, other[0]), other, atol=1e-6)


def test_what_blender_reads_as_no_rotation_is_none() -> None:
    assert np.allclose(from_mode([0.0, 0.0, 0.0, 0.0], "QUATERNION"), rotations.IDENTITY)
    assert np.allclose(from_mode([1.0, 0.0, 0.0, 0.0], "AXIS_ANGLE"), rotations.IDENTITY)
    assert np.allclose(from_mode([2.0, 0.0, 0.0, 0.0], "QUATERNION"), rotations.IDENTITY)
