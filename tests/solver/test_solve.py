"""Known motion -> forward kinematics -> perfect landmarks -> solve -> the same motion."""

import dataclasses

import numpy as np
import pytest
from blazerig.errors import BlazeRigError
from blazerig.solver import evidence, rotations
from blazerig.solver.camera import DIAGONAL_VIEW
from blazerig.solver.humanoid import INDEX, PARENTS, SLOTS, joint_positions, rest_pose
from blazerig.solver.live import solve_live
from blazerig.solver.rest import ELBOW_HINGE, KNEE_HINGE, OUT
from blazerig.solver.settings import Parts, Settings
from blazerig.solver.solve import solve

LEVEL = Settings(pitch=0.0)
"""The camera of `filmed` looks along the horizon."""
LIMBS = [
    f"{side}{part}" for side in ("left", "right") for part in ("UpperArm", "LowerArm", "UpperLeg", "LowerLeg")
]
AHEAD = dict.fromkeys((s for s in LIMBS if "Leg" in s), (0.0, 0.0, -1.0))
AHEAD |= {s: ((1.0 if s.startswith("left") else -1.0), 0.0, 0.0) for s in LIMBS if "Arm" in s}


def turn_error(solved, pose, slots):
    index = [INDEX[slot] for slot in slots]
    return np.degrees(rotations.angle_between(solved.rotations[:, index], pose.rotations[:, index]))


def swing_error(solved, pose, slots):
    errors = []
    for slot in slots:
        ahead = np.array(AHEAD[slot])
        a, b = (rotations.rotate(p.rotations[:, INDEX[slot]], ahead) for p in (solved, pose))
        errors.append(np.degrees(np.arccos(np.clip((a * b).sum(-1), -1, 1))))
    return np.array(errors)


def joints(pose):
    return joint_positions(pose.rotations, pose.hips, pose.rest)


@pytest.mark.parametrize("seed", range(4))
def test_a_known_motion_comes_back(filmed, random_motion, seed):
    pose = random_motion(seed)
    solved = solve(filmed(pose), LEVEL).pose
    assert swing_error(solved, pose, [slot for slot in LIMBS if "Arm" in slot]).mean() < 1.0
    assert turn_error(solved, pose, ["leftUpperArm", "rightUpperArm"]).mean() < 2.0
    assert turn_error(solved, pose, ["head"]).mean() < 1.0
    assert turn_error(solved, pose, ["leftHand", "rightHand"]).mean() < 4.0
    # fingers bend as mechanisms, towards how joints usually share a bend: these ones bend at random
    fingers = [slot for slot in SLOTS if slot.endswith("Intermediate")]
    assert turn_error(solved, pose, fingers).mean() < 8.0


@pytest.mark.parametrize("seed", range(2))
def test_bones_keep_their_lengths(filmed, random_motion, seed):
    solved = solve(filmed(random_motion(seed))).pose
    points = joints(solved)
    for i, parent in enumerate(PARENTS[1:], start=1):
        length = np.linalg.norm(points[:, i] - points[:, parent], axis=-1)
        np.testing.assert_allclose(length, length[0], atol=1e-9)


def test_a_mirrored_performer_gives_a_mirrored_pose(filmed, random_motion):
    pose = random_motion(5)
    other = {slot: slot.replace("left", "#").replace("right", "left").replace("#", "right") for slot in SLOTS}
    swap = [INDEX[other[slot]] for slot in SLOTS]
    flip = np.array([1.0, 1.0, -1.0, -1.0])  # a mirror at x = 0 turns (w, x, y, z) into this
    across = np.array([-1.0, 1.0, 1.0])
    mirrored = dataclasses.replace(pose, rotations=pose.rotations[:, swap] * flip, hips=pose.hips * across)
    solved, image = solve(filmed(pose)).pose, solve(filmed(mirrored)).pose
    error = rotations.angle_between(solved.rotations[:, swap] * flip, image.rotations)
    assert np.degrees(error).max() < 0.5


