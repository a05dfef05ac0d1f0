"""The live clock: one frame in, one pose out, and nothing of what comes later."""

import dataclasses

import numpy as np
import pytest
from blazerig.errors import BlazeRigError
from blazerig.solver import rotations
from blazerig.solver.causal import filter as kalman
from blazerig.solver.causal import follow
from blazerig.solver.causal.contacts import Contacts
from blazerig.solver.causal.floor import Floor
from blazerig.solver.causal.one_euro import Cutoff, OneEuro
from blazerig.solver.causal.presence import Presence, at_ease
from blazerig.solver.face.table import load_table
from blazerig.solver.fit.skeleton import FREEDOMS, angle_column
from blazerig.solver.height import standing_height
from blazerig.solver.humanoid import INDEX, PARENTS, SLOTS, joint_positions, rest_pose
from blazerig.solver.live import TURNING, LiveSolver, frames, solve_live, steps
from blazerig.solver.settings import Settings
from blazerig.solver.swaps import with_sides_exchanged
from blazerig.take import Face, Hand

LEVEL = Settings(pitch=0.0)
LIMBS = [
    f"{side}{part}" for side in ("left", "right") for part in ("UpperArm", "LowerArm", "UpperLeg", "LowerLeg")
]


def bones(pose):
    """Directions of the limbs' bones (F, 8, 3)."""
    joints = joint_positions(pose.rotations, pose.hips, pose.rest)
    ends = {"UpperArm": "LowerArm", "LowerArm": "Hand", "UpperLeg": "LowerLeg", "LowerLeg": "Foot"}
    found = []
    for slot in LIMBS:
        side, part = ("left", slot[4:]) if slot.startswith("left") else ("right", slot[5:])
        found.append(joints[:, INDEX[side + ends[part]]] - joints[:, INDEX[slot]])
    return rotations.normalise(np.stack(found, axis=1))


def direction_error(solved, pose):
    cosine = (bones(solved) * bones(pose)).sum(-1)
    return np.degrees(np.arccos(np.clip(cosine, -1, 1)))


def emptied(take, lost):
    """The take with nobody in the frames that are `lost`."""

    def without(values):
        return np.where(lost.reshape(-1, *[1] * (np.ndim(values) - 1)), np.nan, values)

    names = ("body_image", "body_world", "body_visibility", "body_confidence")
    body = {name: without(getattr(take, name)) for name in names}
    hands = {
        side: Hand(*(without(v) for v in (hand.image, hand.world, hand.score)))
        for side, hand in (("left", take.left), ("right", take.right))
    }
    return dataclasses.replace(take, **body, **hands)


@pytest.mark.parametrize("seed", range(3))
def test_a_known_motion_is_followed(filmed, random_motion, seed):
    pose = random_motion(seed)
    error = direction_error(solve_live(filmed(pose), LEVEL).pose, pose)
    assert error[10:].mean() < 6.0


def test_what_comes_later_changes_nothing(filmed, random_motion):
    take = filmed(random_motion(1))
    later = np.arange(len(take)) >= 25
    other = dataclasses.replace(take, body_image=take.body_image + 40.0 * later[:, None, None])
    for whole, changed in zip(list(steps(take))[:25], list(steps(other))[:25], strict=True):
        np.testing.assert_array_equal(whole.rotations, changed.rotations)
        np.testing.assert_array_equal(whole.hips, changed.hips)


def test_a_take_is_its_frames_one_by_one(filmed, random_motion):
    take = filmed(random_motion(2))
    solver = LiveSolver(take.size)
    one_by_one = np.stack([solver.step(frame).rotations for frame in frames(take)])
    turned = rotations.angle_between(solve_live(take).pose.rotations, one_by_one)
    assert turned.max() < 1e-6


def test_a_take_with_a_face_is_solved_with_its_face(filmed, stance):
    take = filmed(stance(20))
    points = load_table().reference + np.array([0.0, 0.0, 0.6])
    image = np.tile(1000.0 * points / points[:, 2:] + [1920.0, 1080.0, 0.0], (20, 1, 1))
    image[:5] = np.nan
    face = solve_live(dataclasses.replace(take, face=Face(image, np.ones(20)))).face
    np.testing.assert_array_equal(face.times, take.times)
    np.testing.assert_array_equal(face.trust > 0.0, np.arange(20) >= 5)
    assert solve_live(take).face is None


