"""Hands and face that are looked at side by side are those that are looked at one after the other."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from blazerig.models.choice import landmarks
from blazerig.models.holistic import HolisticTracker
from blazerig.models.nets import Wanted, load_nets
from blazerig.models.person import person
from blazerig.models.sessions import Processor


def test_a_pool_changes_nothing_but_the_time_that_is_spent() -> None:
    nets, picture = load_nets(Processor("cpu"), Wanted(face=True), threads=1), person()
    alone, together = HolisticTracker(nets, apart=True), HolisticTracker(nets, apart=True)
    with ThreadPoolExecutor(3) as pool:
        for time in (0.0, 0.1):
            one = landmarks(alone.step(picture, time))
            other = landmarks(together.step(picture, time, pool))
            assert {part for part, _ in one} == {"body", "smooth", "left hand", "right hand", "face"}
            assert one.keys() == other.keys()
            for part, points in one.items():
                np.testing.assert_array_equal(points, other[part])
    assert set(alone.spent) == set(together.spent) == {"body", "hands", "face"}
    assert all(seconds >= 0.0 for seconds in together.spent.values())


def test_what_is_not_looked_for_takes_no_time() -> None:
    nets = load_nets(Processor("cpu"), Wanted(hands=False), threads=1)
    tracker = HolisticTracker(nets)
    tracker.step(person(), 0.0)
    assert set(tracker.spent) == {"body"}
