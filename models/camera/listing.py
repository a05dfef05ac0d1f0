"""The cameras that are plugged in, by name, without starting any."""

from __future__ import annotations

import sys
from typing import Protocol

from . import linux, macos, windows
from .listed import Listed


class Listing(Protocol):
    """Tells which cameras there are."""

    def __call__(self, *, modes: bool = True) -> tuple[Listed, ...]:
        """All of them, in the order of their numbers; without `modes` it is quicker."""
        ...


_SYSTEMS: dict[str, Listing] = {
    "linux": linux.cameras,
    "darwin": macos.cameras,
    "win32": windows.cameras,
}


def list_cameras(platform: str = sys.platform, *, modes: bool = True) -> tuple[Listed, ...]:
    """All cameras of this machine, in the order of their numbers; none on other systems than the three."""
    system = _SYSTEMS.get(platform)
    return system(modes=modes) if system else ()
