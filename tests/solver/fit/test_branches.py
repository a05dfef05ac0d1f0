"""Arms that point to the camera or away from it, where the nets' depth is wrong for a while."""

from dataclasses import replace

import numpy as np
import pytest
from blazerig.solver import rotations
from blazerig.solver.evidence import LEVEL
from blazerig.solver.fit.body import Body, place
from blazerig.solver.fit.branches import choose
from blazerig.solver.fit.skeleton import ANGLES, BALLS, BENDS, LENGTHS
from blazerig.solver.fit.start import start
from blazerig.solver.landmarks import ELBOWS, SHOULDERS, WRISTS

TIMES = np.arange(60) / 30.0
SKIN = 5.0
"""Degrees by which landmarks on a bent arm point elsewhere than its bones, at most."""
WRONG = slice(22, 38)


def arms(ahead):
    """A performer before the camera with arms `ahead` (F,) degrees in front of the sides, elbows bent."""
    frames = len(ahead)
    balls = np.tile(rotations.IDENTITY, (frames, len(BALLS), 1))
    balls[:, BALLS.index("hips")] = rotations.from_matrix(LEVEL.T)
    angles = np.zeros((frames, len(ANGLES)))
    for side, way in (("left", -1.0), ("right", 1.0)):
        turn = rotations.from_axis_angle([0.0, 0.0, 1.0], way * np.radians(ahead))
        balls[:, BALLS.index(f"{side}UpperArm")] = turn
        angles[:, ANGLES.index(f"{side}Elbow")] = np.radians(35.0)
    root = np.tile([0.0, 0.2, 4.0], (frames, 1))
    return Body(root, balls, np.zeros((frames, len(BENDS), 3)), angles, np.zeros(len(LENGTHS)))


def directions(body):
    """Of both bones of both arms. Shape (F, 4, 3)."""
    points = place(body).landmarks
    return rotations.normalise(
        np.concatenate([points[:, ELBOWS] - points[:, SHOULDERS], points[:, WRISTS] - points[:, ELBOWS]], 1)
    )


def degrees_off(body, truth):
    cosine = (directions(body) * directions(truth)).sum(-1)
    return np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0)))


def reversed_depth(sight, frames):
    """The same with arms mirrored in depth against their shoulders."""
    metric = sight.metric.copy()
    for shoulder, elbow, wrist in zip(SHOULDERS, ELBOWS, WRISTS, strict=True):
        for point in (elbow, wrist):
            metric[frames, point, 2] = 2 * metric[frames, shoulder, 2] - metric[frames, point, 2]
    return replace(sight, metric=metric)


@pytest.mark.parametrize("middle", [50.0, -50.0], ids=["towards the camera", "away from it"])
def test_arms_seen_the_wrong_way_round_for_a_while_are_put_right(perfect_sight, middle):
    truth = arms(middle + 15.0 * np.sin(2 * np.pi * TIMES))
    sight = reversed_depth(perfect_sight(truth, TIMES), WRONG)
    guess = start(sight)
    assert degrees_off(guess, truth)[WRONG].mean() > 45.0
    chosen = degrees_off(choose(sight, guess), truth)
    assert np.median(chosen[WRONG]) < 10.0
    assert np.median(chosen) < 10.0


@pytest.mark.parametrize("middle", [50.0, -50.0], ids=["towards the camera", "away from it"])
def test_arms_seen_the_right_way_round_stay(perfect_sight, middle):
    truth = arms(middle + 15.0 * np.sin(2 * np.pi * TIMES))
    assert degrees_off(choose(perfect_sight(truth, TIMES), truth), truth).max() < SKIN


@pytest.mark.parametrize("middle", [50.0, -50.0], ids=["towards the camera", "away from it"])
def test_a_guess_stays_where_depth_speaks_for_neither(perfect_sight, middle):
    truth = arms(middle + 15.0 * np.sin(2 * np.pi * TIMES))
    sight = perfect_sight(truth, TIMES)
    metric = sight.metric.copy()
    for shoulder, elbow, wrist in zip(SHOULDERS, ELBOWS, WRISTS, strict=True):
        metric[:, [elbow, wrist], 2] = metric[:, [shoulder], 2]
    assert degrees_off(choose(replace(sight, metric=metric), truth), truth).max() < SKIN


def test_arms_that_swing_through_the_picture_plane_do_so(perfect_sight):
    truth = arms(60.0 * np.cos(np.pi * TIMES))
    assert np.median(degrees_off(choose(perfect_sight(truth, TIMES), truth), truth)) < 3.0


def test_only_arms_are_changed(perfect_sight, random_body):
    body = random_body(0, len(TIMES))
    chosen = choose(perfect_sight(body, TIMES), body)
    others = [i for i, name in enumerate(BALLS) if "UpperArm" not in name]
    np.testing.assert_array_equal(chosen.balls[:, others], body.balls[:, others])
    np.testing.assert_array_equal(chosen.root, body.root)


def test_a_single_frame_is_chosen_for(perfect_sight):
    truth = arms(np.array([50.0]))
    assert degrees_off(choose(perfect_sight(truth, TIMES[:1]), truth), truth).max() < SKIN