def test_who_stands_straight_stands_straight_and_upright_on_the_floor(filmed, stance):
    solved = solve(filmed(stance())).pose
    points = joints(solved)
    up = points[:, INDEX["head"]] - points[:, INDEX["hips"]]
    lean = np.degrees(np.arccos(up[:, 2] / np.linalg.norm(up, axis=-1)))
    assert lean.max() < 2.0
    for side in ("left", "right"):
        bend = turn_error_between(solved, f"{side}UpperLeg", f"{side}LowerLeg")
        assert bend.max() < 3.0
        np.testing.assert_allclose(
            points[:, INDEX[f"{side}Foot"], 2], rest_pose()[INDEX["leftFoot"], 2], atol=0.01
        )


def turn_error_between(pose, first, second):
    return np.degrees(
        rotations.angle_between(pose.rotations[:, INDEX[first]], pose.rotations[:, INDEX[second]])
    )


def test_who_faces_the_camera_faces_minus_y_with_the_left_at_plus_x(filmed, stance):
    solved = solve(filmed(stance())).pose
    points = joints(solved)
    assert (points[:, INDEX["leftUpperArm"], 0] > points[:, INDEX["rightUpperArm"], 0] + 0.2).all()
    ahead = rotations.rotate(solved.rotations[:, INDEX["head"]], (0.0, -1.0, 0.0))
    assert (ahead[:, 1] < -0.95).all()
    np.testing.assert_allclose(solved.hips[0, :2], 0.0, atol=1e-9)


def test_who_walks_to_their_left_does_so_in_the_scene(filmed, stance):
    pose = stance(frames=40)
    shifted = dataclasses.replace(pose, hips=pose.hips + np.linspace(0, 1, 40)[:, None] * [0.8, 0.0, 0.0])
    solved = solve(filmed(shifted)).pose
    travel = solved.hips[-1] - solved.hips[0]
    assert travel[0] == pytest.approx(0.8, abs=0.08)
    assert abs(travel[1]) < 0.08
    assert abs(travel[2]) < 0.03


@pytest.mark.parametrize("seed", range(4))
def test_no_elbow_or_knee_is_inverted_even_in_noise(filmed, random_motion, seed):
    take = filmed(random_motion(seed))
    noise = np.random.default_rng(seed).normal(0.0, [0.05, 0.058, 0.108], take.body_world.shape)
    solved = solve(dataclasses.replace(take, body_world=take.body_world + noise)).pose
    for side in ("left", "right"):
        for upper, lower, hinge in (
            ("UpperArm", "LowerArm", ELBOW_HINGE[side]),
            ("UpperLeg", "LowerLeg", KNEE_HINGE),
        ):
            above, below = (solved.rotations[:, INDEX[side + part]] for part in (upper, lower))
            ahead = np.array(AHEAD[side + upper])
            axis = rotations.rotate(above, hinge)
            bend = np.cross(rotations.rotate(above, ahead), rotations.rotate(below, ahead))
            assert ((bend * axis).sum(-1) > -0.02).all()


def test_noise_of_the_nets_size_leaves_limbs_within_six_degrees(filmed, random_motion):
    pose = random_motion(7)
    take = filmed(pose)
    random = np.random.default_rng(7)
    person = np.ptp(take.body_image[..., 1], axis=1).mean()  # pixels
    noisy = dataclasses.replace(
        take,
        body_world=take.body_world + random.normal(0.0, [0.05, 0.058, 0.108], take.body_world.shape),
        body_image=take.body_image + random.normal(0.0, 0.01 * person, take.body_image.shape) * [1, 1, 0],
    )
    arms = [slot for slot in LIMBS if "Arm" in slot]
    assert swing_error(solve(noisy).pose, pose, arms).mean() < 6.0


def test_lost_frames_are_bridged_and_nothing_is_missing(filmed, random_motion):
    pose = random_motion(3)
    take = filmed(pose)
    lost = slice(20, 26)
    for array in (take.body_image, take.body_world, take.left.image, take.left.world):
        array[lost] = np.nan
    solved = solve(take).pose
    assert np.isfinite(solved.rotations).all()
    assert np.isfinite(solved.hips).all()
    arms = [slot for slot in LIMBS if "Arm" in slot]
    assert swing_error(solved, pose, arms)[:, lost].mean() < 6.0


