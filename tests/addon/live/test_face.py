"""A face that follows live: shape keys and bones of the character, which it gets back in the end."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import bpy
import numpy as np
import pytest
from blazerig.addon.live import session, words
from blazerig.addon.live.face_drive import FaceDrive, shapes_of
from blazerig.solver import rotations
from blazerig.solver.face.face_motion import FaceMotion
from blazerig.solver.face.shapes import INDEX, SHAPES
from blazerig.solver.rig import Rig

AddFace = Callable[..., bpy.types.Object]
Until = Callable[[Callable[[], object]], None]
NAMES = ("jawOpen", "eyeBlinkLeft", "eyeBlinkRight", "mouthSmileLeft")


def values(thing: bpy.types.Object) -> dict[str, float]:
    return {block.name: round(block.value, 2) for block in thing.data.shape_keys.key_blocks[1:]}


def shown(thing: bpy.types.Object) -> list[float]:
    """How high each vertex is, as Blender works the mesh out: what is seen."""
    evaluated = thing.evaluated_get(bpy.context.evaluated_depsgraph_get())
    return [round(vertex.co.z, 3) for vertex in evaluated.data.vertices][:-1]


def follow(until: Until, source: str = "still") -> None:
    bpy.context.scene.blazerig.live.face = True
    assert bpy.ops.blazerig.live_start(source=source, armature="Hero") == {"FINISHED"}
    until(lambda: session.current().seen)


def next_pose(until: Until, seconds: float = 0.0) -> None:
    """Lets one more pose come, after some time."""
    later = time.monotonic() + seconds
    until(lambda: time.monotonic() >= later)
    number = session.current().seen.number
    until(lambda: session.current().seen.number > number)


def jaw(number: int) -> float:
    """How far the worker's mouth is open in its frame of a number."""
    return 0.5 + 0.4 * np.sin(0.1 * number)


@pytest.mark.parametrize("mirror", [False, True])
def test_shape_keys_follow_in_a_mirror_or_not_and_get_their_values_back(
    hero: bpy.types.Object, add_face: AddFace, until: Until, *, mirror: bool
) -> None:
    face = add_face(hero, *NAMES)
    face.data.shape_keys.key_blocks["eyeBlinkRight"].value = 0.25
    before = values(face)
    bpy.context.scene.blazerig.live.mirror = mirror
    follow(until)
    left, right = (0.0, 0.5) if mirror else (0.5, 0.0)
    np.testing.assert_allclose(shown(face), [jaw(1), left, right, 0.0], atol=2e-3)
    assert words.advice(session.current()).endswith("with a relaxed face")
    assert bpy.data.actions.keys() == []
    assert face.data.shape_keys.animation_data is None
    assert bpy.ops.blazerig.live_stop() == {"FINISHED"}
    assert values(face) == before
    assert shown(face) == [0.0, 0.0, 0.25, 0.0]


def test_bones_of_the_face_follow_beside_the_body_and_are_posed_as_before_in_the_end(
    hero: bpy.types.Object, until: Until
) -> None:
    bones, before = hero.pose.bones, {}
    bones["jaw_master"].location = (0.0, 0.0, 0.01)
    for bone in bones:
        before[bone.name] = (tuple(bone.location), tuple(bone.rotation_quaternion))
    follow(until)
    turned = bones["jaw_master"].rotation_quaternion.angle
    assert np.degrees(min(turned, 2 * np.pi - turned)) == pytest.approx(22.0 * jaw(1), abs=0.1)
    assert bones["lid.T.R.002"].location.length > 1e-4  # in a mirror
    assert bones["lid.T.L.002"].location.length < 1e-6
    bpy.ops.blazerig.live_stop()
    for bone in bones:
        assert (tuple(bone.location), tuple(bone.rotation_quaternion)) == before[bone.name], bone.name


def test_what_is_not_asked_for_is_left_alone(hero: bpy.types.Object, add_face: AddFace, until: Until) -> None:
    face = add_face(hero, *NAMES)
    keys = face.data.shape_keys
    keys.key_blocks["jawOpen"].driver_add("value").driver.expression = "0.75"
    bpy.context.view_layer.update()
    before = values(face)
    bpy.ops.blazerig.live_start(source="still", armature="Hero")
    until(lambda: session.current().seen)
    assert values(face) == before  # the worker looks for no face
    assert hero.pose.bones["jaw_master"].rotation_quaternion.angle == 0.0
    live = bpy.context.scene.blazerig.live
    follow(until, "moving")
    assert values(face)["eyeBlinkRight"] == 0.5
    bpy.context.view_layer.update()
    assert values(face)["jawOpen"] == 0.75
    live.characters[0].face = False
    next_pose(until)
    assert values(face)["eyeBlinkRight"] == 0.0
    live.characters[0].face = True
    next_pose(until)
    assert values(face)["eyeBlinkRight"] == 0.5
    live.face = False
    next_pose(until)
    assert values(face)["eyeBlinkRight"] == 0.0
    bpy.ops.blazerig.live_stop()


