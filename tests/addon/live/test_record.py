"""What is recorded while live becomes a take and an Action in one undo step, whatever happens meanwhile."""

from __future__ import annotations

import dataclasses
import json
import time
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import bpy
import numpy as np
import pytest
from blazerig.addon import job
from blazerig.addon.live import record_finish, record_session, session
from blazerig.addon.live.characters import Drives
from blazerig.addon.live.record_timing import from_text, posed_at
from blazerig.addon.takes.files import absolute
from blazerig.addon.takes.folder import takes_folder
from blazerig.solver.motion import load_motion, motion_beside
from blazerig.take import load_take

SECONDS = 20.0
"""That anything here may take."""


@pytest.fixture
def scene(hero: bpy.types.Object, tmp_path: Path) -> Iterator[bpy.types.Scene]:
    """Of a saved file with a character, in which someone is followed."""
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "scene.blend"))
    bpy.context.view_layer.objects.active = hero
    bpy.context.scene.blazerig.record.count_in = 0.0
    yield bpy.context.scene
    session.end()


def go_on(true: Callable[[], object]) -> None:
    """As Blender's timers do, until something is true."""
    deadline = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < deadline, job.status().message
        session.update()
        record_session.update()
        time.sleep(0.002)


def wait(seconds: float) -> None:
    until = time.monotonic() + seconds
    go_on(lambda: time.monotonic() > until)


def follow(source: str = "recorder") -> None:
    assert bpy.ops.blazerig.live_start(source=source, armature="Hero") == {"FINISHED"}
    go_on(lambda: session.current().rolling.figures(time.perf_counter()).rate or source != "recorder")
    go_on(lambda: session.current().ready)


def record(seconds: float = 0.5) -> None:
    assert bpy.ops.blazerig.live_record() == {"FINISHED"}
    wait(seconds)
    if record_session.current() is not None:
        assert bpy.ops.blazerig.live_record_stop() == {"FINISHED"}
    go_on(lambda: record_session.current() is None)


def action_of(armature: bpy.types.Object) -> bpy.types.Action | None:
    return armature.animation_data.action if armature.animation_data else None


def matrices(armature: bpy.types.Object) -> np.ndarray:
    bpy.context.view_layer.update()
    return np.array([bone.matrix for bone in armature.pose.bones])


def curves(armature: bpy.types.Object) -> dict[tuple[str, int], np.ndarray]:
    """Frames and values of every F-curve."""
    from blazerig.addon.animate.actions import curves as all_curves

    return {
        (curve.data_path, curve.array_index): np.array([point.co for point in curve.keyframe_points])
        for curve in all_curves(armature)
    }


def test_a_recording_is_a_take_and_an_action_in_one_undo_step(
    scene: bpy.types.Scene, hero: bpy.types.Object
) -> None:
    follow()
    bpy.ops.ed.undo_push(message="before")
    scene.frame_set(11)
    record(0.6)
    (item,) = scene.blazerig.takes
    action = action_of(hero)
    assert (item.name, action.name) == ("Live 1", "Live 1")
    assert absolute(item.filepath) == takes_folder() / "Live 1.npz"
    assert item.recorded.first == 11
    assert 20 <= item.recorded.last <= 30
    assert "Live 1" in job.status().message
    assert "keyed in" in job.status().message
    assert session.current().resting
    session.end()
    bpy.ops.ed.undo()
    hero = bpy.data.objects["Hero"]
    assert not bpy.context.scene.blazerig.takes
    assert action_of(hero) is None
    assert "Live 1" not in bpy.data.actions
    bpy.ops.ed.redo()
    hero = bpy.data.objects["Hero"]
    assert [item.name for item in bpy.context.scene.blazerig.takes] == ["Live 1"]
    assert action_of(hero).name == "Live 1"
    assert absolute(bpy.context.scene.blazerig.takes[0].filepath).is_file()


def test_what_plays_back_is_what_was_shown(scene: bpy.types.Scene, hero: bpy.types.Object) -> None:
    scene.render.fps = 25
    follow()
    asked = time.perf_counter()
    scene.blazerig.record.count_in = 0.4
    record(1.2)
    about = scene.blazerig.takes[0].recorded
    timing, pose = from_text(about.timing), load_motion(absolute(about.motion)).pose
    session.end()
    frame = (about.first + about.last) // 2
    at = posed_at(pose, timing.seconds_at(np.array([float(frame)])))
    Drives().put(scene, at)
    shown = matrices(hero)
    scene.frame_set(frame)
    np.testing.assert_allclose(matrices(hero), shown, atol=1e-3)
    assert {tuple(np.diff(points[:, 0])) for points in curves(hero).values() if len(points) > 1} == {
        (1.0,) * (about.last - about.first)
    }
    # Frame 1 is what was captured when the count-in was over, not when it arrived.
    assert timing.frames_at(np.array(0.0)) < 1.0
    began = load_take(takes_folder() / "Live 1.npz").times[0]
    assert began == 0.0
    assert time.perf_counter() - asked > 1.2


