"""A camera from what the user says."""

from __future__ import annotations

from pathlib import Path

from .camera import Camera
from .device import RATE, SIZE, Wish, opened_device
from .played import Played
from .running import Running


def open_camera(
    source: str, *, size: tuple[int, int] | None = None, rate: float | None = None, loop: bool = False
) -> Camera:
    """The camera that `source` names, running.

    Args:
        source: A number from 0 on, a camera's name, a device like /dev/video0, a stream (rtsp://, http://,
            https://, udp://, rtmp://), or footage, which is played at its own speed.
        size: Width and height that are asked of a plugged-in camera, px; streams and files have their own.
        rate: Frames a second that are asked of it; a file's frames come so often, whatever its own times.
        loop: A file begins again at its end.

    Raises:
        BlazeRigError: There is no such camera, it cannot be opened or gives no picture.
    """
    if source.isdecimal() or source.startswith("/dev/"):
        place = int(source) if source.isdecimal() else source
        wish = Wish(size or SIZE, rate or RATE)
        return Running(f"camera {source}", lambda: opened_device(f"camera {source}", place, wish))
    path = Path(source)
    return Running(path.name, lambda: Played(path, rate=rate, loop=loop))
