"""The cameras that are plugged in, by name, without starting any."""

from __future__ import annotations

import sys
from collections.abc import Callable

from . import linux, macos, windows
from .listed import Listed

_SYSTEMS: dict[str, Callable[[], tuple[Listed, ...]]] = {
    "linux": linux.cameras,
    "darwin": macos.cameras,
    "win32": windows.cameras,
}


def list_cameras(platform: str = sys.platform) -> tuple[Listed, ...]:
    """All cameras of this machine, in the order of their numbers; none on other systems than the three."""
    system = _SYSTEMS.get(platform)
    return system() if system else ()