def test_frames_without_anybody_hold_the_pose_and_then_ease_to_standing(filmed, stance):
    pose = stance(150, leftUpperArm=(0.0, -20.0, 0.0), hips=(0.0, 0.0, 30.0))
    lost = np.arange(150) >= 30
    solved = solve_live(emptied(filmed(pose), lost), LEVEL).pose
    assert np.isfinite(solved.rotations).all()
    assert np.isfinite(solved.hips).all()
    body = [i for i, slot in enumerate(SLOTS) if not slot.endswith(("Proximal", "Intermediate", "Distal"))]
    turns = np.degrees(rotations.angle_between(solved.rotations[1:, body], solved.rotations[:-1, body]))
    assert turns[25:].max() < 6.0
    assert turns[29].max() < 3.0
    hanging = bones(solved)[-1, LIMBS.index("leftUpperArm")]
    assert hanging[2] < -0.9


def test_who_comes_back_comes_back_without_a_jump(filmed, random_motion):
    pose = random_motion(3)
    lost = (np.arange(60) >= 20) & (np.arange(60) < 40)
    solved = solve_live(emptied(filmed(pose), lost), LEVEL).pose
    turns = np.degrees(rotations.angle_between(solved.rotations[1:], solved.rotations[:-1]))
    assert turns[:, [INDEX[slot] for slot in LIMBS]][35:].max() < 25.0
    assert direction_error(solved, pose)[55:].mean() < 8.0


def test_before_anybody_comes_somebody_stands_at_ease(filmed, stance):
    take = filmed(stance(10))
    solver = LiveSolver(take.size)
    first = solver.step(next(frames(emptied(take, np.ones(10, bool)))))
    assert np.isfinite(first.rotations).all()
    np.testing.assert_allclose(first.hips, rest_pose()[INDEX["hips"]], atol=0.02)


def test_a_frame_in_which_all_points_are_one_is_a_frame_without_anybody(filmed, stance):
    take = filmed(stance(12))
    image, world = take.body_image.copy(), take.body_world.copy()
    image[6], world[6] = image[6, 0], 0.0
    solved = solve_live(dataclasses.replace(take, body_image=image, body_world=world), LEVEL).pose
    assert np.isfinite(solved.rotations).all()
    assert np.degrees(rotations.angle_between(solved.rotations[7], solved.rotations[5])).max() < 5.0


def test_a_take_without_anybody_is_refused(filmed, stance):
    with pytest.raises(BlazeRigError, match="nobody was seen"):
        solve_live(emptied(filmed(stance(5)), np.ones(5, bool)))


def test_sides_that_are_exchanged_for_a_while_are_put_right(filmed, stance):
    take = filmed(stance(40, leftUpperArm=(0.0, -60.0, 0.0)))
    wrong = (np.arange(40) >= 15) & (np.arange(40) < 22)
    mixed = with_sides_exchanged(take, np.stack([wrong, wrong], axis=1))
    straight, solved = solve_live(take, LEVEL).pose, solve_live(mixed, LEVEL).pose
    assert np.degrees(rotations.angle_between(straight.rotations, solved.rotations)).max() < 1.0


def test_bones_keep_their_lengths(filmed, random_motion):
    solved = solve_live(filmed(random_motion(4))).pose
    points = joint_positions(solved.rotations, solved.hips, solved.rest)
    for i, parent in enumerate(PARENTS[1:], start=1):
        length = np.linalg.norm(points[:, i] - points[:, parent], axis=-1)
        np.testing.assert_allclose(length, length[0], atol=1e-9)


def test_standing_feet_stay(filmed, squat):
    solution = solve_live(filmed(squat), LEVEL)
    pose = solution.pose
    joints = joint_positions(pose.rotations, pose.hips, pose.rest)
    for side in ("left", "right"):
        way = np.linalg.norm(np.diff(joints[10:, INDEX[f"{side}Foot"], :2], axis=0), axis=-1)
        assert way.mean() < 0.001
    assert solution.contacts[10:, :4].mean() > 0.9


def test_a_known_height_is_the_height(filmed, stance):
    take = filmed(stance(20))
    assert standing_height(solve_live(take, Settings(height=1.85)).pose.rest) == pytest.approx(1.85)


