"""The 52 weights to values of a character's shape keys and to its bones. Nothing here needs Blender.

Shape keys get the values between 0 and 1 whose looks together are nearest to the wanted face: bounded least
squares, min |L t - w|^2 + r |t|^2 over 0 <= t <= 1, by projected gradients with Nesterov's momentum (Beck &
Teboulle 2009, A fast iterative shrinkage-thresholding algorithm), the looks at length 1 so that it converges
in one step where they have nothing in common. A face with `A` and `O` alone so opens its mouth with `A`, and
purses it with more `O` and less `A`.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from ...errors import BlazeRigError
from ...solver import rotations
from ...solver.face.shapes import INDEX, SHAPES
from ...solver.retarget import Keys
from ...solver.smooth import smooth
from .dialect import BASIS
from .looks import vector
from .match import BoneTarget, FaceMatch

Floats = NDArray[np.floating]

RIDGE = 1e-3
"""Keeps values low that change little of the look."""
STEPS = 60
ENOUGH = 1e-4
"""Steps of the fit at most, and the change of a value at which it ends."""
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
        stacked = np.array(looks).reshape(-1, len(BASIS))
        self._lengths = rotations.length(stacked)[:, 0]
        unit = stacked / self._lengths[:, None]
        self._wanted = _HALVED @ unit.T
        self._common = unit @ unit.T + RIDGE * np.eye(len(unit))
        self._step = 1.0 / max(float(np.linalg.eigvalsh(self._common).max(initial=1.0)), 1.0)

    def __call__(self, weights: Floats, gains: Mapping[str, float] | None = None) -> dict[str, Floats]:
        """Values of expressions, 0 to 1, by name. Each (F,).

        Args:
            weights: Of ARKit's shapes, in the order of `SHAPES`. Shape (F, 52).
            gains: Factors by name of an expression, where they are not 1.
        """
        gains = gains or {}
        values = self._fitted(weights @ self._wanted) / self._lengths
        return {
            name: np.clip(gains.get(name, 1.0) * values[:, column], 0.0, 1.0)
            for name, column in zip(self._names, self._columns, strict=True)
        }

    def _fitted(self, wanted: Floats) -> Floats:
        """Shares (F, K) of looks of length 1 for their products (F, K) with the face."""
        shares, ahead, pace = np.zeros_like(wanted), np.zeros_like(wanted), 1.0
        for _ in range(STEPS):
            before = shares
            shares = np.clip(ahead + self._step * (wanted - ahead @ self._common), 0.0, self._lengths)
            if np.abs(shares - before).max(initial=0.0) < ENOUGH:
                break
            faster = (1.0 + np.sqrt(1.0 + 4.0 * pace * pace)) / 2.0
            ahead = shares + (pace - 1.0) / faster * (shares - before)
            pace = faster
        return shares


def targets(match: FaceMatch, weights: Floats, gains: Mapping[str, float] | None = None) -> dict[str, Floats]:
    """Values of shape keys, 0 to 1, by name; see `ShapeFit` and `spread`. Each (F,)."""
    return spread(match, ShapeFit(match)(weights, gains))


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


def bone_keys(
    match: FaceMatch, weights: Floats, times: Floats, rests: Mapping[str, Floats], axes: Floats
) -> Keys:
    """Channels of the bones that show the face, to be written with those of the body.

    Args:
        match: Of the character.
        weights: Shape (F, 52).
        times: Seconds. Shape (F,).
        rests: armature_from_bone at rest of the bones of `match`, those of its eyes among them. Each (4, 4).
        axes: armature_from_character. Shape (3, 3).

    Raises:
        BlazeRigError: Bones are to move by the distance between the eyes, and there are no two of those.
    """
    turned: dict[str, Floats] = {}
    moved: dict[str, Floats] = {}
    for target in match.bones:
        own = rests[target.name][:3, :3].T @ axes
        moves = np.zeros((len(weights), 3))
        if target.turns:
            vectors = np.radians(_summed(target.turns, weights))
            if target.about:
                arm = axes.T @ (rests[target.name] - rests[target.about])[:3, 3]
                moves += rotations.rotate(rotations.from_vector(vectors), arm) - arm
            else:
                turned[target.name] = rotations.continuous(rotations.from_vector(vectors @ own.T))
        if target.moves:
            moves += _unit(match, target, rests) * _summed(target.moves, weights)
        if target.moves or target.about:
            moved[target.name] = moves @ own.T
    return Keys(times, turned, moved)


def _summed(vectors: Mapping[str, tuple[float, float, float]], weights: Floats) -> Floats:
    """Vectors by shape, each by its weight, added up. Shape (F, 3)."""
    return weights[:, [INDEX[shape] for shape in vectors]] @ np.array(list(vectors.values()))


def _unit(match: FaceMatch, target: BoneTarget, rests: Mapping[str, Floats]) -> float:
    """What a bone's moves are measured by: what it spans, or the distance between the eyes."""
    ends = target.span or match.eyes
    if len(ends) != 2:
        raise BlazeRigError(f"'{target.name}' cannot be moved: no bones say how far apart the eyes are")
    one, other = (rests[name][:3, 3] for name in ends)
    return float(np.linalg.norm(one - other))
