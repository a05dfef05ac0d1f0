"""Weights that are never below 0 and explain what is seen."""

from __future__ import annotations

import numpy as np
from blazerig.solver.face.fewest import fewest


def test_nothing_below_zero_and_no_slope_that_could_be_followed() -> None:
    random = np.random.default_rng(0)
    for _ in range(200):
        root = random.normal(size=(12, 12))
        curvature, sought = root @ root.T + 0.05 * np.eye(12), random.normal(size=12) * 5.0
        found = fewest(curvature, sought, random.random(12) < 0.5)
        slope = curvature @ found - sought
        assert found.min() >= 0.0
        assert slope.min() > -1e-6
        assert np.abs(slope[found > 0]).max(initial=0.0) < 1e-6


def test_where_it_begins_does_not_matter() -> None:
    root = np.random.default_rng(1).normal(size=(10, 10))
    curvature, sought = root @ root.T + 0.1 * np.eye(10), np.arange(-5.0, 5.0)
    none, all_ = (fewest(curvature, sought, np.full(10, used)) for used in (False, True))
    assert np.allclose(none, all_)
