"""Stills: one picture, or a series of them as a folder or by a pattern of names."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from ...errors import BlazeRigError
from ..roi import Picture
from .exif import focal_35mm
from .names import ENDINGS, of_folder, of_pattern
from .source import FPS, Shot, Tally

_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_KIND = 25
"""Where a PNG says what its pixels are made of."""
_PNG_WITH_ALPHA = (3, 4, 6)
"""Palette (it may hold transparent colours), grey with alpha, RGB with alpha."""


class Pictures:
    """A still, or a series of stills, `fps` of them a second."""

    def __init__(self, name: str, files: Sequence[tuple[int, Path]], fps: float | None) -> None:
        """Take the first picture that can be decoded for the measure of all.

        Args:
            name: Of the whole.
            files: The pictures with their numbers, which rise; the first stands at time 0.
            fps: Pictures per second, 30 where it is None.

        Raises:
            BlazeRigError: None of the pictures can be decoded.
        """
        self.name = name
        self.fps = fps or FPS
        self.count: int | None = len(files)
        self.focal_35mm = focal_35mm(files[0][1])
        self._files = files
        first = next((picture for _, path in files if (picture := _decoded(path)) is not None), None)
        if first is None:
            raise BlazeRigError(
                f"{files[0][1]} cannot be decoded: it is damaged or not a picture; save it as .png"
            )
        self.size = (first.shape[1], first.shape[0])

    def shots(self, start: float, tally: Tally) -> Generator[Shot, None, None]:
        """The shots from `start` s on; no picture is read before it is wanted."""
        for number, path in self._files:
            time = (number - self._files[0][0]) / self.fps
            if time >= start:
                tally.decoded, tally.end = tally.decoded + 1, time
                yield Shot(time, partial(self._picture, path))

    def cut_short(self, tally: Tally) -> bool:  # noqa: ARG002
        """No: what is not there was not announced."""
        return False

    def _picture(self, path: Path) -> Picture | None:
        picture = _decoded(path)
        if picture is not None and (picture.shape[1], picture.shape[0]) != self.size:
            raise BlazeRigError(
                f"{path} is {picture.shape[1]}x{picture.shape[0]}, the pictures before it are "
                f"{self.size[0]}x{self.size[1]}; a series has pictures of one size"
            )
        return picture


def still(path: Path, fps: float | None) -> Pictures:
    """One picture."""
    return Pictures(path.name, [(0, path)], fps)


def folder(path: Path, fps: float | None) -> Pictures:
    """The pictures of a folder in the order of their names, numbers in them by their value.

    Raises:
        BlazeRigError: There are none.
    """
    files = of_folder(path)
    if not files:
        raise BlazeRigError(
            f"{path} is a folder without pictures ({', '.join(ENDINGS)}); give the video itself"
        )
    return Pictures(path.resolve().name, list(enumerate(files)), fps)


def series(path: Path, fps: float | None) -> Pictures:
    """The pictures that fit a pattern; a number that is missing leaves a gap in time.

    Raises:
        BlazeRigError: None fits, or some are no pictures.
    """
    fitting = of_pattern(path)
    if not fitting:
        raise BlazeRigError(f"there is no file like {path}; check its folder, name and number of digits")
    return Pictures(path.name, fitting, fps)


def _decoded(path: Path) -> Picture | None:
    """A BGR picture, upright, of 8 bits, black where it is wholly transparent; None where it is damaged."""
    try:
        data = np.fromfile(path, np.uint8)
        picture = cv2.imdecode(data, _mode(data)) if data.size else None
    except (OSError, cv2.error):
        return None
    return None if picture is None else _opaque(cast(NDArray[np.integer[Any]], picture))


def _mode(data: NDArray[np.uint8]) -> int:
    """How OpenCV shall decode a file: all that is in it where there may be alpha, else as BGR and upright."""
    png = data.size > _PNG_KIND and data[: len(_PNG)].tobytes() == _PNG
    return cv2.IMREAD_UNCHANGED if png and data[_PNG_KIND] in _PNG_WITH_ALPHA else cv2.IMREAD_COLOR


def _opaque(picture: NDArray[np.integer[Any]]) -> Picture:
    """The upper 8 bits of BGR or BGRA. What lies under alpha 0 is hidden, the rest keeps its colours."""
    deep = picture.dtype == np.uint16
    shallow = (picture >> 8 if deep else picture).astype(np.uint8, copy=False)
    return (
        np.where(shallow[..., 3:] == 0, np.uint8(0), shallow[..., :3]) if shallow.shape[2] == 4 else shallow
    )
