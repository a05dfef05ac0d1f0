"""What Blender does while a character follows: frames, undo, files, rendering, switching off."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import blazerig
import bpy
import numpy as np
from blazerig.addon.live import handlers, session
from blazerig.addon.live.stream import Stream

Until = Callable[[Callable[[], object]], None]


def basis(armature: bpy.types.Object) -> np.ndarray:
    return np.array([bone.matrix_basis for bone in armature.pose.bones])


def shown(armature: bpy.types.Object) -> np.ndarray:
    """As Blender evaluates the bones: what is seen."""
    evaluated = armature.evaluated_get(bpy.context.evaluated_depsgraph_get())
    return np.array([bone.matrix for bone in evaluated.pose.bones])


def started(source: str, until: Until) -> Stream:
    assert bpy.ops.blazerig.live_start(source=source, armature="Hero") == {"FINISHED"}
    until(lambda: session.current().seen)
    return session.current().stream


def ended(stream: Stream) -> bool:
    return stream._process.poll() is not None


def test_the_performer_has_the_last_word_over_an_action_while_the_scene_plays(
    hero: bpy.types.Object, until: Until
) -> None:
    scene, bone = bpy.context.scene, hero.pose.bones["upper_arm_fk.L"]
    for frame, angle in ((1, 0.0), (20, 1.0)):
        bone.rotation_quaternion = (np.cos(angle / 2), np.sin(angle / 2), 0.0, 0.0)
        bone.keyframe_insert("rotation_quaternion", frame=frame)
    scene.frame_set(10)
    animated = shown(hero)
    started("still", until)
    bpy.context.view_layer.update()
    live = shown(hero)
    assert not np.allclose(live, animated, atol=1e-2)
    for frame in (11, 20, 3):
        scene.frame_set(frame)
        assert np.allclose(shown(hero), live, atol=1e-5)
    bpy.ops.blazerig.live_stop()
    bpy.context.view_layer.update()
    scene.frame_set(10)
    assert np.allclose(shown(hero), animated, atol=1e-5)


def test_what_stops_shows_the_action_at_the_present_frame(hero: bpy.types.Object, until: Until) -> None:
    scene, bone = bpy.context.scene, hero.pose.bones["upper_arm_fk.L"]
    for frame, turned in ((1, (1.0, 0.0, 0.0, 0.0)), (20, (0.0, 1.0, 0.0, 0.0))):
        bone.rotation_quaternion = turned
        bone.keyframe_insert("rotation_quaternion", frame=frame)
    scene.frame_set(20)
    animated = shown(hero)
    scene.frame_set(1)
    started("still", until)
    scene.frame_set(20)
    bpy.ops.blazerig.live_stop()
    bpy.context.view_layer.update()
    assert np.allclose(shown(hero), animated, atol=1e-5)


def test_undo_and_redo_know_nothing_of_it_while_it_runs_and_after(
    hero: bpy.types.Object, until: Until
) -> None:
    before = basis(hero)
    bpy.ops.ed.undo_push(message="begin")
    started("moving", until)
    bpy.context.scene.frame_end = 11
    bpy.ops.ed.undo_push(message="once")
    bpy.context.scene.frame_end = 12
    bpy.ops.ed.undo_push(message="twice")
    for step in (bpy.ops.ed.undo, bpy.ops.ed.undo, bpy.ops.ed.redo):
        step()
        number = session.current().seen.number
        until(lambda number=number: session.current().seen.number > number)
        now = basis(bpy.data.objects["Hero"])
        assert not np.allclose(now, before, atol=1e-2)
    assert bpy.context.scene.frame_end == 11
    bpy.ops.blazerig.live_stop()
    assert np.array_equal(basis(bpy.data.objects["Hero"]), before)
    for step in (bpy.ops.ed.redo, bpy.ops.ed.undo, bpy.ops.ed.undo):
        step()
        assert np.array_equal(basis(bpy.data.objects["Hero"]), before)
        assert not any(one.kept for one in bpy.context.scene.blazerig.live.characters)


def test_a_file_that_is_saved_meanwhile_holds_the_pose_from_before(
    hero: bpy.types.Object, until: Until, tmp_path: Path
) -> None:
    before = basis(hero)
    stream = started("still", until)
    live = basis(hero)
    path = str(tmp_path / "saved.blend")
    bpy.ops.wm.save_as_mainfile(filepath=path, copy=True)
    assert np.array_equal(basis(hero), live)
    bpy.ops.wm.open_mainfile(filepath=path)
    assert session.current() is None
    assert ended(stream)
    assert np.array_equal(basis(bpy.data.objects["Hero"]), before)


def test_a_file_that_a_crash_left_behind_is_put_right(
    hero: bpy.types.Object, until: Until, tmp_path: Path
) -> None:
    before = basis(hero)
    started("still", until)
    path = tmp_path / "crashed.blend"
    bpy.data.libraries.write(str(path), {bpy.context.scene, hero})  # as an autosave, which tells nobody
    bpy.ops.blazerig.live_stop()
    with bpy.data.libraries.load(str(path)) as (there, wanted):
        wanted.scenes = there.scenes
    scene = wanted.scenes[0]
    other = scene.blazerig.live.characters[0].armature
    assert not np.array_equal(basis(other), before)
    handlers._after_loading("")
    assert np.array_equal(basis(other), before)


def test_a_new_file_and_switching_off_end_it(hero: bpy.types.Object, until: Until) -> None:
    before = basis(hero)
    stream = started("moving", until)
    blazerig.unregister()
    assert ended(stream)
    assert not bpy.app.timers.is_registered(session._tick)
    assert np.array_equal(basis(hero), before)
    blazerig.register()
    stream = started("moving", until)
    bpy.ops.wm.read_homefile(use_empty=True)
    assert session.current() is None
    assert ended(stream)


def test_it_ends_with_its_scene(hero: bpy.types.Object, until: Until) -> None:
    other = bpy.data.scenes.new("Other")
    stream = started("moving", until)
    bpy.data.scenes.remove(bpy.context.scene)
    assert not session.update()
    assert ended(stream)
    assert other.name == "Other"
    assert hero.name == "Hero"
