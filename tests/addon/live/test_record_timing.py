"""Frames land where the scene showed them, whether it stood still, played, hurried or stopped."""

from __future__ import annotations

import numpy as np
import pytest
from blazerig.addon.live.record_timing import (
    Timing,
    followed,
    from_text,
    posed_at,
    steady,
    whole_frames,
)
from blazerig.solver import rotations
from blazerig.solver.humanoid import SLOTS, rest_pose
from blazerig.solver.pose import Pose


def test_a_scene_that_stands_still_counts_at_its_rate() -> None:
    timing = steady(10.0, 101.0, 24.0)
    np.testing.assert_allclose(timing.frames_at(np.array([9.5, 10.0, 12.0])), [89.0, 101.0, 149.0])
    np.testing.assert_allclose(timing.seconds_at(np.array([89.0, 149.0])), [9.5, 12.0])


def test_unrest_of_playback_is_calmed_and_its_pace_kept() -> None:
    random = np.random.default_rng(0)
    seconds = 5.0 + np.arange(240) / 24.0
    uneasy = seconds + random.uniform(-0.012, 0.012, len(seconds))
    frames = 1.0 + np.arange(240.0)
    found = followed(list(zip(uneasy, frames, strict=True)), 24.0).frames_at(seconds)
    assert np.abs(found - frames).max() < 0.25
    assert np.abs(np.diff(found, 2)).max() < 0.05  # no jerk is put into the motion


@pytest.mark.parametrize("rate", [12.0, 24.0, 30.0])
def test_playback_that_is_slower_than_the_scenes_rate_is_followed(rate: float) -> None:
    seconds = np.arange(100) / rate
    frames = np.arange(100.0)
    timing = followed(list(zip(seconds, frames, strict=True)), 24.0)
    np.testing.assert_allclose(timing.frames_at(seconds), frames, atol=1e-6)


def test_dropped_frames_are_followed() -> None:
    frames = np.arange(0.0, 100.0, 3.0)
    seconds = frames / 24.0
    timing = followed(list(zip(seconds, frames, strict=True)), 24.0)
    np.testing.assert_allclose(timing.frames_at(seconds + 0.5 / 24.0), frames + 0.5, atol=1e-6)


def test_playback_that_stood_still_for_a_while_is_no_unrest() -> None:
    frames = np.arange(60.0)
    seconds = frames / 24.0 + 2.0 * (frames >= 30.0)
    found = followed(list(zip(seconds, frames, strict=True)), 24.0)
    assert np.abs(found.frames_at(seconds) - frames).max() < 7.0  # within the knots beside it
    assert (np.diff(found.frames) > 0.0).all()
    np.testing.assert_allclose(found.frames_at(seconds[[0, -1]]), frames[[0, -1]], atol=1.0)


def test_a_timing_is_kept_as_text_and_moved_to_the_takes_own_seconds() -> None:
    timing = Timing(np.array([100.0, 101.0, 103.0]), np.array([1.0, 25.0, 60.0]))
    again = from_text(timing.since(100.5).text())
    np.testing.assert_allclose(again.frames_at(np.array([-0.5, 0.5, 2.5])), [1.0, 25.0, 60.0], atol=1e-4)


def test_only_whole_frames_that_had_shown_are_keyed() -> None:
    timing = steady(0.0, 10.0, 24.0)
    assert whole_frames(timing, 10.0, 20.0, 100.0).tolist() == list(range(10, 21))
    assert whole_frames(timing, 10.0, np.inf, 0.25).tolist() == list(range(10, 17))
    assert whole_frames(timing, 9.7, np.inf, 0.0).tolist() == [10.0]


def test_a_motion_between_its_frames_goes_the_shorter_way() -> None:
    turned = np.tile(rotations.IDENTITY, (2, len(SLOTS), 1))
    turned[1, 0] = rotations.from_axis_angle([0.0, 0.0, 1.0], np.pi / 2)
    turned[1, 1] = -turned[1, 1]
    hips = np.array([[0.0, 0.0, 1.0], [0.0, 1.0, 1.0]])
    pose = posed_at(Pose(np.array([0.0, 1.0]), turned, hips, rest_pose()), np.array([-1.0, 0.25, 2.0]))
    np.testing.assert_allclose(pose.hips[:, 1], [0.0, 0.25, 1.0])
    quarter = rotations.from_axis_angle([0.0, 0.0, 1.0], np.pi / 8)
    assert rotations.angle_between(pose.rotations[1, 0], quarter) < 1e-6
    assert rotations.angle_between(pose.rotations[1, 1], rotations.IDENTITY) < 1e-6
