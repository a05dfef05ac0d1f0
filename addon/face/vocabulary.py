"""What an animator may say that a shape key or a bone shows. Nothing here needs Blender.

A shape key: one of ARKit's shapes, an expression of a dialect (`aa`, `happy`, `viseme_O`), or several,
`0.6 jawOpen + mouthFunnel`. A bone: a part of the face (`jaw`, `LeftEye`).
"""

from __future__ import annotations

import re
from functools import cache

from ...solver.face.shapes import SHAPES
from ..character.bone_map import mirrored
from .dialect import BASIS, Dialect, Look, Moved, dialects
from .spelling import spelled

_SPOKEN = ("VRM 1.0", "Oculus visemes", "Plain words")
"""Dialects of which words are offered; those of others are understood all the same."""
_PLAIN = {spelled(shape): shape for shape in (*BASIS, *SHAPES)}
_TERM = re.compile(r"\s*(?:(\d*\.?\d+)\s+)?(\S.*?)\s*")


@cache
def looks_offered() -> tuple[str, ...]:
    """Words for shape keys, in the order in which they are offered."""
    expressions = (
        name for one in dialects() if one.name in _SPOKEN for name in one.shapes if not name.startswith("vrc")
    )
    offered = {spelled(name): name for name in reversed([*SHAPES, *BASIS, *expressions])}
    return tuple(reversed(offered.values()))


@cache
def parts_offered() -> tuple[str, ...]:
    """Parts of the face that a bone may be: of those that show the very same the first."""
    bones = next(one for one in dialects() if one.name == "Face bones").bones
    first = {
        (tuple(moved.turns.items()), tuple(moved.moves.items())): moved.bone for moved in reversed(bones)
    }
    return tuple(moved.bone for moved in bones if moved.bone in first.values())


@cache
def look_of(text: str, family: str = "") -> tuple[Look, str] | None:
    """What a text says that a shape key looks like, and whose words those are; None where it says nothing.

    Args:
        text: See above.
        family: The dialect whose word it is, where several have it.
    """
    merged: dict[str, float] = {}
    names: list[str] = []
    for term in text.split("+"):
        read = _TERM.fullmatch(term)
        found = read and _said(read[2], family)
        if not read or not found:
            return None
        look, name = found
        names.append(name)
        for shape, share in look.items():
            merged[shape] = merged.get(shape, 0.0) + float(read[1] or 1.0) * share
    return merged, names[0] if len(names) == 1 and not read[1] else ""


def _said(word: str, family: str) -> tuple[Look, str] | None:
    """The look of one word."""
    called = spelled(word)
    if not family and called in _PLAIN:
        return {_PLAIN[called]: 1.0}, "ARKit"
    for dialect in _preferred(family):
        for name, look in dialect.shapes.items():
            if spelled(name) == called:
                return look, dialect.name
    return None


@cache
def parts_called(name: str, family: str = "") -> tuple[tuple[Moved, str], ...]:
    """How bones move that are this part of a face, and by whose words; the likeliest first.

    Args:
        name: Of the part.
        family: The dialect whose word it is; empty for those that are offered.
    """
    return tuple(
        (moved, dialect.name)
        for dialect in _preferred(family or "Face bones")
        for moved in dialect.bones
        if spelled(moved.bone) == spelled(name)
    )


def _preferred(family: str) -> list[Dialect]:
    return sorted(dialects(), key=lambda one: one.name != family)


def formula(look: Look) -> str:
    """A look as a text that `look_of` understands."""
    return " + ".join(name if share == 1.0 else f"{share:g} {name}" for name, share in look.items())


def of_other_side(text: str) -> str:
    """The same said of the other half of a face: of `eyeBlinkLeft + jawOpen` the right eye and the jaw."""
    words = (*looks_offered(), *parts_offered())
    return " + ".join(_mirrored(term.strip(), words) for term in text.split("+"))


def _mirrored(term: str, words: tuple[str, ...]) -> str:
    share, gap, word = term.rpartition(" ")
    return share + gap + (mirrored(word, words) or word)


def part_moving_so(moved: Moved) -> str:
    """The part of a face that moves like a bone; empty where none does."""
    alike = (
        one.bone
        for dialect in _preferred("Face bones")
        for one in dialect.bones
        if (one.turns, one.moves, bool(one.about)) == (moved.turns, moved.moves, bool(moved.about))
    )
    return next(alike, "")
