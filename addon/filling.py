"""Who writes into a map: the program, which fills it, or the user, whose word it is then."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

_filling: list[bool] = []


@contextmanager
def filling() -> Iterator[None]:
    """Meanwhile the program writes into a map, which is not the user's word."""
    _filling.append(True)
    try:
        yield
    finally:
        _filling.pop()


def is_filling() -> bool:
    """Whether it does now."""
    return bool(_filling)
