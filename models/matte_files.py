"""Mattes as files for Blender's compositor: a numbered sequence of PNGs in a folder, or a lossless video."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from av.video.reformatter import ColorRange
from numpy.typing import NDArray

from ..errors import BlazeRigError
from ..output import check_folder, check_writable, written_whole
from .matte import Matte
from .video import Frame

Put = Callable[[Frame, Matte], None]
"""Takes the next frame and its matte."""

CODECS: dict[str, tuple[str, dict[str, str]]] = {
    ".mov": ("png", {}),
    ".mkv": ("ffv1", {}),
    ".mp4": ("libx264", {"qp": "0"}),
}
"""A lossless codec for 8-bit grey that Blender reads, and its options, by the file's ending."""
_NAME = "matte_{:04d}.png"
_PATTERN = "matte_[0-9]*.png"
_CLOCK = Fraction(1, 90000)


def check_place(out: Path) -> None:
    """Make sure that mattes can go to `out`, before the long work.

    Raises:
        BlazeRigError: It is no kind of video that is known, a folder with other things in it, or closed.
    """
    if out.suffix.lower() in CODECS:
        check_writable(out)
        return
    if out.suffix:
        raise BlazeRigError(
            f"{out} is no place for mattes; give a folder, or a file that ends with {', '.join(CODECS)}"
        )
    check_folder(out)
    if out.is_dir() and {path.name for path in out.iterdir()} - {path.name for path in out.glob(_PATTERN)}:
        raise BlazeRigError(f"{out} holds other files than mattes; choose an empty or a new folder")


def written(out: Path, fps: float) -> AbstractContextManager[Put]:
    """Where mattes are put: a video if `out` ends like one, else a folder of matte_0001.png and so on.

    What was there before stays until the block has ended well.

    Raises:
        BlazeRigError: It cannot be written.
    """
    return _video(out, fps) if out.suffix.lower() in CODECS else _sequence(out)


@contextmanager
def _sequence(folder: Path) -> Generator[Put, None, None]:
    """File numbers are frame numbers from 1; one that could not be decoded has the matte of the next."""
    unfinished = folder.with_name(f"{folder.name}.unfinished")
    count = 0

    def put(frame: Frame, matte: Matte) -> None:
        nonlocal count
        data = cv2.imencode(".png", _grey(matte))[1].tobytes()
        for number in range(count, frame.index + 1):
            (unfinished / _NAME.format(number + 1)).write_bytes(data)
        count = frame.index + 1

    try:
        _remove(unfinished)
        unfinished.mkdir(parents=True)
        try:
            yield put
            _remove(folder)
            unfinished.rename(folder)
        finally:
            _remove(unfinished)
    except OSError as error:
        raise BlazeRigError(
            f"cannot write to {folder}: {error.strerror or error}; choose another place"
        ) from error


def _remove(folder: Path) -> None:
    """The mattes of an earlier run, and the folder, which holds nothing else."""
    if folder.is_dir():
        for path in folder.glob(_PATTERN):
            path.unlink()
        folder.rmdir()


@contextmanager
def _video(path: Path, fps: float) -> Generator[Put, None, None]:
    """With the times of the footage, from the first frame on."""
    codec, options = CODECS[path.suffix.lower()]
    with written_whole(path) as unfinished, av.open(str(unfinished), "w") as container:
        stream = container.add_stream(codec, rate=Fraction(fps).limit_denominator(1001))
        assert isinstance(stream, av.VideoStream)
        stream.pix_fmt, stream.options = "gray", {**options}
        stream.codec_context.time_base = _CLOCK
        stream.codec_context.color_range = ColorRange.JPEG
        start: float | None = None

        def put(frame: Frame, matte: Matte) -> None:
            nonlocal start
            if start is None:
                start = frame.time
                stream.height, stream.width = matte.shape
            shown = av.VideoFrame.from_ndarray(_grey(matte), format="gray")
            shown.pts, shown.time_base = round((frame.time - start) / _CLOCK), _CLOCK
            container.mux(stream.encode(shown))

        yield put
        container.mux(stream.encode())


def _grey(matte: Matte) -> NDArray[np.uint8]:
    return np.round(matte * 255.0).astype(np.uint8)
