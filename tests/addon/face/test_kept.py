"""The face map in a file: edited in the panel's properties, undone, kept, renamed, as a preset."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import MagicMock

import bpy
import pytest
from blazerig.addon.face.character import face_of
from blazerig.addon.face.panel import FacePanel, recognised
from blazerig.addon.face.presets import preset_folder, preset_names
from blazerig.addon.face.properties import wanted

SHAPES = ("blink_L", "blink_R", "Grumpy_L", "Grumpy_R", "mouthOpen", "smile_fix")


def person(name: str, *shapes: str) -> bpy.types.Object:
    """An armature with a jaw, and a mesh with these shape keys on it."""
    thing = bpy.data.objects.new(name, bpy.data.armatures.new(name))
    bpy.context.scene.collection.objects.link(thing)
    bpy.context.view_layer.objects.active = thing
    bpy.ops.object.mode_set(mode="EDIT")
    for bone in ("Head", "Jaw", "Lid.L"):
        thing.data.edit_bones.new(bone).tail = (0, 0, 1)
    bpy.ops.object.mode_set(mode="OBJECT")
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata([(0, 0, 0), (1, 0, 0), (0, 1, 0)], [], [(0, 1, 2)])
    face = bpy.data.objects.new(f"{name}'s face", mesh)
    bpy.context.scene.collection.objects.link(face)
    for shape in ("Basis", *shapes):
        face.shape_key_add(name=shape)
    face.parent = thing
    return thing


@pytest.fixture
def hero(switched_on: bpy.types.Scene) -> Iterator[bpy.types.Object]:
    assert switched_on
    yield person("Hero", *SHAPES)
    for path in preset_folder().glob("*.toml"):
        path.unlink()


def following(thing: bpy.types.Object) -> set[str]:
    match = wanted(thing, face_of(thing))
    assert recognised(thing) == match  # what the panel says is what is keyed
    return {target.name for target in (*match.shapes, *match.bones)}


def test_what_a_shape_key_shows_is_set_for_both_sides(hero: bpy.types.Object) -> None:
    assert bpy.ops.blazerig.recognise_face() == {"FINISHED"}
    lines = hero.blazerig_face.shapes
    assert {line.name for line in lines} == set(SHAPES)
    lines["Grumpy_L"].says = "browDownLeft"
    assert (lines["Grumpy_R"].says, lines["Grumpy_R"].by_user) == ("browDownRight", True)
    assert {"Grumpy_L", "Grumpy_R"} <= following(hero)
    lines["Grumpy_R"].says = "0.5 browDownRight + noseSneerRight"
    assert lines["Grumpy_L"].says == "0.5 browDownLeft + noseSneerLeft"
    lines["blink_L"].gain = 1.5
    assert lines["blink_R"].gain == 1.5
    hero.blazerig_face.both_sides = False
    lines["blink_R"].use = False
    assert "blink_L" in following(hero)
    assert "blink_R" not in following(hero)


def test_what_is_in_doubt_follows_when_it_is_confirmed(hero: bpy.types.Object) -> None:
    bpy.ops.blazerig.recognise_face()
    assert "smile_fix" not in following(hero)
    hero.blazerig_face.shapes["smile_fix"].by_user = True
    assert "smile_fix" in following(hero)
    bpy.ops.blazerig.recognise_face()
    assert "smile_fix" in following(hero)
    bpy.ops.blazerig.restore_face()
    assert "smile_fix" not in following(hero)


def test_a_bone_that_cannot_be_added_leaves_the_map_as_it_was(hero: bpy.types.Object) -> None:
    for bone, told in (("Jaw", "in the face map already"), ("Tail", "has no bone 'Tail'")):
        with pytest.raises(RuntimeError, match=told):
            bpy.ops.blazerig.add_face_bone(bone=bone, part="jaw")
    assert not hero.blazerig_face.edited
    assert not hero.blazerig_face.bones


def test_bones_are_added_and_removed(hero: bpy.types.Object) -> None:
    assert bpy.ops.blazerig.add_face_bone(bone="Lid.L", part="upperLid_Left") == {"FINISHED"}
    assert {"Jaw", "Lid.L"} <= following(hero)
    for bone, part, told in (
        ("Lid.L", "jaw", "in the face map already"),
        ("Tail", "jaw", "has no bone 'Tail'"),
        ("Head", "elbow", "no part 'elbow' of a face; there are: jaw"),
    ):
        with pytest.raises(RuntimeError, match=told):
            bpy.ops.blazerig.add_face_bone(bone=bone, part=part)
    bpy.ops.blazerig.recognise_face()
    assert "Lid.L" in following(hero)
    assert bpy.ops.blazerig.remove_face_bone(bone="Jaw") == {"FINISHED"}
    assert "Jaw" not in following(hero)
    with pytest.raises(RuntimeError, match="not in the face map, which has Lid"):
        bpy.ops.blazerig.remove_face_bone(bone="Jaw")
    bpy.ops.blazerig.restore_face()
    assert following(hero) == {"blink_L", "blink_R", "mouthOpen", "Jaw"}


def test_a_map_outlives_a_new_name_and_the_file(hero: bpy.types.Object, tmp_path: Path) -> None:
    bpy.ops.blazerig.recognise_face()
    hero.blazerig_face.shapes["Grumpy_L"].says = "browDownLeft"
    hero.blazerig_face.bones["Jaw"].gain = 0.5
    hero.name = "Heroine"
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "hero.blend"))
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "hero.blend"))
    hero = bpy.data.objects["Heroine"]
    assert {"Grumpy_L", "Grumpy_R", "Jaw"} <= following(hero)
    jaw = next(one for one in wanted(hero, face_of(hero)).bones if one.name == "Jaw")
    assert jaw.turns["jawLeft"] == (0.0, 0.0, 3.0)


def test_a_preset_is_recognised_on_the_next_character(hero: bpy.types.Object) -> None:
    bpy.ops.blazerig.recognise_face()
    hero.blazerig_face.shapes["Grumpy_L"].says = "browDownLeft"
    hero.blazerig_face.shapes["mouthOpen"].use = False
    assert bpy.ops.blazerig.save_face_preset(name="Trolls") == {"FINISHED"}
    assert preset_names() == ["Trolls"]
    other, stranger = person("Other", *SHAPES, "horns"), person("Stranger", *SHAPES[1:])
    assert following(other) == following(hero)
    assert "Trolls" in face_of(other).why
    assert "Trolls" not in face_of(stranger).why
    assert bpy.ops.blazerig.load_face_preset(armature="Stranger", name="Trolls") == {"FINISHED"}
    assert {"Grumpy_L", "Grumpy_R"} <= following(stranger)
    assert bpy.ops.blazerig.delete_face_preset(name="Trolls") == {"FINISHED"}
    assert {"Grumpy_L", "Grumpy_R"} <= following(stranger)
    assert "Grumpy_L" not in following(other)
    with pytest.raises(RuntimeError, match="no preset 'Trolls' of the face map"):
        bpy.ops.blazerig.load_face_preset(name="Trolls")
    with pytest.raises(RuntimeError, match="cannot be a preset's name"):
        bpy.ops.blazerig.save_face_preset(armature="Hero", name="a/b")


def test_a_preset_that_cannot_be_read_is_passed_over_until_it_is_chosen(hero: bpy.types.Object) -> None:
    before = following(hero)
    preset_folder().mkdir(parents=True, exist_ok=True)
    (preset_folder() / "Broken.toml").write_text('format = 1\nname = "Broken"\neyes = 3', encoding="utf-8")
    assert following(hero) == before
    with pytest.raises(RuntimeError, match=r"Broken\.toml: 'eyes' must be a list of names"):
        bpy.ops.blazerig.load_face_preset(name="Broken")
    assert not hero.blazerig_face.edited


def test_the_panel_is_drawn_whatever_the_map_says_and_tells_what_is_no_word(hero: bpy.types.Object) -> None:
    context = SimpleNamespace(
        region=SimpleNamespace(width=4000),
        preferences=SimpleNamespace(system=SimpleNamespace(ui_scale=1.0)),
        view_layer=bpy.context.view_layer,
    )
    told: list[str] = []

    class Layout(MagicMock):
        def label(self, text: str, icon: str = "NONE") -> None:
            assert icon
            told.append(text)

    def drawn() -> str:
        told.clear()
        layout = Layout()
        for part in ("row", "column"):
            getattr(layout, part).return_value = layout
        FacePanel.draw(SimpleNamespace(layout=layout), context)
        return "; ".join(told)

    assert "shapes, by" in drawn()
    bpy.ops.blazerig.recognise_face()
    kept = hero.blazerig_face
    kept.active, kept.active_bone = kept.shapes.find("Grumpy_L"), kept.bones.find("Jaw")
    assert "is no" not in drawn()
    kept.shapes["Grumpy_L"].says, kept.bones["Jaw"].says = "rage", "elbow"
    assert "'rage' is no expression" in drawn()
    assert "'elbow' is no part of a face" in drawn()
    kept.shapes.clear()
    kept.bones.clear()
    assert drawn()


def test_a_change_is_undone(hero: bpy.types.Object) -> None:
    bpy.ops.ed.undo_push(message="before")
    bpy.ops.blazerig.recognise_face("EXEC_DEFAULT", True)
    assert bpy.data.objects["Hero"].blazerig_face.edited
    bpy.ops.ed.undo()
    hero = bpy.data.objects["Hero"]
    assert not hero.blazerig_face.edited
    assert not hero.blazerig_face.shapes
