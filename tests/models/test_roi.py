import math

import cv2
import numpy as np
import pytest
from blazerig.models.roi import (
    Drift,
    Roi,
    crop,
    follow,
    project,
    roi_of_alignment,
    roi_of_box,
    roi_of_picture,
    rotate,
    rotation_between,
    wrap,
)

SEEDS = range(20)
DRIFT = Drift(rotation=math.radians(40.0), translation=0.2, scale=0.4, margin=-0.1)


def random_roi(seed: int, rotation: float | None = None) -> Roi:
    random = np.random.default_rng(seed)
    angle = float(random.uniform(-math.pi, math.pi)) if rotation is None else rotation
    x, y, size = random.uniform((-50, -50, 40), (350, 250, 300)).tolist()
    return Roi(x, y, size, angle)


@pytest.mark.parametrize("angle", np.linspace(-20.0, 20.0, 41))
def test_wrapping_keeps_the_direction_and_the_range(angle: float) -> None:
    assert -math.pi <= wrap(angle) < math.pi
    assert np.exp(1j * wrap(angle)) == pytest.approx(np.exp(1j * angle))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_edge_point_of_an_alignment_stands_at_its_target(seed: int) -> None:
    centre, edge = np.random.default_rng(seed).uniform(0, 500, (2, 2)).tolist()
    roi = roi_of_alignment(centre, edge, math.pi / 2.0)
    top = project(np.array([0.5, 0.0]), roi)
    assert top == pytest.approx(edge)
    assert project(np.array([0.5, 0.5]), roi) == pytest.approx(centre)


def test_a_body_upright_in_the_picture_needs_no_rotation() -> None:
    assert rotation_between((100.0, 200.0), (100.0, 50.0), math.pi / 2.0) == pytest.approx(0.0)
    assert rotation_between((100.0, 200.0), (300.0, 200.0), math.pi / 2.0) == pytest.approx(math.pi / 2.0)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_box_is_shifted_by_its_height_along_its_own_axis(seed: int) -> None:
    roi = random_roi(seed)
    shifted = roi_of_box((roi.x, roi.y), 30.0, roi.size, roi.rotation, shift_y=-0.1, scale=2.0)
    assert (shifted.x, shifted.y) == pytest.approx(tuple(project(np.array([0.5, 0.4]), roi)))
    assert shifted.size == pytest.approx(2.0 * max(30.0, roi.size))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_crop_shows_at_a_point_what_the_picture_has_where_it_projects_to(seed: int) -> None:
    """A picture that is linear in x and y reads the same through any region, but for rounding."""
    roi = Roi(150.0, 100.0, float(np.random.default_rng(seed).uniform(40, 120)), random_roi(seed).rotation)
    rows, columns = np.mgrid[0:200, 0:300]
    picture = np.stack([columns * 0.8, rows * 1.2, columns * 0 + 7], axis=-1).round().astype(np.uint8)
    pixels = crop(picture, roi, 64).astype(float)
    grid = np.stack(np.meshgrid(np.arange(64), np.arange(64)), axis=-1) / 64.0
    x, y = np.moveaxis(project(grid, roi), -1, 0)
    red, green, blue = np.moveaxis(pixels, -1, 0)
    assert np.abs(blue - 0.8 * x).max() < 1.6
    assert np.abs(green - 1.2 * y).max() < 1.6
    assert (red == 7).all()


def test_outside_the_picture_is_black_or_its_border_as_asked() -> None:
    picture = np.full((50, 100, 3), 200, np.uint8)
    roi = roi_of_picture(picture)
    assert (crop(picture, roi, 40)[[0, 20, 39]] == 200).all()
    letterboxed = crop(picture, roi, 40, border=cv2.BORDER_CONSTANT)
    assert (letterboxed[[0, 9, 31, 39]] == 0).all()
    assert (letterboxed[[12, 20, 28]] == 200).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_depth_is_scaled_like_x_and_not_turned(seed: int) -> None:
    roi = random_roi(seed)
    assert project(np.array([0.3, 0.4, 0.25]), roi)[2] == pytest.approx(0.25 * roi.size)


@pytest.mark.parametrize("seed", SEEDS)
def test_turning_there_and_back_is_nothing(seed: int) -> None:
    points = np.random.default_rng(seed).normal(size=(7, 3))
    assert rotate(rotate(points, 0.7 + seed), -0.7 - seed) == pytest.approx(points)


def inner(roi: Roi) -> np.ndarray:
    return project(np.random.default_rng(3).uniform(0.3, 0.7, (21, 3)), roi)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_region_that_hardly_moved_is_kept(seed: int) -> None:
    fresh = random_roi(seed)
    previous = Roi(fresh.x + 0.1 * fresh.size, fresh.y, fresh.size * 1.2, fresh.rotation + math.radians(35.0))
    assert follow(fresh, previous, inner(fresh), DRIFT) is previous


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    "drifted",
    [
        lambda r: Roi(*project(np.array([0.71, 0.5]), r), r.size, r.rotation),
        lambda r: Roi(*project(np.array([0.5, 0.29]), r), r.size, r.rotation),
        lambda r: Roi(r.x, r.y, r.size * 1.41, r.rotation),
        lambda r: Roi(r.x, r.y, r.size * 0.59, r.rotation),
        lambda r: Roi(r.x, r.y, r.size, r.rotation + math.radians(41.0)),
        lambda r: Roi(r.x, r.y, r.size, r.rotation + math.radians(360.0 - 41.0)),
    ],
)
def test_a_region_that_drifted_is_replaced(drifted: object, seed: int) -> None:
    fresh = random_roi(seed)
    assert follow(fresh, drifted(fresh), inner(fresh), DRIFT) is fresh  # type: ignore[operator]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("corner", [(0.04, 0.5), (0.96, 0.5), (0.5, 0.04), (0.5, 0.96)])
def test_one_landmark_near_the_edge_replaces_the_region(corner: tuple[float, float], seed: int) -> None:
    fresh = random_roi(seed)
    landmarks = inner(fresh)
    landmarks[4, :2] = project(np.array(corner), fresh)
    assert follow(fresh, fresh, landmarks, DRIFT) is fresh
    previous = Roi(fresh.x, fresh.y, fresh.size * 1.1, fresh.rotation)
    assert follow(fresh, previous, landmarks, DRIFT) is fresh
