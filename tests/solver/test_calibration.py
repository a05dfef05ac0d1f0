"""A performer who stands in T-pose tells the facing and the tilt; who does not, changes nothing."""

import dataclasses

import numpy as np
import pytest
from blazerig.solver import live, rotations
from blazerig.solver.causal.calibration import straightened
from blazerig.solver.humanoid import INDEX, SLOTS, rest_pose
from blazerig.solver.live import LiveSolver, frames
from blazerig.solver.pose import Pose

TURN = rotations.from_axis_angle([0.0, 0.0, 1.0], np.radians(20.0))


def t_pose(count):
    """Turned 20 degrees past the camera."""
    return Pose(
        np.arange(count) / 30.0, np.tile(TURN, (count, len(SLOTS), 1)), np.tile(rest_pose()[0], (count, 1)),
        rest_pose(),
    )  # fmt: skip


def facing(pose):
    x, y, _ = rotations.rotate(pose.rotations[INDEX["hips"]], [0.0, -1.0, 0.0])
    return np.degrees(np.arctan2(x, -y))


def calibrated(take, seconds=1.0):
    solver = LiveSolver(take.size)
    poses = []
    for i, frame in enumerate(frames(take)):
        if i == 5:
            solver.calibrate(seconds)
            assert solver.calibrating == seconds
        poses.append(solver.step(frame))
    return solver, poses


def test_a_t_pose_tells_which_way_is_ahead_and_how_the_camera_is_tilted(filmed):
    take = filmed(t_pose(110))
    solver, poses = calibrated(take)
    assert solver.calibrating == 0.0
    assert solver.calibrated is not None
    assert solver.calibrated.startswith("calibrated")
    assert facing(poses[4]) == pytest.approx(20.0, abs=4.0)
    assert facing(poses[-1]) == pytest.approx(0.0, abs=3.0)
    plain = LiveSolver(take.size)
    for frame in frames(take):
        plain.step(frame)
    up = np.array([0.0, -1.0, 0.0])
    off, before = (np.degrees(np.arccos(of.world_from_camera[2] @ up)) for of in (solver, plain))
    assert off < 0.7
    assert off < before
    assert np.degrees(rotations.angle_between(poses[40].rotations[0], poses[39].rotations[0])) < 3.0


def test_who_does_not_stand_so_is_told_and_nothing_changes(filmed, stance):
    solver, poses = calibrated(filmed(stance(60)))
    assert solver.calibrated == live.NO_POSE
    assert facing(poses[-1]) == pytest.approx(0.0, abs=4.0)


def test_where_nobody_is_that_is_told(filmed):
    take = filmed(t_pose(50))
    none = {
        name: np.full_like(getattr(take, name), np.nan)
        for name in ("body_image", "body_world", "body_visibility", "body_confidence")
    }
    solver, _ = calibrated(dataclasses.replace(take, **none))
    assert solver.calibrated == live.NOBODY


def test_a_limb_that_is_bent_as_straight_ones_are_seen_is_straightened_and_a_bent_one_is_left():
    rest = np.tile(rotations.IDENTITY, (len(SLOTS), 1))
    for bend, left in ((20.0, 0.0), (25.0, 6.0), (100.0, 100.0)):
        turned = rest.copy()
        elbow = rotations.from_axis_angle([0.0, 0.0, -1.0], np.radians(bend))
        turned[INDEX["leftLowerArm"]] = turned[INDEX["leftHand"]] = elbow
        straightened(turned, np.radians([bend, 0.0, 0.0, 0.0]), np.radians([20.0, 0.0, 0.0, 0.0]))
        between = rotations.angle_between(turned[INDEX["leftUpperArm"]], turned[INDEX["leftLowerArm"]])
        assert np.degrees(between) == pytest.approx(left, abs=2.0)
        np.testing.assert_array_equal(turned[INDEX["leftHand"]], elbow)
