"""What is made of limbs that are not seen."""

import dataclasses

import numpy as np
import pytest
from blazerig.solver import rotations
from blazerig.solver.hidden import hidden, points_hidden, with_hips
from blazerig.solver.humanoid import INDEX
from blazerig.solver.landmarks import HIPS, SHOULDERS
from blazerig.solver.settings import Settings
from blazerig.solver.solve import solve

FREE = Settings(pitch=0.0, lock_feet=False)
ARM = [13, 15, 17, 19, 21]
"""Landmarks of the left one."""
LOWER = [23, 24, *range(25, 33)]


def without(take, frames, points):
    """A take whose net guesses `points` wildly in `frames`, and says so."""
    random = np.random.default_rng(0)
    image, metric, visibility = (
        np.array(values) for values in (take.body_image, take.body_world, take.body_visibility)
    )
    lost = np.ix_(np.arange(len(image))[frames], points)
    visibility[lost] = 0.0
    image[lost] += random.normal(0.0, 60.0, image[lost].shape) * [1, 1, 0]
    metric[lost] += random.normal(0.0, 0.1, metric[lost].shape)
    left = dataclasses.replace(take.left, image=take.left.image.copy(), world=take.left.world.copy())
    left.image[frames] = left.world[frames] = np.nan
    return dataclasses.replace(
        take,
        body_image=image,
        body_world=metric,
        body_visibility=visibility,
        body_confidence=visibility,
        left=left,
    )


def direction(pose, slot, along=(1.0, 0.0, 0.0)):
    return rotations.rotate(pose.rotations[:, INDEX[slot]], np.array(along))


def between(a, b):
    return np.degrees(np.arccos(np.clip((a * b).sum(-1), -1.0, 1.0)))


@pytest.mark.parametrize("seed", range(2))
def test_an_arm_that_is_lost_for_a_moment_moves_on(filmed, random_motion, seed):
    pose, gap = random_motion(seed), slice(25, 34)
    solved = solve(without(filmed(pose), gap, ARM), FREE).pose
    for slot in ("leftUpperArm", "leftLowerArm"):
        assert between(direction(solved, slot), direction(pose, slot))[gap].mean() < 12.0


@pytest.fixture(scope="module")
def long_lost(filmed, random_motion):
    """A motion of seven seconds, solved whole and with the left arm lost from the second on for five."""
    pose = random_motion(0, frames=210)
    take = filmed(pose)
    return pose, solve(take, FREE).pose, solve(without(take, slice(30, 180), ARM), FREE).pose


def test_an_arm_that_is_lost_for_long_hangs(long_lost):
    _, _, solved = long_lost
    middle = slice(80, 130)
    down = -direction(solved, "upperChest", (0.0, 0.0, 1.0))
    assert between(direction(solved, "leftUpperArm"), down)[middle].max() < 20.0
    assert between(direction(solved, "leftLowerArm"), direction(solved, "leftUpperArm"))[middle].max() < 25.0


def test_it_comes_and_goes_smoothly(long_lost):
    _, _, solved = long_lost
    turned = solved.rotations[:, INDEX["leftUpperArm"]]
    assert np.degrees(rotations.angle_between(turned[1:], turned[:-1])).max() < 15.0


def test_what_is_seen_is_not_touched(long_lost):
    _, whole, solved = long_lost
    right = [INDEX[slot] for slot in ("rightUpperArm", "rightLowerArm", "leftUpperLeg", "head")]
    assert np.degrees(rotations.angle_between(whole.rotations, solved.rotations)[:, right]).mean() < 0.5
    seen = np.r_[0:25, 185:210]
    left = INDEX["leftUpperArm"]
    error = rotations.angle_between(whole.rotations[seen, left], solved.rotations[seen, left])
    assert np.degrees(error).mean() < 1.0


def test_who_is_seen_from_the_waist_up_stands_upright_on_straight_legs(filmed, stance):
    take = without(filmed(stance(frames=60)), slice(None), LOWER)
    take.body_world[:, LOWER] += [0.0, -0.1, 0.3]  # the net takes the body for leaning
    take.body_world[:] -= take.body_world[:, list(HIPS)].mean(1, keepdims=True)
    solved = solve(take, FREE).pose
    up = np.array([0.0, 0.0, 1.0])
    for slot in ("hips", "upperChest"):
        assert between(direction(solved, slot, up), up).max() < 10.0
    for side in ("left", "right"):
        for part in ("UpperLeg", "LowerLeg"):
            assert between(direction(solved, side + part, up), up).max() < 3.0


def test_only_what_is_lost_for_long_is_hidden():
    times, trust = np.arange(240) / 30.0, np.ones((240, 33))
    trust[20:29, ARM] = 0.02
    trust[60:210, ARM] = 0.02
    found = hidden(trust, times)
    assert not found[:45].any()
    assert (found[110:160, 0] == 1.0).all()
    assert not found[:, 1:].any()
    assert set(np.flatnonzero(points_hidden(found)[135])) == set(ARM)


def test_a_limb_whose_end_is_seen_is_seen():
    times, trust = np.arange(90) / 30.0, np.ones((90, 33))
    trust[:, 13] = 0.0
    assert not hidden(trust, times).any()


def test_hips_that_are_seen_stay_and_hidden_ones_are_under_the_shoulders():
    metric = np.random.default_rng(0).normal(0.0, 0.3, (30, 33, 3))
    times, trust = np.arange(30) / 30.0, np.ones((30, 33))
    np.testing.assert_array_equal(with_hips(metric, hidden(trust, times)), metric)
    trust[:, list(HIPS)] = 0.0
    found = with_hips(metric, hidden(trust, times))
    trunk = found[:, list(SHOULDERS)].mean(1) - found[:, list(HIPS)].mean(1)
    np.testing.assert_allclose(trunk[:, [0, 2]], 0.0, atol=1e-9)
    assert (trunk[:, 1] < 0.0).all()
    np.testing.assert_allclose(found[:, 0] - found[:, 11], metric[:, 0] - metric[:, 11], atol=1e-9)
