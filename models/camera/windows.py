"""Cameras and microphones on Windows, by what DirectShow tells of them through FFmpeg."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass

import av
from av.error import FFmpegError

from ..said import said_while
from .listed import Listed, Mode, best_modes, numbered

_ENTRY = re.compile(r'"(?P<name>[^"\n]*)" \((?P<kinds>[^)\n]*)\)\s*Alternative name "(?P<path>[^"\n]*)"')
_OPTION = re.compile(
    r"(?:pixel_format|vcodec)=(?P<kind>\w+)[^\n]*?max s=(?P<width>\d+)x(?P<height>\d+) fps=(?P<rate>[\d.]+)"
)
_MICROPHONES = "{33D9A762-90C8-11D0-BD43-00A0C911CE86}"
"""DirectShow's category of audio devices (`CLSID_AudioInputDeviceCategory`), in the paths of its devices."""


@dataclass(frozen=True)
class Entry:
    """A device that DirectShow knows.

    Attributes:
        name: For people.
        path: What identifies it.
        microphone: Whether it is one; else it is a camera.
    """

    name: str
    path: str
    microphone: bool


def cameras(*, modes: bool = True) -> tuple[Listed, ...]:
    """All cameras, with the numbers that OpenCV gives them: the order in which DirectShow counts them."""
    entries = [entry for entry in devices() if not entry.microphone]
    return numbered(
        Listed(str(number), entry.name, _modes(entry) if modes else ())
        for number, entry in enumerate(entries)
    )


def _modes(entry: Entry) -> tuple[Mode, ...]:
    return parsed_modes(_said(f"video={entry.path}", "list_options"))


def devices() -> tuple[Entry, ...]:
    """All cameras and microphones."""
    return parsed(_said("dummy", "list_devices"))


def parsed(answer: str) -> tuple[Entry, ...]:
    """The devices of what FFmpeg writes for `list_devices`, in its order."""
    return tuple(
        Entry(entry["name"], entry["path"], _MICROPHONES in entry["path"].upper())
        for entry in _ENTRY.finditer(answer)
    )


def parsed_modes(answer: str) -> tuple[Mode, ...]:
    """The modes of what FFmpeg writes for `list_options`."""
    return best_modes(
        Mode((int(mode["width"]), int(mode["height"])), float(mode["rate"]), mode["kind"] == "mjpeg")
        for mode in _OPTION.finditer(answer)
    )


def _said(device: str, question: str) -> str:
    """What FFmpeg writes of a device without starting it; it always ends with an error after that."""
    return said_while(lambda: _ask(device, question)) if "dshow" in av.formats_available else ""


def _ask(device: str, question: str) -> None:
    with suppress(FFmpegError):
        av.open(device, format="dshow", options={question: "true"}).close()
