"""Left and right, exchanged by the nets and put right; and who really turns round."""

import dataclasses

import numpy as np
import pytest
from blazerig.solver.landmarks import MIRRORED
from blazerig.solver.rotations import from_axis_angle
from blazerig.solver.swaps import uncrossed, with_sides_exchanged

BODY = ("body_image", "body_world", "body_visibility", "body_confidence")
HAND = ("image", "world", "score")


def exchanged(take, frames):
    """The same with left and right exchanged in some frames."""
    crossed = {name: getattr(take, name).copy() for name in BODY}
    for array in crossed.values():
        array[frames] = array[frames][:, MIRRORED]
    hands = {
        side: {name: getattr(getattr(take, side), name).copy() for name in HAND} for side in ("left", "right")
    }
    for name in HAND:
        for own, other in (("left", take.right), ("right", take.left)):
            hands[own][name][frames] = getattr(other, name)[frames]
    sides = {side: dataclasses.replace(getattr(take, side), **arrays) for side, arrays in hands.items()}
    return dataclasses.replace(take, **crossed, **sides)


def assert_same(take, other):
    for name in BODY:
        np.testing.assert_array_equal(getattr(take, name), getattr(other, name))
    for hand, same in ((take.left, other.left), (take.right, other.right)):
        for name in HAND:
            np.testing.assert_array_equal(getattr(hand, name), getattr(same, name))


@pytest.mark.parametrize("frames", [slice(20, 35), slice(0, 12), slice(50, 60), slice(30, 31)])
@pytest.mark.parametrize("seed", range(3))
def test_sides_exchanged_for_a_while_are_put_right_hands_too(filmed, random_motion, seed, frames):
    take = filmed(random_motion(seed))
    assert_same(uncrossed(exchanged(take, frames)), take)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("half", [0, 1], ids=["upper body", "legs"])
def test_a_half_that_is_exchanged_alone_is_put_right(filmed, random_motion, half, seed):
    take = filmed(random_motion(seed))
    crossed = np.zeros((len(take), 2), bool)
    crossed[20:35, half] = True
    assert_same(uncrossed(with_sides_exchanged(take, crossed)), take)


def test_sides_exchanged_about_a_gap_are_put_right(filmed, random_motion):
    take = filmed(random_motion(0))
    for name in BODY:
        getattr(take, name)[25:30] = np.nan
    for hand in (take.left, take.right):
        hand.image[25:30] = hand.world[25:30] = hand.score[25:30] = np.nan
    assert_same(uncrossed(exchanged(take, slice(20, 40))), take)


@pytest.mark.parametrize("seconds", [0.5, 1.0, 2.0, 2.5])
def test_a_performer_who_turns_round_is_not_exchanged(filmed, posed, stance, seconds):
    frames = round(30 * seconds)
    turn = from_axis_angle([0.0, 0.0, 1.0], np.linspace(0.0, 2 * np.pi, frames))
    hips = np.tile(stance(1).hips, (frames, 1))
    take = filmed(posed({"hips": turn}, hips))
    assert uncrossed(take) is take


def test_a_performer_seen_from_behind_is_not_exchanged(filmed, posed, stance):
    turn = from_axis_angle([0.0, 0.0, 1.0], np.full(20, np.pi))
    take = filmed(posed({"hips": turn}, np.tile(stance(1).hips, (20, 1))))
    assert uncrossed(take) is take


def test_a_single_frame_and_one_without_a_body_are_as_they_were(filmed, stance):
    take = filmed(stance(frames=1))
    assert uncrossed(take) is take
    take.body_world[:] = np.nan
    assert uncrossed(take) is take