def test_a_range_is_punched_into_the_present_action(scene: bpy.types.Scene, hero: bpy.types.Object) -> None:
    follow()
    record(1.0)
    before = curves(hero)
    last = scene.blazerig.takes[0].recorded.last
    chosen = scene.blazerig.record
    chosen.mode, chosen.range_start, chosen.range_end, chosen.blend = "RANGE", 8, 14, 2
    assert bpy.ops.blazerig.live_record() == {"FINISHED"}
    go_on(lambda: record_session.current() is None)  # it ends by itself
    assert [item.name for item in scene.blazerig.takes] == ["Live 1", "Live 2"]
    assert action_of(hero).name == "Live 1"
    about = scene.blazerig.takes[1].recorded
    assert (about.first, about.last, about.keyed[0].replaced) == (8, 14, True)
    changed = 0
    for path, points in curves(hero).items():
        old = before[path]
        outside = (old[:, 0] < 8) | (old[:, 0] > 14)
        if len(old) > 1:
            np.testing.assert_array_equal(points[(points[:, 0] < 8) | (points[:, 0] > 14)], old[outside])
            changed += not np.allclose(points[(points[:, 0] > 9) & (points[:, 0] < 13)], old[9:12])
    assert changed
    assert last > 14


def test_a_loop_gives_a_numbered_take_each_time(scene: bpy.types.Scene, hero: bpy.types.Object) -> None:
    chosen = scene.blazerig.record
    chosen.mode, chosen.range_start, chosen.range_end = "LOOP", 1, 12
    follow()
    record(1.3)
    names = [item.name for item in scene.blazerig.takes]
    assert len(names) > 2
    assert names == [f"Live {number}" for number in range(1, len(names) + 1)]
    assert all(name in bpy.data.actions for name in names)
    assert action_of(hero).name == names[-1]
    assert [item.recorded.last for item in scene.blazerig.takes][:2] == [12, 12]
    assert all(item.frames > 20 for item in scene.blazerig.takes[:2])


