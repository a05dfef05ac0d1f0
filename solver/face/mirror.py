"""A face with left and right exchanged."""

from __future__ import annotations

import numpy as np

from ...take import Floats
from .shapes import INDEX, SHAPES

_SIDES = {"Left": "Right", "Right": "Left"}


def mirrored(weights: Floats) -> Floats:
    """What weights (F, 52) look like in a mirror; its own inverse."""
    return weights[:, PARTNERS]


def _other(shape: str) -> str:
    for side, other in _SIDES.items():
        if shape.endswith(side):
            return shape.removesuffix(side) + other
    return shape


PARTNERS = np.array([INDEX[_other(shape)] for shape in SHAPES])
"""Of each shape the same on the other side, or itself. Shape (52,)."""
