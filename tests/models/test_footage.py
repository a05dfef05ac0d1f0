"""Kinds of video that animators have, made here: whatever the file, pictures come upright, whole and true."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import av.filter
import cv2
import numpy as np
import pytest
from av.codec.context import Flags
from blazerig.models.video import Frame, Video

Make = Callable[..., Path]
ONE = 65536
SIZE = (96, 128)


def scene(step: float, size: tuple[int, int] = SIZE) -> np.ndarray:
    """A smooth picture without symmetry, which moves with `step`."""
    y, x = np.mgrid[: size[0], : size[1]] / 16.0
    waves = [np.sin(x + 0.4 * step), np.cos(0.7 * y - 0.2 * step) + 0.5 * x / 8.0, np.sin(x + y - 0.5 * step)]
    return np.clip(np.stack(waves, -1) * 50 + 110, 0, 255).astype(np.uint8)


def scenes(count: int, size: tuple[int, int] = SIZE) -> list[np.ndarray]:
    return [scene(step, size) for step in range(count)]


def regular(count: int, fps: float = 25.0) -> list[float]:
    return [step / fps for step in range(count)]


def read(path: Path, **choice: float) -> list[Frame]:
    with Video(path, **choice) as video:
        return list(video.frames())


def error(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.abs(one.astype(float) - other).mean())


def lay(path: Path, matrix: tuple[int, int, int, int]) -> Path:
    """Write `matrix` (a, b, c, d) into the track of an .mp4 file, as phones do."""
    data = bytearray(path.read_bytes())
    place = data.index(b"tkhd") + 44
    data[place : place + 36] = struct.pack(">9i", *matrix[:2], 0, *matrix[2:], 0, 0, 0, 1 << 30)
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("matrix", "shown"),
    [
        ((ONE, 0, 0, ONE), lambda p: p),
        ((0, ONE, -ONE, 0), lambda p: np.rot90(p, -1)),
        ((-ONE, 0, 0, -ONE), lambda p: np.rot90(p, 2)),
        ((0, -ONE, ONE, 0), lambda p: np.rot90(p)),
        ((-ONE, 0, 0, ONE), np.fliplr),
        ((ONE, 0, 0, -ONE), np.flipud),
        ((0, ONE, ONE, 0), lambda p: p.transpose(1, 0, 2)),
        ((0, -ONE, -ONE, 0), lambda p: np.rot90(p, 2).transpose(1, 0, 2)),
        ((ONE - 90, 800, -800, ONE - 90), lambda p: p),
    ],
)
def test_a_picture_lies_as_its_display_matrix_says(
    matrix: tuple[int, int, int, int], shown: Callable[[np.ndarray], np.ndarray], make_video: Make
) -> None:
    pictures = scenes(3)
    path = lay(make_video(pictures, regular(3)), matrix)
    with Video(path) as video:
        frames = list(video.frames())
        assert frames[0].picture.shape[:2] == video.size[::-1]
    for frame, picture in zip(frames, pictures, strict=True):
        assert error(frame.picture, shown(picture)) < 3.0


def interlaced(count: int, order: str, size: tuple[int, int] = SIZE) -> list[np.ndarray]:
    """Frames of two fields, the later half a frame's time after the earlier: `tff` or `bff`."""
    late = 1 if order == "tff" else 0
    frames = [scene(4.0 * step, size) for step in range(count)]
    for step, frame in enumerate(frames):
        frame[late::2] = scene(4.0 * step + 2.0, size)[late::2]
    return frames


def flagged(pictures: list[np.ndarray], order: str) -> Iterator[av.VideoFrame]:
    """Frames that say which of their fields is the earlier."""
    graph = av.filter.Graph()
    height, width = pictures[0].shape[:2]
    source = graph.add_buffer(width=width, height=height, format="bgr24", time_base=Fraction(1, 1000))
    graph.link_nodes(source, graph.add("setfield", order), graph.add("buffersink")).configure()
    for picture in pictures:
        graph.vpush(av.VideoFrame.from_ndarray(picture, format="bgr24"))
        yield graph.vpull().reformat(format="yuv444p")


def write_interlaced(
    make_video: Make, count: int, order: str, name: str = "fields.mp4", size: tuple[int, int] = SIZE
) -> Path:
    return make_video(
        list(flagged(interlaced(count, order, size), order)),
        regular(count),
        name,
        codec="libx264",
        pix_fmt="yuv444p",
        gop=4,
        options={"qp": "1"},
        flags=Flags.interlaced_dct | Flags.interlaced_me,
    )


