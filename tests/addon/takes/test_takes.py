"""The list of takes in Blender: files, paths, packing, and what goes wrong."""

from __future__ import annotations

import shutil
from pathlib import Path

import blazerig
import bpy
import pytest
from blazerig.addon import session
from blazerig.addon.takes.files import absolute, missing, take_file
from blazerig.addon.takes.folder import BESIDE, takes_folder, unsaved_folder
from blazerig.addon.takes.overlay import shown
from blazerig.addon.takes.takes import add_take
from blazerig.take import load_take

OPERATORS = bpy.ops.blazerig


def takes() -> bpy.types.bpy_prop_collection:
    return bpy.context.scene.blazerig.takes


def test_an_imported_take_says_what_it_is_without_its_file(
    switched_on: bpy.types.Scene, take_path: Path
) -> None:
    assert OPERATORS.take_import(filepath=str(take_path)) == {"FINISHED"}
    take_path.unlink()
    item = switched_on.blazerig.takes[0]
    assert (item.name, item.frames, item.fps) == ("a take", 60, 30.0)
    assert item.seconds == pytest.approx(59 / 30)
    assert len(item.quality) > 100
    assert missing(item)


@pytest.mark.usefixtures("switched_on")
def test_the_same_file_is_one_take_and_another_of_that_name_gets_a_number(
    take_path: Path, tmp_path: Path
) -> None:
    other = Path(shutil.copy(take_path, tmp_path / take_path.name))
    for path in (take_path, take_path, other):
        OPERATORS.take_import(filepath=str(path))
    assert [item.name for item in takes()] == ["a take", "a take-2"]
    assert bpy.context.scene.blazerig.take_index == 1


@pytest.mark.usefixtures("switched_on")
def test_footage_beside_a_take_is_found(take_path: Path) -> None:
    footage = take_path.with_name("clip.mp4")
    footage.touch()
    OPERATORS.take_import(filepath=str(take_path))
    assert absolute(takes()[0].footage) == footage


@pytest.mark.usefixtures("switched_on")
def test_a_file_that_is_no_take_is_refused_and_nothing_is_added(tmp_path: Path) -> None:
    (tmp_path / "no.npz").write_bytes(b"no")
    with pytest.raises(RuntimeError, match=r"no\.npz"):
        OPERATORS.take_import(filepath=str(tmp_path / "no.npz"))
    assert not len(takes())


@pytest.mark.usefixtures("switched_on")
def test_takes_of_a_file_that_was_never_saved_move_beside_it(take_path: Path, tmp_path: Path) -> None:
    home = takes_folder()
    assert home == unsaved_folder()
    add_take(bpy.context.scene, Path(shutil.copy(take_path, home / "dance.npz")))
    assert takes()[0].filepath == str(home / "dance.npz")
    blend = tmp_path / "scene" / "a.blend"
    blend.parent.mkdir()
    bpy.ops.wm.save_as_mainfile(filepath=str(blend))
    assert takes()[0].filepath == f"//{BESIDE}/dance.npz"
    (home / "dance.npz").unlink()
    bpy.ops.wm.open_mainfile(filepath=str(blend))
    assert len(load_take(take_file(takes()[0]))) == 60


@pytest.mark.usefixtures("switched_on")
def test_paths_hold_after_saving_elsewhere_and_after_saving_a_copy(take_path: Path, tmp_path: Path) -> None:
    for folder in ("one", "two", "three"):
        (tmp_path / folder).mkdir()
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "one" / "a.blend"))
    OPERATORS.take_import(filepath=str(take_path))
    takes()[0].footage = str(take_path)
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "two" / "deeper.blend"))
    assert take_file(takes()[0]) == take_path
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "three.blend"), copy=True)
    assert take_file(takes()[0]) == absolute(takes()[0].footage) == take_path
    for blend in ("two/deeper.blend", "three.blend"):
        bpy.ops.wm.open_mainfile(filepath=str(tmp_path / blend))
        assert takes()[0].filepath.startswith("//")
        assert take_file(takes()[0]) == absolute(takes()[0].footage) == take_path