def test_the_one_euro_filter_leaves_a_constant_alone_and_stills_jitter():
    random = np.random.default_rng(0)
    still, noisy = OneEuro(TURNING, turning=True), OneEuro(TURNING, turning=True)
    turn = rotations.from_vector(np.array([[0.3, -0.2, 0.1]]))
    wobbles, left = [], []
    for _ in range(90):
        np.testing.assert_allclose(still.step(turn, 1 / 30), turn, atol=1e-12)
        shaken = rotations.multiply(turn, rotations.from_vector(random.normal(0.0, 0.005, (1, 3))))
        wobbles.append(rotations.angle_between(shaken, turn))
        left.append(rotations.angle_between(noisy.step(shaken, 1 / 30), turn))
    assert np.mean(left) < 0.6 * np.mean(wobbles)


def test_the_one_euro_filter_keeps_the_peaks_of_a_fast_motion():
    time = np.arange(90) / 30.0
    angle = np.radians(40.0) * np.sin(2 * np.pi * 2.0 * time)
    smoother = OneEuro(TURNING, turning=True)
    out = [
        rotations.to_vector(smoother.step(rotations.from_vector(np.array([[a, 0.0, 0.0]])), 1 / 30))[0, 0]
        for a in angle
    ]
    assert np.abs(out[30:]).max() >= 0.95 * np.abs(angle).max()


def test_a_peak_of_a_fast_wave_keeps_its_height(filmed, posed):
    time = np.arange(75) / 30.0
    wave = np.radians(20.0) + np.radians(40.0) * np.sin(2 * np.pi * 2.0 * time)
    vectors = np.stack([0 * wave, wave, 0 * wave], axis=-1)
    local = {
        "leftUpperArm": rotations.from_vector(vectors),
        "rightUpperArm": rotations.from_vector(np.tile([0.0, -1.3, 0.0], (75, 1))),
    }
    pose = posed(local, np.tile(rest_pose()[INDEX["hips"]], (75, 1)))
    solved = solve_live(filmed(pose), LEVEL).pose
    arm = LIMBS.index("leftUpperArm")
    high = [np.ptp(np.arcsin(bones(of)[30:, arm, 2])) for of in (solved, pose)]
    assert high[0] >= 0.95 * high[1]


def test_an_arm_that_is_out_of_sight_hangs_after_a_while(filmed, stance):
    take = filmed(stance(120, leftUpperArm=(0.0, -60.0, 0.0)))
    trust = np.ones((120, 33))
    trust[20:, [13, 15, 17, 19, 21]] = 0.0
    pose = solve_live(dataclasses.replace(take, body_confidence=trust), LEVEL).pose
    arm = bones(pose)[:, LIMBS.index("leftUpperArm")]
    assert arm[18, 2] > -0.7
    assert arm[-1, 2] < -0.9
    turns = rotations.angle_between(pose.rotations[1:], pose.rotations[:-1])
    assert np.degrees(turns[:, INDEX["leftUpperArm"]]).max() < 15.0


def test_who_is_gone_stands_at_ease():
    turned = rotations.from_vector(np.random.default_rng(1).normal(0.0, 0.4, (len(SLOTS), 3)))
    assert at_ease(turned, 1.0) is turned
    gone = at_ease(turned, 0.0)
    assert rotations.rotate(gone[INDEX["leftLowerArm"]], [1.0, 0.0, 0.0])[2] < -0.9
    up = rotations.rotate(gone[INDEX["leftUpperLeg"]], [0.0, 0.0, 1.0])
    np.testing.assert_allclose(up, [0.0, 0.0, 1.0], atol=1e-9)


def test_presence_goes_slowly_and_comes_back_sooner():
    presence = Presence()
    assert presence.step(1 / 30, seen=True) == 1.0
    leaving = [presence.step(1 / 30, seen=False) for _ in range(21)]
    assert leaving[0] > 0.9
    assert leaving[-1] < 0.5
    back = [presence.step(1 / 30, seen=True) for _ in range(21)]
    assert np.all(np.diff(back) > 0)
    assert back[-1] > 0.95


def test_a_foot_stands_while_it_is_low_and_still_and_not_while_it_swings():
    contacts = Contacts()
    heights = np.array([0.04, 0.04, 0.015, 0.015])
    slopes = np.zeros((4, 2))
    for _ in range(15):
        standing = contacts.step(slopes, np.full(4, 3.0), heights, np.ones(4), 1 / 30)
    np.testing.assert_array_equal(standing, 1.0)
    for _ in range(10):
        slopes = slopes + np.array([[0.0], [1.0], [0.0], [1.0]]) * [0.02, 0.0]
        heights = heights + np.array([0.0, 0.01, 0.0, 0.01])
        standing = contacts.step(slopes, np.full(4, 3.0), heights, np.ones(4), 1 / 30)
    np.testing.assert_array_equal(standing, [1.0, 0.0, 1.0, 0.0])


