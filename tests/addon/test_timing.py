"""When keys stand: on whole frames, on a range's ends, and with what values there."""

from __future__ import annotations

import numpy as np
import pytest
from blazerig.addon.animate.timing import resampled, whole_frames, within
from blazerig.solver import rotations
from blazerig.solver.retarget import Keys


@pytest.mark.parametrize(
    ("first", "last", "origin", "step", "expected"),
    [
        (1.0, 5.0, 1, 1, [1, 2, 3, 4, 5]),
        (1.0 + 1e-9, 5.0 - 1e-9, 1, 1, [1, 2, 3, 4, 5]),
        (0.5, 4.5, 1, 1, [1, 2, 3, 4]),
        (-2.5, 1.2, 0, 1, [-2, -1, 0, 1]),
        (10.4, 21.0, 1, 3, [13, 16, 19]),
        (10.4, 21.0, 100, 3, [13, 16, 19]),
        (7.0, 7.0, 1, 1, [7]),
        (7.3, 7.4, 1, 1, [7]),
    ],
)
def test_whole_frames_are_those_of_the_scene(first, last, origin, step, expected):
    assert whole_frames(first, last, origin=origin, step=step).tolist() == expected


def test_a_range_has_keys_at_both_its_ends():
    assert within(np.arange(1.0, 20.0), 4.5, 8.0).tolist() == [4.5, 5, 6, 7, 8]
    assert within(np.arange(1.0, 20.0), 4.0, 4.5).tolist() == [4, 4.5]


def test_rotations_turn_evenly_and_places_move_straight_between_the_footages_frames():
    times = np.array([0.0, 0.5, 2.0])
    angles = np.array([0.0, 1.0, 4.0])
    keys = Keys(
        times,
        {"a": rotations.from_axis_angle([0.0, 1.0, 0.0], angles)},
        {"b": np.stack([angles, -angles, 0 * angles], axis=-1)},
        {("a", "p"): 1.0},
    )
    at = np.array([-1.0, 0.0, 0.25, 0.5, 1.0, 2.0, 3.0])
    expected = np.array([0.0, 0.0, 0.5, 1.0, 2.0, 4.0, 4.0])
    found = resampled(keys, at)
    assert np.array_equal(found.times, at)
    turned = rotations.from_axis_angle([0.0, 1.0, 0.0], expected)
    assert np.degrees(rotations.angle_between(found.rotations["a"], turned)).max() < 1e-6
    assert np.allclose(found.locations["b"], np.stack([expected, -expected, 0 * expected], axis=-1))
    assert found.properties == keys.properties


def test_one_frame_is_the_same_at_all_times():
    keys = Keys(np.array([0.5]), {"a": np.array([[0.6, 0.8, 0.0, 0.0]])}, {"a": np.ones((1, 3))})
    found = resampled(keys, np.array([0.0, 1.0]))
    assert np.allclose(found.rotations["a"], [[0.6, 0.8, 0.0, 0.0]] * 2)
    assert np.allclose(found.locations["a"], 1.0)


def test_its_own_times_change_nothing():
    keys = Keys(np.array([0.0, 1.0]), {}, {"a": np.eye(3)[:2]})
    assert resampled(keys, np.array([0.0, 1.0])) is keys
