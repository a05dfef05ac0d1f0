"""Regions that are smoothed in both directions."""

import math

import numpy as np
import pytest
from blazerig.models.body import aux_of, roi_of_body
from blazerig.models.people import Sighting
from blazerig.models.regions import Way, mean_roi, smoothed
from blazerig.models.roi import Roi


def sighting(time: float, x: float, size: float = 100.0, rotation: float = 0.0) -> Sighting:
    return Sighting(time, aux_of(Roi(x, 50.0, size, rotation)), np.full((6, 2), np.nan), 1.0)


@pytest.mark.parametrize("roi", [Roi(10.0, 20.0, 30.0, 0.7), Roi(-5.0, 0.0, 400.0, -3.0)])
def test_the_points_that_place_a_region_give_it_back(roi: Roi) -> None:
    back = roi_of_body(aux_of(roi))
    assert (back.x, back.y, back.size, back.rotation) == pytest.approx((roi.x, roi.y, roi.size, roi.rotation))


def test_smoothing_keeps_constants_and_even_motion_and_calms_noise() -> None:
    times = np.arange(40) / 5.0
    line = np.column_stack([np.full(40, 7.0), 3.0 * times])
    kept = smoothed(times, line, 0.3)
    assert kept[:, 0] == pytest.approx(7.0)
    assert kept[8:-8, 1] == pytest.approx(line[8:-8, 1]), "no lag in the middle"
    noise = np.random.default_rng(0).normal(size=(40, 1))
    assert smoothed(times, noise, 0.3).std() < 0.7 * noise.std()


def test_uneven_times_count_by_their_distance() -> None:
    times = np.array([0.0, 0.1, 5.0])
    values = np.array([[0.0], [1.0], [100.0]])
    assert smoothed(times, values, 0.3)[2] == pytest.approx(100.0)
    assert 0.0 < float(smoothed(times, values, 0.3)[0, 0]) < 0.5


def test_between_looks_the_region_moves_evenly() -> None:
    looks = [0.3 * i for i in range(30)]
    way = Way([sighting(time, 100.0 * i) for i, time in enumerate(looks)], looks)
    roi = way.roi(0.3 * 15.5)
    assert roi is not None
    assert roi.x == pytest.approx(1550.0)
    assert roi.y == pytest.approx(50.0)
    assert 90.0 < roi.size <= 100.0


def test_where_the_person_is_not_there_is_no_region() -> None:
    here = [sighting(time, 10.0) for time in (1.0, 1.3, 1.6, 4.0, 4.3)]
    way = Way(here, [round(0.1 + 0.3 * i, 1) for i in range(20)])
    there = {time: way.roi(time) is not None for time in (0.6, 0.8, 1.45, 1.8, 2.5, 3.6, 3.9, 4.5, 4.7)}
    assert there == {
        0.6: False,
        0.8: True,
        1.45: True,
        1.8: True,
        2.5: False,
        3.6: False,
        3.9: True,
        4.5: True,
        4.7: False,
    }


def test_where_looks_are_rare_a_person_who_is_seen_at_each_stays_there() -> None:
    times = [0.0, 0.3, 0.6, 2.6, 4.6]
    way = Way([sighting(time, 100.0 * time) for time in times], times)
    rois = [way.roi(time) for time in (0.0, 1.6, 3.6, 4.6, 5.5)]
    assert [roi and roi.x for roi in rois] == pytest.approx([0.0, 160.0, 360.0, 460.0, 460.0], abs=20.0)


def test_one_look_in_vain_that_was_soon_made_good_is_no_absence() -> None:
    looks = [0.0, 0.2, 0.4, 0.6]
    way = Way([sighting(time, 0.0) for time in (0.0, 0.2, 0.6)], looks)
    assert all(way.roi(time) is not None for time in np.arange(0.0, 0.8, 0.05))


def test_a_single_sighting_of_a_still_is_a_way() -> None:
    roi = Way([sighting(0.0, 10.0, rotation=0.5)], [0.0]).roi(0.0)
    assert roi is not None
    assert (roi.x, roi.rotation) == pytest.approx((10.0, 0.5))


def test_a_region_is_calmed_by_near_neighbours_and_not_by_far_ones() -> None:
    rois = [Roi(0.0, 0.0, 10.0, 0.0), Roi(10.0, 0.0, 10.0, 0.0), Roi(0.0, 0.0, 10.0, 0.0)]
    near = mean_roi(rois, [0.0, 0.02, 0.04], 1)
    far = mean_roi(rois, [0.0, 0.5, 1.0], 1)
    assert near is not None
    assert far is not None
    assert 3.0 < near.x < 7.0
    assert far.x == pytest.approx(10.0)


def test_regions_that_turn_past_the_half_circle_are_averaged_the_short_way() -> None:
    rois = [Roi(0.0, 0.0, 10.0, math.pi - 0.1), Roi(0.0, 0.0, 10.0, -math.pi + 0.1)]
    mean = mean_roi(rois, [0.0, 0.0], 0)
    assert mean is not None
    assert abs(mean.rotation) == pytest.approx(math.pi)


def test_a_missing_region_stays_missing_and_is_no_neighbour() -> None:
    roi = Roi(5.0, 6.0, 10.0, 0.3)
    assert mean_roi([roi, None, roi], [0.0, 0.01, 0.02], 1) is None
    alone = mean_roi([None, roi, None], [0.0, 0.01, 0.02], 1)
    assert alone is not None
    assert (alone.x, alone.y, alone.size, alone.rotation) == pytest.approx((5.0, 6.0, 10.0, 0.3))
