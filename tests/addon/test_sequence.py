"""Pictures in a row are found by their names."""

from __future__ import annotations

from pathlib import Path

import pytest
from blazerig.addon.footage.sequence import of_pictures, pattern_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in (
        "walk_0007.png",
        "walk_0008.png",
        "walk_12.png",
        "Läufer 2.jpg",
        "Läufer 3.jpg",
        "alone_1.png",
    ):
        (tmp_path / name).touch()
    return tmp_path


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("walk_0007.png", "walk_####.png"),
        ("Läufer 2.jpg", "Läufer #.jpg"),
        ("walk_12.png", None),
        ("alone_1.png", None),
        ("walk.mp4", None),
        ("missing/walk_0007.png", None),
    ],
)
def test_a_picture_belongs_to_those_numbered_alike(folder: Path, name: str, pattern: str | None) -> None:
    assert pattern_of(folder / name) == (folder / pattern if pattern else None)


def test_only_rows_of_pictures_have_no_rate_of_their_own(folder: Path) -> None:
    assert of_pictures(folder)
    assert of_pictures(folder / "walk_####.png")
    assert of_pictures(folder / "walk_%04d.png")
    assert not of_pictures(folder / "walk_0007.png")


def test_a_video_with_a_number_sign_in_its_name_is_no_row_of_pictures(folder: Path) -> None:
    (folder / "take #3.mp4").touch()
    assert not of_pictures(folder / "take #3.mp4")
