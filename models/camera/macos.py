"""Cameras on macOS, by what `system_profiler` tells of them without starting any."""

from __future__ import annotations

import json
import subprocess

from .listed import Listed, numbered

_COMMAND = ("/usr/sbin/system_profiler", "SPCameraDataType", "-json")
_PATIENCE = 10.0


def cameras(*, modes: bool = True) -> tuple[Listed, ...]:  # noqa: ARG001
    """All cameras; their sizes are not told without opening them."""
    try:
        done = subprocess.run(_COMMAND, capture_output=True, text=True, timeout=_PATIENCE, check=True)
    except (OSError, subprocess.SubprocessError):
        return ()
    return parsed(done.stdout)


def parsed(answer: str) -> tuple[Listed, ...]:
    """The cameras of an answer of `system_profiler`, with the numbers that OpenCV gives them.

    OpenCV counts them in the order of their unique identities (`cap_avfoundation_mac.mm`), so that a number
    stays the same camera; the system's own order changes with use.
    """
    try:
        entries = json.loads(answer).get("SPCameraDataType", [])
    except json.JSONDecodeError:
        return ()
    entries = sorted(entries, key=lambda entry: entry.get("spcamera_unique-id", ""))
    return numbered(
        Listed(str(number), entry.get("_name", f"camera {number}")) for number, entry in enumerate(entries)
    )
