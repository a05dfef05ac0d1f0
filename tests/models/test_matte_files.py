"""Mattes as files: lossless, numbered, with the footage's times, whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from blazerig.errors import BlazeRigError
from blazerig.models.matte_files import CODECS, check_place, written
from blazerig.models.video import Frame

TIMES = (0.5, 0.54, 0.6, 0.7)
PICTURE = np.zeros((41, 63, 3), np.uint8)


@pytest.fixture(scope="module")
def mattes() -> list[np.ndarray]:
    """Of odd size, with all shades of grey."""
    random = np.random.default_rng(3)
    return [(random.integers(0, 256, (41, 63)) / 255.0).astype(np.float32) for _ in TIMES]


def write(out: Path, mattes: Sequence[np.ndarray], indices: Sequence[int] = range(4)) -> None:
    with written(out, 25.0) as put:
        for index, time, matte in zip(indices, TIMES, mattes, strict=False):
            put(Frame(index, time, PICTURE), matte)


def shades(matte: np.ndarray) -> np.ndarray:
    return np.round(matte * 255).astype(np.uint8)


@pytest.mark.parametrize("ending", CODECS)
def test_a_video_has_every_shade_at_the_footages_times(
    ending: str, tmp_path: Path, mattes: list[np.ndarray]
) -> None:
    write(tmp_path / f"matte{ending}", mattes)
    with av.open(str(tmp_path / f"matte{ending}")) as file:
        frames = list(file.decode(video=0))
    assert [frame.time for frame in frames] == pytest.approx([time - TIMES[0] for time in TIMES], abs=1e-3)
    for frame, matte in zip(frames, mattes, strict=True):
        assert (frame.to_ndarray(format="gray") == shades(matte)).all()
    assert [path.name for path in tmp_path.iterdir()] == [f"matte{ending}"]


def test_a_folder_has_a_numbered_file_for_every_frame_even_for_one_that_could_not_be_decoded(
    tmp_path: Path, mattes: list[np.ndarray]
) -> None:
    write(tmp_path / "new" / "mattes", mattes, [0, 1, 3])
    files = sorted((tmp_path / "new" / "mattes").iterdir())
    assert [file.name for file in files] == [f"matte_000{number}.png" for number in (1, 2, 3, 4)]
    for file, matte in zip(files, [mattes[0], mattes[1], mattes[2], mattes[2]], strict=True):
        picture = cv2.imread(str(file), cv2.IMREAD_UNCHANGED)
        assert picture.dtype == np.uint8
        assert (picture == shades(matte)).all()


def test_mattes_of_an_earlier_run_are_replaced_and_none_are_left(
    tmp_path: Path, mattes: list[np.ndarray]
) -> None:
    write(tmp_path / "mattes", mattes)
    write(tmp_path / "mattes", mattes[::-1][:2])
    files = sorted((tmp_path / "mattes").iterdir())
    assert [file.name for file in files] == ["matte_0001.png", "matte_0002.png"]
    assert (cv2.imread(str(files[0]), cv2.IMREAD_UNCHANGED) == shades(mattes[3])).all()


@pytest.mark.parametrize("name", ["mattes", "matte.mov", "matte.mp4", "matte.mkv"])
def test_a_failure_leaves_what_was_there(name: str, tmp_path: Path, mattes: list[np.ndarray]) -> None:
    write(tmp_path / name, mattes)
    before = contents(tmp_path)

    def fail() -> None:
        with written(tmp_path / name, 25.0) as put:
            put(Frame(0, 0.0, PICTURE), mattes[1])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert contents(tmp_path) == before


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_places_that_mattes_cannot_go_to_are_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "busy").mkdir()
    (tmp_path / "busy" / "work.blend").touch()
    for name, said in {
        "matte.avi": "ends with .mov, .mkv, .mp4",
        "file": "is no folder",
        "busy": "holds other files than mattes",
        "missing/matte.mov": "cannot write",
    }.items():
        with pytest.raises(BlazeRigError, match=said):
            check_place(tmp_path / name)
    check_place(tmp_path / "new" / "folder")
    check_place(tmp_path / "matte.MOV")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["busy", "file"]


def test_a_disk_that_fills_up_is_said_and_nothing_is_left(
    tmp_path: Path, mattes: list[np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: Path, __: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(BlazeRigError, match=r"cannot write to .*No space left on device"):
        write(tmp_path / "mattes", mattes)
    assert list(tmp_path.iterdir()) == []
