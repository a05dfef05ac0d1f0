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


def count(text: str) -> int:
    """A type of argument: a whole number from 1 on."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is no whole number above 0")
    return int(text)
