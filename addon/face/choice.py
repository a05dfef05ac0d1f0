"""Which of all expressions that a character has are used. Nothing here needs Blender."""

from __future__ import annotations

from collections.abc import Iterable

from ...solver import rotations
from ..character.guess import KEYED
from .candidates import Candidate
from .looks import NOTHING, Floats, extend, new_share, vector

NEW = 0.5
"""An expression is used if so much of its look, by length, is none that those before it can show."""
WHOLE = 1.0
"""Expressions of one dialect that look alike are parts of one if they are no more than this together."""


def chosen(found: Iterable[Candidate]) -> list[Candidate]:
    """Those that are sure and show something new."""
    used: list[Candidate] = []
    shown: list[Floats] = []
    for one in found:
        if one.certainty < KEYED:
            continue
        if new_share(vector(one.look), shown) >= NEW:
            used.append(one)
            extend(shown, one.look)
        elif _completes(one, used):
            used.append(one)
    return used


def _completes(one: Candidate, used: Iterable[Candidate]) -> bool:
    """Whether it is a part of what others of its dialect show as parts: lips pursed above and below."""
    look = vector(one.look)
    same = [vector(other.look) for other in used if other.dialect == one.dialect]
    alike = [other for other in same if new_share(look, [rotations.normalise(other)]) < NOTHING]
    return bool(alike) and float(sum(alike, look).max()) <= WHOLE