def test_gains_switches_and_smoothing_of_the_face_panel_count(
    hero: bpy.types.Object, add_face: AddFace, until: Until
) -> None:
    face = add_face(hero, *NAMES)
    face.data.shape_keys.key_blocks["jawOpen"].value = 0.3
    bpy.ops.blazerig.recognise_face(armature="Hero")
    lines = hero.blazerig_face.shapes
    lines["eyeBlinkRight"].gain = 0.5
    lines["jawOpen"].use = False
    follow(until, "moving")
    assert (values(face)["eyeBlinkRight"], values(face)["jawOpen"]) == (0.25, 0.3)
    lines["eyeBlinkRight"].gain = 3.0
    lines["jawOpen"].use = True
    next_pose(until, seconds=0.6)
    assert values(face)["eyeBlinkRight"] == 1.0
    assert values(face)["jawOpen"] == pytest.approx(jaw(session.current().seen.number), abs=0.01)
    lines["jawOpen"].use = False
    next_pose(until, seconds=0.6)
    assert values(face)["jawOpen"] == 0.3
    bpy.ops.blazerig.live_stop()
    assert values(face) == {**dict.fromkeys(values(face), 0.0), "jawOpen": 0.3}


def motion(at: float, **weights: float) -> FaceMotion:
    row = np.zeros((1, len(SHAPES)))
    for shape, weight in weights.items():
        row[0, INDEX[shape]] = weight
    rest = rotations.IDENTITY[None], np.zeros((1, 3)), np.zeros((1, 2, 2)), np.ones(1)
    return FaceMotion(np.array([at]), row, *rest)


def test_smoothing_is_a_low_pass_of_that_many_hertz_and_a_frame_shown_twice_moves_on_no_further(
    hero: bpy.types.Object, add_face: AddFace, rig: Rig
) -> None:
    face = add_face(hero, "jawOpen", "mouthSmileLeft")
    bpy.ops.blazerig.recognise_face(armature="Hero")
    hero.blazerig_face.shapes["jawOpen"].cutoff = 2.0
    drive = FaceDrive(hero, rig, shapes_of(hero), mirror=False)
    drive.put(hero, motion(0.0))
    seen = []
    for number in range(1, 31):
        for _twice in range(2):  # a frame of the scene that changes shows it again
            drive.put(hero, motion(number / 100.0, jawOpen=1.0, mouthSmileLeft=1.0))
        seen.append(list(values(face).values()))
    jaws, smiles = np.array(seen).T
    assert (smiles == 1.0).all()
    rise = 1.0 - np.exp(-2.0 * np.pi * 2.0 * np.arange(1, 31) / 100.0)
    np.testing.assert_allclose(jaws, rise, atol=0.03)


def test_the_performer_has_the_last_word_over_the_faces_action_while_the_scene_plays(
    hero: bpy.types.Object, add_face: AddFace, until: Until
) -> None:
    scene, face = bpy.context.scene, add_face(hero, *NAMES)
    block = face.data.shape_keys.key_blocks["jawOpen"]
    for frame, value in ((1, 0.0), (11, 1.0)):
        block.value = value
        block.keyframe_insert("value", frame=frame)
    scene.frame_set(1)
    follow(until)
    for frame in (2, 6, 11):
        scene.frame_set(frame)
        assert shown(face)[0] == pytest.approx(jaw(1), abs=2e-3)
    session.rest(resting=True)
    assert shown(face)[0] == 1.0
    session.rest(resting=False)
    next_shown = session.put_on(session.current(), scene)
    assert next_shown
    assert shown(face)[0] == pytest.approx(jaw(1), abs=2e-3)
    bpy.ops.blazerig.live_stop()
    assert shown(face)[0] == 1.0  # of the frame that shows now, not of the one when it began
    assert [len(curve.keyframe_points) for curve in _curves(face)] == [2]


def _curves(thing: bpy.types.Object) -> list[bpy.types.FCurve]:
    from blazerig.addon.animate.actions import curves

    return list(curves(thing.data.shape_keys))


