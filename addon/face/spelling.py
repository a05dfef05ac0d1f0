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
    words = [word.casefold() for word in _WORDS.findall(unicodedata.normalize("NFKC", name))]
    return "".join(_SIDES.get(word, word) for word in words)
