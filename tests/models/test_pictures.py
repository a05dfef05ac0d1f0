"""Stills and series of them, and animated GIFs: their pictures, their order and their times."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest
from blazerig.errors import BlazeRigError
from blazerig.models.video import Frame, Video

Make = Callable[..., Path]


def read(path: Path, **choice: float) -> list[Frame]:
    with Video(path, **choice) as video:
        return list(video.frames())


def picture(path: Path) -> np.ndarray:
    (frame,) = read(path)
    assert frame.time == 0.0
    return frame.picture


def write(path: Path, pixels: np.ndarray) -> Path:
    path.write_bytes(cv2.imencode(path.suffix, pixels)[1].tobytes())
    return path


def write_series(folder: Path, names: Sequence[str], size: tuple[int, int] = (12, 16)) -> None:
    """Pictures whose grey level is their place in `names`."""
    folder.mkdir(exist_ok=True)
    for level, name in enumerate(names):
        write(folder / name, np.full((*size, 3), level, np.uint8))


def levels(frames: list[Frame]) -> list[int]:
    return [int(frame.picture[0, 0, 0]) for frame in frames]


def times(frames: list[Frame]) -> list[float]:
    return [frame.time for frame in frames]


@pytest.mark.parametrize("name", ["a.png", "Bild mit Löchern.PNG", "a.bmp", "a.tiff", "a.webp", "100%.png"])
def test_a_still_is_one_frame_at_zero_with_its_very_pixels(
    name: str, noise: list[np.ndarray], tmp_path: Path
) -> None:
    path = tmp_path / name
    settings = [cv2.IMWRITE_WEBP_QUALITY, 101] if path.suffix == ".webp" else []
    path.write_bytes(cv2.imencode(path.suffix, noise[0], settings)[1].tobytes())
    assert (picture(path) == noise[0]).all()


def test_a_grey_and_a_deep_picture_become_bgr_of_eight_bits(noise: list[np.ndarray], tmp_path: Path) -> None:
    grey = noise[0][..., 0]
    assert (picture(write(tmp_path / "grey.png", grey)) == grey[..., None]).all()
    deep = noise[0].astype(np.uint16) * 256 + 130
    assert (picture(write(tmp_path / "deep.png", deep)) == noise[0]).all()


@pytest.mark.parametrize("depth", [np.uint8, np.uint16])
def test_where_a_picture_is_wholly_transparent_it_is_black_and_elsewhere_as_it_is(
    depth: type, noise: list[np.ndarray], tmp_path: Path
) -> None:
    scale = np.iinfo(depth).max // 255
    alpha = np.full((120, 160, 1), 255)
    alpha[:40], alpha[40:80] = 0, 100
    pixels = (np.concatenate([noise[0], alpha], 2) * scale).astype(depth)
    seen = picture(write(tmp_path / "cut.png", pixels))
    assert (seen[:40] == 0).all()
    assert (seen[40:] == noise[0][40:]).all()


TURNS: dict[int, Callable[[np.ndarray], np.ndarray]] = {
    1: lambda p: p,
    2: np.fliplr,
    3: lambda p: np.rot90(p, 2),
    4: np.flipud,
    5: lambda p: p.transpose(1, 0, 2),
    6: lambda p: np.rot90(p, -1),
    7: lambda p: np.rot90(p, 2).transpose(1, 0, 2),
    8: lambda p: np.rot90(p),
}


@pytest.mark.parametrize("orientation", TURNS)
def test_a_photograph_lies_as_its_camera_was_held(orientation: int, tmp_path: Path) -> None:
    y, x = np.mgrid[:48, :64]
    pixels = np.stack([x * 3, y * 4, x + y], -1).astype(np.uint8)
    path = write(tmp_path / "phone.jpg", pixels)
    data = path.read_bytes()
    exif = b"Exif\0\0MM\0*\0\0\0\x08" + struct.pack(">HHHIHHI", 1, 0x0112, 3, 1, orientation, 0, 0)
    path.write_bytes(data[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + data[2:])
    assert np.abs(picture(path).astype(float) - TURNS[orientation](pixels)).mean() < 4.0


def test_a_folder_is_its_pictures_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    names = ["walk2.png", "walk9.PNG", "walk10.png", "walk11b.png", "walk100.png"]
    write_series(tmp_path / "walk", names)
    for other in (".hidden.png", "notes.txt", "sound.wav"):
        (tmp_path / "walk" / other).write_text("no picture")
    (tmp_path / "walk" / "more.png").mkdir()
    with Video(tmp_path / "walk", fps=12.5) as video:
        frames = list(video.frames())
        assert (video.name, video.size, video.fps, video.announced) == ("walk", (16, 12), 12.5, 5)
    assert levels(frames) == [0, 1, 2, 3, 4]
    assert times(frames) == pytest.approx([0.0, 0.08, 0.16, 0.24, 0.32])


def test_the_folder_where_one_is_has_a_name_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_series(tmp_path / "walk", ["1.png"])
    monkeypatch.chdir(tmp_path / "walk")
    with Video(".") as video:
        assert video.name == "walk"


@pytest.mark.parametrize("pattern", ["f_####.png", "f_%04d.png"])
def test_a_number_that_is_missing_from_a_pattern_leaves_a_gap_in_time(pattern: str, tmp_path: Path) -> None:
    write_series(tmp_path, ["f_0007.png", "f_0008.png", "f_0010.png", "f_10000.png", "f_9.png", "g_0009.png"])
    frames = read(tmp_path / pattern, fps=10)
    assert levels(frames) == [0, 1, 2, 3]
    assert times(frames) == pytest.approx([0.0, 0.1, 0.3, 999.3])


@pytest.mark.parametrize("pattern", ["%d (take #1).png", "# (take #1).png"])
def test_a_pattern_may_hold_signs_of_all_kinds(pattern: str, tmp_path: Path) -> None:
    write_series(tmp_path, ["8 (take #1).png", "12 (take #1).png"])
    assert levels(read(tmp_path / pattern)) == [0, 1]


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(tmp_path: Path) -> None:
    write_series(tmp_path, ["shot #.png", "shot 1.png"])
    assert levels(read(tmp_path / "shot #.png")) == [0]


def test_of_a_series_frames_are_chosen_as_of_a_video(tmp_path: Path) -> None:
    write_series(tmp_path / "all", [f"{number}.png" for number in range(50)])
    with Video(tmp_path / "all", start=0.5, end=1.2, every=3) as video:
        assert video.announced == 7
        assert levels(list(video.frames())) == list(range(15, 36, 3))
        assert [frame.index for frame in video.frames(every=2)] == [0, 2, 4, 6]


def test_a_picture_of_a_series_that_is_damaged_is_left_out_and_counted(tmp_path: Path) -> None:
    write_series(tmp_path / "all", [f"{number}.png" for number in range(6)])
    for number, data in ((0, b"nothing"), (2, b""), (3, (tmp_path / "all" / "3.png").read_bytes()[:20])):
        (tmp_path / "all" / f"{number}.png").write_bytes(data)
    with Video(tmp_path / "all", fps=10) as video:
        frames = list(video.frames())
    assert levels(frames) == [1, 4, 5]
    assert [frame.index for frame in frames] == [1, 4, 5]
    assert times(frames) == pytest.approx([0.1, 0.4, 0.5])
    assert video.warnings == ("all: 3 frames could not be decoded and had to be left out",)


def test_pictures_of_unequal_size_are_refused_by_name(tmp_path: Path) -> None:
    write_series(tmp_path / "all", ["1.png", "2.png"])
    write_series(tmp_path / "all", ["3.png"], (12, 20))
    with pytest.raises(BlazeRigError, match=r"3\.png is 20x12, the pictures before it are 16x12"):
        read(tmp_path / "all")


def nothing(folder: Path) -> Path:
    return folder


def texts(folder: Path) -> Path:
    (folder / "notes.txt").write_text("no picture")
    return folder


def broken(folder: Path) -> Path:
    (folder / "1.png").write_text("no picture")
    return folder


def unlike(folder: Path) -> Path:
    write_series(folder, ["f_1.png"])
    return folder / "f_####.png"


def nowhere(folder: Path) -> Path:
    return folder / "missing" / "f_####.png"


def half_pattern(folder: Path) -> Path:
    (folder / "f_1.png").write_text("no picture")
    return folder / "f_%d.png"


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (nothing, "a folder without pictures"),
        (texts, "a folder without pictures"),
        (broken, r"1\.png cannot be decoded"),
        (unlike, "no file like .*f_####.png"),
        (nowhere, "missing cannot be read"),
        (half_pattern, r"f_1\.png cannot be decoded"),
    ],
)
def test_what_is_no_series_is_refused_in_one_quiet_line(
    make: Callable[[Path], Path], said: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(BlazeRigError, match=said) as raised:
        Video(make(tmp_path))
    assert "\n" not in str(raised.value)
    assert capfd.readouterr() == ("", "")


def test_a_gif_keeps_the_delays_of_its_frames(make_video: Make) -> None:
    pictures = [np.full((24, 32, 3), 40 * step, np.uint8) for step in range(6)]
    stamps = [0.0, 0.1, 0.15, 0.5, 0.52, 1.7]
    path = make_video(pictures, stamps, "moving.gif", codec="gif", pix_fmt="gray")
    frames = read(path)
    assert times(frames) == pytest.approx(stamps, abs=0.011)
    assert levels(frames) == pytest.approx([40 * step for step in range(6)], abs=1)


def test_a_gif_of_one_picture_is_one_frame(make_video: Make) -> None:
    path = make_video([np.full((24, 32, 3), 80, np.uint8)], [0.0], "still.gif", codec="gif", pix_fmt="gray")
    with Video(path) as video:
        assert len(list(video.frames())) == video.announced == 1
