"""Which file and which frame of footage is shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from blazerig.addon.takes.film import film_of, frame_number


def test_a_video_counts_from_1_and_a_picture_has_one_frame(tmp_path: Path) -> None:
    for name in ("clip.mp4", "still.png"):
        (tmp_path / name).touch()
    video, still = (film_of(str(tmp_path / name)) for name in ("clip.mp4", "still.png"))
    assert video
    assert still
    assert [frame_number(video, second, 24.0) for second in (-1.0, 0.0, 0.5)] == [1, 1, 13]
    assert frame_number(still, 7.0, 24.0) == still.first
    assert film_of(str(tmp_path / "gone.mp4")) is None
    assert film_of("") is None


@pytest.mark.parametrize("path", ["shots", "shots/walk_####.png"])
def test_pictures_count_as_their_files_do(tmp_path: Path, path: str) -> None:
    (tmp_path / "shots").mkdir()
    for number in (9, 10, 11):
        (tmp_path / "shots" / f"walk_{number:04d}.png").touch()
    film = film_of(str(tmp_path / path))
    assert film
    assert film.file.name == "walk_0009.png"
    assert frame_number(film, 2 / 30, 30.0) == 11


def test_pictures_that_appear_are_seen(tmp_path: Path) -> None:
    assert film_of(str(tmp_path)) is None
    (tmp_path / "a1.png").touch()
    found = film_of(str(tmp_path))
    assert found
    assert found.first == 1
