"""The kinds of arguments that the commands share."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn, Protocol


class Commands(Protocol):
    """Where a command adds itself."""

    def add_parser(self, name: str, *, help: str) -> argparse.ArgumentParser:
        """The parser of a new command."""
        ...


class Parser(argparse.ArgumentParser):
    """Says in one line what is wrong."""

    def error(self, message: str) -> NoReturn:
        """Name the mistake and where to read on; exit code 2."""
        self.exit(2, f"blazerig: {message}; see {self.prog} --help\n")


def file_ending(*endings: str) -> Callable[[str], Path]:
    """A type of argument: a path that ends so."""

    def path(text: str) -> Path:
        if Path(text).suffix.lower() not in endings:
            raise argparse.ArgumentTypeError(f"'{text}' must end with {' or '.join(endings)}")
        return Path(text)

    return path


def positive(text: str) -> float:
    """A type of argument: a number above 0."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0.0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"'{text}' is no number above 0")
    return value


def at_least_nothing(text: str) -> float:
    """A type of argument: a number from 0 on."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0.0 <= value < float("inf"):
        raise argparse.ArgumentTypeError(f"'{text}' is no number from 0 on")
    return value


def count(text: str) -> int:
    """A type of argument: a whole number from 1 on."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is no whole number above 0")
    return int(text)


def picture_size(text: str) -> tuple[int, int]:
    """A type of argument: width and height, as in 1280x720."""
    width, cross, height = text.lower().partition("x")
    if not cross:
        raise argparse.ArgumentTypeError(f"'{text}' is no size; write it as in 1280x720")
    return count(width), count(height)


def add_footage(command: argparse.ArgumentParser) -> None:
    """Footage, and which of its frames."""
    command.add_argument(
        "video", metavar="VIDEO", type=Path, help="a video, a picture, a folder of pictures, or walk_####.png"
    )
    command.add_argument("--start", metavar="SECONDS", type=float, help="leave out what is before")
    command.add_argument("--end", metavar="SECONDS", type=positive, help="leave out what is after")
    command.add_argument("--every", metavar="N", type=int, default=1, help="only each N-th frame")
    command.add_argument(
        "--fps", metavar="N", type=positive, help="pictures a second, of a folder of pictures"
    )


def add_settings(command: argparse.ArgumentParser) -> None:
    """What is known of the clip."""
    command.add_argument(
        "--settings",
        metavar="FILE.toml",
        type=file_ending(".toml"),
        help="what is known of performer and camera, and how to solve (docs/settings.toml has them all)",
    )


def add_provider(command: argparse.ArgumentParser) -> None:
    """What the nets run on."""
    command.add_argument(
        "--provider", metavar="NAME", default="auto", help="where the nets run (default: auto)"
    )


def add_threads(command: argparse.ArgumentParser) -> None:
    """How much of the processor."""
    command.add_argument(
        "--threads", metavar="N", type=count, default=0, help="cores that the nets keep busy (default: all)"
    )