def test_the_origin_is_under_the_first_frame_that_was_seen(filmed, stance):
    take = filmed(stance())
    take.body_image[:5] = take.body_world[:5] = np.nan
    solved = solve(take).pose
    np.testing.assert_allclose(solved.hips[5, :2], 0.0, atol=1e-9)
    assert np.isfinite(solved.hips).all()


def test_planted_feet_stay_where_they_stand(filmed, stance):
    take = filmed(stance(frames=60))
    jitter = np.random.default_rng(1).normal(0.0, 4.0, (*take.body_image.shape[:2], 2))  # pixels of 2160
    take.body_image[..., :2] += jitter
    feet = joints(solve(take).pose)[:, [INDEX["leftFoot"], INDEX["rightFoot"]]]
    slide = np.linalg.norm(np.diff(feet, axis=0), axis=-1)
    assert slide.mean() < 0.001


def test_a_squat_comes_back_on_feet_that_stand(filmed, squat):
    solved = solve(filmed(squat)).pose
    legs = [slot for slot in LIMBS if "Leg" in slot]
    assert swing_error(solved, squat, legs).mean() < 2.0
    assert turn_error(solved, squat, legs).mean() < 3.0
    feet = joints(solved)[:, [INDEX["leftFoot"], INDEX["rightFoot"]]]
    assert np.linalg.norm(np.diff(feet, axis=0), axis=-1).mean() < 0.001
    sunk = solved.hips[:, 2] - solved.hips[0, 2]
    np.testing.assert_allclose(sunk, squat.hips[:, 2] - squat.hips[0, 2], atol=0.03)


def test_a_jump_stays_a_jump(filmed, stance):
    pose = stance(frames=60)
    flight = np.clip(np.arange(60) - 25, 0, 12) / 30.0
    height = 1.96 * flight - 9.81 / 2 * flight**2  # takes off at 1.96 m/s, lands after 0.4 s
    jump = dataclasses.replace(pose, hips=pose.hips + height[:, None] * [0.0, 0.0, 1.0])
    solved = solve(filmed(jump)).pose
    lowest = (
        joints(solved)[:, [INDEX["leftFoot"], INDEX["rightFoot"]], 2].min(-1)
        - rest_pose()[INDEX["leftFoot"], 2]
    )
    assert lowest.max() > 0.9 * height.max()
    off = (lowest > 0.02) != (height > 0.02)
    assert off.sum() <= 4  # two frames either side of take-off and landing
    np.testing.assert_allclose(lowest[[0, 10, 50, 59]], 0.0, atol=0.01)


def test_a_clip_of_one_frame_is_solved(filmed, stance):
    take = filmed(stance(frames=1))
    solved = solve(take).pose
    assert solved.rotations.shape == (1, len(SLOTS), 4)
    assert np.isfinite(solved.rotations).all()


def test_two_frames_are_solved(filmed, stance):
    assert np.isfinite(solve(filmed(stance(frames=2))).pose.rotations).all()


def test_a_take_in_which_nobody_was_seen_is_refused(filmed, stance):
    take = filmed(stance())
    take.body_image[:] = take.body_world[:] = np.nan
    with pytest.raises(BlazeRigError, match="nobody was seen"):
        solve(take)


def test_legs_outside_the_picture_stand_instead_of_being_invented(filmed, random_motion):
    take = filmed(random_motion(2))
    random = np.random.default_rng(0)
    take.body_image[:, 25:, 1] = 2500.0  # below the picture of 2160 rows
    take.body_world[:, 25:] += random.normal(0.0, 0.2, take.body_world[:, 25:].shape)
    solved = solve(take).pose
    for side in ("left", "right"):
        for part in ("UpperLeg", "LowerLeg"):
            down = rotations.rotate(solved.rotations[:, INDEX[side + part]], (0.0, 0.0, -1.0))
            assert (down[:, 2] < -0.99).all()
    feet = joints(solved)[:, INDEX["leftFoot"], 2]
    assert np.abs(np.median(feet) - solved.rest[INDEX["leftFoot"], 2]) < 0.03


