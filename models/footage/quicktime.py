"""The focal length that a QuickTime or MP4 file says of its camera.

Phones write it into the metadata of the track, which FFmpeg does not read. Atoms: Apple's QuickTime
File Format, chapter Metadata; ISO/IEC 14496-12.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

KEY = b"com.apple.quicktime.camera.focal_length.35mm_equivalent"
_FLOATS = {23: ">f", 24: ">d"}
"""Kinds of values that are numbers with a point."""
_TEXT = 1


def focal_35mm(path: Path) -> float | None:
    """Focal length in 35 mm equivalents, mm; None where the file does not say."""
    try:
        with path.open("rb") as file:
            movie = _movie(file)
    except OSError:
        return None
    places = [movie, *(body for kind, body in _atoms(movie) if kind == b"trak")]
    values = (_value(body) for place in places for kind, body in _atoms(place) if kind == b"meta")
    return next((value for value in values if value), None)


def _movie(file: BinaryIO) -> bytes:
    """The atom `moov`, which may be anywhere in the file; empty where there is none."""
    while len(head := file.read(8)) == 8:
        size, kind, read = int.from_bytes(head[:4]), head[4:], 8
        if size == 1:  # a long one
            size, read = int.from_bytes(file.read(8)), 16
        if kind == b"moov":
            return file.read(max(size - read, 0))
        if size < read:
            break
        file.seek(size - read, 1)
    return b""


def _atoms(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The atoms one after the other: their kinds and what is in them."""
    at = 0
    while at + 8 <= len(data):
        size = int.from_bytes(data[at : at + 4])
        if size < 8:
            return
        yield data[at + 4 : at + 8], data[at + 8 : at + size]
        at += size


def _value(meta: bytes) -> float | None:
    """What is said under `KEY` in an atom `meta`."""
    parts = dict(_atoms(meta if meta[4:8] == b"hdlr" else meta[4:]))  # in MP4 a version stands before
    keys = [body for _, body in _atoms(parts.get(b"keys", b"")[8:])]
    for index, item in _atoms(parts.get(b"ilst", b"")):
        number = int.from_bytes(index)
        if 0 < number <= len(keys) and keys[number - 1] == KEY:
            return _number(dict(_atoms(item)).get(b"data", b""))
    return None


def _number(data: bytes) -> float | None:
    """A value with its kind before it: a number, or a text like `26.00mm`."""
    kind, value = int.from_bytes(data[:4]), data[8:]
    if kind == _TEXT:
        found = re.match(rb"\s*(\d+\.?\d*)", value)
        return float(found[1]) if found else None
    if kind in _FLOATS:
        return (
            struct.unpack(_FLOATS[kind], value)[0] if len(value) == struct.calcsize(_FLOATS[kind]) else None
        )
    return float(int.from_bytes(value))
