"""The 52 weights to values of a character's shape keys. Nothing here needs Blender.

Shape keys get the values between 0 and 1 whose looks together are nearest to the wanted face: bounded least
squares, min |S (L t - w)|^2 + r |t|^2 over 0 <= t <= 1, S how conspicuous each shape is, by projected
gradients with Nesterov's momentum (Beck & Teboulle 2009, A fast iterative shrinkage-thresholding algorithm),
the looks at length 1 so that it converges in one step where they have nothing in common. A face with `A` and
`O` alone so opens its mouth with `A`, and purses it with more `O` and less `A`.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from ...solver import rotations
from ...solver.face.shapes import SHAPES
from ...solver.smooth import smooth
from .dialect import BASIS
from .lips import as_open_as_lips
from .looks import vector
from .match import FaceMatch

Floats = NDArray[np.floating]

RIDGE = 1e-3
"""Keeps values low that change little of the look."""
STEPS = 60
ENOUGH = 1e-4
"""Steps of the fit at most, and the change of a value at which it ends."""
_SEEN: Floats = 1.0 + vector({"jawOpen": 1.0})
"""How conspicuous each shape is, in `BASIS`: a closed mouth that opens for its corners' sake is seen."""
_HALVED: Floats = np.array([vector({shape: 1.0}) for shape in SHAPES])
"""ARKit's shapes in `BASIS`. Shape (52, B)."""


class ShapeFit:
    """A character's expressions, prepared once for any number of frames."""

    def __init__(self, match: FaceMatch) -> None:
        """Of the character's match."""
        self._columns: list[int] = []
        self._names = [target.name for target in match.shapes]
        looks: list[Floats] = []
        known: dict[object, int] = {}
        for target in match.shapes:  # of several names for one expression every one shows it whole
            key = (target.dialect, target.says, tuple(target.look.items()))
            if key not in known:
                known[key] = len(looks)
                looks.append(vector(target.look))
            self._columns.append(known[key])
        self._unshown = match.unshown
        stacked = _SEEN * np.array(looks).reshape(-1, len(BASIS))
        self._lengths = rotations.length(stacked)[:, 0]
        unit = stacked / self._lengths[:, None]
        self._wanted = (_SEEN * _HALVED) @ unit.T
        self._common = unit @ unit.T + RIDGE * np.eye(len(unit))
        self._step = 1.0 / max(float(np.linalg.eigvalsh(self._common).max(initial=1.0)), 1.0)

    def __call__(self, weights: Floats, gains: Mapping[str, float] | None = None) -> dict[str, Floats]:
        """Values of expressions, 0 to 1, by name. Each (F,).

        Args:
            weights: Of ARKit's shapes, in the order of `SHAPES`. Shape (F, 52).
            gains: Factors by name of an expression, where they are not 1.
        """
        gains = gains or {}
        return {
            name: np.clip(gains.get(name, 1.0) * line, 0.0, 1.0)
            for name, line in zip(self._names, self.values(self.shares(weights)).T, strict=True)
        }

    def values(self, shares: Floats) -> Floats:
        """Of expressions before gains, side by side in the order of the match, from `shares`. (F, N)."""
        return (shares / self._lengths)[:, self._columns]

    def shares(self, weights: Floats, start: Floats | None = None) -> Floats:
        """How much of each look, at length 1, is shown. Shape (F, K).

        Args:
            weights: Of ARKit's shapes, in the order of `SHAPES`. Shape (F, 52).
            start: Shares of a moment before, where there are any: it is not far from there. Shape (F, K).
        """
        wanted = as_open_as_lips(weights, self._unshown) @ self._wanted
        shares = ahead = np.zeros_like(wanted) if start is None else start
        pace = 1.0
        for _ in range(STEPS):
            before = shares
            nearer = ahead + self._step * (wanted - ahead @ self._common)
            shares = np.minimum(np.maximum(nearer, 0.0), self._lengths)  # half the time of `np.clip`
            if np.abs(shares - before).max(initial=0.0) < ENOUGH:
                break
            faster = (1.0 + np.sqrt(1.0 + 4.0 * pace * pace)) / 2.0
            ahead = shares + (pace - 1.0) / faster * (shares - before)
            pace = faster
        return shares


def smoothed(values: Mapping[str, Floats], times: Floats, cutoffs: Mapping[str, float]) -> dict[str, Floats]:
    """Values (F,) of expressions without what is faster than their cut-off in hertz; 0 is none."""
    return {
        name: np.clip(smooth(line[:, None], times, cutoffs[name])[:, 0], 0.0, 1.0)
        if cutoffs.get(name, 0.0) > 0.0
        else line
        for name, line in values.items()
    }


def spread(match: FaceMatch, values: Mapping[str, Floats]) -> dict[str, Floats]:
    """Values (F,) of shape keys by name, of those of expressions: each its parts, shared ones added up."""
    shown: dict[str, Floats] = {}
    for target in match.shapes:
        for name, share in target.parts.items():
            shown[name] = np.clip(shown.get(name, 0.0) + share * values[target.name], 0.0, 1.0)
    return shown
