"""Names of shape keys and bones as the dialects understand them. Nothing here needs Blender."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from .dialect import Dialect, Look, dialects
from .guess import guess
from .looks import vector
from .spelling import spelled
from .vocabulary import formula

BY_WORDS = "words"
"""What stands for a dialect where a name was understood by its words alone."""
LAST = 100
"""The order of those."""
BY_PREFIX = 0.9
"""How sure a name is that needed something around it taken away."""
COMMON = 2
"""So many names with the same prefix make it one, or more where a dialect wants more to be there."""
Affix = tuple[str, str]
"""What stands before and after a name."""
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True)
class Candidate:
    """An expression, and what is called so.

    Attributes:
        names: Of shape keys, or of expressions that somebody put together.
        says: What those say, in words of `vocabulary.py`.
        look: What it looks like in ARKit's shapes.
        dialect: Name of the one by which it was understood.
        certainty: How sure that is, 0 to 1.
        order: Of the dialect.
    """

    names: tuple[str, ...]
    says: str
    look: Look
    dialect: str
    certainty: float
    order: int


def candidates(names: Collection[str]) -> list[Candidate]:
    """Expressions that names say, the plainest looks first; each name is only one of them."""
    known = list(_of_dialects(names))
    taken = {name for one in known for name in one.names}
    return sorted([*known, *_guessed(name for name in names if name not in taken)], key=_plainness)


def _plainness(one: Candidate) -> tuple[int, int]:
    return int(np.count_nonzero(vector(one.look))), one.order


def _guessed(names: Iterable[str]) -> Iterator[Candidate]:
    """By the words in each name."""
    for name in names:
        if found := guess(name):
            yield Candidate((name,), formula(found.look), found.look, BY_WORDS, found.certainty, LAST)


def _of_dialects(names: Collection[str]) -> Iterator[Candidate]:
    found: list[Candidate] = []
    for dialect in dialects():
        called: dict[str, dict[str, float]] = {}
        for name, (entry, sure) in understood(dialect, tuple(dialect.shapes), names):
            called.setdefault(entry, {})[name] = sure
        if len(called) >= dialect.least:
            found += [
                Candidate(
                    tuple(keys),
                    entry,
                    dialect.shapes[entry],
                    dialect.name,
                    min(keys.values()),
                    dialect.order,
                )
                for entry in dialect.shapes
                if (keys := called.get(entry))
            ]
    taken: set[str] = set()
    for one in sorted(found, key=_plainness):
        if free := tuple(name for name in one.names if name not in taken):
            taken.update(free)
            yield replace(one, names=free)


def understood(
    dialect: Dialect, entries: Sequence[str], names: Collection[str]
) -> Iterator[tuple[str, tuple[str, float]]]:
    """Names with the dialect's entry for each and how sure it is."""
    plain = {spelled(entry): entry for entry in entries}
    common = max(COMMON, dialect.least)
    affixes = _affixes(dialect, plain, names, common) if dialect.any_prefix else set[Affix]()
    for name in names:
        said = spelled(name)
        if said in plain:
            yield name, (plain[said], dialect.certainty)
            continue
        inside = [entry for affix, entry in _around(dialect, plain, said) if affix in affixes]
        if inside:
            yield name, (plain[max(inside, key=len)], BY_PREFIX * dialect.certainty)


def _affixes(dialect: Dialect, plain: Collection[str], names: Collection[str], common: int) -> set[Affix]:
    """What stands around so many of the names."""
    counts = Counter(
        affix
        for said in map(spelled, names)
        if said not in plain
        for affix, _ in _around(dialect, plain, said)
    )
    return {affix for affix, count in counts.items() if count >= common}


def _around(dialect: Dialect, plain: Collection[str], said: str) -> Iterator[tuple[Affix, str]]:
    """Entries within a name, each with what stands before and after it, but for numbers."""
    for entry in plain:
        before, found, after = said.rpartition(entry)
        if found and (dialect.any_suffix or not after):
            yield (_NUMBER.sub("", before), _NUMBER.sub("", after)), entry
