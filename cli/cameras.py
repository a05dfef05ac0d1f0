"""`blazerig cameras`: the cameras and microphones that are plugged in, by name; none of them is started."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from .arguments import Commands

if TYPE_CHECKING:
    from ..models.camera.listed import Listed, Mode


def add(commands: Commands) -> None:
    """The command and its options."""
    cameras = commands.add_parser("cameras", help="list cameras and microphones")
    cameras.set_defaults(run=run)
    cameras.add_argument("--json", action="store_true", help="for programs: one JSON object on one line")


def run(options: argparse.Namespace) -> int:
    """Print what was found; 0 also where there is nothing."""
    from ..models import permission
    from ..models.camera.listing import list_cameras
    from ..models.microphone.listing import list_microphones

    cameras, microphones, problem = list_cameras(), list_microphones(), permission.refusal("camera")
    if options.json:
        found = {
            "cameras": [as_json(camera) for camera in cameras],
            "microphones": [{"source": one.source, "name": one.name} for one in microphones],
            "problem": problem,
        }
        print(json.dumps(found))
        return 0
    print("\n".join(lines("cameras", [(one.source, one.name, in_words(one.modes)) for one in cameras])))
    print("\n".join(lines("microphones", [(one.source, one.name, "") for one in microphones])))
    if problem:
        print(f"problem: {problem}")
    return 0


def lines(title: str, rows: Sequence[tuple[str, str, str]]) -> Iterator[str]:
    """A table for people, of sources, names and what they offer."""
    yield title if rows else f"{title}: none"
    width = max((len(source) for source, _, _ in rows), default=0)
    for source, name, modes in rows:
        yield f"  {source:>{width}}  {name}" + (f": {modes}" if modes else "")


def as_json(camera: Listed) -> dict[str, object]:
    """A camera for programs: `modes` in words, `sizes` with their rates in numbers."""
    sizes = [{"size": mode.size, "rate": mode.rate, "mjpg": mode.mjpg} for mode in camera.modes]
    return {"source": camera.source, "name": camera.name, "modes": in_words(camera.modes), "sizes": sizes}


def in_words(modes: Sequence[Mode]) -> str:
    """Each size with its highest rate, from the largest on."""
    rates: dict[tuple[int, int], float] = {}
    for mode in modes:
        rates[mode.size] = max(mode.rate, rates.get(mode.size, 0.0))
    return ", ".join(
        f"{width}x{height}" + (f" at {rate:.4g}/s" if rate else "") for (width, height), rate in rates.items()
    )
