"""The focal length that a still says of its camera: one tag of EXIF (CIPA DC-008), read where it lies."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_HEAD = 1 << 18
"""Bytes of the file in which EXIF stands, except in a TIFF, which is EXIF itself."""
_MARKS = (b"Exif\0\0", b"eXIf", b"EXIF")
"""What stands before it in JPEG; in PNG; in WebP, with the length after it."""
_ORDERS = {b"II*\0": "little", b"MM\0*": "big"}
_MORE, _FOCAL = 0x8769, 0xA405
"""The tag that says where the camera's tags are, and that of the focal length in 35 mm equivalents."""


@dataclass(frozen=True)
class _Tiff:
    """Numbers in bytes of one order."""

    data: bytes
    order: str

    def number(self, at: int, size: int) -> int:
        return int.from_bytes(self.data[at : at + size], "little" if self.order == "little" else "big")

    def tag(self, directory: int, wanted: int) -> int | None:
        """The value of a tag that is one short or long number; None where there is none."""
        for i in range(self.number(directory, 2)):
            entry = directory + 2 + 12 * i
            if self.number(entry, 2) == wanted:
                return self.number(entry + 8, 2 if self.number(entry + 2, 2) == 3 else 4)
        return None


def focal_35mm(path: Path) -> float | None:
    """Focal length in 35 mm equivalents, mm; None where the file does not say."""
    try:
        with path.open("rb") as file:
            data = file.read(_HEAD)
    except OSError:
        return None
    tiff = _tiff(data)
    if tiff is None or (more := tiff.tag(tiff.number(4, 4), _MORE)) is None:
        return None
    return float(tiff.tag(more, _FOCAL) or 0.0) or None  # 0 stands for unknown


def _tiff(data: bytes) -> _Tiff | None:
    """The block of EXIF in the beginning of a file."""
    starts = [0] + [
        at + len(mark) + skip for mark in _MARKS if (at := data.find(mark)) >= 0 for skip in (0, 4)
    ]
    for start in starts:
        if order := _ORDERS.get(data[start : start + 4]):
            return _Tiff(data[start:], order)
    return None
