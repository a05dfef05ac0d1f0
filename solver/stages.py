"""What a solve does, in its order, and how far it is then."""

from __future__ import annotations

from collections.abc import Callable, Mapping

Told = Callable[[str], None]
"""Told the name of the stage that begins."""
BEHIND: Mapping[str, float] = {
    "looking": 0.0,
    "body": 0.02,
    "hands": 0.44,
    "motion": 0.50,
    "floor": 0.67,
    "feet": 0.69,
    "finishing": 0.96,
}
"""The share of the work that is done when a stage begins (measured on a long clip)."""


def untold(_: str) -> None:
    """For who does not want to know."""
