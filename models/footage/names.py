"""Series of pictures by their names: which files belong together. Nothing is decoded here."""

from __future__ import annotations

import re
from pathlib import Path

from ...errors import BlazeRigError

ENDINGS = (".bmp", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp")
"""Of the files that are taken for stills."""
_PATTERN = re.compile(r"(?P<before>.*?)(?P<number>#+|%(0(?P<digits>\d+))?d)(?P<after>.*)", re.DOTALL)


def is_pattern(path: Path) -> bool:
    """Whether the name stands for a series: walk_####.png or walk_%04d.png."""
    return _PATTERN.fullmatch(path.name) is not None and not path.exists()


def of_pattern(path: Path) -> list[tuple[int, Path]]:
    """The files that fit a pattern, with their numbers, which rise; empty where none does.

    Raises:
        BlazeRigError: The folder cannot be read.
    """
    pattern = _PATTERN.fullmatch(path.name)
    assert pattern is not None
    digits = pattern["digits"] or (len(pattern["number"]) if pattern["number"][0] == "#" else 1)
    name = re.compile(rf"{re.escape(pattern['before'])}(\d{{{digits},}}){re.escape(pattern['after'])}")
    fitting = [(match, file) for file in _listed(path.parent) if (match := name.fullmatch(file.name))]
    return sorted((int(match[1]), file) for match, file in fitting)


def of_folder(path: Path) -> list[Path]:
    """The pictures of a folder in the order of their names, numbers in them by their value.

    Raises:
        BlazeRigError: The folder cannot be read.
    """
    files = [file for file in _listed(path) if file.suffix.lower() in ENDINGS and file.name[0] != "."]
    return sorted(files, key=lambda file: (_natural(file.name), file.name))


def _listed(folder: Path) -> list[Path]:
    try:
        return [file for file in folder.iterdir() if file.is_file()]
    except OSError as error:
        raise BlazeRigError(f"{folder} cannot be read: {error.strerror}; check its name") from error


def _natural(name: str) -> list[str | int]:
    """A key by which frame 10 comes after frame 9: text, number, text, number, ..."""
    return [int(part) if part.isdecimal() else part for part in re.split(r"(\d+)", name.lower())]
