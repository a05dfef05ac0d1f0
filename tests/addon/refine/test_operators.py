"""Edits as scripts make them: kept with the take, undone by Blender, heard by the solver's settings."""

from __future__ import annotations

from pathlib import Path

import bpy
import pytest
from blazerig.addon.animate.apply import motion_of, solver_settings
from blazerig.addon.refine.properties import edits_of, put_edits
from blazerig.addon.refine.shown import shown
from blazerig.solver.edits import Edits

OPERATORS = bpy.ops.blazerig
FOUND = (0.0, 19 / 30)
"""When the left foot stands by the solver."""


def edits() -> Edits:
    return edits_of(bpy.context.scene.blazerig.takes[0].edits)


def spans(kind: str, part: str) -> list[tuple[float, float]]:
    return [tuple(span) for span in getattr(edits(), kind)[part]]


def test_edits_are_the_same_after_they_were_properties(refined: bpy.types.Scene) -> None:
    said = Edits(
        contacts={"left_foot": ((0.25, 0.5), (1.0, 1.5)), "right_hand": ()},
        ignore={"head": ((0.5, 0.75),)},
        smooth={"body": ((0.0, 2.0),), "left_leg": ((0.5, 1.0),)},
    )
    group = refined.blazerig.takes[0].edits
    put_edits(group, said)
    assert edits_of(group) == said
    put_edits(group, Edits())
    assert edits_of(group) == Edits()


@pytest.mark.usefixtures("refined")
def test_a_contact_is_added_to_those_that_were_found() -> None:
    OPERATORS.contact_add(part="left_foot", start=31, end=46)
    assert spans("contacts", "left_foot") == [pytest.approx(FOUND), pytest.approx((1.0, 1.5))]
    assert "right_foot" not in edits().contacts


@pytest.mark.usefixtures("refined")
def test_a_found_contact_can_be_moved_and_deleted_and_the_finding_restored() -> None:
    OPERATORS.contact_move(part="left_foot", index=0, start=7, end=13)
    assert spans("contacts", "left_foot") == [pytest.approx((0.2, 0.4))]
    OPERATORS.contact_delete(part="left_foot", index=0)
    assert edits().contacts == {"left_foot": ()}
    OPERATORS.contacts_restore(part="left_foot")
    assert edits() == Edits()


def test_frames_are_the_scenes(refined: bpy.types.Scene) -> None:
    refined.render.fps, refined.blazerig.animate.start_frame = 60, 101
    OPERATORS.contact_add(part="left_hand", start=161, end=131)
    assert spans("contacts", "left_hand") == [pytest.approx((0.5, 1.0))]


@pytest.mark.usefixtures("refined")
def test_an_edit_ends_with_the_take_and_one_beside_it_is_refused() -> None:
    OPERATORS.contact_add(part="left_hand", start=-50, end=4000)
    assert spans("contacts", "left_hand") == [pytest.approx((0.0, 59 / 30))]
    with pytest.raises(RuntimeError, match="which has frames 1 to 60"):
        OPERATORS.contact_add(part="left_hand", start=100, end=200)


@pytest.mark.usefixtures("refined")
def test_a_contact_that_is_not_there_is_said_so() -> None:
    with pytest.raises(RuntimeError, match="there are 1, counted from 0"):
        OPERATORS.contact_move(part="left_foot", index=3, start=1, end=5)
    assert edits() == Edits()


@pytest.mark.parametrize(("name", "kind"), [("smooth_here", "smooth"), ("ignore_here", "ignore")])
def test_here_is_the_preview_range_or_what_is_given(refined: bpy.types.Scene, name: str, kind: str) -> None:
    operator = getattr(OPERATORS, name)
    with pytest.raises(RuntimeError, match="preview range"):
        operator(part="head")
    refined.use_preview_range = True
    refined.frame_preview_start, refined.frame_preview_end = 16, 31
    operator(part="head")
    operator(part="left_arm", start=1, end=4)
    assert spans(kind, "head") == [pytest.approx((0.5, 1.0))]
    assert spans(kind, "left_arm") == [pytest.approx((0.0, 0.1))]
    OPERATORS.edit_move(kind=kind, part="head", index=0, start=31, end=46)
    assert spans(kind, "head") == [pytest.approx((1.0, 1.5))]
    OPERATORS.edit_delete(kind=kind, part="head", index=0)
    assert list(getattr(edits(), kind)) == ["left_arm"]


def test_an_edit_is_heard_by_the_solver_and_what_was_found_shows_until_it_is_solved_anew(
    refined: bpy.types.Scene,
) -> None:
    before = shown(refined)
    assert before
    assert before.solved
    OPERATORS.contact_add(part="right_foot", start=1, end=10)
    assert solver_settings(refined).edits == edits()
    assert motion_of(refined) is None
    now = shown(refined)
    assert now
    assert now.solved is before.solved


def test_edits_are_saved_with_the_file(refined: bpy.types.Scene, tmp_path: Path) -> None:
    OPERATORS.contact_add(part="right_foot", start=1, end=10)
    said = edits_of(refined.blazerig.takes[0].edits)
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "a.blend"))
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "a.blend"))
    assert edits() == said


def test_the_worst_frame_is_gone_to_and_then_the_next(refined: bpy.types.Scene) -> None:
    visited = []
    for _ in range(2):
        OPERATORS.worst_frame()
        visited.append(refined.frame_current)
    assert visited == [21, 51]
    while OPERATORS.worst_frame() == {"FINISHED"} and refined.frame_current != 21:
        visited.append(refined.frame_current)
    assert 2 < len(visited) < 6


@pytest.mark.usefixtures("switched_on")
def test_without_a_solved_take_there_is_no_worst_frame() -> None:
    assert not OPERATORS.worst_frame.poll()


@pytest.mark.usefixtures("refined")
def test_what_is_shown_over_editors_is_switched_without_touching_the_scene() -> None:
    for name in ("show_confidence", "show_contacts"):
        for _ in range(2):
            assert getattr(OPERATORS, name)() == {"FINISHED"}
    assert not OPERATORS.edit_contacts.poll(), "there is no window to edit in"
