"""The way to a plugged-in camera: found in the list by number or name, and found again after it was lost."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from ...errors import BlazeRigError
from .. import permission
from . import linux
from .device import Device, Opener, Wish, opencv, opened_device, unplugged
from .listed import Listed, chosen, needs_mjpg
from .listing import Listing, list_cameras

SIZE = (1280, 720)
"""Asked for where the user does not say: wide enough for a whole body, small enough for any machine."""
RATE = 30.0


class Plugged:
    """Opens a camera, now and after each time that it was lost; then by its name, as its number may change.

    Attributes:
        name: For people.
    """

    def __init__(
        self,
        word: str,
        *,
        size: tuple[int, int] | None = None,
        rate: float | None = None,
        listing: Listing = list_cameras,
        obstacle: Callable[[str], str] | None = None,
        opener: Opener = opencv,
        platform: str = sys.platform,
    ) -> None:
        """Find the camera.

        Args:
            word: Its number, its name or a part of it, or a path like /dev/video0.
            size: Width and height that are asked for, px.
            rate: Frames a second that are asked for.
            listing: Tells which cameras there are.
            obstacle: Why the camera of a number cannot be started now; empty where nothing is in the way.
            opener: Opens it.
            platform: As Python calls the system.

        Raises:
            BlazeRigError: There is no such camera.
        """
        self._listing, self._opener, self._platform = listing, opener, platform
        self._obstacle = obstacle or _obstacle
        self._size, self._rate = size or SIZE, rate or RATE
        number = _number(word)
        cameras = listing()
        if not cameras and number.isdecimal() and platform != "linux":
            self._known = Listed(number, f"camera {number}")
            self._listing = self._alone
        else:
            self._known = chosen(number, cameras)
        self.name = self._known.name

    def __call__(self) -> Device:
        """The camera, open.

        Raises:
            GoneError: It is not plugged in for now.
            BlazeRigError: It cannot be opened.
        """
        camera = self._found()
        if camera is None:
            raise unplugged(self.name)
        if obstacle := self._obstacle(camera.source):
            raise BlazeRigError(obstacle)
        wish = Wish(self._size, self._rate, needs_mjpg(self._known.modes, self._size, self._rate))
        device = opened_device(
            self.name,
            int(camera.source),
            wish,
            is_there=lambda: self._found() is not None,
            opener=self._opener,
            platform=self._platform,
        )
        if device is None:
            raise BlazeRigError(_refused(self.name))
        return device

    def _alone(self, *, modes: bool = True) -> tuple[Listed, ...]:  # noqa: ARG002
        """The list where the system has none."""
        return (self._known,)

    def _found(self) -> Listed | None:
        return next((camera for camera in self._listing(modes=False) if camera.name == self.name), None)


def _obstacle(source: str) -> str:
    if sys.platform == "linux":
        return linux.obstacle(Path(f"/dev/video{source}"))
    return permission.refusal("camera")


def _number(word: str) -> str:
    """The number that a path on Linux stands for, also by a name in /dev/v4l; else the word."""
    if not word.startswith("/dev/"):
        return word
    device = Path(word)
    if not device.exists():
        raise BlazeRigError(
            f"{word} is not there; plug the camera in, or see what there is: blazerig cameras"
        )
    name = device.resolve().name
    return name[5:] if name.startswith("video") and name[5:].isdecimal() else word


def _refused(name: str) -> str:
    if permission.asked("camera"):
        return f"macOS asks whether {name} may be used: allow it, and start again"
    return (
        f"{name} cannot be opened; close other programs that may use it (a video call, a browser), "
        "or unplug it and plug it in again"
    )
