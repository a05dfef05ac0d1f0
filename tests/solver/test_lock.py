"""Standing feet stay where they stand, on the floor."""

from dataclasses import replace

import numpy as np
import pytest
from blazerig.solver import rotations
from blazerig.solver.flight import acceleration
from blazerig.solver.humanoid import INDEX, PARENTS, joint_positions
from blazerig.solver.lock import lock_feet

BALLS = [INDEX["leftToes"], INDEX["rightToes"]]


def joints(pose):
    return joint_positions(pose.rotations, pose.hips, pose.rest)


def knees(pose):
    parts = [[INDEX[f"{side}{part}"] for side in ("left", "right")] for part in ("UpperLeg", "LowerLeg")]
    return np.degrees(rotations.angle_between(pose.rotations[:, parts[0]], pose.rotations[:, parts[1]]))


@pytest.fixture
def shaky(squat):
    """A squat whose root wanders by centimetres, as a single camera sees it."""
    random = np.random.default_rng(3)
    phase = random.uniform(0.0, 2 * np.pi, 3)
    wander = 0.02 * np.sin(2 * np.pi * 0.7 * squat.times[:, None] + phase)
    return replace(squat, hips=squat.hips + wander + random.normal(0.0, 0.002, wander.shape))


@pytest.fixture
def always(squat):
    return np.ones((len(squat.times), 4))


def test_a_foot_that_stands_does_not_move_and_stands_on_the_floor(shaky, always):
    locked = joints(lock_feet(shaky, always))[:, BALLS]
    assert np.linalg.norm(np.diff(joints(shaky)[:, BALLS], axis=0), axis=-1).mean() > 0.002
    assert np.linalg.norm(np.diff(locked, axis=0), axis=-1).max() < 1e-3
    np.testing.assert_allclose(locked[..., 2], shaky.rest[BALLS[0], 2], atol=2e-3)


def test_knees_hardly_change_for_it(shaky, always):
    change = np.abs(knees(lock_feet(shaky, always)) - knees(shaky))
    assert np.median(change) < 2.0
    assert np.percentile(change, 90) < 8.0


def test_bones_keep_their_lengths(shaky, always):
    points = joints(lock_feet(shaky, always))
    for i, parent in enumerate(PARENTS[1:], start=1):
        length = np.linalg.norm(points[:, i] - points[:, parent], axis=-1)
        np.testing.assert_allclose(length, length[0], atol=1e-9)


def test_who_never_stands_is_left_alone(shaky, always):
    assert lock_feet(shaky, 0.0 * always) is shaky


def test_a_performer_who_already_stands_is_left_as_he_is(squat, always):
    locked = lock_feet(squat, always)
    np.testing.assert_allclose(locked.hips, squat.hips, atol=1e-3)
    assert np.abs(knees(locked) - knees(squat)).max() < 0.5


def test_where_only_the_toes_stand_the_heel_may_turn_about_them(stance):
    pose = stance(frames=40)
    yaw = rotations.from_axis_angle([0.0, 0.0, 1.0], np.linspace(0.0, 0.8, 40))
    turned = pose.rotations.copy()
    for slot in ("leftFoot", "leftToes"):
        turned[:, INDEX[slot]] = rotations.multiply(yaw, turned[:, INDEX[slot]])
    toes = np.tile([0.0, 1.0, 1.0, 1.0], (40, 1))
    locked = lock_feet(replace(pose, rotations=turned), toes)
    ball, ankle = (joints(locked)[:, INDEX[slot]] for slot in ("leftToes", "leftFoot"))
    assert np.linalg.norm(np.diff(ball, axis=0), axis=-1).max() < 1e-4
    assert np.linalg.norm(ankle[-1] - ankle[0]) > 0.05


def test_feet_between_contacts_do_not_sink(shaky, always):
    always[20:50] = 0.0
    sunk = replace(shaky, hips=shaky.hips - [0.0, 0.0, 0.05])
    locked = joints(lock_feet(sunk, always))[:, BALLS, 2] - shaky.rest[BALLS[0], 2]
    assert locked.min() > -0.002


def test_a_jump_falls_freely_between_take_off_and_landing(stance):
    pose = stance(frames=60)
    time = np.clip(np.arange(60) - 25, 0, 12) / 30.0
    flattened = 0.8 * (1.96 * time - 9.81 / 2 * time**2)  # as smoothing leaves it
    jump = replace(pose, hips=pose.hips + flattened[:, None] * [0.0, 0.0, 1.0])
    standing = np.ones((60, 4))
    standing[26:37] = 0.0
    locked = lock_feet(jump, standing)
    inner = acceleration(locked.hips, locked.times)[28:34, 2]
    np.testing.assert_allclose(inner, -9.81, atol=0.7)
    assert locked.hips[:, 2].max() > jump.hips[:, 2].max() + 0.01
    feet = joints(locked)[:, BALLS, 2] - pose.rest[BALLS[0], 2]
    assert (feet[28:35] > 0.02).all()


def test_one_frame_is_locked_too(stance):
    locked = lock_feet(stance(frames=1), np.ones((1, 4)))
    assert np.isfinite(locked.rotations).all()
