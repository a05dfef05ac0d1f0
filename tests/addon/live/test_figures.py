"""Rates and delays of the last seconds."""

from __future__ import annotations

import numpy as np
import pytest
from blazerig.addon.live.corner import linear
from blazerig.addon.live.figures import OVER, Figures, Rolling


def test_figures_are_of_the_last_seconds() -> None:
    rolling = Rolling()
    for i in range(300):
        now = 100.0 + i / 30.0
        rolling.add(now, captured=now - (0.5 if i < 150 else 0.05), began=now - 0.002)
    figures = rolling.figures(now)
    assert figures.rate == pytest.approx(30.0, rel=0.02)
    assert figures.latency == pytest.approx((50.0, 50.0))
    assert figures.hold == pytest.approx((2.0, 2.0))
    assert rolling.figures(now + 2 * OVER) == Figures()


def test_a_picture_is_turned_up_and_its_light_made_linear() -> None:
    pixels = np.zeros((2, 3, 3), np.uint8)
    pixels[0] = 255
    pixels[1, 0] = 128
    light = linear(pixels)
    assert light.shape == (2, 3, 4)
    assert np.all(light[1] == 1.0)
    assert light[0, 0] == pytest.approx([0.2159, 0.2159, 0.2159, 1.0], abs=1e-4)
