"""Contacts: who stands on what, and when."""

from dataclasses import replace
from itertools import pairwise, product

import numpy as np
import pytest
from blazerig.solver.camera import camera_of
from blazerig.solver.contacts import (
    CHANGE,
    FOOT_POINTS,
    SPEED,
    Witness,
    best_sequence,
    find_contacts,
    lasting,
    runs,
)
from blazerig.solver.evidence import gather
from blazerig.solver.flight import acceleration, in_flight
from blazerig.solver.landmarks import COLUMN, HEELS
from blazerig.solver.paths import fit_paths
from blazerig.solver.rests import find_rests
from scipy.stats import norm

UP = np.array([0.0, -1.0, 0.0])


def contacts_of(take):
    evidence, start = gather(take, camera_of(take.size))
    paths, _ = fit_paths(evidence, start)
    return find_contacts(paths, evidence.slopes, evidence.trust, evidence.times, UP)


def jumping(stance, frames=60):
    """Off the floor for 0.4 s from frame 25 on."""
    pose = stance(frames=frames)
    flight = np.clip(np.arange(frames) - 25, 0, 12) / 30.0
    height = 1.96 * flight - 9.81 / 2 * flight**2
    return replace(pose, hips=pose.hips + height[:, None] * [0.0, 0.0, 1.0])


def test_the_best_sequence_is_the_best_of_all():
    random = np.random.default_rng(0)
    gains, changes = random.normal(0.0, 1.0, (6, 1, 3)), random.uniform(0.0, 2.0, (3, 3))

    def worth(states):
        stay = sum(gains[i, 0, state] for i, state in enumerate(states))
        return stay - sum(changes[a, b] for a, b in pairwise(states))

    best = max(product(range(3), repeat=6), key=worth)
    np.testing.assert_array_equal(best_sequence(gains, changes)[:, 0], best)


def test_several_sequences_at_once_are_the_same_as_one_by_one():
    gains = np.random.default_rng(1).normal(0.0, 1.0, (20, 4, 2))
    changes = CHANGE * (1.0 - np.eye(2))
    one_by_one = [best_sequence(gains[:, [i]], changes)[:, 0] for i in range(4)]
    np.testing.assert_array_equal(best_sequence(gains, changes), np.stack(one_by_one, axis=1))


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
    evidence, start = gather(take, camera_of(take.size))
    paths, _ = fit_paths(evidence, start)
    slopes = evidence.slopes.copy()
    heel = COLUMN[HEELS[0]]
    slopes[:, heel, 0] += np.linspace(0.0, 1.5, 40) / paths[:, heel, 2]  # metres to metres of the picture
    found = find_contacts(paths, slopes, evidence.trust, evidence.times, UP)
    np.testing.assert_array_equal(found.mean(0), [0.0, 1.0, 1.0, 1.0])


def test_what_is_not_seen_does_not_stand(filmed, stance):
    take = filmed(stance())
    evidence, start = gather(take, camera_of(take.size))
    paths, _ = fit_paths(evidence, start)
    trust = evidence.trust.copy()
    trust[:, [COLUMN[i] for i in FOOT_POINTS]] = 0.0
    assert not find_contacts(paths, evidence.slopes, trust, evidence.times, UP).any()


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
    evidence, start = gather(take, camera_of(take.size))
    paths, _ = fit_paths(evidence, start)
    assert not find_rests(paths, evidence.trust, evidence.times, paths @ UP + 1.2).any()