def test_hands_that_were_never_seen_rest_on_the_forearm(filmed, random_motion):
    take = filmed(random_motion(2))
    take.left.image[:] = take.left.world[:] = np.nan
    solved = solve(take).pose
    assert np.isfinite(solved.rotations).all()
    bend = rotations.angle_between(
        solved.rotations[:, INDEX["leftHand"]], solved.rotations[:, INDEX["leftLowerArm"]]
    )
    assert np.degrees(bend).max() < 100.0


def test_uneven_times_are_kept(filmed, random_motion):
    pose = random_motion(4)
    keep = np.array([i for i in range(len(pose.times)) if i % 5 != 3])
    part = dataclasses.replace(
        pose, times=pose.times[keep], rotations=pose.rotations[keep], hips=pose.hips[keep]
    )
    solved = solve(filmed(part), LEVEL).pose
    np.testing.assert_array_equal(solved.times, part.times)
    assert swing_error(solved, part, [slot for slot in LIMBS if "Arm" in slot]).mean() < 1.0


def test_feet_that_are_not_locked_may_slide(filmed, stance):
    take = filmed(stance(frames=60))
    take.body_image[..., :2] += np.random.default_rng(1).normal(0.0, 4.0, (*take.body_image.shape[:2], 2))
    free = solve(take, Settings(lock_feet=False))
    locked = solve(take)
    slide = [
        np.linalg.norm(np.diff(joints(s.pose)[:, INDEX["leftToes"]], axis=0), axis=-1).mean()
        for s in (free, locked)
    ]
    assert slide[0] > 0.001 > 10 * slide[1]
    np.testing.assert_array_equal(free.contacts, locked.contacts)


def test_a_known_pitch_is_the_cameras(filmed, stance):
    up = solve(filmed(stance()), Settings(pitch=12.0)).world_from_camera[2]
    assert np.degrees(np.arctan2(-up[2], -up[1])) == pytest.approx(12.0, abs=0.3)


def test_the_angle_of_view_is_the_users_then_the_footages_then_the_usual(filmed, stance):
    take = filmed(stance(frames=5))
    said = dataclasses.replace(take, focal=3000.0)
    diagonal = np.hypot(*take.size)
    assert solve(said, Settings(diagonal_view=90.0)).camera.focal == pytest.approx(diagonal / 2)
    assert solve(said).camera.focal == 3000.0
    assert solve_live(said).camera.focal == 3000.0
    assert solve(take).camera.focal == pytest.approx(diagonal / 2 / np.tan(DIAGONAL_VIEW / 2))


def test_a_peak_of_a_fast_wave_keeps_its_height(filmed, posed, monkeypatch):
    monkeypatch.setattr(evidence, "noise", lambda *_: 1.0)  # weighed like footage, not like exact landmarks
    time = np.arange(75) / 30.0
    wave = np.radians(20.0) + np.radians(40.0) * np.sin(2 * np.pi * 2.0 * time)
    local = {
        "leftUpperArm": rotations.from_vector(np.stack([0 * wave, wave, 0 * wave], axis=-1)),
        "rightUpperArm": rotations.from_vector(np.tile([0.0, -1.3, 0.0], (75, 1))),
    }
    pose = posed(local, np.tile(rest_pose()[INDEX["hips"]], (75, 1)))
    level = Settings(pitch=0.0, parts=Parts(correction=False))
    solved = solve(filmed(pose), level).pose
    arm = INDEX["leftUpperArm"]
    heights = [rotations.rotate(of.rotations[15:60, arm], OUT["left"])[:, 2] for of in (solved, pose)]
    high = [np.ptp(np.arcsin(height)) for height in heights]
    assert high[0] >= 0.95 * high[1]