def test_a_playing_scene_gives_the_frames(
    scene: bpy.types.Scene, hero: bpy.types.Object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Playback needs a window: what it would show is said to the handlers."""
    monkeypatch.setattr(record_session.playback, "playing", lambda _scene: True)
    chosen = scene.blazerig.record
    chosen.mode, chosen.range_start, chosen.range_end = "RANGE", 40, 50
    follow()
    assert bpy.ops.blazerig.live_record() == {"FINISHED"}
    for frame in range(30, 65, 3):
        scene.frame_set(frame)
        wait(0.2)  # slower than it should be played
    go_on(lambda: record_session.current() is None)
    about = scene.blazerig.takes[0].recorded
    assert (about.first, about.last) == (40, 50)
    knots = np.array(json.loads(about.timing))
    pace = np.diff(knots[:, 1]).sum() / np.diff(knots[:, 0]).sum()
    assert pace < 0.7 * scene.render.fps
    assert action_of(hero).frame_range[0] == 40.0


def test_of_a_worker_that_is_killed_what_was_kept_is_kept(
    scene: bpy.types.Scene, hero: bpy.types.Object
) -> None:
    follow()
    assert bpy.ops.blazerig.live_record() == {"FINISHED"}
    wait(1.0)
    session.current().stream._process.kill()
    go_on(lambda: record_session.current() is None)
    (item,) = scene.blazerig.takes
    assert item.frames > 10
    assert action_of(hero).name == "Live 1"
    assert "Live 1" in job.status().message
    assert not list(takes_folder().glob("*.kept.*"))


def test_live_that_is_stopped_while_recording_keeps_it(
    scene: bpy.types.Scene, hero: bpy.types.Object
) -> None:
    follow()
    assert bpy.ops.blazerig.live_record() == {"FINISHED"}
    wait(0.5)
    assert bpy.ops.blazerig.live_stop() == {"FINISHED"}
    go_on(lambda: record_session.current() is None)
    assert [item.name for item in scene.blazerig.takes] == ["Live 1"]
    assert action_of(hero).name == "Live 1"
    kept = matrices(hero)
    scene.frame_set(scene.blazerig.takes[0].recorded.first + 3)
    assert not np.allclose(kept, matrices(hero))


def test_a_microphone_is_recorded_into_a_strip_at_the_takes_first_frame(
    scene: bpy.types.Scene, tmp_path: Path
) -> None:
    source = tmp_path / "microphone.wav"
    with wave.open(str(source), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(np.full(8000 * 10, 1000, np.int16).tobytes())
    chosen = scene.blazerig.record
    chosen.sound, chosen.microphone, chosen.count_in = True, str(source), 0.5
    scene.frame_set(30)
    follow()
    record(1.5)
    (item,) = scene.blazerig.takes
    editor = scene.sequence_editor
    (strip,) = editor.strips if hasattr(editor, "strips") else editor.sequences
    timing = from_text(item.recorded.timing)
    assert abs(strip.frame_final_start - timing.frames_at(np.zeros(()))) <= 0.5
    with wave.open(str(absolute(item.filepath).with_suffix(".wav"))) as file:
        seconds = file.getnframes() / file.getframerate()
    assert seconds == pytest.approx(item.seconds, abs=0.01)


@pytest.mark.parametrize("mode", ["FREE", "RANGE"])
def test_finish_offline_puts_its_keys_where_those_of_the_recording_were(
    scene: bpy.types.Scene, hero: bpy.types.Object, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    follow()
    record(0.8)
    chosen = scene.blazerig.record
    chosen.range_start, chosen.range_end, chosen.blend = 5, 12, 0
    if mode == "RANGE":
        chosen.mode = mode
        record(0.8)
    session.end()
    about, before, action = scene.blazerig.takes[-1].recorded, curves(hero), action_of(hero)
    live = load_motion(absolute(about.motion))
    late = dataclasses.replace(live.pose, rotations=live.pose.rotations[::-1], hips=live.pose.hips + 5.0)
    monkeypatch.setattr(record_finish, "motion_of", lambda _scene: live)
    monkeypatch.setattr(record_finish, "solved", lambda _scene: dataclasses.replace(live, pose=late))
    assert bpy.ops.blazerig.finish_offline() == {"FINISHED"}
    after = curves(hero)
    assert action_of(hero) == action
    assert set(after) == set(before)
    changed = []
    for path, points in after.items():
        assert points[:, 0].tolist() == before[path][:, 0].tolist()
        outside = (points[:, 0] < about.first) | (points[:, 0] > about.last)
        np.testing.assert_array_equal(points[outside], before[path][outside])
        changed.append(not np.allclose(points, before[path], atol=1e-3))
    assert any(changed)
    root = np.array([bone.head for bone in hero.pose.bones if bone.name == "torso"])
    assert np.abs(root[:, :2]).max() < 1.0  # where the live one was, not five metres off


def test_where_nobody_was_seen_nothing_is_made_and_that_is_told(scene: bpy.types.Scene) -> None:
    follow("empty room")
    record(0.3)
    assert not scene.blazerig.takes
    assert "obody was seen" in job.status().message
    assert not list(takes_folder().iterdir())


def test_a_count_in_that_is_cancelled_leaves_nothing(scene: bpy.types.Scene) -> None:
    scene.blazerig.record.count_in = 5.0
    follow()
    record(0.2)
    assert not scene.blazerig.takes
    assert not list(takes_folder().iterdir())


def test_a_range_without_frames_is_refused(scene: bpy.types.Scene) -> None:
    chosen = scene.blazerig.record
    chosen.mode, chosen.range_start, chosen.range_end = "RANGE", 8, 8
    follow()
    with pytest.raises(RuntimeError, match="No frames lie from 8 to 8"):
        bpy.ops.blazerig.live_record()
    assert record_session.current() is None


def test_a_character_that_is_gone_leaves_the_take(scene: bpy.types.Scene, hero: bpy.types.Object) -> None:
    follow()
    assert bpy.ops.blazerig.live_record() == {"FINISHED"}
    wait(0.3)
    bpy.data.objects.remove(hero)
    wait(0.1)
    assert bpy.ops.blazerig.live_record_stop() == {"FINISHED"}
    go_on(lambda: record_session.current() is None)
    assert [item.name for item in scene.blazerig.takes] == ["Live 1"]


def test_a_file_that_is_saved_or_opened_while_recording_loses_nothing(
    scene: bpy.types.Scene, tmp_path: Path
) -> None:
    follow()
    assert bpy.ops.blazerig.live_record() == {"FINISHED"}
    wait(0.3)
    bpy.ops.wm.save_mainfile()
    folder = takes_folder()
    wait(0.2)
    assert scene.blazerig.record.count_in == 0.0
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "scene.blend"))
    assert record_session.current() is None
    assert len(load_take(folder / "Live 1.npz")) > 20
    assert "Live 1.npz" in job.status().message
    assert motion_beside(folder / "Live 1.npz").is_file()
