"""Whether the system lets this program use a camera or a microphone, and what to do where it does not."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Literal

Kind = Literal["camera", "microphone"]

_NOT_ASKED, _RESTRICTED, _DENIED, _ALLOWED = 0, 1, 2, 3
"""`AVAuthorizationStatus`: not asked yet, forbidden by whoever keeps this Mac, refused, allowed."""
_MEDIA = {"camera": "AVMediaTypeVideo", "microphone": "AVMediaTypeAudio"}
_FRAMEWORK = "/System/Library/Frameworks/AVFoundation.framework/AVFoundation"
_STARTER = "__CFBundleIdentifier"
"""Where macOS tells programs in whose name they run."""
_CONSENT = r"Software\Microsoft\Windows\CurrentVersion\CapabilityAccessManager\ConsentStore"
_KEYS = {"camera": "webcam", "microphone": "microphone"}


def refusal(kind: Kind) -> str:
    """Why the system gives no camera, or no microphone, and what to do; empty where it may give one.

    Linux has no such rule: there, files say who may use what.
    """
    if sys.platform == "darwin":
        return macos_refusal(kind, _macos_status(kind), os.environ.get(_STARTER, ""))
    if sys.platform == "win32":
        key = rf"{_CONSENT}\{_KEYS[kind]}"
        return windows_refusal(kind, [_windows_consent(key), _windows_consent(rf"{key}\NonPackaged")])
    return ""


def asked(kind: Kind) -> bool:
    """Whether macOS now asks the user, as it does when a program wants to use one for the first time."""
    return sys.platform == "darwin" and _macos_status(kind) == _NOT_ASKED


def macos_refusal(kind: Kind, status: int | None, starter: str) -> str:
    """What `refusal` says, from the system's answer (None where it could not be had) and who started us.

    A program whose bundle does not say what it wants a camera for is ended by macOS when it asks for one,
    and Blender's does not say it. What is started from the Terminal asks in the Terminal's name.
    """
    if starter.startswith("org.blender") and status != _ALLOWED:
        return (
            f"macOS gives Blender no {kind} unless it is started from the Terminal: quit it, open the "
            "Terminal, type /Applications/Blender.app/Contents/MacOS/Blender, and allow what is asked for"
        )
    if status == _DENIED:
        return (
            f"macOS does not allow the {kind}: open System Settings > Privacy & Security > "
            f"{kind.capitalize()}, switch on the Terminal (or whatever started this), and start it again"
        )
    if status == _RESTRICTED:
        return f"this Mac does not allow the {kind}; ask whoever looks after it"
    return ""


def windows_refusal(kind: Kind, consents: Sequence[str]) -> str:
    """What `refusal` says, from what Windows keeps of the user's choice for all and for desktop programs."""
    if "Deny" not in consents:
        return ""
    return (
        f"Windows does not allow the {kind}: open Settings > Privacy & security > {kind.capitalize()} and "
        f"switch on '{kind.capitalize()} access' and 'Let desktop apps access your {kind}'"
    )


def _macos_status(kind: Kind) -> int | None:
    """`[AVCaptureDevice authorizationStatusForMediaType:]`, through the runtime of Objective-C."""
    try:
        framework = ctypes.CDLL(_FRAMEWORK)
        runtime = ctypes.CDLL("/usr/lib/libobjc.A.dylib")
    except OSError:
        return None
    runtime.objc_getClass.restype = runtime.sel_registerName.restype = ctypes.c_void_p
    send = ctypes.CFUNCTYPE(ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)(
        ("objc_msgSend", runtime)
    )
    return send(
        runtime.objc_getClass(b"AVCaptureDevice"),
        runtime.sel_registerName(b"authorizationStatusForMediaType:"),
        ctypes.c_void_p.in_dll(framework, _MEDIA[kind]),
    )


def _windows_consent(key: str) -> str:
    if sys.platform != "win32":
        return ""
    import winreg

    with suppress(OSError), winreg.OpenKey(winreg.HKEY_CURRENT_USER, key) as opened:
        return str(winreg.QueryValueEx(opened, "Value")[0])
    return ""
