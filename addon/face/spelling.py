"""Names of shape keys and bones in any spelling. Nothing here needs Blender."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

_WORDS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+|[^\W\d_A-Za-z]+")
_SIDES = {"l": "left", "lt": "left", "lft": "left", "r": "right", "rt": "right", "rgt": "right"}


@cache
def spelled(name: str) -> str:
    """A name without case, width, signs between words and ways to write a side.

    `eyeBlink_L`, `EyeBlinkLeft` and `eye_blink.l` are all `eyeblinkleft`.
    """
    return "".join(words(name))


def words(name: str) -> list[str]:
    """The words of a name, each in small letters, a side spelled out."""
    said = [word.casefold() for word in _WORDS.findall(unicodedata.normalize("NFKC", name))]
    return [_SIDES.get(word, word) for word in said]