@pytest.mark.parametrize("order", ["tff", "bff"])
def test_interlaced_frames_are_made_whole_as_of_their_first_field(order: str, make_video: Make) -> None:
    frames = read(write_interlaced(make_video, 10, order))
    assert [frame.time for frame in frames] == pytest.approx(regular(10))
    for step, woven in enumerate(interlaced(10, order)):
        truth = scene(4.0 * step)
        assert error(woven, truth) > 8.0
        assert error(frames[step].picture, truth) < 2.5


def test_progressive_frames_among_interlaced_ones_are_left_alone(make_video: Make, tmp_path: Path) -> None:
    fields = write_interlaced(make_video, 4, "tff", "fields.h264")
    whole = make_video(
        scenes(4), regular(4), "whole.h264", codec="libx264", pix_fmt="yuv444p", options={"qp": "1"}
    )
    mixed = tmp_path / "mixed.h264"
    mixed.write_bytes(whole.read_bytes() + fields.read_bytes() + whole.read_bytes())
    pictures = [frame.picture for frame in read(mixed)]
    alone = [frame.picture for frame in read(whole)]
    assert [(one == other).all() for one, other in zip(pictures, alone * 3, strict=True)] == [
        *[True] * 4,
        *[False] * 4,
        *[True] * 4,
    ]
    assert max(error(pictures[4 + step], scene(4.0 * step)) for step in range(4)) < 2.5


ODD = (97, 123)


@pytest.mark.parametrize(
    ("codec", "pix_fmt", "name", "size"),
    [
        ("mpeg4", "yuv420p", "a.mp4", ODD),
        ("libx264", "yuv420p", "a.mkv", SIZE),
        ("libx264", "yuvj420p", "a.mp4", SIZE),
        ("libx264", "yuv444p", "a.mov", ODD),
        ("libx264", "yuv420p10le", "a.mp4", SIZE),
        ("libx265", "yuv420p10le", "a.mp4", SIZE),
        ("prores_ks", "yuv422p10le", "a.mov", SIZE),
        ("mjpeg", "yuvj422p", "a.avi", ODD),
        ("libvpx-vp9", "yuv420p", "a.webm", ODD),
        ("ffv1", "yuv444p16le", "a.mkv", ODD),
        ("ffv1", "gray", "a.mkv", ODD),
        ("qtrle", "argb", "a.mov", ODD),
        ("png", "rgb48be", "a.mov", ODD),
    ],
)
def test_standard_footage_has_the_very_pixels_that_opencv_gives(
    codec: str, pix_fmt: str, name: str, size: tuple[int, int], make_video: Make
) -> None:
    path = make_video(scenes(2, size), regular(2), name, codec=codec, pix_fmt=pix_fmt, colorspace=1)
    capture = cv2.VideoCapture(str(path))
    for frame in read(path):
        assert frame.picture.shape[:2] == size
        assert error(frame.picture, capture.read()[1]) < 0.1


def grey(levels: np.ndarray, pix_fmt: str) -> av.VideoFrame:
    """A frame of luma `levels`, uint8 or 16, without colour."""
    middle = np.full_like(levels, 1 << (8 * levels.itemsize - 1))
    planes = np.stack([levels, middle, middle], -1)
    return av.VideoFrame.from_ndarray(planes, format=pix_fmt, channel_last=True)


RAMP = np.tile(np.linspace(0.0, 1.0, 64), (32, 1))


@pytest.mark.parametrize("codec", ["libx264", "ffv1", "libvpx-vp9"])
@pytest.mark.parametrize(("range_", "black", "white"), [(1, 16, 235), (2, 0, 255)])
def test_black_is_black_and_white_is_white_in_either_range(
    codec: str, range_: int, black: int, white: int, make_video: Make
) -> None:
    frame = grey(np.rint(black + RAMP * (white - black)).astype(np.uint8), "yuv444p")
    frame.color_range = range_
    options = {"libx264": {"qp": "1"}, "libvpx-vp9": {"lossless": "1"}}.get(codec)
    path = make_video(
        [frame], [0.0], "a.mkv", codec=codec, pix_fmt="yuv444p", options=options, color_range=range_
    )
    (seen,) = read(path)
    assert np.abs(seen.picture - RAMP[..., None] * 255).max() <= 2.0


def pq(light: float) -> float:
    """The PQ signal of a luminance in cd/m², by the formula of SMPTE ST 2084."""
    power = (light / 10000) ** 0.1593017578125
    return ((0.8359375 + 18.8515625 * power) / (1 + 18.6875 * power)) ** 78.84375


def hlg(light: float) -> float:
    """The hybrid log-gamma signal of scene light, by the formula of ITU-R BT.2100."""
    if light <= 1 / 12:
        return float(np.sqrt(3 * light))
    return 0.17883277 * float(np.log(12 * light - 0.28466892)) + 0.55991073


