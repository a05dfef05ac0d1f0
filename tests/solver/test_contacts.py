"""Contacts: who stands on what, and when."""

import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from blazerig.solver import rotations
from blazerig.solver.camera import camera_of, place
from blazerig.solver.contacts import (
    FOOT_POINTS,
    SPEED,
    Witness,
    find_contacts,
    lasting,
    runs,
    velocity,
)
from blazerig.solver.evidence import gather
from blazerig.solver.flight import acceleration, in_flight
from blazerig.solver.humanoid import INDEX, joint_positions
from blazerig.solver.landmarks import HEELS, KNEES
from blazerig.solver.plant import ROOT
from blazerig.solver.rests import find_rests
from scipy.stats import norm

ROOT_FOLDER = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("BLAZERIG_SHARED", ROOT_FOLDER.parent / "shared"))
UP = np.array([0.0, -1.0, 0.0])


@pytest.fixture
def shared():
    if not SHARED.is_dir():
        pytest.skip(f"there is no motion at {SHARED}")
    return SHARED


def seen(take):
    """The paths of landmarks and root that a perfect take tells exactly, camera axes, and its sight."""
    sight = gather(take, camera_of(take.size))
    root = place(sight.metric, sight.slopes, np.ones_like(sight.trust))[:, None]
    return np.concatenate([sight.metric + root, root], axis=1), sight


def contacts_of(take):
    paths, sight = seen(take)
    return find_contacts(paths, sight.slopes, sight.trust, sight.times, UP)


def jumping(stance, frames=60):
    """Off the floor for 0.4 s from frame 25 on."""
    pose = stance(frames=frames)
    flight = np.clip(np.arange(frames) - 25, 0, 12) / 30.0
    height = 1.96 * flight - 9.81 / 2 * flight**2
    return replace(pose, hips=pose.hips + height[:, None] * [0.0, 0.0, 1.0])


def test_a_witness_is_a_likelihood_ratio():
    x = np.linspace(0.0, 0.1, 5)
    expected = norm.logpdf(x, scale=0.03) - norm.logpdf(x, scale=0.12)
    np.testing.assert_allclose(Witness(0.03, 0.12, 1).ratio(x), expected, atol=1e-12)
    assert SPEED.ratio(np.array([0.0]))[0] > 0.0 > SPEED.ratio(np.array([1.0]))[0]


def test_who_stands_still_stands_on_heels_and_toes(filmed, stance):
    assert contacts_of(filmed(stance())).all()


def test_who_glides_does_not_stand(filmed, stance):
    pose = stance(frames=40)
    gliding = replace(pose, hips=pose.hips + np.linspace(0, 1.2, 40)[:, None] * [1.0, 0.0, 0.0])
    assert not contacts_of(filmed(gliding)).any()


def test_a_foot_that_is_held_up_does_not_stand(filmed, stance):
    held = contacts_of(filmed(stance(leftUpperLeg=(-50.0, 0.0, 0.0), leftLowerLeg=(60.0, 0.0, 0.0))))
    assert not held[:, [0, 2]].any()
    assert held[:, [1, 3]].all()


def test_in_a_jump_both_feet_are_off(filmed, stance):
    off = ~contacts_of(filmed(jumping(stance))).any(1)
    (flight,) = runs(off)
    assert abs(flight.start - 26) <= 2
    assert abs(flight.stop - 37) <= 2


def test_a_foot_may_pivot_on_its_toes(filmed, stance):
    take = filmed(stance(frames=40))
    paths, sight = seen(take)
    slopes = sight.slopes.copy()
    heel = HEELS[0]
    slopes[:, heel, 0] += np.linspace(0.0, 1.5, 40) / paths[:, heel, 2]  # metres to metres of the picture
    found = find_contacts(paths, slopes, sight.trust, sight.times, UP)
    np.testing.assert_array_equal(found.mean(0), [0.0, 1.0, 1.0, 1.0])


def test_what_is_not_seen_does_not_stand(filmed, stance):
    take = filmed(stance())
    paths, sight = seen(take)
    trust = sight.trust.copy()
    trust[:, list(FOOT_POINTS)] = 0.0
    assert not find_contacts(paths, sight.slopes, trust, sight.times, UP).any()


@pytest.mark.parametrize("frames", [1, 2])
def test_the_shortest_clips_have_contacts_too(filmed, stance, frames):
    assert contacts_of(filmed(stance(frames=frames))).shape == (frames, 4)


def test_a_flight_is_a_fall_between_two_contacts(stance):
    pose = jumping(stance)
    height = pose.hips[:, 2]
    standing = np.ones((60, 2), bool)
    standing[26:37] = False
    flies = in_flight(standing, height, pose.times)
    np.testing.assert_array_equal(flies, ~standing.any(1))
    assert acceleration(pose.hips, pose.times)[30, 2] == pytest.approx(-9.81)
    assert not in_flight(standing, np.full(60, 0.9), pose.times).any()  # who hovers was badly seen
    standing[26:] = False
    assert not in_flight(standing, height, pose.times).any()  # no landing was seen


def test_short_runs_are_no_contacts():
    state = np.array([1, 1, 0, 1, 1, 1, 1, 0], bool)
    np.testing.assert_array_equal(lasting(state, np.arange(8) / 10.0, 0.25), [0, 0, 0, 1, 1, 1, 1, 0])


def test_who_stands_rests_on_nothing_else(filmed, squat):
    take = filmed(squat)
    paths, sight = seen(take)
    assert not find_rests(paths, sight.trust, sight.times, paths @ UP + 1.2).any()


def test_who_gets_up_from_the_floor_rests_on_knees_and_seat_and_then_no_more(filmed, posed, shared):
    pose = mocap(posed, shared / "media" / "mocap" / "deepmimic" / "humanoid3d_getup_facedown.txt")
    paths, sight = seen(filmed(pose))
    found = find_rests(paths, sight.trust, sight.times, paths @ UP + 1.2)
    upright = pose.hips[:, 2] > 0.75
    assert not found[upright].any()
    points = joint_positions(pose.rotations, pose.hips, pose.rest)
    for slot, landmark in (("leftLowerLeg", KNEES[0]), ("rightLowerLeg", KNEES[1]), ("hips", ROOT)):
        joint, resting = points[:, INDEX[slot]], found[:, landmark] > 0
        assert resting.sum() > 0.2 * len(resting)
        assert joint[resting, 2].max() < 0.2
        assert np.linalg.norm(velocity(joint, pose.times), axis=-1)[resting].mean() < 0.2


def mocap(posed, path):
    """Root and legs of a DeepMimic motion: y up, x ahead, quaternions w first, hinges about z."""
    frames = np.array(json.loads(path.read_text())["Frames"])
    axes = np.array([[0.0, 0.0, -1.0], [-1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])  # theirs to ours

    def turn(column):
        w, xyz = frames[:, [column]], frames[:, column + 1 : column + 4]
        return np.concatenate([w, xyz @ axes.T], axis=-1)

    local = {"hips": turn(4), "chest": turn(8)}
    for side, column in (("right", 16), ("left", 30)):
        local[f"{side}UpperLeg"] = turn(column)
        local[f"{side}LowerLeg"] = rotations.from_axis_angle(axes[:, 2], frames[:, column + 4])
        local[f"{side}Foot"] = turn(column + 5)
    times = np.cumsum(np.append(0.0, frames[:-1, 0]))
    return replace(posed(local, frames[:, 1:4] @ axes.T), times=times)
