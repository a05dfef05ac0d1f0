"""Files are written whole or not at all, and where they cannot be it is said before the work."""

from __future__ import annotations

import pytest
from blazerig.errors import BlazeRigError
from blazerig.output import check_folder, check_writable, written_whole


def test_what_is_written_takes_its_place_when_it_is_whole(tmp_path):
    path = tmp_path / "film.mp4"
    path.write_text("old")
    with written_whole(path) as unfinished:
        unfinished.write_text("new")
        assert unfinished.suffix == ".mp4"
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("interruption", [ValueError, KeyboardInterrupt])
def test_an_interruption_leaves_what_was_there_and_nothing_beside_it(tmp_path, interruption):
    path = tmp_path / "film.mp4"
    path.write_text("old")

    def interrupted() -> None:
        with written_whole(path) as unfinished:
            unfinished.write_text("half")
            raise interruption

    with pytest.raises(interruption):
        interrupted()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_refusal_of_the_system_names_the_file_and_what_to_do(tmp_path):
    with (
        pytest.raises(BlazeRigError, match=r"^cannot write .*film\.mp4: .+; choose another place$"),
        written_whole(tmp_path / "film.mp4"),
    ):
        raise OSError(28, "No space left on device")


def test_looking_whether_a_file_can_be_written_changes_nothing(tmp_path):
    path = tmp_path / "film.mp4"
    check_writable(path)
    assert list(tmp_path.iterdir()) == []
    path.write_text("old")
    check_writable(path)
    assert path.read_text() == "old"


@pytest.mark.parametrize("place", ["nowhere/film.mp4", "file/film.mp4", "folder"])
def test_a_file_that_cannot_be_written_is_told_of_before(tmp_path, place):
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    with pytest.raises(BlazeRigError, match=r"^cannot write "):
        check_writable(tmp_path / place)


def test_a_folder_that_is_not_there_yet_is_fine_and_not_made(tmp_path):
    check_folder(tmp_path / "new" / "newer")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("place", ["file", "file/new"])
def test_a_folder_in_whose_way_a_file_stands_is_refused(tmp_path, place):
    (tmp_path / "file").touch()
    with pytest.raises(BlazeRigError, match=r"file is no folder; choose another place$"):
        check_folder(tmp_path / place)
