"""The face that is recorded while live: in the Action of the body, as it was shown, and finished with it."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import bpy
import numpy as np
import pytest
from blazerig.addon.animate.actions import LAYERED, curves
from blazerig.addon.live import record_finish, record_keep, record_session, session
from blazerig.addon.live.record_timing import from_text
from blazerig.addon.takes.files import absolute
from blazerig.solver.face.shapes import INDEX
from blazerig.solver.motion import load_motion
from blazerig.solver.solution import Solution

Until = Callable[[Callable[[], object]], None]
Record = Callable[[float], None]


@pytest.fixture
def face(
    hero: bpy.types.Object, add_face: Callable[..., bpy.types.Object], until: Until, tmp_path: Path
) -> Iterator[bpy.types.Object]:
    """A mesh of a character with some of ARKit's shapes; both follow, in a saved file."""
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "scene.blend"))
    scene, mesh = bpy.context.scene, add_face(hero, "jawOpen", "eyeBlinkLeft", "eyeBlinkRight")
    mesh.data.shape_keys.key_blocks["jawOpen"].value = 0.12
    scene.blazerig.live.face, scene.blazerig.record.count_in = True, 0.0
    bpy.ops.blazerig.live_start(source="recorder", armature="Hero")
    until(lambda: session.current().seen)
    bpy.ops.ed.undo_push(message="before")
    yield mesh
    session.end()


@pytest.fixture
def record(until: Until) -> Record:
    """Records so many seconds, or to the end of the range."""

    def recorded(seconds: float) -> None:
        assert bpy.ops.blazerig.live_record() == {"FINISHED"}
        later = time.monotonic() + seconds
        until(lambda: time.monotonic() > later)
        if record_session.current() is not None:
            assert bpy.ops.blazerig.live_record_stop() == {"FINISHED"}
        until(lambda: record_session.current() is None)

    return recorded


def action_of(armature: bpy.types.Object) -> bpy.types.Action:
    return armature.animation_data.action


def drawn(face: bpy.types.Object, name: str) -> np.ndarray:
    """Frames and values of the keys of a shape key; none, where it has none."""
    found = {curve.data_path: curve.keyframe_points for curve in curves(face.data.shape_keys)}
    return np.array([point.co for point in found.get(f'key_blocks["{name}"].value', ())]).reshape(-1, 2)


def recorded_jaw(about: bpy.types.PropertyGroup, frames: np.ndarray) -> np.ndarray:
    """How far the mouth was open in the motion as it was shown."""
    live, seconds = load_motion(absolute(about.motion)).face, from_text(about.timing).seconds_at(frames)
    return np.interp(seconds, live.times, live.weights[:, INDEX["jawOpen"]])


def test_the_face_is_keyed_with_the_body_as_it_was_shown_in_one_undo_step(
    hero: bpy.types.Object,
    face: bpy.types.Object,
    record: Record,
) -> None:
    scene = bpy.context.scene
    record(0.6)
    about = scene.blazerig.takes[0].recorded
    assert (face.data.shape_keys.animation_data.action == action_of(hero)) == LAYERED
    frames, values = drawn(face, "jawOpen").T
    assert (frames[0], frames[-1]) == (about.first, about.last)
    np.testing.assert_allclose(values, recorded_jaw(about, frames), atol=2e-3)
    np.testing.assert_allclose(drawn(face, "eyeBlinkRight")[:, 1], 0.5, atol=1e-3)  # in a mirror
    scene.frame_set(about.first + 5)
    assert face.data.shape_keys.key_blocks["jawOpen"].value == pytest.approx(values[5], abs=1e-4)
    session.end()
    bpy.ops.ed.undo()
    face = bpy.data.objects["Face"]
    assert face.data.shape_keys.animation_data is None or not face.data.shape_keys.animation_data.action
    assert face.data.shape_keys.key_blocks["jawOpen"].value == pytest.approx(0.12)
    assert not bpy.data.actions


