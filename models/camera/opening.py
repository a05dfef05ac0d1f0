"""A camera from what the user says."""

from __future__ import annotations

import re
from pathlib import Path

from ...errors import BlazeRigError
from ..footage.names import is_pattern
from .camera import Camera
from .played import Played
from .plugged import Plugged
from .running import Running
from .stream import SCHEMES, Stream, stream_name


def open_camera(
    source: str, *, size: tuple[int, int] | None = None, rate: float | None = None, loop: bool = False
) -> Camera:
    """The camera that `source` names, running.

    Args:
        source: A number from 0 on, a camera's name or a part of it, a device like /dev/video0, a stream
            (rtsp://, http://, https://, udp://, rtmp://), or footage, which is played at its own speed.
        size: Width and height that are asked of a plugged-in camera, px; streams and files have their own.
        rate: Frames a second that are asked of it; a file's frames come so often, whatever its own times.
        loop: A file begins again at its end.

    Raises:
        BlazeRigError: There is no such camera, it cannot be opened or gives no picture.
    """
    scheme, separator, _ = source.partition("://")
    if separator:
        if scheme.lower() not in SCHEMES:
            raise BlazeRigError(f"{scheme}:// is no stream that can be read; there is: {', '.join(SCHEMES)}")
        return Running(stream_name(source), lambda: Stream(source))
    if not source.strip():
        raise BlazeRigError(
            "give a camera's number or name, a stream or a video; blazerig cameras lists them"
        )
    path = Path(source)
    if not source.isdecimal() and _is_footage(path):
        return Running(path.name, lambda: Played(path, rate=rate, loop=loop))
    plugged = Plugged(source, size=size, rate=rate)
    return Running(plugged.name, plugged)


def _is_footage(path: Path) -> bool:
    """Whether a file is meant, be it there or not; a camera's name may well have a dot in it: USB2.0."""
    if path.is_relative_to("/dev"):
        return False
    return path.exists() or is_pattern(path) or re.fullmatch(r"\.[A-Za-z]\w{1,4}", path.suffix) is not None