@pytest.mark.parametrize(
    ("transfer", "signal"),
    [(16, lambda share: pq(203.0 * share)), (18, lambda share: hlg(0.26496 * share ** (1 / 1.2)))],
    ids=["PQ", "HLG"],
)
@pytest.mark.parametrize(("codec", "name"), [("libx265", "a.mp4"), ("ffv1", "a.mkv")])
def test_in_hdr_footage_paper_is_white_and_half_its_light_is_as_in_standard_footage(
    transfer: int, signal: Callable[[float], float], codec: str, name: str, make_video: Make
) -> None:
    shares = [0.0, 0.05, 0.18, 0.5, 1.0]
    levels = np.repeat([[64 + 876 * signal(share) for share in shares]], 16, 1).repeat(64, 0)
    frame = grey(np.rint(levels * 64).astype(np.uint16), "yuv444p16le")
    how = {
        "codec": codec,
        "pix_fmt": "yuv444p10le",
        "color_trc": transfer,
        "colorspace": 9,
        "color_primaries": 9,
    }
    (seen,) = read(make_video([frame], [0.0], name, **how))
    middles = seen.picture[32, 8::16].mean(-1)
    assert middles == pytest.approx([255 * share ** (1 / 2.4) for share in shares], abs=3.0)


def test_what_is_brighter_than_paper_is_white(make_video: Make) -> None:
    frame = grey(np.full((32, 32), 64 * 940, np.uint16), "yuv444p16le")
    (seen,) = read(
        make_video([frame], [0.0], "a.mkv", codec="ffv1", pix_fmt="yuv444p10le", color_trc=16, colorspace=9)
    )
    assert (seen.picture == 255).all()


def test_colours_of_hdr_footage_are_read_with_the_matrix_of_bt_2020(make_video: Make) -> None:
    red, green, blue = 0.45, 0.1, 0.2  # signals of HLG below half, where light is their square
    luma = 0.2627 * red + 0.678 * green + 0.0593 * blue
    chroma = (blue - luma) / 1.8814, (red - luma) / 1.4746
    planes = [64 + 876 * luma, 512 + 896 * chroma[0], 512 + 896 * chroma[1]]
    flat = np.stack([np.full((32, 32), round(64 * plane), np.uint16) for plane in planes], -1)
    frame = av.VideoFrame.from_ndarray(flat, format="yuv444p16le", channel_last=True)
    how = {"codec": "ffv1", "pix_fmt": "yuv444p10le", "color_trc": 18, "colorspace": 9}
    (seen,) = read(make_video([frame], [0.0], "a.mkv", **how))
    relative = [(signal**2 / 3 / 0.26496) ** 0.5 for signal in (blue, green, red)]
    assert seen.picture[16, 16] == pytest.approx([255 * value for value in relative], abs=3.0)


def test_pixels_that_are_not_square_are_made_so(make_video: Make) -> None:
    path = make_video(scenes(2, (96, 144)), regular(2), "a.mkv", sample_aspect_ratio=Fraction(4, 3))
    with Video(path) as video:
        assert video.size == (192, 96)
        picture = next(video.frames()).picture
    assert error(picture, cv2.resize(scene(0, (96, 144)), (192, 96), interpolation=cv2.INTER_CUBIC)) < 3.0


def test_pictures_keep_the_first_ones_size_where_it_changes_within_the_file(
    make_video: Make, tmp_path: Path
) -> None:
    parts = [
        write_interlaced(make_video, 3, "tff", "fields.h264"),
        write_interlaced(make_video, 3, "tff", "small.h264", (64, 96)),
        make_video(scenes(3, (48, 64)), regular(3), "tiny.h264", codec="libx264", pix_fmt="yuv444p"),
    ]
    path = tmp_path / "both.h264"
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    frames = read(path)
    assert [frame.picture.shape for frame in frames] == [(*SIZE, 3)] * 9
    assert error(frames[4].picture, cv2.resize(scene(4.0, (64, 96)), SIZE[::-1])) < 5.0
    assert error(frames[7].picture, cv2.resize(scene(1.0, (48, 64)), SIZE[::-1])) < 5.0


def test_eight_thousand_pixels_are_read(make_video: Make) -> None:
    picture = cv2.resize(scene(0), (7680, 4320))
    (frame,) = read(make_video([picture], [0.0], "big.mov", codec="mjpeg", pix_fmt="yuvj420p"))
    assert error(frame.picture[::40, ::40], picture[::40, ::40]) < 3.0