@pytest.mark.usefixtures("switched_on")
def test_a_project_folder_can_be_moved(take_path: Path, tmp_path: Path) -> None:
    blend = take_path.with_name("a.blend")
    bpy.ops.wm.save_as_mainfile(filepath=str(blend))
    OPERATORS.take_import(filepath=str(take_path))
    bpy.ops.wm.save_mainfile()
    moved = Path(shutil.move(take_path.parent, tmp_path / "elsewhere"))
    bpy.ops.wm.open_mainfile(filepath=str(moved / "a.blend"))
    assert not missing(takes()[0])


@pytest.mark.usefixtures("switched_on")
def test_a_packed_take_needs_no_file_and_comes_out_as_it_went_in(take_path: Path, tmp_path: Path) -> None:
    before = take_path.read_bytes()
    OPERATORS.take_import(filepath=str(take_path))
    OPERATORS.take_pack()
    take_path.unlink()
    blend = tmp_path / "packed.blend"
    bpy.ops.wm.save_as_mainfile(filepath=str(blend))
    bpy.ops.wm.open_mainfile(filepath=str(blend))
    assert not missing(takes()[0])
    assert len(session.take(take_file(takes()[0]))) == 60
    assert OPERATORS.take_unpack() == {"FINISHED"}
    assert not takes()[0].packed
    assert take_file(takes()[0]).read_bytes() == before
    assert take_file(takes()[0]).parent == tmp_path / BESIDE


@pytest.mark.usefixtures("switched_on")
def test_export_is_a_copy_with_the_right_ending(take_path: Path, tmp_path: Path) -> None:
    OPERATORS.take_import(filepath=str(take_path))
    OPERATORS.take_export(filepath=str(tmp_path / "out"))
    assert (tmp_path / "out.npz").read_bytes() == take_path.read_bytes()
    take_path.unlink()
    with pytest.raises(RuntimeError, match="is gone"):
        OPERATORS.take_export(filepath=str(tmp_path / "again"))


@pytest.mark.usefixtures("switched_on")
def test_deleting_keeps_the_file_unless_it_is_asked_for(take_path: Path) -> None:
    for delete_file in (False, True):
        OPERATORS.take_import(filepath=str(take_path))
        assert OPERATORS.take_delete(delete_file=delete_file) == {"FINISHED"}
        assert not len(takes())
        assert take_path.exists() is not delete_file


@pytest.mark.usefixtures("switched_on")
def test_deleting_another_take_leaves_the_active_one_active(take_path: Path, tmp_path: Path) -> None:
    for name in ("b.npz", "c.npz"):
        OPERATORS.take_import(filepath=str(shutil.copy(take_path, tmp_path / name)))
    OPERATORS.take_delete(index=0)
    assert [item.name for item in takes()] == ["c"]
    assert bpy.context.scene.blazerig.take_index == 0
    with pytest.raises(RuntimeError, match="There is no take 5"):
        OPERATORS.take_delete(index=5)


@pytest.mark.usefixtures("switched_on")
def test_a_take_that_was_moved_is_found_again(take_path: Path, tmp_path: Path) -> None:
    OPERATORS.take_import(filepath=str(take_path))
    moved = shutil.move(take_path, tmp_path / "moved.npz")
    assert missing(takes()[0])
    assert OPERATORS.take_find(filepath=str(moved)) == {"FINISHED"}
    assert not missing(takes()[0])
    assert takes()[0].name == "a take"


@pytest.mark.usefixtures("switched_on")
def test_without_a_take_the_buttons_are_grey() -> None:
    names = ("take_export", "take_delete", "take_pack", "show_footage", "contact_add", "smooth_here")
    assert [name for name in names if getattr(OPERATORS, name).poll()] == []


@pytest.mark.usefixtures("switched_on")
def test_the_footage_is_shown_and_hidden_and_hidden_in_another_file(take_path: Path) -> None:
    OPERATORS.take_import(filepath=str(take_path))
    OPERATORS.show_footage()
    assert shown()
    OPERATORS.show_footage()
    assert not shown()
    OPERATORS.show_footage()
    bpy.ops.wm.read_factory_settings(use_empty=True)
    assert not shown()


@pytest.mark.usefixtures("switched_on")
def test_switching_off_and_on_leaves_no_handler_behind() -> None:
    def handlers() -> list[int]:
        return [
            len(getattr(bpy.app.handlers, name)) for name in ("save_pre", "save_post", "frame_change_post")
        ]

    before = handlers()
    blazerig.unregister()
    blazerig.register()
    assert handlers() == before
