"""A pose for the time at which it is shown, and one pose on a rig that was prepared before."""

import dataclasses

import numpy as np
import pytest
from blazerig.solver import rotations
from blazerig.solver.causal import filter as kalman
from blazerig.solver.fit.body import Body
from blazerig.solver.fit.ranges import HIGH
from blazerig.solver.fit.skeleton import ANGLES, BALLS, BENDS, FREEDOMS, LENGTHS, angle_column
from blazerig.solver.humanoid import INDEX, joint_positions, rest_pose
from blazerig.solver.live import LiveSolver, frames
from blazerig.solver.live_pose import as_pose
from blazerig.solver.settings import Settings

LEVEL = Settings(pitch=0.0)


def waved(posed, count=75):
    """An arm that is raised and lowered once a second."""
    time = np.arange(count) / 30.0
    wave = np.radians(20.0) + np.radians(40.0) * np.sin(2 * np.pi * time)
    vectors = np.stack([0 * wave, wave, 0 * wave], axis=-1)
    local = {
        "leftUpperArm": rotations.from_vector(vectors),
        "rightUpperArm": rotations.from_vector(np.tile([0.0, -1.3, 0.0], (count, 1))),
    }
    return posed(local, np.tile(rest_pose()[INDEX["hips"]], (count, 1)))


def solved(take, ahead):
    solver = LiveSolver(take.size, LEVEL)
    return [solver.step(frame, ahead) for frame in frames(take)]


def arm(pose):
    return rotations.rotate(pose.rotations[..., INDEX["leftUpperArm"], :], [1.0, 0.0, 0.0])


def test_a_pose_for_later_is_nearer_to_what_is_then(filmed, posed):
    pose = waved(posed)
    take, later = filmed(pose), 3
    true = arm(pose)[20 + later :]
    errors = []
    for ahead in (0.0, later / 30.0):
        ours = np.stack([arm(live) for live in solved(take, ahead)])[20:-later]
        errors.append(np.degrees(np.arccos(np.clip((ours * true).sum(-1), -1.0, 1.0))).mean())
    assert errors[1] < 0.8 * errors[0]


def test_standing_feet_stay_in_a_pose_for_later(filmed, squat):
    poses = solved(filmed(squat), 0.1)
    joints = np.stack([joint_positions(p.rotations, p.hips, p.rest) for p in poses])
    for side in ("left", "right"):
        way = np.linalg.norm(np.diff(joints[10:, INDEX[f"{side}Foot"], :2], axis=0), axis=-1)
        assert way.mean() < 0.001


def test_what_is_expected_for_later_stays_within_the_joints_ranges():
    still = np.tile(rotations.IDENTITY, (1, len(BALLS), 1))
    angles = np.zeros((1, len(ANGLES)))
    elbow, column = ANGLES.index("leftElbow"), angle_column("leftElbow")
    angles[0, elbow] = HIGH[column] - 0.05
    body = Body(np.zeros((1, 3)), still, np.zeros((1, len(BENDS), 3)), angles, np.zeros(len(LENGTHS)))
    moving = dataclasses.replace(kalman.begun(body), velocity=10.0 * np.eye(FREEDOMS)[column])
    assert kalman.moved_on(moving, 0.1).angles[0, elbow] > HIGH[column] + 0.1
    assert kalman.ahead(moving, 0.1).angles[0, elbow] == pytest.approx(HIGH[column])


def test_a_live_pose_is_a_motion_of_one_frame(filmed, stance):
    live = solved(filmed(stance(3)), 0.0)[-1]
    pose = as_pose(live)
    assert pose.times.tolist() == [live.time]
    np.testing.assert_array_equal(pose.rotations[0], live.rotations)
    np.testing.assert_array_equal(pose.hips[0], live.hips)
