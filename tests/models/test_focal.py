"""The focal length that footage says of its camera."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from blazerig.models.footage import quicktime
from blazerig.models.video import Video

Make = Callable[..., Path]
FILM = 43.2666
"""Diagonal of 35 mm film, mm."""


def exif(focal: int, order: str = "<") -> bytes:
    """A TIFF block whose second directory says the focal length in 35 mm equivalents."""
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", 8)
    first = struct.pack(order + "HHHII", 2, 0x010F, 2, 4, 0) + struct.pack(order + "HHII", 0x8769, 4, 1, 38)
    first += struct.pack(order + "I", 0)
    second = struct.pack(order + "HHHIIHHIHHI", 2, 0x829A, 5, 1, 0, 0xA405, 3, 1, focal, 0, 0)
    return head + first + second


def chunked(kind: bytes, data: bytes, order: str = ">") -> bytes:
    body = [struct.pack(order + "I", len(data)), kind]
    return b"".join(body) + data + b"\0" * 4


def saved(path: Path, said: bytes) -> Path:
    """A grey picture of 300 x 400 px with a block of EXIF."""
    data = cv2.imencode(path.suffix, np.full((300, 400, 3), 90, np.uint8))[1].tobytes()
    if path.suffix == ".jpg":
        block = b"Exif\0\0" + said
        data = data[:2] + b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block + data[2:]
    elif path.suffix == ".png":
        data = data[:33] + chunked(b"eXIf", said) + data[33:]
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("name", ["a.jpg", "a.png"])
@pytest.mark.parametrize("order", ["<", ">"])
def test_a_still_says_its_focal_length_in_exif(tmp_path: Path, name: str, order: str) -> None:
    with Video(saved(tmp_path / name, exif(28, order))) as video:
        assert video.size == (400, 300)
        assert video.focal == pytest.approx(28 / FILM * 500.0, rel=1e-4)


@pytest.mark.parametrize("said", [exif(0), exif(28)[:40], b"", b"II*\0", b"MM\0*" + b"\xff" * 60])
def test_where_exif_says_nothing_or_is_damaged_nobody_knows(tmp_path: Path, said: bytes) -> None:
    with Video(saved(tmp_path / "a.jpg", said)) as video:
        assert video.focal is None


def atom(kind: bytes, *bodies: bytes) -> bytes:
    body = b"".join(bodies)
    return struct.pack(">I", len(body) + 8) + kind + body


def meta(kind: int, value: bytes, *, version: bytes = b"") -> bytes:
    """An atom of metadata with another key before the one that counts."""
    names = [b"com.apple.quicktime.camera.lens_model", quicktime.KEY]
    keys = atom(b"keys", bytes(4), struct.pack(">I", 2), *(atom(b"mdta", name) for name in names))
    lens = atom(struct.pack(">I", 1), atom(b"data", struct.pack(">II", 1, 0), b"a lens of 5.1mm"))
    item = atom(struct.pack(">I", 2), atom(b"data", struct.pack(">II", kind, 0), value))
    return atom(b"meta", version, atom(b"hdlr", bytes(24)), keys, atom(b"ilst", lens, item))


def told(path: Path, said: bytes, place: bytes = b"trak") -> Path:
    """A video with metadata in its movie or its track: an atom behind all, so that frames stay in place."""
    data = path.read_bytes()
    at = data.index(b"moov") - 4
    size = int.from_bytes(data[at : at + 4])
    movie = data[at + 8 : at + size]
    if place == b"moov":
        movie += said
    else:
        start = movie.index(b"trak") - 4
        length = int.from_bytes(movie[start : start + 4])
        track = movie[start + 8 : start + length] + said
        movie = movie[:start] + atom(b"trak", track) + movie[start + length :]
    path.write_bytes(data[: at + 4] + b"free" + data[at + 8 :] + atom(b"moov", movie))
    return path


@pytest.fixture
def video(noise: list[np.ndarray], make_video: Make) -> Path:
    return make_video(noise[:3], [0.0, 0.1, 0.2], "phone.mov", codec="mjpeg", pix_fmt="yuvj420p")


@pytest.mark.parametrize(
    ("said", "place"),
    [
        (meta(1, b"26.00mm"), b"trak"),
        (meta(1, b"26"), b"moov"),
        (meta(21, struct.pack(">i", 26)), b"trak"),
        (meta(22, b"\x1a"), b"trak"),
        (meta(23, struct.pack(">f", 26.0)), b"trak"),
        (meta(24, struct.pack(">d", 26.0)), b"trak"),
        (meta(1, b"26", version=bytes(4)), b"trak"),
    ],
)
def test_a_phones_video_says_its_focal_length(video: Path, said: bytes, place: bytes) -> None:
    with Video(told(video, said, place)) as footage:
        assert footage.focal == pytest.approx(26 / FILM * math.hypot(*footage.size), rel=1e-4)
        assert len(list(footage.frames())) == 3


@pytest.mark.parametrize(
    "said", [b"", meta(1, b"wide"), meta(1, b""), meta(23, b"\0"), meta(1, b"0"), meta(21, b"\x7f" * 8)]
)
def test_where_a_video_says_nothing_that_makes_sense_nobody_knows(video: Path, said: bytes) -> None:
    with Video(told(video, said)) as footage:
        assert footage.focal is None


@pytest.mark.parametrize("share", [0.0, 0.3, 0.6, 0.9, 0.99])
def test_a_torn_file_is_read_as_far_as_it_goes(video: Path, share: float) -> None:
    told(video, meta(1, b"26"))
    data = video.read_bytes()
    for torn in (data[: int(share * len(data))], data.replace(b"trak", b"\0\0\0\1")):
        video.write_bytes(torn)
        assert quicktime.focal_35mm(video) in (None, 26.0)
