"""What expressions look like, as vectors of ARKit's shapes. Nothing here needs Blender."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from ...solver.face.shapes import SHAPES
from .dialect import BASIS, HALVES, Look

Floats = NDArray[np.floating]

NOTHING = 1e-6
"""A look shorter than this shows nothing."""


def vector(look: Look) -> Floats:
    """A look as shares of `BASIS`. Shape (B,)."""
    shares = np.zeros(len(BASIS))
    for shape, share in look.items():
        for half in HALVES.get(shape, (shape,)):
            shares[BASIS.index(half)] = share
    return shares


def beyond(look: Floats, shown: Sequence[Floats]) -> Floats:
    """What of a look (B,) none of these orthogonal directions can show. Shape (B,)."""
    for direction in shown:
        look = look - (look @ direction) * direction
    return look


def new_share(look: Floats, shown: Sequence[Floats]) -> float:
    """How much of a look (B,), by length, these orthogonal directions cannot show."""
    return float(np.linalg.norm(beyond(look, shown)) / np.linalg.norm(look))


def directions(looks: Iterable[Look]) -> list[Floats]:
    """Orthogonal directions of all that some looks together can show. Each (B,)."""
    shown: list[Floats] = []
    for look in looks:
        extend(shown, look)
    return shown


def extend(shown: list[Floats], look: Look) -> None:
    """Add the direction of what a look shows beyond these orthogonal ones; none where they show all of it."""
    rest = beyond(vector(look), shown)
    length = float(np.linalg.norm(rest))
    if length > NOTHING:
        shown.append(rest / length)


def of_one_shape(look: Look) -> set[str]:
    """What of `BASIS` a look shows that is of one shape alone; nothing, where it is of several."""
    halves = {BASIS[place] for place in np.flatnonzero(vector(look))}
    whole = any(halves <= set(HALVES.get(shape, (shape,))) for shape in SHAPES)
    return halves if whole else set()