def test_meshes_may_come_go_and_change_meanwhile(
    hero: bpy.types.Object, add_face: AddFace, until: Until
) -> None:
    first = add_face(hero, *NAMES)
    follow(until, "moving")
    second = add_face(hero, "jawOpen", called="Beard")
    second.data.shape_keys.key_blocks["jawOpen"].value = 0.12
    next_pose(until, seconds=0.6)
    assert values(second)["jawOpen"] == values(first)["jawOpen"] > 0.05
    first.shape_key_add(name="mouthFunnel", from_mix=False)
    first.data.shape_keys.key_blocks["eyeBlinkLeft"].name = "wink"
    next_pose(until)
    bpy.data.objects.remove(first)
    next_pose(until, seconds=0.6)
    assert values(second)["jawOpen"] == pytest.approx(jaw(session.current().seen.number), abs=0.01)
    bpy.ops.blazerig.live_stop()
    assert values(second)["jawOpen"] == 0.12


def test_a_mesh_that_loses_all_its_shape_keys_is_let_be_and_the_body_follows_on(
    hero: bpy.types.Object, add_face: AddFace, until: Until
) -> None:
    face = add_face(hero, *NAMES)
    follow(until, "moving")
    face.shape_key_clear()
    next_pose(until)
    next_pose(until, seconds=0.6)
    now, arm = session.current(), hero.pose.bones["upper_arm_fk.L"].rotation_quaternion.copy()
    assert not now.error
    assert now.drives.failure(bpy.context.scene.blazerig.live.characters[0]) == ""
    next_pose(until, seconds=0.1)
    assert hero.pose.bones["upper_arm_fk.L"].rotation_quaternion != arm
    assert bpy.ops.blazerig.live_stop() == {"FINISHED"}
    assert face.data.shape_keys is None


def test_two_characters_that_share_a_mesh_get_its_values_back(
    hero: bpy.types.Object, add_face: AddFace, until: Until
) -> None:
    face = add_face(hero, *NAMES)
    face.data.shape_keys.key_blocks["jawOpen"].value = 0.12
    twin = hero.copy()
    twin.name = "Twin"
    shared = bpy.data.objects.new("Shared", face.data)
    shared.parent = twin
    for thing in (twin, shared):
        bpy.context.scene.collection.objects.link(thing)
    bpy.ops.blazerig.live_add_character(armature="Twin")
    follow(until, "moving")
    next_pose(until)
    live = bpy.context.scene.blazerig.live
    assert all(character.kept for character in live.characters)
    live.characters[0].enabled = False
    next_pose(until)
    live.characters[0].enabled = True
    next_pose(until)
    bpy.ops.blazerig.live_stop()
    assert values(face)["jawOpen"] == 0.12


def test_undo_while_live_and_afterwards_finds_the_face_as_it_was(
    hero: bpy.types.Object, add_face: AddFace, until: Until, tmp_path: Path
) -> None:
    add_face(hero, *NAMES).data.shape_keys.key_blocks["jawOpen"].value = 0.12
    bpy.context.scene.blazerig.live.face = True
    bpy.ops.ed.undo_push(message="begin")
    follow(until, "moving")
    for frame in (11, 12):
        bpy.context.scene.frame_end = frame
        bpy.ops.ed.undo_push(message=str(frame))
    for step in (bpy.ops.ed.undo, bpy.ops.ed.undo, bpy.ops.ed.redo):
        step()
        next_pose(until)
        assert values(bpy.data.objects["Face"])["eyeBlinkRight"] == 0.5
    path = str(tmp_path / "saved.blend")
    bpy.ops.wm.save_as_mainfile(filepath=path, copy=True)
    assert values(bpy.data.objects["Face"])["eyeBlinkRight"] == 0.5
    bpy.ops.blazerig.live_stop()
    bpy.ops.ed.redo()
    assert values(bpy.data.objects["Face"])["jawOpen"] == 0.12
    bpy.ops.wm.open_mainfile(filepath=path)
    face = bpy.data.objects["Face"]
    assert values(face) == {**dict.fromkeys(values(face), 0.0), "jawOpen": 0.12}


def test_a_character_without_a_face_is_told_of_and_its_body_follows(
    hero: bpy.types.Object, until: Until
) -> None:
    for bone in hero.data.bones:
        if any(word in bone.name for word in ("jaw", "lid", "lip", "eye", "brow", "cheek", "nose")):
            bone.name = f"x{bone.name}x"
    follow(until)
    now = session.current()
    character = bpy.context.scene.blazerig.live.characters[0]
    assert "nothing to show a face with" in now.drives.hint(character)
    assert now.drives.failure(character) == ""
    assert "face" not in words.trouble(now)
    bpy.context.scene.blazerig.live.face = False
    now.drives.check(bpy.context.scene)
    assert now.drives.hint(character) == ""
    bpy.ops.blazerig.live_stop()


@pytest.fixture
def rig(hero: bpy.types.Object) -> Rig:
    from blazerig.addon.animate.rig import keyed_rig
    from blazerig.addon.character.armature import match_of

    return keyed_rig(hero, match_of(hero), scene=bpy.context.scene, controls="fk")
