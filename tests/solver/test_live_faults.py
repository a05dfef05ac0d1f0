"""The live clock where the performer, a limb, a hand or the clock itself is lost: eased, and never wild."""

import dataclasses
from itertools import pairwise

import numpy as np
import pytest
from blazerig.solver import rotations
from blazerig.solver.humanoid import INDEX, SLOTS
from blazerig.solver.live import LiveSolver, frames
from blazerig.solver.settings import Settings
from blazerig.take import Hand

LEVEL = Settings(pitch=0.0)
SLOW = 6.5
"""rad/s at most in the first frames of one who comes back."""
FASTEST = 40.0
BODY = [i for i, slot in enumerate(SLOTS) if not slot.endswith(("Proximal", "Intermediate", "Distal"))]


def emptied(take):
    """A take of one frame with nobody in it."""
    names = ("body_image", "body_world", "body_visibility", "body_confidence")
    body = {name: np.full_like(getattr(take, name), np.nan) for name in names}
    return without_hands(dataclasses.replace(take, **body))


def without_hands(take):
    hand = take.left
    none = Hand(*(np.full_like(values, np.nan) for values in (hand.image, hand.world, hand.score)))
    return dataclasses.replace(take, left=none, right=none)


def at(frame, time):
    return dataclasses.replace(frame, times=np.array([time]))


def aside(frame, pixels):
    """The same performer elsewhere in the picture."""
    return dataclasses.replace(frame, body_image=frame.body_image + np.array([pixels, 0.0, 0.0]))


def turned(one, other):
    return rotations.angle_between(one.rotations[BODY], other.rotations[BODY]).max()


def played(take, script):
    """Poses of `script`: of each frame what becomes of it; its time is its place unless it says so."""
    solver = LiveSolver(take.size, LEVEL)
    return [solver.step(script(i, frame)) for i, frame in enumerate(frames(take))]


def finite(poses):
    return all(np.isfinite(pose.rotations).all() and np.isfinite(pose.hips).all() for pose in poses)


def test_who_comes_back_elsewhere_gets_there_at_an_eased_pace(filmed, random_motion):
    take = filmed(random_motion(3))

    def script(i, frame):
        return emptied(frame) if 15 <= i < 45 else aside(frame, 900.0 if i >= 45 else 0.0)

    poses = played(take, script)
    assert finite(poses)
    pace = [30 * turned(a, b) for a, b in pairwise(poses[14:])]
    way = [30 * np.linalg.norm(b.hips - a.hips) for a, b in pairwise(poses[14:])]
    assert max(pace[30:33]) < SLOW + 4.0
    assert max(pace) < FASTEST
    assert max(way[30:33]) < 4.0


def test_a_minute_of_sleep_is_no_jump(filmed, random_motion):
    take = filmed(random_motion(4))
    poses = played(take, lambda i, frame: at(aside(frame, 600.0 * (i >= 30)), i / 30 + 60.0 * (i >= 30)))
    assert finite(poses)
    assert turned(poses[29], poses[30]) < 0.8
    assert np.linalg.norm(poses[30].hips - poses[29].hips) < 0.35
    steps = [30 * turned(a, b) for a, b in pairwise(poses[30:])]
    assert max(steps) < FASTEST


@pytest.mark.parametrize("step", [0.0, -0.004, 1e-7])
def test_a_clock_that_hardly_runs_or_runs_back_does_no_harm(filmed, random_motion, step):
    take = filmed(random_motion(5))
    poses = played(take, lambda i, frame: at(frame, i / 30 if i < 20 else 20 / 30 + step * (i - 20)))
    assert finite(poses)
    assert max(turned(a, b) for a, b in pairwise(poses[10:])) < FASTEST / 30


def test_hands_that_leave_the_picture_relax(filmed, random_motion):
    take = filmed(random_motion(6))
    poses = played(take, lambda i, frame: without_hands(frame) if i >= 10 else frame)
    again = played(take, lambda _, frame: without_hands(frame))
    slots = [INDEX[f"left{name}"] for name in ("IndexProximal", "MiddleProximal", "RingProximal")]

    def against_hand(pose):
        hand = rotations.inverse(pose.rotations[INDEX["leftHand"]])
        return rotations.multiply(hand, pose.rotations[slots])

    apart = rotations.angle_between(against_hand(poses[-1]), against_hand(again[-1]))
    assert np.degrees(apart).max() < 10.0
    speed = [
        30 * rotations.angle_between(a.rotations, b.rotations)[slots].max() for a, b in pairwise(poses[9:])
    ]
    assert max(speed) < 15.0


def test_an_arm_that_comes_back_into_sight_does_not_jump(filmed, stance):
    take = filmed(stance(120, leftUpperArm=(0.0, -60.0, 0.0)))
    arm = [13, 15, 17, 19, 21]

    def script(i, frame):
        trust = np.ones((1, 33))
        trust[:, arm] = 0.0 if 20 <= i < 80 else 1.0
        return dataclasses.replace(frame, body_confidence=trust)

    poses = played(take, script)
    slot = INDEX["leftUpperArm"]
    paces = [
        30 * rotations.angle_between(a.rotations[slot], b.rotations[slot]) for a, b in pairwise(poses[19:])
    ]
    assert max(paces[:60]) < 8.0
    assert max(paces[60:70]) < 20.0
    high = rotations.rotate(poses[100].rotations[slot], [1.0, 0.0, 0.0])
    assert high[2] > 0.7
