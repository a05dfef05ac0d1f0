"""Landmarks of the solver's own model of a hand."""

from __future__ import annotations

import numpy as np
from blazerig.solver import rotations
from blazerig.solver.hand_model import AXES, PALM, PALM_SHAPE, ROOTS, reach
from blazerig.solver.humanoid import FINGERS
from blazerig.solver.landmarks import FINGER_ROOTS


def landmarks(turned: np.ndarray, bends: np.ndarray) -> np.ndarray:
    """Of a left hand with rotations (N, 4) and angles of the digits (N, 5, 3).

    Palms, about the middle of the palm. Shape (N, 21, 3).
    """
    points = np.empty((len(turned), 21, 3))
    points[:, PALM] = PALM_SHAPE
    ends = ROOTS[:, None] + (np.swapaxes(AXES, -1, -2)[:, None] @ reach(bends)[..., :1])[..., 0]
    for digit, finger in enumerate(FINGERS):
        first = FINGER_ROOTS[finger] + 1
        points[:, first : first + 3] = ends[:, digit]
    return rotations.rotate(turned[:, None], points)
