"""One frame of a take as lines and dots."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from blazerig.addon.takes.colours import colours
from blazerig.addon.takes.landmarks import BODY, HAND, drawing
from blazerig.take import Take


def test_all_that_was_seen_is_drawn(made: Callable[..., Take]) -> None:
    frame = drawing(made(), 3)
    assert len(frame.lines) == len(frame.line_colours) == len(BODY) + 2 * len(HAND)
    assert len(frame.dots) == len(frame.dot_colours) == 478
    np.testing.assert_allclose(frame.line_colours[0], colours(np.array(0.8)))
    np.testing.assert_allclose(frame.dot_colours[0], colours(np.array(0.7)))


def test_what_was_not_seen_is_left_out(made: Callable[..., Take]) -> None:
    take = replace(made(), face=None)
    take.right.image[3], take.right.score[3] = np.nan, np.nan
    take.body_image[3, 0] = np.nan
    nose = sum(0 in bone for bone in BODY)
    frame = drawing(take, 3)
    assert len(frame.lines) == len(BODY) - nose + len(HAND)
    assert not len(frame.dots)


def test_a_line_is_as_sure_as_its_less_sure_end(made: Callable[..., Take]) -> None:
    take = made()
    take.body_confidence[0, 11] = 0.1
    shoulders = drawing(take, 0).line_colours[BODY.index((11, 12))]
    np.testing.assert_allclose(shoulders, colours(np.array(0.1)))


def test_every_finger_joint_is_on_a_line() -> None:
    assert {point for bone in HAND for point in bone} == set(range(21))
