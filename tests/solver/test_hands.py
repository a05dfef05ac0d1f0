"""Hands: what was drawn from known turns and bends is read back, whatever the net says of depth."""

from dataclasses import replace

import numpy as np
import pytest
from blazerig.solver import rotations
from blazerig.solver.camera import Camera
from blazerig.solver.fingers import HIGH, LOW, RESTING, fingers
from blazerig.solver.fit.skeleton import SPOTS
from blazerig.solver.hand_model import AXES, END_SHARE, RESTS, reach, turns
from blazerig.solver.hand_view import HandView, look, tell_apart
from blazerig.solver.humanoid import FINGERS, finger_slots
from blazerig.solver.palm import SHARE, TABLE, arms, inputs, network, palm, wrist
from blazerig.take import Hand, Take

from ..calibration.drawn_hand import landmarks

FRAMES, SIZE, DEPTH, LENGTH = 40, 1000, 2.0, 0.09
CAMERA = Camera(1500.0, np.array([SIZE / 2, SIZE / 2]))
TIMES = np.arange(FRAMES) / 30.0
MIRROR = np.array([1.0, 1.0, -1.0, -1.0])


def wave(seed: int, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Smooth motion between two arrays of bounds. Shape (FRAMES, *)."""
    random = np.random.default_rng(seed)
    phase, pace = random.uniform(0, 2 * np.pi, low.shape), random.uniform(0.2, 0.5, low.shape)
    turn = 2 * np.pi * pace * TIMES.reshape(-1, *[1] * low.ndim) + phase
    return low + (high - low) * (0.5 + 0.5 * np.sin(turn))


def known_angles(seed: int) -> np.ndarray:
    low = np.radians([[-5.0, 0.0, 0.0]] + 4 * [[-5.0, 0.0, 10.0]])
    high = np.radians([[5.0, 25.0, 30.0]] + 4 * [[5.0, 80.0, 80.0]])
    return wave(seed, low, high)


def known_forearm() -> np.ndarray:
    """Raised, the palm towards the camera at rest."""
    up = rotations.between_frames([1.0, 0, 0], [0, 1.0, 0], [0.0, -1.0, 0.0], [1.0, 0.0, 0.3])
    return np.tile(up, (FRAMES, 1))


def known_hand(seed: int) -> np.ndarray:
    bent = wave(seed, np.radians([-30.0, -35.0, -10.0]), np.radians([30.0, 20.0, 10.0]))
    return rotations.multiply(known_forearm(), rotations.from_vector(bent))


def drawn(hand: np.ndarray, angles: np.ndarray) -> np.ndarray:
    """Landmarks (FRAMES, 21, 3) of a left hand, metres about the middle of the palm."""
    return landmarks(hand, angles) * LENGTH


def seen(points: np.ndarray, centre: tuple[float, float] = (SIZE / 2, SIZE / 2)) -> Hand:
    """What nets make of a hand near the camera's axis."""
    image = points * CAMERA.focal / DEPTH
    image[..., :2] += centre
    return Hand(image, points * (0.083 / LENGTH), np.ones(len(points)))


def unseen() -> Hand:
    nothing = np.full((FRAMES, 21, 3), np.nan)
    return Hand(nothing, nothing, np.full(FRAMES, np.nan))


def left_view(points: np.ndarray) -> HandView:
    view, _ = look((seen(points), unseen()), np.full((FRAMES, 2), DEPTH), CAMERA)
    return replace(view, palm=LENGTH)


def known_arm(hand: np.ndarray) -> np.ndarray:
    """What the body's net sees of an arm from the left wrist: elbow, little finger, index finger, thumb."""
    carried = rotations.rotate(hand[:, None], SPOTS.offset[[17, 19, 21]])
    elbow = rotations.rotate(known_forearm(), [-0.25, 0.0, 0.0])
    return np.concatenate([elbow[:, None], carried], axis=1)


def degrees_apart(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.degrees(rotations.angle_between(a, b))


def test_the_ways_of_the_digits_change_as_their_derivatives_say() -> None:
    angles, step = known_angles(0), 1e-6
    for i in range(3):
        moved = angles.copy()
        moved[..., i] += step
        slope = (reach(moved)[..., 0] - reach(angles)[..., 0]) / step
        np.testing.assert_allclose(slope, reach(angles)[..., 1 + i], atol=1e-5)


def test_the_rotations_of_a_finger_carry_its_bones_along_its_way() -> None:
    angles = known_angles(1)
    ways = (np.swapaxes(AXES, -1, -2)[:, None] @ reach(angles)[..., :1])[..., 0]
    bones = np.diff(ways, axis=2, prepend=0.0)[:, 1:]
    carried = rotations.rotate(turns(angles)[:, 1:], [1.0, 0.0, 0.0])
    np.testing.assert_allclose(rotations.normalise(bones), carried, atol=1e-12)


@pytest.mark.parametrize("seed", range(6))
def test_a_palm_is_read_back_and_its_error_told(seed: int) -> None:
    hand = known_hand(seed)
    found = palm(left_view(drawn(hand, known_angles(seed))), known_forearm(), known_arm(hand))
    apart = degrees_apart(found.turned, hand)
    assert apart.mean() < 15.0
    assert apart.mean() < 0.6 * degrees_apart(known_forearm(), hand).mean()
    assert (np.radians(apart) < 4.0 / SHARE * found.error).mean() > 0.9


def test_a_palm_mirrored_in_depth_is_seen_through() -> None:
    hand = known_hand(3)
    points = drawn(hand, known_angles(3))
    points[..., 2] *= -1.0
    found = palm(left_view(points), known_forearm(), known_arm(hand))
    mirrored = rotations.between_frames(
        [1.0, 0, 0], [0, 1.0, 0], points[:, 9] - points[:, 0], points[:, 17] - points[:, 5]
    )
    assert degrees_apart(found.turned, hand).mean() < 0.5 * degrees_apart(mirrored, hand).mean()


def test_the_network_is_told_of_a_hand_that_is_turned_with_all_its_arm_the_same() -> None:
    hand, roll = known_hand(4), rotations.from_vector([0.0, 0.0, 0.4])
    points, arm = drawn(hand, known_angles(4)), known_arm(hand)
    told = inputs(left_view(points), known_forearm(), arm)
    rolled = inputs(
        left_view(rotations.rotate(roll, points)),
        rotations.multiply(roll, known_forearm()),
        rotations.rotate(roll, arm),
    )
    back = rotations.to_matrix(rotations.inverse(roll))
    for vectors in (slice(0, 63), slice(72, 84)):
        expected = told[:, vectors].reshape(FRAMES, -1, 3)
        np.testing.assert_allclose(rolled[:, vectors].reshape(FRAMES, -1, 3) @ back.T, expected, atol=1e-6)


def test_the_error_grows_with_what_was_never_seen() -> None:
    hand = known_hand(5)
    told = inputs(left_view(drawn(hand, known_angles(5))), known_forearm(), known_arm(hand))
    noise = np.random.default_rng(0).normal(0.0, 1.0, told[:, :63].shape)
    broken = np.concatenate([told[:, :63] + noise, told[:, 63:]], axis=1)
    assert network(broken)[1].mean() > 1.5 * network(told)[1].mean()


def test_the_arms_are_seen_from_their_wrists() -> None:
    metric = np.random.default_rng(1).normal(size=(3, 33, 3))
    np.testing.assert_array_equal(arms(metric)[:, 1, 2], metric[:, 20] - metric[:, 16])
    np.testing.assert_array_equal(arms(metric)[:, 0, 0], metric[:, 13] - metric[:, 15])


def test_the_table_is_small() -> None:
    assert TABLE.stat().st_size < 200_000


def test_bends_are_read_back() -> None:
    hand, angles = known_hand(4), known_angles(4)
    found = fingers(left_view(drawn(hand, angles)), hand, TIMES)
    known = turns(angles)
    apart = {
        slot: degrees_apart(found[slot], known[:, digit, bone]).mean()
        for digit, finger in enumerate(FINGERS)
        for bone, slot in enumerate(finger_slots("left", finger))
    }
    resting = degrees_apart(turns(RESTING[None]), known).mean()
    assert max(apart.values()) < 18.0, apart
    assert np.mean(list(apart.values())) < 0.4 * resting


def test_a_right_hand_is_the_mirror_image_of_a_left_one() -> None:
    hand, angles = known_hand(5), known_angles(5)
    points = drawn(hand, angles)
    views = look((seen(points), seen(points * [-1.0, 1.0, 1.0])), np.full((FRAMES, 2), DEPTH), CAMERA)
    forearm, arm = known_forearm(), known_arm(hand)
    left, right = palm(views[0], forearm, arm), palm(views[1], forearm * MIRROR, arm * [-1.0, 1.0, 1.0])
    assert degrees_apart(right.turned, left.turned * MIRROR).max() < 0.1
    np.testing.assert_allclose(right.error, left.error, rtol=1e-6)
    ours, theirs = (fingers(view, one.turned, TIMES) for view, one in zip(views, (left, right), strict=True))
    for slot, turned in ours.items():
        assert degrees_apart(theirs[slot.replace("left", "right")], turned * MIRROR).max() < 0.1, slot


def test_the_palm_is_measured_where_it_lies_across_the_view() -> None:
    points = drawn(known_hand(6), known_angles(6))
    view, _ = look((seen(points), unseen()), np.full((FRAMES, 2), DEPTH), CAMERA)
    assert view.palm == pytest.approx(LENGTH, rel=0.12)


def test_a_hand_that_is_lost_tells_nothing_and_rests() -> None:
    views = look((unseen(), unseen()), np.full((FRAMES, 2), DEPTH), CAMERA)
    found = palm(views[0], known_forearm(), known_arm(known_forearm()))
    assert np.isinf(found.error).all()
    assert np.isfinite(found.turned).all()
    rest = turns(np.broadcast_to(RESTING, (1, 5, 3)))[0]
    for digit, finger in enumerate(FINGERS):
        for bone, slot in enumerate(finger_slots("left", finger)):
            turned = fingers(views[0], found.turned, TIMES)[slot]
            assert degrees_apart(turned, rest[digit, bone]).max() < 1e-6


def test_what_no_hand_can_do_is_kept_within_its_ranges() -> None:
    hand = known_hand(7)
    broken = np.tile(np.radians([[0.0, -60.0, -40.0]] * 5), (FRAMES, 1, 1))
    found = fingers(left_view(drawn(hand, broken)), hand, TIMES)
    lowest = turns(LOW[None])[0]
    for digit, finger in enumerate(FINGERS[1:], start=1):
        bent = rotations.rotate(found[finger_slots("left", finger)[1]], [1.0, 0.0, 0.0])[:, 2]
        assert bent.max() <= rotations.rotate(lowest[digit, 1], [1.0, 0.0, 0.0])[2] + 1e-9
    assert (LOW < RESTING).all()
    assert (RESTING < HIGH).all()


def test_one_hand_seen_by_both_nets_belongs_to_the_nearer_wrist() -> None:
    points = drawn(known_hand(8), known_angles(8))
    left = seen(points, (300.0, 500.0))
    both = seen(points, (303.0, 501.0))
    right = seen(points * [-1.0, 1.0, 1.0], (700.0, 500.0))
    doubled = np.arange(FRAMES) < 10
    image = np.where(doubled[:, None, None], both.image, right.image)
    body = np.full((FRAMES, 33, 3), 500.0)
    body[:, 15], body[:, 16] = left.image[:, 0], right.image[:, 0]
    ours, theirs = tell_apart(take_of(left, replace(right, image=image), body))
    assert np.isfinite(ours.image).all()
    assert np.isnan(theirs.image[doubled]).all()
    assert np.isnan(theirs.score[doubled]).all()
    assert np.isfinite(theirs.world[~doubled]).all()


def take_of(left: Hand, right: Hand, body: np.ndarray) -> Take:
    ones = np.ones((FRAMES, 33))
    return Take("hands", 30.0, TIMES, np.array([SIZE, SIZE]), body, body / 1000.0, ones, ones, left, right)


@pytest.mark.parametrize("side", ["left", "right"])
def test_the_angles_of_a_wrist_give_its_rotation_back(side: str) -> None:
    angles = wave(9, np.radians([-80.0, -60.0, -25.0]), np.radians([80.0, 60.0, 25.0]))
    out = 1.0 if side == "left" else -1.0
    local = rotations.from_axis_angle([1.0, 0.0, 0.0], angles[:, 0])
    local = rotations.multiply(local, rotations.from_axis_angle([0.0, out, 0.0], angles[:, 1]))
    local = rotations.multiply(local, rotations.from_axis_angle([0.0, 0.0, out], angles[:, 2]))
    np.testing.assert_allclose(wrist(side, local), angles, atol=1e-9)


def test_a_digit_is_bent_then_turned_aside_then_unbent():
    angles = np.random.default_rng(0).normal(0.0, 0.6, (4, 5, 3))
    found = turns(angles)
    follows = np.stack([np.zeros(5), np.ones(5), 1.0 + END_SHARE], axis=-1)
    bend = angles[..., 1, None] + angles[..., 2, None] * follows
    aside = rotations.from_axis_angle(AXES[:, 2], angles[..., 0])[:, :, None]
    closed = rotations.from_axis_angle(AXES[:, None, 1], bend)
    expected = rotations.multiply(closed, rotations.multiply(aside, RESTS))
    np.testing.assert_allclose(found, expected, atol=1e-12)
