"""How near weights, heads and gazes come to truth."""

from __future__ import annotations

import numpy as np
from blazerig.solver import rotations
from blazerig.solver.face.shapes import INDEX, SHAPES


def correlations(found: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Of each shape (52,); NaN where the truth never moves, 0 where only the answer does not."""
    result = np.full(len(SHAPES), np.nan)
    for shape in range(len(SHAPES)):
        if truth[:, shape].std() > 0:
            still = found[:, shape].std() < 1e-9
            result[shape] = 0.0 if still else np.corrcoef(found[:, shape], truth[:, shape])[0, 1]
    return result


def crosstalk(found: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Row by row: the mean answer of all shapes while one is driven fully. Shape (52, 52)."""
    rows = np.zeros((len(SHAPES), len(SHAPES)))
    for name, shape in INDEX.items():
        on = truth[:, shape] > 0.9
        if name == "jawOpen":
            on &= truth[:, INDEX["mouthClose"]] == 0
        rows[shape] = found[on].mean(0) if on.any() else 0.0
        if name == "mouthClose":
            rows[shape, INDEX["jawOpen"]] = 0.0  # driven with it
    return rows


def head_errors(found: np.ndarray, turn: np.ndarray) -> np.ndarray:
    """Degrees (F,) between rotations (F, 4) and matrices (F, 3, 3)."""
    return np.degrees(rotations.angle_between(found, rotations.from_matrix(turn)))


def without_offset(found: np.ndarray, turn: np.ndarray, rest: np.ndarray) -> np.ndarray:
    """The same without the constant offset in the frames `rest` (F,)."""
    over = rotations.multiply(rotations.inverse(rotations.from_matrix(turn[rest])), found[rest])
    offset = rotations.normalise(rotations.continuous(over).mean(0))
    return head_errors(rotations.multiply(found, rotations.inverse(offset)), turn)


def by_yaw(errors: np.ndarray, yaw: np.ndarray) -> str:
    """Mean of errors by the size of a yaw in radians."""
    size = np.degrees(np.abs(yaw))
    parts = [(0, 15), (15, 30), (30, 45), (45, 61)]
    return "  ".join(
        f"{low}-{high}°: {errors[(size >= low) & (size < high)].mean():.1f}" for low, high in parts
    )
