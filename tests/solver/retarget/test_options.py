"""What an animator may ask for: mirrored, on the spot, other sizes and floors, no fingers, smoother."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from blazerig.errors import BlazeRigError
from blazerig.solver import rotations
from blazerig.solver.humanoid import FINGERS, INDEX, SLOTS, joint_positions, rest_pose, side_of
from blazerig.solver.lock import lock_feet
from blazerig.solver.mirror import mirrored
from blazerig.solver.retarget import Options, retarget
from blazerig.solver.steady import standing, steadied
from blazerig.solver.travel import in_place

ACROSS = np.array([-1.0, 1.0, 1.0])
FEET = [INDEX["leftFoot"], INDEX["rightFoot"]]


def joints_of(pose):
    return joint_positions(pose.rotations, pose.hips, pose.rest)


def walked(pose, speed):
    """`pose`, carried along at `speed` metres a second."""
    return replace(pose, hips=pose.hips + pose.times[:, None] * np.asarray(speed))


def test_a_mirrored_motion_has_every_joint_where_the_mirror_shows_it(random_motion):
    pose = walked(random_motion(1), (0.7, 0.2, 0.0))
    seen = dict(zip(SLOTS, np.moveaxis(joints_of(mirrored(pose)), 1, 0), strict=True))
    for slot, joint in zip(SLOTS, np.moveaxis(joints_of(pose), 1, 0), strict=True):
        side = {"left": "right", "right": "left", "": ""}[side_of(slot)]
        other = side + slot.removeprefix(side_of(slot))
        np.testing.assert_allclose(seen[other], joint * ACROSS, atol=1e-12, err_msg=slot)


def test_a_mirror_undoes_itself_to_the_last_bit(random_motion):
    pose = random_motion(2)
    again = mirrored(mirrored(pose))
    for name in ("times", "rotations", "hips", "rest"):
        np.testing.assert_array_equal(getattr(again, name), getattr(pose, name))


def test_a_mirrored_character_is_the_mirror_image(humanoid_rig, compose, random_motion):
    rig = humanoid_rig()
    pose = random_motion(3)
    plain, other = (compose(rig, retarget(pose, rig, Options(mirror=mirror))) for mirror in (False, True))
    for one, two in (("leftHand", "rightHand"), ("rightFoot", "leftFoot"), ("head", "head")):
        np.testing.assert_allclose(plain[one][:, :3, 3] * ACROSS, other[two][:, :3, 3], atol=1e-9)


def test_on_the_spot_a_walk_stays_over_the_spot_and_every_joint_goes_up_and_down_as_before(random_motion):
    pose = walked(random_motion(4), (1.2, -0.4, 0.0))
    stays = in_place(pose)
    assert np.abs(stays.hips - pose.rest[0])[:, :2].max() < 0.2
    assert np.linalg.norm((pose.hips[-1] - pose.hips[0])[:2]) > 1.5
    np.testing.assert_allclose(joints_of(stays)[..., 2], joints_of(pose)[..., 2], atol=1e-12)
    gone = (stays.hips - pose.hips)[:, :2]
    pace = np.diff(gone, axis=0) / np.diff(pose.times)[:, None]
    assert np.linalg.norm(np.diff(pace, axis=0) / (1 / 30), axis=-1).max() < 3.0  # an even treadmill, m/s^2


def test_on_the_spot_feet_that_stand_while_nobody_travels_stay_where_they_are(stance):
    pose = stance(120)
    sway = 0.03 * np.sin(2 * np.pi * 1.5 * pose.times) * np.sin(np.pi * pose.times / pose.times[-1]) ** 2
    pose = replace(pose, hips=pose.hips + sway[:, None] * [1.0, 0.0, 0.0])
    moved = in_place(pose).hips - pose.hips
    assert np.abs(moved - moved.mean(0)).max() < 0.002


def test_the_floor_lifts_everything_by_as_much(humanoid_rig, compose, random_motion):
    rig = replace(humanoid_rig(scale=100.0), metre=100.0)
    pose = random_motion(5)
    low, high = (compose(rig, retarget(pose, rig, Options(floor=floor))) for floor in (0.0, 0.25))
    for slot in ("hips", "leftFoot", "head"):
        moved = (high[slot] - low[slot])[:, :3, 3]
        np.testing.assert_allclose(moved, np.tile([0.0, 0.0, 25.0], (len(moved), 1)), atol=1e-9)


@pytest.mark.parametrize(("size", "metres"), [("character", 2.0), ("performer", 1.0)])
def test_a_character_twice_as_large_goes_by_its_own_steps_or_the_performers_metres(
    humanoid_rig, compose, random_motion, size, metres
):
    rig = humanoid_rig(scale=2.0)
    pose = walked(random_motion(6), (1.0, 0.5, 0.0))
    shown = compose(rig, retarget(pose, rig, Options(size=size)))
    middle = (shown["leftUpperLeg"] + shown["rightUpperLeg"])[:, :2, 3] / 2
    legs = (joints_of(pose)[:, INDEX["leftUpperLeg"]] + joints_of(pose)[:, INDEX["rightUpperLeg"]])[:, :2] / 2
    gone = middle - middle[0]
    expected = metres * (legs - legs[0])
    assert np.abs(gone - expected).max() < 0.06


def test_a_jump_of_the_performers_size_is_as_high_as_his(humanoid_rig, compose, stance):
    pose = stance(30)
    hop = 0.3 * np.sin(np.pi * np.arange(30) / 29)
    pose = replace(pose, hips=pose.hips + hop[:, None] * [0.0, 0.0, 1.0])
    rig = humanoid_rig(scale=2.0)
    for size, height in (("character", 0.6), ("performer", 0.3)):
        shown = compose(rig, retarget(pose, rig, Options(size=size)))
        feet = shown["leftFoot"][:, 2, 3]
        assert feet.max() - feet.min() == pytest.approx(height, rel=0.01)


def test_without_hands_no_finger_is_keyed_and_all_else_is_the_same(humanoid_rig, random_motion):
    rig = humanoid_rig({"leftHand": (40, 0, 0), "rightHand": (-30, 10, 0)})
    pose = random_motion(7)
    whole, bare = (retarget(pose, rig, Options(hands=hands)) for hands in (True, False))
    fingers = {name for name in whole.rotations if any(finger in name for finger in FINGERS)}
    assert len(fingers) == 30
    assert set(bare.rotations) == set(whole.rotations) - fingers
    for name, turned in bare.rotations.items():
        np.testing.assert_array_equal(turned, whole.rotations[name])


def jittered(pose, seed, *, degrees=1.5):
    random = np.random.default_rng(seed)
    noise = rotations.from_vector(random.normal(0.0, np.radians(degrees), (*pose.rotations.shape[:2], 3)))
    return replace(
        pose,
        rotations=rotations.multiply(noise, pose.rotations),
        hips=pose.hips + random.normal(0.0, 0.004, pose.hips.shape),
    )


def bend_of_knee(pose):
    thigh, shin = (pose.rotations[:, INDEX[f"left{part}Leg"]] for part in ("Upper", "Lower"))
    return rotations.angle_between(thigh, shin)


def test_smoothing_takes_jitter_away_without_lag_and_standing_feet_still_stand(squat):
    stands = np.ones((len(squat.times), 4))
    rough = lock_feet(jittered(squat, 8), stands)
    smoothed = steadied(rough, 3.0)
    jerk = [np.linalg.norm(np.diff(joints_of(pose), 2, axis=0), axis=-1).mean() for pose in (rough, smoothed)]
    assert jerk[1] < 0.2 * jerk[0]
    ankles = joints_of(smoothed)[:, FEET]
    bent = np.degrees(bend_of_knee(smoothed)) > 5  # a straight leg reaches no further
    assert bent.mean() > 0.9
    assert np.abs(ankles[bent] - ankles[bent].mean(0)).max() < 0.001
    knee, true = (bend_of_knee(pose) for pose in (smoothed, squat))
    lags = range(-3, 4)
    errors = [np.abs(np.roll(knee, -lag)[5:-5] - true[5:-5]).mean() for lag in lags]
    assert lags[int(np.argmin(errors))] == 0


def test_smoothing_is_off_unless_asked_for(humanoid_rig, random_motion):
    pose, rig = random_motion(9), humanoid_rig()
    plain, off = retarget(pose, rig), retarget(pose, rig, Options(smoothing=0.0))
    for name, turned in plain.rotations.items():
        np.testing.assert_array_equal(turned, off.rotations[name])


def test_feet_that_stand_are_told_from_feet_that_move(squat):
    assert standing(squat).all()
    assert not standing(walked(squat, (1.0, 0.0, 0.0))).any()
    lifted = replace(squat, hips=squat.hips + np.array([0.0, 0.0, 0.1]))
    assert not standing(lifted).any()


def test_ik_of_a_rig_without_its_controls_is_refused(humanoid_rig, random_motion):
    with pytest.raises(BlazeRigError, match="has no IK controls"):
        retarget(random_motion(10), humanoid_rig(), Options(controls="ik"))
    assert rest_pose().shape == (len(SLOTS), 3)
