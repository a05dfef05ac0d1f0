"""The face in the steps of the work: solved by the worker, keyed, previewed, chosen in its panel."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Iterator
from pathlib import Path

import blazerig
import bpy
import numpy as np
import pytest
from blazerig.addon import job, worker
from blazerig.addon.animate.actions import LAYERED
from blazerig.addon.takes.folder import takes_folder
from blazerig.addon.takes.takes import add_take
from blazerig.solver.face.table import load_table
from blazerig.take import Face, Take, load_take, save_take

CLIP = Path(__file__).parents[1] / "sample" / "steps.mp4"
UPPER_LIDS = ((386, 385, 387), (159, 158, 160))
LOWER_LIDS = ((374, 380, 373), (145, 153, 144))


def blinking(take: Take) -> Take:
    """The take with a face before the camera that shuts its eyes once."""
    frames = len(take.times)
    shut = np.exp(-(((np.arange(frames) - frames // 2) / 3.0) ** 2))
    face = np.tile(load_table().reference, (frames, 1, 1))
    for upper, lower in zip(UPPER_LIDS, LOWER_LIDS, strict=True):
        face[:, upper] += shut[:, None, None] * (face[:, lower] - face[:, upper])
    points = face + np.array([0.0, 0.0, 0.6])
    focal, (width, height) = take.focal or 1000.0, take.size
    image = focal * points / points[..., 2:] + [width / 2, height / 2, 0.0]
    image[..., 2] = focal * face[..., 2] / 0.6
    return dataclasses.replace(take, face=Face(image, np.ones(frames)), focal=focal)


@pytest.fixture(scope="module")
def takes(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A take with a face, and the same without."""
    folder = tmp_path_factory.mktemp("takes")
    with worker.track(CLIP, folder / "plain.npz", ["--end", "0.7", "--no-hands"]) as process:
        while process.running():
            pass
        process.result()
    save_take(blinking(load_take(folder / "plain.npz")), folder / "face.npz")
    return folder / "face.npz", folder / "plain.npz"


@pytest.fixture
def hero(character: Path) -> Iterator[bpy.types.Object]:
    """A human whose mesh has two expressions, in a new file, BlazeRig switched on."""
    bpy.ops.wm.open_mainfile(filepath=str(character))
    blazerig.register()
    bpy.context.scene.render.fps = 30
    armature = bpy.data.objects["Hero"]
    mesh = bpy.data.meshes.new("Face")
    mesh.from_pydata([(0, 0, 0), (1, 0, 0), (0, 1, 0)], [], [(0, 1, 2)])
    thing = bpy.data.objects.new("Face", mesh)
    bpy.context.scene.collection.objects.link(thing)
    for name in ("Basis", "eyeBlinkLeft", "eyeBlinkRight"):
        thing.shape_key_add(name=name).value = 0.0
    thing.parent = armature
    bpy.context.view_layer.objects.active = armature
    yield armature
    blazerig.unregister()
    shutil.rmtree(takes_folder(), ignore_errors=True)


def shape_keys() -> bpy.types.Key:
    return bpy.data.objects["Face"].data.shape_keys


def blinks() -> list[float]:
    """How far the left eye is shut in each frame."""
    scene, found = bpy.context.scene, []
    for frame in range(scene.frame_start, scene.frame_start + 20):
        scene.frame_set(frame)
        graph = bpy.context.evaluated_depsgraph_get()
        mesh = bpy.data.objects["Face"].evaluated_get(graph).data
        found.append(mesh.shape_keys.key_blocks["eyeBlinkLeft"].value)
    return found


def test_animate_solves_and_keys_the_face_too(hero: bpy.types.Object, takes: tuple[Path, Path]) -> None:
    assert bpy.ops.blazerig.animate(filepath=str(takes[0])) == {"FINISHED"}
    assert (shape_keys().animation_data.action == hero.animation_data.action) == LAYERED
    shut = blinks()
    assert max(shut) > 0.8
    assert shut[0] < 0.1
    assert abs(int(np.argmax(shut)) - 10) <= 1
    assert "eyeBlinkLeft, eyeBlinkRight" in job.status().message


def test_the_checkbox_and_a_take_without_a_face_leave_it_alone(
    hero: bpy.types.Object, takes: tuple[Path, Path]
) -> None:
    bpy.context.scene.blazerig.animate.face = False
    bpy.ops.blazerig.animate(filepath=str(takes[0]))
    bpy.context.scene.blazerig.animate.face = True
    bpy.ops.blazerig.animate(filepath=str(takes[1]))
    assert hero.animation_data.action is not None
    assert shape_keys().animation_data is None
    assert "face" not in job.status().message


def test_the_list_knows_which_takes_have_a_face(hero: bpy.types.Object, takes: tuple[Path, Path]) -> None:
    assert hero
    assert [add_take(bpy.context.scene, path).face for path in takes] == [True, False]


@pytest.mark.parametrize("mine", [True, False])
def test_the_preview_shows_the_face_and_gives_back_what_was_there(
    hero: bpy.types.Object, takes: tuple[Path, Path], *, mine: bool
) -> None:
    keys, settings = shape_keys(), bpy.context.scene.blazerig.animate
    settings.face = mine
    bpy.ops.blazerig.animate(filepath=str(takes[0]))
    settings.face = True
    keys.key_blocks["eyeBlinkRight"].value = 0.25
    before = (hero.animation_data.action, keys.animation_data and keys.animation_data.action)
    slot = LAYERED and mine and keys.animation_data.action_slot
    settings.preview = True
    assert keys.animation_data.action.name.startswith("BlazeRig Preview")
    assert max(blinks()) > 0.8
    settings.mirror = True
    bpy.ops.blazerig.recognise_face()
    hero.blazerig_face.shapes["eyeBlinkLeft"].gain = 0.5
    assert 0.4 < max(blinks()) <= 0.5
    settings.preview = False
    assert (hero.animation_data.action, keys.animation_data.action) == before
    assert not LAYERED or not mine or keys.animation_data.action_slot == slot
    assert not [action for action in bpy.data.actions if action.name.startswith("BlazeRig Preview")]
    assert not settings.previewed_shapes
    assert mine or keys.key_blocks["eyeBlinkRight"].value == 0.25


def test_what_is_set_in_the_panel_is_keyed_and_can_be_set_back(
    hero: bpy.types.Object, takes: tuple[Path, Path]
) -> None:
    assert bpy.ops.blazerig.recognise_face(armature="Hero") == {"FINISHED"}
    lines = hero.blazerig_face.shapes
    assert [line.name for line in lines] == ["eyeBlinkLeft", "eyeBlinkRight"]
    hero.blazerig_face.both_sides = False
    lines["eyeBlinkLeft"].gain, lines["eyeBlinkRight"].use = 0.5, False
    bpy.ops.blazerig.animate(filepath=str(takes[0]))
    assert 0.4 < max(blinks()) <= 0.5
    assert "eyeBlinkRight" not in job.status().message
    bpy.ops.blazerig.recognise_face()
    assert lines["eyeBlinkLeft"].gain == 0.5
    assert bpy.ops.blazerig.restore_face() == {"FINISHED"}
    assert all(line.use and line.gain == 1.0 for line in lines)


def test_an_armature_without_a_face_is_told(hero: bpy.types.Object) -> None:
    bpy.data.objects["Face"].parent = None
    for bone in hero.data.bones:
        bone.name = f"x{bone.name}x"
    with pytest.raises(RuntimeError, match="no shape keys or bones for a face"):
        bpy.ops.blazerig.recognise_face()
