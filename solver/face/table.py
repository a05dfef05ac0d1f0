"""What was measured on rendered heads; `face.npz` is made by `tests/calibration/face_table.py`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from ...take import Floats

PATH = Path(__file__).with_name("face.npz")


@dataclass(frozen=True, eq=False)
class Table:
    """N is three times the number of `points.MEASURED`, P that of `head.turns`.

    Attributes:
        reference: The face at rest, metres, head's axes. Shape (478, 3).
        bias: By how much a fitted head is turned too far, for each of `head.turns`. Shape (P, 3).
        eyes: How far irises seem to go, metres, for each of `head.turns`: left x, y, right x, y. Shape (P,
            4).
        reading: What a millimetre of each measure says for each shape, weighed by its noise. Shape (N, 52).
        turned: The same of each of `head.turns`: what turning the head moves by itself. Shape (P, 52).
        curvature: How much one shape looks like another. Shape (52, 52).
        gain: Of each weight. 0 for shapes that cannot be seen. Shape (52,).
    """

    reference: Floats
    bias: Floats
    eyes: Floats
    reading: Floats
    turned: Floats
    curvature: Floats
    gain: Floats


@cache
def load_table() -> Table:
    """The table, read once."""
    with np.load(PATH) as file:
        return Table(**{name: file[name].astype(float) for name in Table.__annotations__})
