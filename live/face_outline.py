"""Those of the face's 478 landmarks that are enough to draw it: oval, eyes and mouth."""

from __future__ import annotations

import numpy as np

_OVAL = (10, 332, 389, 323, 397, 378, 152, 149, 172, 93, 162, 103)
_EYES = (263, 387, 385, 362, 380, 373), (33, 160, 158, 133, 153, 144)
_LIPS = (61, 39, 0, 269, 291, 405, 17, 181), (78, 13, 308, 14)
_RINGS = (_OVAL, *_EYES, *_LIPS)

OUTLINE = np.concatenate(_RINGS)
"""Shape (36,)."""


def lines() -> list[tuple[int, int]]:
    """Pairs of places in `OUTLINE` that are joined: rings."""
    found: list[tuple[int, int]] = []
    for ring in _RINGS:
        first = len(found)
        places = range(first, first + len(ring))
        found += [(place, first + (place - first + 1) % len(ring)) for place in places]
    return found
