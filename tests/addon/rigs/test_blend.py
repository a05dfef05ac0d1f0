"""Opening, choosing and saving files: what is wrong is said in one line, nothing half-written stays."""

from __future__ import annotations

from pathlib import Path

import bpy
import pytest
from blazerig.addon.blend import check_output, choose_armature, open_blend, save_blend
from blazerig.errors import BlazeRigError


def refusal(call, *arguments):
    with pytest.raises(BlazeRigError) as caught:
        call(*arguments)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.fixture
def character(build, names_of, tmp_path):
    """A file with an armature named Hero and a picture beside the file."""
    build(names_of("Mixamo")).name = "Hero"
    folder = tmp_path / "character"
    folder.mkdir()
    picture = bpy.data.images.new("skin", 4, 4)
    picture.filepath_raw, picture.file_format = str(folder / "skin.png"), "PNG"
    picture.save()
    picture.use_fake_user = True
    picture.filepath = bpy.path.relpath(str(folder / "skin.png"), start=str(folder))
    path = folder / "hero.blend"
    bpy.ops.wm.save_as_mainfile(filepath=str(path), compress=True)
    return path


def test_a_file_that_is_not_there_is_named(tmp_path):
    assert "nowhere.blend does not exist" in refusal(open_blend, tmp_path / "nowhere.blend")


@pytest.mark.parametrize("kind", ["text", "empty", "truncated", "header"])
def test_a_damaged_file_is_refused_in_one_line_and_blender_is_silent(kind, character, tmp_path, capfd):
    whole = character.read_bytes()
    contents = {
        "text": b"no blend",
        "empty": b"",
        "truncated": whole[: len(whole) // 2],
        "header": whole[:16],
    }
    path = tmp_path / "damaged.blend"
    path.write_bytes(contents[kind])
    capfd.readouterr()
    assert f"cannot open {path}: it is damaged" in refusal(open_blend, path)
    assert capfd.readouterr() == ("", "")


def test_the_only_armature_is_chosen(character):
    open_blend(character)
    assert choose_armature().name == "Hero"
    assert choose_armature("Hero").name == "Hero"
    assert "no armature 'Zero'; there are: Hero" in refusal(choose_armature, "Zero")


def test_of_two_armatures_one_must_be_named(build, names_of):
    build(names_of("Mixamo")).name = "Hero"
    build(names_of("Mixamo")).name = "Villain"
    assert "several armatures: Hero, Villain; say which with --armature" in refusal(choose_armature)
    assert choose_armature("Villain").name == "Villain"


def test_a_file_without_an_armature_is_refused():
    assert "has no armature" in refusal(choose_armature)


def test_a_saved_file_holds_what_was_done_and_finds_its_pictures_elsewhere(character, tmp_path):
    before = character.read_bytes()
    open_blend(character)
    choose_armature().location.x = 7.0
    out = tmp_path / "elsewhere" / "out.blend"
    out.parent.mkdir()
    save_blend(out)
    assert Path(bpy.data.filepath) == character
    assert character.read_bytes() == before
    assert [path.name for path in out.parent.iterdir()] == ["out.blend"]
    open_blend(out)
    assert choose_armature().location.x == 7.0
    picture = bpy.data.images["skin"].filepath
    assert picture.startswith("//")
    assert Path(bpy.path.abspath(picture)).resolve() == character.parent / "skin.png"


def test_an_output_is_replaced_without_leaving_a_backup(character, tmp_path):
    out = tmp_path / "out.blend"
    out.write_text("older")
    open_blend(character)
    save_blend(out)
    open_blend(out)
    assert choose_armature().name == "Hero"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["character", "out.blend"]


@pytest.mark.parametrize("call", [check_output, save_blend])
def test_outputs_that_cannot_be_written_are_refused(call, character, tmp_path):
    open_blend(character)
    before = character.read_bytes()
    assert "is the character's own file" in refusal(call, character)
    assert "No such file or directory" in refusal(call, tmp_path / "missing" / "out.blend")
    assert "is a folder" in refusal(call, tmp_path)
    assert "Not a directory" in refusal(call, character / "out.blend")
    assert character.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["character"]


def test_a_failed_save_leaves_what_was_there(character, tmp_path, monkeypatch):
    open_blend(character)
    out = tmp_path / "out.blend"
    out.write_text("older")
    monkeypatch.setattr(
        Path, "replace", lambda *_: (_ for _ in ()).throw(PermissionError(13, "Permission denied"))
    )
    assert "Permission denied" in refusal(save_blend, out)
    assert out.read_text() == "older"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["character", "out.blend"]
