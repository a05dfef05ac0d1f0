"""Stretches of a part, and edits made of them."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from blazerig.addon.refine.change import restored, spans_of, with_span, with_spans
from blazerig.addon.refine.spans import SHORTEST, added, dragged, joined, moved, removed
from blazerig.solver.edits import Edits

SPANS = ((0.0, 1.0), (2.0, 3.0), (5.0, 6.0))


def test_stretches_are_in_order_and_never_overlap_whatever_is_done() -> None:
    random = np.random.default_rng(3)
    spans = ()
    for _ in range(200):
        start, end = random.uniform(0.0, 10.0, 2)
        spans = added(spans, (start, end)) if len(spans) < 4 else moved(spans, 1, (start, start + 0.3))
        assert all(low <= high for low, high in spans)
        assert all(one[1] < two[0] for one, two in pairwise(spans))


def test_joined_is_what_it_was_where_nothing_overlaps() -> None:
    assert joined(SPANS[::-1]) == SPANS
    assert joined(((0.0, 2.0), (1.0, 1.5))) == ((0.0, 2.0),)


def test_a_stretch_takes_up_those_that_it_touches() -> None:
    assert added(SPANS, (0.5, 2.5)) == ((0.0, 3.0), (5.0, 6.0))
    assert moved(SPANS, 0, (5.5, 7.0)) == ((2.0, 3.0), (5.0, 7.0))
    assert removed(SPANS, 1) == ((0.0, 1.0), (5.0, 6.0))


@pytest.mark.parametrize(
    ("handle", "by", "expected"),
    [
        ("whole", 0.5, (2.5, 3.5)),
        ("whole", 99.0, (9.0, 10.0)),
        ("whole", -99.0, (0.0, 1.0)),
        ("start", 0.5, (2.5, 3.0)),
        ("start", 99.0, (3.0 - SHORTEST, 3.0)),
        ("start", -99.0, (0.0, 3.0)),
        ("end", -0.5, (2.0, 2.5)),
        ("end", -99.0, (2.0, 2.0 + SHORTEST)),
        ("end", 99.0, (2.0, 10.0)),
    ],
)
def test_what_is_dragged_stays_within_the_take_and_lasts(
    handle: str, by: float, expected: tuple[float, float]
) -> None:
    assert dragged((2.0, 3.0), handle, by, (0.0, 10.0)) == pytest.approx(expected)


def test_the_first_change_of_a_part_keeps_what_was_found_of_it() -> None:
    edits = with_span(Edits(), "contacts", "left_foot", (7.0, 8.0), found=SPANS)
    assert spans_of(edits, "contacts", "left_foot") == (*SPANS, (7.0, 8.0))
    assert spans_of(edits, "contacts", "right_foot", SPANS) == SPANS
    assert restored(edits, "left_foot") == Edits()


def test_a_part_without_contacts_is_said_never_to_stand_but_one_without_smoothing_is_not_named() -> None:
    assert with_spans(Edits(), "contacts", "left_hand", ()).contacts == {"left_hand": ()}
    smoothed = with_span(Edits(), "smooth", "head", (1.0, 2.0))
    assert with_spans(smoothed, "smooth", "head", ()) == Edits()