def test_a_camera_that_looks_down_is_found_from_where_feet_stood():
    pitch = np.radians(20.0)
    up = np.array([0.0, -np.cos(pitch), -np.sin(pitch)])
    ahead = np.array([0.0, -np.sin(pitch), np.cos(pitch)])
    floor = Floor(0.9)
    points = np.zeros((33, 3))
    for i in range(240):
        away = 2.0 + (i // 30) * 0.5
        base = -1.6 * up + away * ahead
        points[:] = base + 1.4 * up
        points[[23, 24]] = base + 0.9 * up
        points[[25, 26]], points[[27, 28]] = base + 0.5 * up, base + 0.08 * up
        points[[29, 30]], points[[31, 32]] = base + 0.04 * up, base + 0.015 * up
        floor.step(points, np.ones(33), np.full(4, float(i % 30 > 5)), 1 / 30)
    assert np.degrees(np.arccos(floor.ground.up @ up)) < 3.0
    assert floor.ground.height == pytest.approx(-1.6, abs=0.1)


def test_lengths_are_learned_and_then_settled(filmed, random_motion, monkeypatch):
    pose = random_motion(0)
    take = filmed(pose)
    monkeypatch.setattr(follow, "SETTLES", 1.5)
    solver = LiveSolver(take.size)
    rests = []
    for turn in range(2):
        for frame in frames(take):
            later = dataclasses.replace(frame, times=frame.times + turn * 2.0)
            rests.append(solver.step(later).rest)
    np.testing.assert_array_equal(rests[-1], rests[-30])
    thigh = rests[-1][INDEX["leftUpperLeg"], 2] - rests[-1][INDEX["leftLowerLeg"], 2]
    true = pose.rest[INDEX["leftUpperLeg"], 2] - pose.rest[INDEX["leftLowerLeg"], 2]
    assert thigh == pytest.approx(true, rel=0.05)


def test_cutoffs_are_those_of_a_low_pass_that_speeds_up():
    slow, fast = OneEuro(Cutoff(1.0, 0.0), turning=False), OneEuro(Cutoff(1.0, 5.0), turning=False)
    zero, one = np.zeros((1, 1)), np.ones((1, 1))
    for smoother in (slow, fast):
        smoother.step(zero, 1 / 30)
    rate = 2 * np.pi / 30
    assert slow.step(one, 1 / 30)[0, 0] == pytest.approx(rate / (1 + rate))
    assert fast.step(one, 1 / 30)[0, 0] > 2 * rate / (1 + rate)


def test_a_standing_point_takes_the_velocity_from_what_moves_it_and_little_else(filmed, stance):
    take = filmed(stance(3))
    follower = follow.Follower(LiveSolver(take.size).camera)
    for frame in frames(take):
        follower.step(frame, 1 / 30)
    at, moving = follower._at, dataclasses.replace(follower._estimate, velocity=np.full(FREEDOMS, 0.3))
    heels = np.array([29, 30])
    before = at.moves[:FREEDOMS, :, heels].reshape(FREEDOMS, -1).T @ moving.velocity
    held = kalman.stilled(moving, at, heels, np.ones(2))
    after = at.moves[:FREEDOMS, :, heels].reshape(FREEDOMS, -1).T @ held.velocity
    assert np.abs(after).max() < 0.1 * np.abs(before).max()
    arm = angle_column("leftElbow")
    assert held.velocity[arm] == pytest.approx(moving.velocity[arm], abs=0.1)
    assert np.linalg.eigvalsh((held.covariance + held.covariance.T) / 2).min() > -1e-9


def test_what_is_expected_runs_on_and_dies_away(filmed, stance):
    take = filmed(stance(2))
    follower = follow.Follower(LiveSolver(take.size).camera)
    follower.step(next(frames(take)), 1 / 30)
    moving = dataclasses.replace(follower._estimate, velocity=np.eye(FREEDOMS)[0])
    later = kalman.predicted(moving, 10.0)
    assert later.body.root[0, 0] - moving.body.root[0, 0] == pytest.approx(kalman.LASTS)
    assert later.velocity[0] == pytest.approx(0.0, abs=1e-9)
    assert (np.diag(later.covariance)[:FREEDOMS] > np.diag(moving.covariance)[:FREEDOMS]).all()
