"""Poses on the spot, as they come."""

from __future__ import annotations

import numpy as np
from blazerig.addon.live.treadmill import Treadmill
from blazerig.solver import humanoid, rotations
from blazerig.solver.pose import Pose

REST = humanoid.rest_pose()


def pose(time: float, place: tuple[float, float, float]) -> Pose:
    turned = np.tile(rotations.IDENTITY, (1, len(humanoid.SLOTS), 1))
    return Pose(np.array([time]), turned, REST[:1] + np.array([place]), REST)


def test_whoever_walks_stays_and_sways_where_he_was() -> None:
    on_the_spot = Treadmill()
    places = [
        on_the_spot(pose(t, (1.0 * t, 3.0 + 0.05 * np.sin(12.0 * t), 0.1))).hips[0] - REST[0]
        for t in np.arange(300) / 30.0
    ]
    later = np.array(places[60:])
    assert np.all(np.abs(later[:, 0]) < 0.4)
    assert np.ptp(later[:, 0]) < 0.01
    assert 0.08 < np.ptp(later[:, 1]) < 0.11
    assert np.allclose(later[:, 2], 0.1)


def test_the_same_pose_again_is_shown_at_the_same_place() -> None:
    on_the_spot = Treadmill()
    on_the_spot(pose(0.0, (0.0, 0.0, 0.0)))
    first = on_the_spot(pose(0.1, (0.2, 0.0, 0.0))).hips
    assert np.array_equal(on_the_spot(pose(0.1, (0.2, 0.0, 0.0))).hips, first)
