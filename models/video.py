"""Reads footage: a video or a still, frame by frame with its true times."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

# FFmpeg inside OpenCV would write of every damaged packet to the terminal; read once, when it is first used.
os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")

import cv2
import numpy as np

from ..errors import BlazeRigError
from .roi import Picture

_STILLS = {".bmp", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"}
_FPS = 30.0
_FPS_RANGE = (0.1, 1000.0)


@dataclass(frozen=True)
class Frame:
    """One picture of the footage, BGR, and its time in seconds; the first frame is at 0."""

    time: float
    picture: Picture


class Video:
    """Footage that is open for reading, once, from its first frame on.

    Attributes:
        name: The file's name.
        size: Width and height in pixels, upright.
        fps: Nominal frames per second, 30 where the file does not say.
        announced: How many frames the file says it has; None where it does not.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        """Open `path` and decode its first frame.

        Raises:
            BlazeRigError: There is no such file, or no frame of it can be decoded.
        """
        path = Path(path)
        _check_readable(path)
        self.name = path.name
        self._capture: cv2.VideoCapture | None = None
        self._reader = ThreadPoolExecutor(1)
        if path.suffix.lower() in _STILLS:
            self.fps, self.announced = _FPS, 1
            first = Frame(0.0, _read_still(path))
        else:
            self._capture = _open_capture(path)
            fps = self._capture.get(cv2.CAP_PROP_FPS)
            self.fps = fps if _FPS_RANGE[0] <= fps <= _FPS_RANGE[1] else _FPS
            count = self._capture.get(cv2.CAP_PROP_FRAME_COUNT)
            self.announced = int(count) if count > 0 else None
            self._clock = Clock(self.fps)
            decoded = self._read()
            if decoded is None:
                self.close()
                raise BlazeRigError(
                    f"no frame of {path} can be decoded: it is damaged or not a video; "
                    "convert it to H.264 in an .mp4 file"
                )
            first = decoded
        self._first: Frame | None = first
        height, width = first.picture.shape[:2]
        self.size = (width, height)

    def __enter__(self) -> Video:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._reader.shutdown()
        if self._capture is not None:
            self._capture.release()

    def frames(self) -> Iterator[Frame]:
        """The frames in the order of time; while the caller has one, the next is decoded, and no more."""
        frame, self._first = self._first, None
        while frame is not None:
            coming = self._reader.submit(self._read)
            yield frame
            frame = coming.result()

    def _read(self) -> Frame | None:
        if self._capture is None:
            return None
        decoded, picture = self._capture.read()
        if not decoded:
            return None
        return Frame(
            self._clock(self._capture.get(cv2.CAP_PROP_POS_MSEC) / 1000.0), np.asarray(picture, np.uint8)
        )


class Clock:
    """Turns a file's time stamps into times that start at 0 and always increase.

    A stamp that is missing or does not increase is replaced by the last time plus one nominal frame.
    """

    def __init__(self, fps: float) -> None:
        self._step = 1.0 / fps
        self._start: float | None = None
        self._last = 0.0

    def __call__(self, stamp: float) -> float:
        """The time of the next frame, whose stamp is `stamp` s."""
        if self._start is None:
            self._start = stamp if math.isfinite(stamp) else 0.0
            return 0.0
        time = stamp - self._start
        self._last = time if math.isfinite(time) and time > self._last else self._last + self._step
        return self._last


def _check_readable(path: Path) -> None:
    if path.is_dir():
        raise BlazeRigError(f"{path} is a folder; give the video file itself")
    if not path.exists():
        raise BlazeRigError(f"{path} does not exist; check its name")
    if not os.access(path, os.R_OK):
        raise BlazeRigError(f"{path} cannot be read; check its permissions")


def _read_still(path: Path) -> Picture:
    data = np.fromfile(path, np.uint8)
    picture = cv2.imdecode(data, cv2.IMREAD_COLOR) if data.size else None
    if picture is None:
        raise BlazeRigError(f"{path} cannot be decoded: it is damaged or not a picture; save it as .png")
    return np.asarray(picture, np.uint8)


def _open_capture(path: Path) -> cv2.VideoCapture:
    level = cv2.setLogLevel(0)
    try:
        capture = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG)
    finally:
        cv2.setLogLevel(level)
    if not capture.isOpened():
        raise BlazeRigError(
            f"{path} cannot be opened: it is damaged or not a video; convert it to H.264 in an .mp4 file"
        )
    return capture
