"""Up and the floor, from what was seen."""

import numpy as np
import pytest
from blazerig.solver import rotations
from blazerig.solver.camera import camera_of, face_ray, place
from blazerig.solver.ground import find_ground, find_plants
from blazerig.solver.landmarks import ANKLES, HEELS, HIPS, TOES
from blazerig.solver.tilt import Ground, find_tilt, upwards

NOWHERE = np.zeros((0, 5))
ROOT = np.array([[0.0, 0.3, 4.0]])
LEANING = np.tile(upwards(np.radians(16.0)), (30, 1))
"""A performer who leans towards the camera for the whole clip."""


def degrees_between(a, b):
    return np.degrees(np.arccos(np.clip(a @ b, -1.0, 1.0)))


def footings_on(up, height, noise):
    """Twelve places where feet stood for half a second, their depths wrong by a share of `noise`."""
    random = np.random.default_rng(0)
    ahead = np.cross(up, [1.0, 0.0, 0.0])
    ahead /= np.linalg.norm(ahead)
    away, aside = np.linspace(2.5, 6.0, 12), random.uniform(-0.5, 0.5, 12)
    places = -height * up + away[:, None] * ahead + aside[:, None] * np.cross(ahead, up)
    places *= 1.0 + random.normal(0.0, noise, (12, 1))
    return np.column_stack([places, np.zeros(12), np.full(12, 0.5)])


def test_a_performer_who_comes_and_goes_shows_the_floor():
    up = upwards(np.radians(8.0))
    found = find_tilt(LEANING, footings_on(up, 1.4, 0.01), ROOT, 0.9, None)
    assert degrees_between(found.up, up) < 0.6
    assert found.height == pytest.approx(-1.4, abs=0.1)
    assert degrees_between(find_tilt(LEANING, NOWHERE, ROOT, 0.9, None).up, up) > 1.5


def test_a_rolled_camera_is_found_out():
    up = upwards(np.radians(8.0), np.radians(3.0))
    found = find_tilt(np.zeros((0, 3)), footings_on(up, 1.4, 0.0), ROOT, 0.9, None)
    assert np.degrees(found.up[0]) > 0.5


def test_without_any_witness_the_camera_is_as_cameras_usually_are():
    found = find_tilt(np.zeros((0, 3)), NOWHERE, ROOT, 0.9, None)
    assert degrees_between(found.up, upwards(np.radians(4.0))) < 3.0
    assert found.height == pytest.approx(float(ROOT[0] @ found.up) - 0.9, abs=0.05)


def test_a_known_pitch_is_taken():
    for pitch in np.radians([-10.0, 0.0, 25.0]):
        found = find_tilt(LEANING, footings_on(upwards(np.radians(8.0)), 1.4, 0.0), ROOT, 0.9, pitch)
        assert abs(np.arctan2(-found.up[2], -found.up[1]) - pitch) < np.radians(0.5)


def test_up_is_plus_z_and_the_view_goes_along_plus_y():
    ground = Ground(upwards(np.radians(20.0), np.radians(-7.0)), -1.3)
    world = ground.world_from_camera()
    np.testing.assert_allclose(world @ world.T, np.eye(3), atol=1e-12)
    assert np.linalg.det(world) == pytest.approx(1.0)
    np.testing.assert_allclose(world @ ground.up, [0.0, 0.0, 1.0], atol=1e-12)
    assert (world @ [0.0, 0.0, 1.0])[0] == pytest.approx(0.0, abs=1e-9)
    assert (world @ [0.0, 0.0, 1.0])[1] > 0.9


def seen(take):
    """What a perfect take tells exactly: paths of landmarks and root in camera axes, slopes, trust, times."""
    slopes = camera_of(take.size).slopes(take.body_image[..., :2])
    metric = face_ray(take.body_world, slopes[:, list(HIPS)].mean(1))
    trust = np.ones(slopes.shape[:2])
    root = place(metric, slopes, trust)[:, None]
    return np.concatenate([metric + root, root], axis=1), slopes, trust, take.times


def test_a_camera_that_looks_down_is_found_tilted(filmed, stance):
    paths, *around = seen(filmed(stance()))
    down = rotations.from_axis_angle([1.0, 0.0, 0.0], np.radians(8.0))
    level = find_ground(paths, *around, 0.9)
    tilted = find_ground(rotations.rotate(down, paths), *around, 0.9)
    assert 4.0 < degrees_between(tilted.up, level.up) < 8.5  # weighed against usual cameras, so not all of it
    assert -1.45 < level.height < -1.05


def test_where_no_foot_was_seen_the_floor_is_a_standing_performers(filmed, stance):
    paths, slopes, trust, times = seen(filmed(stance()))
    ground = find_ground(paths, slopes, 0.0 * trust, times, 0.9, 0.0)
    assert ground.height == pytest.approx(float(np.median(paths[:, -1] @ ground.up)) - 0.9, abs=0.05)


def test_feet_that_stand_are_planted_on_the_floor(filmed, stance):
    paths, *around = seen(filmed(stance()))
    ground = find_ground(paths, *around, 0.9, 0.0)
    plant = find_plants(paths, *around, ground)
    feet = [*HEELS, *TOES]
    assert plant.planted[:, feet].all()
    ankles = plant.planted[:, list(ANKLES)]
    assert ankles.all()
    assert plant.planted.sum() == plant.planted[:, feet].sum() + ankles.sum()
    heights = paths[:, feet] @ plant.up - plant.height
    np.testing.assert_allclose(heights, plant.rest[:, feet], atol=0.02)
