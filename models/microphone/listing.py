"""The microphones that are plugged in, by name, without starting any."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import av
from av.error import FFmpegError

from ..camera import windows
from ..said import said_while


@dataclass(frozen=True)
class Listed:
    """A microphone.

    Attributes:
        source: By which `Microphone` opens it.
        name: As its maker calls it.
    """

    source: str
    name: str


_PCM = re.compile(r"^(?P<card>\d+)-(?P<device>\d+): (?P<name>[^:]*):.*\bcapture \d+", re.MULTILINE)
_CARD = re.compile(r"^ *(?P<number>\d+) \[[^\]]*\]: .*? - (?P<name>.*)$", re.MULTILINE)
_SOUNDS = re.compile(r"AVFoundation audio devices:\n?(?P<list>.*)", re.DOTALL)
_SOUND = re.compile(r"^\[(?P<number>\d+)\] (?P<name>.+)$", re.MULTILINE)


def list_microphones(platform: str = sys.platform) -> tuple[Listed, ...]:
    """All microphones of this machine; the first is taken where the user does not say."""
    system = _SYSTEMS.get(platform)
    return system() if system else ()


def linux(folder: Path = Path("/proc/asound")) -> tuple[Listed, ...]:
    """What ALSA's drivers say: each device that records, with its card's name."""
    names = {card["number"]: card["name"].strip() for card in _CARD.finditer(_text(folder / "cards"))}
    return tuple(
        Listed(
            f"plughw:{int(pcm['card'])},{int(pcm['device'])}",
            " ".join(filter(None, (names.get(str(int(pcm["card"])), ""), pcm["name"].strip()))),
        )
        for pcm in _PCM.finditer(_text(folder / "pcm"))
    )


def macos(answer: str) -> tuple[Listed, ...]:
    """Those of what FFmpeg writes for `list_devices`."""
    found = _SOUNDS.search(answer)
    sounds = _SOUND.finditer(found["list"]) if found else ()
    return tuple(Listed(f":{sound['number']}", sound["name"].strip()) for sound in sounds)


def _macos() -> tuple[Listed, ...]:
    answer = said_while(lambda: _ask("", "avfoundation")) if "avfoundation" in av.formats_available else ""
    return macos(answer)


def _windows() -> tuple[Listed, ...]:
    return tuple(Listed(f"audio={entry.path}", entry.name) for entry in windows.devices() if entry.microphone)


def _ask(device: str, system: str) -> None:
    with suppress(FFmpegError):
        av.open(device, format=system, options={"list_devices": "true"}).close()


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace")
    except OSError:
        return ""


_SYSTEMS: dict[str, Callable[[], tuple[Listed, ...]]] = {
    "linux": linux,
    "darwin": _macos,
    "win32": _windows,
}
