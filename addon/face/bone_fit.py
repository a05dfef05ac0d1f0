"""The 52 weights to turns and moves of a character's bones. Nothing here needs Blender."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from ...errors import BlazeRigError
from ...solver import rotations
from ...solver.face.shapes import INDEX, SHAPES
from ...solver.retarget import Keys
from .lips import as_open_as_lips
from .match import BoneTarget, FaceMatch

Floats = NDArray[np.floating]

ON = 1e-4
"""A bone so near to another stands on it."""


class BoneFit:
    """Bones that show a face, prepared once for any number of frames.

    Attributes:
        names: Those that turn or move.
    """

    def __init__(self, match: FaceMatch, rests: Mapping[str, Floats], axes: Floats) -> None:
        """Of a character.

        Args:
            match: What of it shows a face.
            rests: armature_from_bone at rest of the bones of `match`, and of those that they go by. Each
                (4, 4).
            axes: armature_from_character. Shape (3, 3).

        Raises:
            BlazeRigError: Bones are to move by the distance between the eyes, and there are no two of those.
        """
        carried = [target for target in match.bones if target.turns and _is_off(target, rests)]
        turning = [target for target in match.bones if target.turns and target not in carried]
        moving = [target for target in match.bones if target.moves or target in carried]
        self._unshown = match.unshown
        self.names = tuple(target.name for target in match.bones)
        self._turned = [target.name for target in turning]
        self._moved = [target.name for target in moving]
        own = {target.name: rests[target.name][:3, :3].T @ axes for target in match.bones}
        self._turns = np.radians(_stacked(_by_shape(one.turns) @ own[one.name].T for one in turning))
        self._moves = _stacked(
            _unit(match, one, rests) * _by_shape(one.moves) @ own[one.name].T for one in moving
        )
        self._carried = [moving.index(target) for target in carried]
        self._carries = np.radians(_stacked(_by_shape(one.turns) @ own[one.name].T for one in carried))
        self._arms = np.array([_arm(rests[one.name], rests[one.about]) for one in carried]).reshape(-1, 3)

    def __call__(self, weights: Floats, times: Floats) -> Keys:
        """Channels of the bones, to be put on beside those of the body.

        Args:
            weights: Of ARKit's shapes, in the order of `SHAPES`. Shape (F, 52).
            times: Seconds. Shape (F,).
        """
        weights = as_open_as_lips(weights, self._unshown)
        turned = rotations.from_vector((weights @ self._turns).reshape(len(weights), -1, 3))
        turned = rotations.continuous(turned)
        moved = (weights @ self._moves).reshape(len(weights), -1, 3)
        carrying = rotations.from_vector((weights @ self._carries).reshape(len(weights), -1, 3))
        moved[:, self._carried] += rotations.rotate(carrying, self._arms) - self._arms
        return Keys(
            times,
            {name: turned[:, place] for place, name in enumerate(self._turned)},
            {name: moved[:, place] for place, name in enumerate(self._moved)},
        )


def _by_shape(vectors: Mapping[str, tuple[float, float, float]]) -> Floats:
    """One vector for each of ARKit's shapes. Shape (52, 3)."""
    table = np.zeros((len(SHAPES), 3))
    for shape, vector in vectors.items():
        table[INDEX[shape]] = vector
    return table


def _stacked(tables: Iterable[Floats]) -> Floats:
    """Of all bones side by side. Shape (52, 3 B)."""
    return np.concatenate([np.zeros((len(SHAPES), 0)), *tables], axis=1)


def _is_off(target: BoneTarget, rests: Mapping[str, Floats]) -> bool:
    """Whether a bone stands off the one about which it is carried; one that stands on it turns by itself."""
    return bool(target.about) and float(np.linalg.norm(_arm(rests[target.name], rests[target.about]))) > ON


def _arm(rest: Floats, about: Floats) -> Floats:
    """From the bone about which another is carried to that one, in its axes. Shape (3,)."""
    return rest[:3, :3].T @ (rest - about)[:3, 3]


def _unit(match: FaceMatch, target: BoneTarget, rests: Mapping[str, Floats]) -> float:
    """What a bone's moves are measured by: what it spans, or the distance between the eyes."""
    if not target.moves:
        return 1.0
    ends = target.span or match.eyes
    if len(ends) != 2:
        raise BlazeRigError(f"'{target.name}' cannot be moved: no bones say how far apart the eyes are")
    one, other = (rests[name][:3, 3] for name in ends)
    return float(np.linalg.norm(one - other))
