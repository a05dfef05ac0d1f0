"""How far the landmarks of a clip are believed."""

import dataclasses

import numpy as np
import pytest
from blazerig.solver import rotations
from blazerig.solver.camera import camera_of
from blazerig.solver.evidence import gather
from blazerig.solver.humanoid import INDEX
from blazerig.solver.noise import LEAST, noise
from blazerig.solver.rest import OUT, UP
from blazerig.solver.settings import Settings
from blazerig.solver.solve import solve

FREE = Settings(pitch=0.0, lock_feet=False)


def sight(take):
    return gather(take, camera_of(take.size))


def noised(take, metres):
    random = np.random.default_rng(0)
    return dataclasses.replace(
        take, body_world=take.body_world + random.normal(0.0, metres, take.body_world.shape)
    )


def test_exact_landmarks_are_known_for_exact_and_left_alone(filmed, random_motion):
    take = filmed(random_motion(0))
    found = sight(take)
    np.testing.assert_allclose(found.noise, LEAST)
    usual = sight(noised(take, 0.04))
    np.testing.assert_array_equal(usual.noise, 1.0)
    fixed = noise(found.metric, found.slopes, found.trust)
    assert fixed < 0.1


def test_what_agrees_half_as_badly_as_usual_counts_for_half_as_wrong(filmed, random_motion):
    take = filmed(random_motion(0))
    shares = [sight(noised(take, metres)).noise.min() for metres in (0.002, 0.004, 0.008)]
    assert shares[0] < shares[1] < shares[2] < 1.0
    assert shares[2] / shares[1] == pytest.approx(2.0, rel=0.05)


@pytest.mark.parametrize("seed", range(3))
def test_exact_landmarks_give_exact_limbs_and_an_exact_path(filmed, random_motion, seed):
    pose = random_motion(seed)
    solved = solve(filmed(pose), FREE).pose
    swings = []
    for side in ("left", "right"):
        for slot, along in (
            ("UpperArm", OUT[side]),
            ("LowerArm", OUT[side]),
            ("UpperLeg", -UP),
            ("LowerLeg", -UP),
        ):
            a, b = (rotations.rotate(p.rotations[:, INDEX[side + slot]], along) for p in (solved, pose))
            swings.append(np.degrees(np.arccos(np.clip((a * b).sum(-1), -1, 1))))
    assert np.mean(swings) < 0.75
    miss = solved.hips - pose.hips
    assert np.linalg.norm(miss - miss.mean(0), axis=-1).mean() < 0.006
