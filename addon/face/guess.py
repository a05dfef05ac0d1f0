"""What a name says that no dialect knows, by the words in it. Nothing here needs Blender.

The words are data, `words.toml`; `docs/face-format.md`, WORDS.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ..data_file import FormatError, check_entries, load, table_of
from .dialect import FORMAT, SIDES, Look, parse_look
from .spelling import words

FILE = Path(__file__).parent / "words.toml"
SAID = 0.6
"""How sure a name is of which every word is understood."""
DOUBTFUL = 0.4
"""How sure it is with other words beside them: shown, not keyed."""
_PARTS = {"mouth", "jaw", "eye", "brow", "cheek", "nose", "tongue"}
_NEIGHBOURS = {"mouth", "jaw"}
_SIDED = {"left", "right"}


@dataclass(frozen=True)
class Words:
    """What words mean, and what they say together.

    Attributes:
        meanings: By word.
        looks: By meanings; text or a table as in a dialect, with `{side}` in it.
    """

    meanings: Mapping[str, str]
    looks: Mapping[frozenset[str], object]


@dataclass(frozen=True)
class Guessed:
    """What a name says.

    Attributes:
        look: In ARKit's shapes.
        certainty: How sure that is, 0 to 1.
    """

    look: Look
    certainty: float


@cache
def known_words() -> Words:
    """Those that come with BlazeRig."""
    return load(FILE, "words", _parse)


def guess(name: str) -> Guessed | None:
    """What a name says; None where it says nothing of a face."""
    known = known_words()
    found = [known.meanings.get(word) for word in words(name) if not word.isdigit()]
    said = {meaning for meaning in found if meaning}
    fitting = [look for look in known.looks if look <= said]
    best = max(fitting, key=len, default=None)
    if best is None:
        return None
    rest, strange = said - best, None in found
    if rest & (_PARTS - _NEIGHBOURS if best & _NEIGHBOURS else _PARTS) or (strange and best & _SIDED):
        return None  # eyes that smile are no smile, and what is left of a mouth no mouth that goes left
    side = next((side for side in SIDES if side.lower() in rest), "")
    understood = not strange and rest <= {*_SIDED, *_NEIGHBOURS, "both"}
    return Guessed(_of_side(known.looks[best], side), SAID if understood else DOUBTFUL)


def _of_side(look: object, side: str) -> Look:
    """A look on one side, or on both."""
    merged: dict[str, float] = {}
    for one in [side] if side else SIDES:
        merged |= parse_look(look, one)
    return merged


def _parse(content: dict[str, object]) -> Words:
    check_entries(content, FORMAT, ("format", "words", "looks"))
    meanings = {
        word: meaning for meaning, said in table_of(content, "words").items() for word in str(said).split()
    }
    looks = {frozenset(said.split()): look for said, look in table_of(content, "looks").items()}
    for said, look in looks.items():
        if unknown := sorted(said - set(meanings.values())):
            raise FormatError(f"{unknown[0]!r} of a look is no word of 'words'")
        _of_side(look, "")
    return Words(meanings, looks)
