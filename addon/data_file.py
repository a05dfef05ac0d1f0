"""Data that comes in TOML files of a numbered format: rig files, dialects of faces, words of names."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import TypeVar

from ..errors import BlazeRigError

T = TypeVar("T")


class FormatError(Exception):
    """What in a file is not of the format; `load` knows the file's name."""


def load(path: Path, kind: str, parse: Callable[[dict[str, object]], T]) -> T:
    """What `parse` makes of a file, a `kind` of it for people.

    Raises:
        BlazeRigError: It cannot be read or something in it is not of the format.
    """
    try:
        return parse(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise BlazeRigError(f"cannot read the {kind} {path}: {error.strerror or error}") from error
    except (ValueError, FormatError) as error:
        raise BlazeRigError(f"{kind} {path.name}: {error}") from error


def check_entries(content: Mapping[str, object], number: int, entries: Collection[str]) -> None:
    """Make sure that a file is of the format `number` and has no other than these `entries`.

    Raises:
        FormatError: It is not, or has.
    """
    if content.get("format") != number:
        raise FormatError(f"format is {content.get('format')!r}; this BlazeRig reads format {number}")
    if unknown := sorted(set(content) - set(entries)):
        raise FormatError(f"unknown entry {unknown[0]!r}; there are: {', '.join(sorted(entries))}")


def table_of(content: Mapping[str, object], key: str) -> dict[str, object]:
    """The table of this name; an empty one where there is none.

    Raises:
        FormatError: It is something else.
    """
    found = content.get(key, {})
    if not isinstance(found, dict):
        raise FormatError(f"{key!r} must be a table")
    return found


def flag_of(content: Mapping[str, object], key: str) -> bool:
    """The switch of this name; off where there is none.

    Raises:
        FormatError: It is something else.
    """
    found = content.get(key, False)
    if not isinstance(found, bool):
        raise FormatError(f"{key!r} must be true or false")
    return found
