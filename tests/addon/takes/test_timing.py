"""Seconds of a take against frames of a scene."""

from __future__ import annotations

import numpy as np
import pytest
from blazerig.addon.takes.timing import Clock, nearest


def test_second_0_is_the_start_frame_and_there_is_a_way_back() -> None:
    clock = Clock(start=11, rate=24.0)
    assert clock.frames(0.0) == 11
    assert clock.frames(2.0) == 59
    seconds = np.linspace(-1.0, 3.0, 9)
    np.testing.assert_allclose(clock.seconds(clock.frames(seconds)), seconds)


def test_a_frame_rate_may_be_a_fraction() -> None:
    assert Clock(1, 30000 / 1001).frames(1001 / 30000) == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("second", "frame"), [(-5.0, 0), (0.0, 0), (0.4, 0), (0.6, 1), (1.4, 1), (4.0, 2), (99.0, 2)]
)
def test_the_nearest_frame_is_shown_before_and_after_the_take_too(second: float, frame: int) -> None:
    assert nearest(np.array([0.0, 1.0, 3.0]), second) == frame
