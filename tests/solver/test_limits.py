"""How far shoulders, hips and feet turn."""

import dataclasses

import numpy as np
import pytest
from blazerig.solver import rotations
from blazerig.solver.fit.body import Body
from blazerig.solver.fit.limits import allowed, beyond
from blazerig.solver.fit.ranges import ALONG, HANGING, LIMBS
from blazerig.solver.fit.skeleton import ANGLES, BALLS, BENDS, FREEDOMS, LENGTHS, ball_columns

MIRROR = np.array([1.0, 1.0, -1.0, -1.0])
"""Of quaternions, in the plane between left and right."""
PUBLISHED = {
    ("leftUpperArm", "up"): (0.01, -0.01, 1),
    ("leftUpperArm", "ahead"): (0, -1, 0),
    ("leftUpperArm", "out"): (1, 0, 0),
    ("leftUpperArm", "60 behind"): (0, np.sin(np.radians(60)), -np.cos(np.radians(60))),
    ("leftUpperArm", "45 backward at shoulder height"): (1, 1, 0),
    ("leftUpperArm", "130 inward at shoulder height"): (-np.sin(np.radians(40)), -np.cos(np.radians(40)), 0),
    ("leftUpperLeg", "120 ahead"): (0, -np.sin(np.radians(120)), -np.cos(np.radians(120))),
    ("leftUpperLeg", "20 behind"): (0, np.sin(np.radians(20)), -np.cos(np.radians(20))),
    ("leftUpperLeg", "40 out"): (np.sin(np.radians(40)), 0, -np.cos(np.radians(40))),
    ("leftUpperLeg", "27 in"): (-np.sin(np.radians(27)), 0, -np.cos(np.radians(27))),
}
IMPOSSIBLE = {
    ("leftUpperArm", "straight behind"): (0, 1, 0),
    ("leftUpperArm", "across, level"): (-1, 0, 0),
    ("leftUpperLeg", "up"): (0, 0, 1),
    ("leftUpperLeg", "50 behind"): (0, np.sin(np.radians(50)), -np.cos(np.radians(50))),
    ("leftUpperLeg", "50 in"): (-np.sin(np.radians(50)), 0, -np.cos(np.radians(50))),
}


def pointing(limb, direction, twist=0.0):
    """All limbs hanging but one, which was raised the shortest way and twisted, degrees. Shape (1, 4, 4)."""
    turned = HANGING.copy()
    i = LIMBS.index(limb)
    raised = rotations.multiply(rotations.shortest_arc((0, 0, -1), direction), HANGING[i])
    turned[i] = rotations.multiply(raised, rotations.from_axis_angle(ALONG[i], np.radians(twist)))
    return turned[None]


def changed(turned):
    """How far each limb is from what is allowed, degrees."""
    return np.degrees(rotations.angle_between(turned, allowed(turned)))


def posed(balls):
    """Bodies with those balls (F, BALLS, 4)."""
    frames = len(balls)
    bends, angles = np.zeros((frames, len(BENDS), 3)), np.zeros((frames, len(ANGLES)))
    return Body(np.zeros((frames, 3)), balls, bends, angles, np.zeros(len(LENGTHS)))


def anyhow(frames=200):
    random = np.random.default_rng(0)
    return posed(rotations.normalise(random.normal(size=(frames, len(BALLS), 4))))


@pytest.mark.parametrize("case", PUBLISHED, ids=" ".join)
def test_published_motions_are_allowed(case):
    assert changed(pointing(case[0], PUBLISHED[case])).max() < 1e-6


@pytest.mark.parametrize("case", IMPOSSIBLE, ids=" ".join)
def test_what_nobody_does_is_not(case):
    assert changed(pointing(case[0], IMPOSSIBLE[case])).max() > 10.0


@pytest.mark.parametrize(("limb", "inward", "outward"), [("UpperArm", 70, 90), ("UpperLeg", 45, 45)])
@pytest.mark.parametrize("side", ["left", "right"])
def test_limbs_that_point_to_the_middle_of_their_range_are_twisted_only_so_far(side, limb, inward, outward):
    ahead = {"UpperArm": (1.0, -1.0, -0.6), "UpperLeg": (0.13, -0.75, -0.64)}[limb]
    sign = 1.0 if side == "left" else -1.0
    for twist, far in ((inward, inward + 20), (-outward, -outward - 20)):
        direction = ahead * np.array([sign, 1.0, 1.0])
        assert changed(pointing(side + limb, direction, sign * twist)).max() < 1e-6
        assert changed(pointing(side + limb, direction, sign * far)).max() > 5.0


def test_what_was_brought_within_the_limits_is_within_them():
    turned = anyhow().balls[:, [BALLS.index(limb) for limb in LIMBS]]
    inside = allowed(turned)
    np.testing.assert_allclose(rotations.angle_between(inside, allowed(inside)), 0.0, atol=1e-6)


def test_the_residual_is_the_step_back_to_the_limits():
    body = anyhow()
    back = body.moved(-beyond(body), np.zeros(len(LENGTHS)))
    limbs = np.concatenate([np.r_[ball_columns(limb)] for limb in LIMBS])
    assert np.abs(beyond(body)[:, limbs]).max() > 1.0
    np.testing.assert_allclose(beyond(back)[:, limbs], 0.0, atol=1e-6)


def test_a_mirrored_pose_is_as_far_beyond():
    body = anyhow()
    swap = [BALLS.index(_other(name)) for name in BALLS]
    mirrored = dataclasses.replace(body, balls=body.balls[:, swap] * MIRROR)
    here, there = (beyond(b)[:, 3 : 3 + 3 * len(BALLS)].reshape(-1, len(BALLS), 3) for b in (body, mirrored))
    np.testing.assert_allclose(here[:, swap] * MIRROR[1:], there, atol=1e-9)


def _other(name):
    return name.replace("left", "#").replace("right", "left").replace("#", "right")


def test_a_foot_bends_down_further_than_up():
    rest = np.tile(rotations.IDENTITY, (1, len(BALLS), 1))
    for angle, outside in ((50, 0), (-35, 0), (70, 15), (-50, -10)):
        balls = rest.copy()
        balls[:, BALLS.index("leftFoot")] = rotations.from_axis_angle((1.0, 0.0, 0.0), np.radians(angle))
        found = np.degrees(beyond(posed(balls))[0, ball_columns("leftFoot")])
        np.testing.assert_allclose(found, [outside, 0.0, 0.0], atol=1e-6)


def test_nobody_is_beyond_in_the_root():
    assert not beyond(anyhow())[:, :6].any()
    assert beyond(anyhow()).shape == (200, FREEDOMS)
