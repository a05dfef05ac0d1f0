"""Cameras on macOS, by what `system_profiler` tells of them, and whether they may be used."""

from __future__ import annotations

import ctypes
import json
import os
import subprocess
import sys

from .listed import Listed, numbered

_COMMAND = ("/usr/sbin/system_profiler", "SPCameraDataType", "-json")
_PATIENCE = 10.0
_FRAMEWORK = "/System/Library/Frameworks/AVFoundation.framework/AVFoundation"
_ASKED, _RESTRICTED, _DENIED, _ALLOWED = 0, 1, 2, 3
"""`AVAuthorizationStatus`: not asked yet, forbidden by whoever keeps this Mac, refused, allowed."""
_STARTER = "__CFBundleIdentifier"
"""Where macOS tells programs in whose name they run."""


def cameras() -> tuple[Listed, ...]:
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


def obstacle() -> str:
    """Why no camera can be used now, and what to do; empty where nothing is in the way.

    A program whose bundle does not say what it wants cameras for is ended by macOS when it asks for one:
    Blender's does not. What is started from the Terminal asks in the Terminal's name.
    """
    return explained(_authorization(), os.environ.get(_STARTER, ""))


def explained(status: int | None, starter: str) -> str:
    """The same, from the system's answer (None where it could not be had) and who started this program."""
    if starter.startswith("org.blender") and status != _ALLOWED:
        return (
            "macOS lets Blender use no camera unless it is started from the Terminal: quit it, open the "
            "Terminal, type /Applications/Blender.app/Contents/MacOS/Blender, and allow the camera when asked"
        )
    if status == _DENIED:
        return (
            "macOS does not allow the camera: open System Settings > Privacy & Security > Camera, switch on "
            "the Terminal (or whatever started this), and start it again"
        )
    if status == _RESTRICTED:
        return "this Mac does not allow cameras; ask whoever looks after it"
    return ""


def waiting() -> bool:
    """Whether macOS is still to ask the user for permission."""
    return _authorization() == _ASKED


def _authorization() -> int | None:
    """`[AVCaptureDevice authorizationStatusForMediaType:AVMediaTypeVideo]`."""
    if sys.platform != "darwin":
        return None
    try:
        framework = ctypes.CDLL(_FRAMEWORK)
        runtime = ctypes.CDLL("/usr/lib/libobjc.A.dylib")
    except OSError:
        return None
    runtime.objc_getClass.restype = runtime.sel_registerName.restype = ctypes.c_void_p
    send = ctypes.CFUNCTYPE(ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)(
        ("objc_msgSend", runtime)
    )
    video = ctypes.c_void_p.in_dll(framework, "AVMediaTypeVideo")
    return send(
        runtime.objc_getClass(b"AVCaptureDevice"),
        runtime.sel_registerName(b"authorizationStatusForMediaType:"),
        video,
    )
