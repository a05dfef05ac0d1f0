"""The strips of bars: rows, places, and what the mouse is over."""

from __future__ import annotations

from itertools import pairwise

import pytest
from blazerig.addon.refine.strips import GAP, ROW, Across, Hit, dragged_bar, hit, laid, rows_of
from blazerig.addon.takes.timing import Clock
from blazerig.solver.edits import STANDING, Edits

CLOCK = Clock(start=1, rate=10.0)
FOUND = {"left_foot": ((0.0, 1.0), (2.0, 3.0)), "right_foot": ((1.0, 2.0),)}
EDITS = Edits(contacts={"right_foot": ((0.5, 1.5),)}, ignore={"head": ((1.0, 2.0),)})
ACROSS = Across(origin=100.0, each=10.0)


def test_there_is_a_row_for_each_part_that_stands_and_for_each_limb_of_which_something_is_said() -> None:
    rows = rows_of(EDITS, FOUND, CLOCK)
    assert [row.part for row in rows] == [*STANDING, "head"]
    assert [row.label for row in rows][-1] == "Head, ignored"
    assert [(bar.start, bar.end, bar.own) for bar in rows[0].bars] == [(1, 11, False), (21, 31, False)]
    assert [(bar.start, bar.end, bar.own) for bar in rows[1].bars] == [(6, 16, True)]


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_rows_lie_one_under_another_from_the_bottom_up(scale: float) -> None:
    rows = laid(rows_of(EDITS, FOUND, CLOCK), 20.0, 500.0, scale)
    assert len(rows) == 5
    assert rows[-1].bottom == pytest.approx(20.0)
    for row in rows:
        assert row.top - row.bottom == pytest.approx(ROW * scale)
    for upper, lower in pairwise(rows):
        assert upper.bottom - lower.top == pytest.approx(GAP * scale)


def test_where_there_is_little_room_rows_are_lower_then_hands_go_then_the_last() -> None:
    rows = rows_of(EDITS, FOUND, CLOCK)
    low = laid(rows, 0.0, 60.0, 1.0)
    assert len(low) == 5
    assert low[0].top <= 60.0
    assert [row.part for row in laid(rows, 0.0, 40.0, 1.0)] == ["left_foot", "right_foot", "head"]
    assert [row.part for row in laid(rows, 0.0, 12.0, 1.0)] == ["left_foot"]
    assert laid(rows, 0.0, 5.0, 1.0) == laid(rows, 0.0, -50.0, 1.0) == []


def test_the_mouse_takes_ends_at_the_ends_and_the_whole_between() -> None:
    rows = laid(rows_of(EDITS, FOUND, CLOCK), 0.0, 500.0, 1.0)
    left = rows[0]
    middle = (left.bottom + left.top) / 2

    def over(frame: float) -> tuple[int, str] | None:
        found = hit(rows, ACROSS, ACROSS.x(frame), middle, 1.0)
        assert found
        assert found.row == left
        return (found.bar.index, found.handle) if found.bar else None

    assert over(1.1) == over(0.7) == (0, "start")
    assert over(6.0) == (0, "whole")
    assert over(10.8) == over(11.4) == (0, "end")
    assert over(15.0) is None
    assert over(25.0) == (1, "whole")


def test_a_very_short_bar_can_be_moved_as_a_whole() -> None:
    rows = laid(rows_of(Edits(), {"left_foot": ((0.0, 0.1),)}, CLOCK), 0.0, 500.0, 1.0)
    found = hit(rows, Across(0.0, 4.0), 6.0, rows[0].bottom + 1.0, 1.0)
    assert found
    assert found.handle == "whole"


def test_beside_the_rows_the_mouse_is_nobodys() -> None:
    rows = laid(rows_of(EDITS, FOUND, CLOCK), 20.0, 500.0, 1.0)
    assert hit(rows, ACROSS, 200.0, 5.0, 1.0) is None
    assert hit(rows, ACROSS, 200.0, rows[0].top + 1.0, 1.0) is None
    assert hit(rows, ACROSS, 200.0, rows[1].top + GAP / 2, 1.0) is None


def test_pixels_and_frames_are_each_others_way_back() -> None:
    assert ACROSS.frame(ACROSS.x(12.5)) == pytest.approx(12.5)


@pytest.mark.parametrize(
    ("handle", "to", "expected"),
    [
        ("whole", 8.3, (4.0, 14.0)),
        ("whole", 99.0, (31.0, 41.0)),
        ("start", 8.3, (4.0, 11.0)),
        ("end", 8.3, (1.0, 14.0)),
        ("end", -50.0, (1.0, 2.0)),
    ],
)
def test_a_dragged_bar_ends_on_whole_frames_within_the_take(
    handle: str, to: float, expected: tuple[float, float]
) -> None:
    row = rows_of(Edits(), FOUND, CLOCK)[0]
    moved = dragged_bar(Hit(row, row.bars[0], handle), 5.0, to, CLOCK, (0.0, 4.0))
    assert (moved.start, moved.end) == pytest.approx(expected)
    assert moved.own
    assert moved.index == 0


def test_a_drag_over_nothing_is_a_new_bar_whichever_way_it_goes() -> None:
    row = rows_of(Edits(), FOUND, CLOCK)[2]
    for grabbed, to in ((12.2, 17.9), (17.9, 12.2)):
        new = dragged_bar(Hit(row), grabbed, to, CLOCK, (0.0, 4.0))
        assert (new.part, new.start, new.end, new.own) == (row.part, 12.0, 18.0, True)
    beyond = dragged_bar(Hit(row), 30.0, 400.0, CLOCK, (0.0, 4.0))
    assert beyond.end == CLOCK.frames(4.0)
