"""A known height scales body, way and camera, and changes neither an angle nor a picture."""

import numpy as np
import pytest
from blazerig.solver.height import STANDARD_HEIGHT, standing_height
from blazerig.solver.humanoid import rest_pose
from blazerig.solver.settings import Settings
from blazerig.solver.solve import solve


def pixels(solution):
    """Where the camera sees the landmarks of the solution."""
    seen = (solution.landmarks - solution.eye) @ solution.world_from_camera
    return seen[..., :2] / seen[..., 2:]


@pytest.mark.parametrize("height", [1.2, 1.9])
def test_the_performer_is_as_tall_as_is_known(filmed, random_motion, height):
    take = filmed(random_motion(1))
    plain, tall = solve(take), solve(take, Settings(height=height))
    assert standing_height(tall.pose.rest) == pytest.approx(height)
    scale = height / standing_height(plain.pose.rest)
    np.testing.assert_allclose(tall.pose.hips, scale * plain.pose.hips)
    np.testing.assert_allclose(tall.eye, scale * plain.eye)
    np.testing.assert_allclose(pixels(tall), pixels(plain), atol=1e-9)
    assert np.array_equal(tall.pose.rotations, plain.pose.rotations)
    assert np.array_equal(tall.contacts, plain.contacts)


def test_the_standard_person_has_the_standard_height_and_half_of_them_half():
    assert standing_height(rest_pose()) == pytest.approx(STANDARD_HEIGHT)
    assert standing_height(rest_pose() / 2) == pytest.approx(STANDARD_HEIGHT / 2)