def test_a_range_is_punched_into_the_faces_keys(
    face: bpy.types.Object,
    record: Record,
) -> None:
    scene = bpy.context.scene
    record(1.0)
    before = drawn(face, "jawOpen")
    chosen = scene.blazerig.record
    chosen.mode, chosen.range_start, chosen.range_end, chosen.blend = "RANGE", 8, 14, 2
    record(1.5)
    after = drawn(face, "jawOpen")
    inside = (after[:, 0] > 9) & (after[:, 0] < 13)
    np.testing.assert_array_equal(after[after[:, 0] < 8], before[before[:, 0] < 8])
    np.testing.assert_array_equal(after[after[:, 0] > 14], before[before[:, 0] > 14])
    wanted = recorded_jaw(scene.blazerig.takes[1].recorded, after[inside, 0])
    np.testing.assert_allclose(after[inside, 1], wanted, atol=2e-3)


@pytest.mark.parametrize("mode", ["FREE", "RANGE"])
def test_finish_offline_keys_the_offline_face_where_the_live_one_was(
    hero: bpy.types.Object,
    face: bpy.types.Object,
    record: Record,
    monkeypatch: pytest.MonkeyPatch,
    mode: str,
) -> None:
    scene = bpy.context.scene
    record(0.8)
    chosen = scene.blazerig.record
    chosen.range_start, chosen.range_end, chosen.blend = 5, 12, 0
    if mode == "RANGE":
        chosen.mode = mode
        record(0.8)
    session.end()
    keys, about, before = face.data.shape_keys, scene.blazerig.takes[-1].recorded, drawn(face, "jawOpen")
    held = keys.animation_data.action
    slots = len(held.slots) if LAYERED else 0
    live = load_motion(absolute(about.motion))
    late = dataclasses.replace(live, face=dataclasses.replace(live.face, weights=1.0 - live.face.weights))
    monkeypatch.setattr(record_finish, "motion_of", lambda _scene: late)
    monkeypatch.setattr(record_finish, "solved", lambda _scene: late)
    if mode == "FREE":  # what animates the shape keys by now is not what the recording made
        keys.animation_data.action = bpy.data.actions.new("Mine")
    assert bpy.ops.blazerig.finish_offline() == {"FINISHED"}
    after = drawn(face, "jawOpen")
    assert (keys.animation_data.action, action_of(hero).name) == (held, "Live 1")
    assert (len(held.slots) if LAYERED else 0) == slots
    inside = (after[:, 0] > about.first) & (after[:, 0] < about.last)
    np.testing.assert_array_equal(after[:, 0], before[:, 0])
    wanted = 1.0 - recorded_jaw(about, after[inside, 0])
    np.testing.assert_allclose(after[inside, 1], wanted, atol=2e-3)
    outside = (after[:, 0] < about.first) | (after[:, 0] > about.last)
    np.testing.assert_array_equal(after[outside], before[outside])


def test_a_face_that_only_the_offline_solver_finds_is_keyed_when_it_has_finished(
    face: bpy.types.Object,
    record: Record,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def faceless(path: Path) -> Solution:
        return dataclasses.replace(load_motion(path), face=None)

    monkeypatch.setattr(record_keep, "load_motion", faceless)
    record(0.4)
    session.end()
    about = bpy.context.scene.blazerig.takes[0].recorded
    assert not len(drawn(face, "jawOpen"))
    late = load_motion(absolute(about.motion))
    monkeypatch.setattr(record_finish, "motion_of", lambda _scene: late)
    monkeypatch.setattr(record_finish, "solved", lambda _scene: late)
    assert bpy.ops.blazerig.finish_offline() == {"FINISHED"}
    frames, values = drawn(face, "jawOpen").T
    assert (frames[0], frames[-1]) == (about.first, about.last)
    np.testing.assert_allclose(values, recorded_jaw(about, frames), atol=2e-3)


def test_a_character_whose_face_shall_not_follow_is_recorded_without(
    hero: bpy.types.Object,
    face: bpy.types.Object,
    record: Record,
) -> None:
    scene = bpy.context.scene
    scene.blazerig.live.characters[0].face = False
    record(0.3)
    assert action_of(hero).name == "Live 1"
    assert not len(drawn(face, "jawOpen"))
    assert not [path for path in action_curves(hero) if "jaw_master" in path]
    scene.blazerig.live.characters[0].face = True
    record(0.3)
    assert len(drawn(face, "jawOpen"))
    assert not scene.blazerig.takes[0].recorded.keyed[0].face
    assert scene.blazerig.takes[1].recorded.keyed[0].face


def action_curves(armature: bpy.types.Object) -> list[str]:
    return [curve.data_path for curve in curves(armature)]
