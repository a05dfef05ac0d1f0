"""A face at rest, learned as faces come: where those that were kept now and then are densest."""

from __future__ import annotations

from itertools import cycle

import numpy as np

from ...take import Floats
from .look import Look
from .neutral import mode, shift, size_of
from .points import LOWER, MEASURED, UPPER

KEPT, EVERY = 150, 0.1
"""How many faces the neutral one is looked for among, and the seconds between them."""
SHARE, FEWEST = 0.2, 20
"""Of them, those that are near count, so many at least: of the first seconds nearly all."""
LEAST = 0.05
"""Belief below which nothing is learned from a face."""
_POINTS = slice(3 * len(MEASURED))
_EYES = slice(_POINTS.stop, _POINTS.stop + 4)
_PARTS = slice(3 * UPPER.stop), slice(3 * LOWER.start, _POINTS.stop), _EYES
"""Upper face, lower face and irises, of which each rests where it is densest by itself."""


class LearnedFace:
    """One performer's face at rest; before anything is learned, the first one that is seen."""

    def __init__(self) -> None:
        """Of a performer who was not seen yet."""
        self.size = 1.0
        self._rest: Floats | None = None
        self._faces: Floats = np.zeros((KEPT, _EYES.stop))
        self._squares: Floats = np.zeros((len(_PARTS), KEPT))
        self._irises: Floats = np.zeros(KEPT)
        self._belief: Floats = np.zeros(KEPT)
        self._count = 0
        self._fixed = False
        self._keep_at = self._step_at = -np.inf
        self._parts = cycle(range(len(_PARTS)))

    def learn(self, look: Look, belief: float, time: float) -> tuple[Floats, Floats]:
        """The neutral face (M, 3) and where the irises rest (2, 2), metres, from one more frame on.

        Args:
            look: At one frame.
            belief: How much it counts.
            time: Seconds.
        """
        if self._rest is None:
            self._rest = _face(look)
        if not self._fixed and belief >= LEAST:
            self._keep(look, belief, time)
            self._approach(self._rest, time)
        return self._rest[_POINTS].reshape(-1, 3), self._rest[_EYES].reshape(2, 2)

    def forget(self) -> None:
        """The faces that were kept: only those to come count, from the next one on."""
        self._count, self._fixed = 0, False
        self._keep_at = -np.inf

    def fix(self) -> None:
        """Learn no more, if any face was kept: at rest is the one that was most often among them."""
        if self._rest is None or not self._count:
            return
        self._fixed = True
        faces, belief = self._known()
        for part in _PARTS:
            self._rest[part] = mode(faces[:, part], belief)

    def _known(self) -> tuple[Floats, Floats]:
        return self._faces[: self._count], self._belief[: self._count]

    def _keep(self, look: Look, belief: float, time: float) -> None:
        if time - self._keep_at < EVERY:
            return
        place = self._count % KEPT
        face = self._faces[place] = _face(look)
        self._squares[:, place] = [face[part] @ face[part] for part in _PARTS]
        self._irises[place], self._belief[place] = look.iris[0], belief
        self._count += 1
        self._keep_at = time

    def _approach(self, rest: Floats, time: float) -> None:
        """One step of the mean shift of each part in `EVERY` seconds, in turn."""
        self._step_at = max(self._step_at, time - EVERY)
        faces, belief = self._known()
        near = min(max(SHARE, FEWEST / len(faces)), 1.0)
        while self._step_at <= time:
            place = next(self._parts)
            part, squares = _PARTS[place], self._squares[place, : self._count]
            rest[part] = shift(faces[:, part], squares, belief, rest[part], near)
            if part is _EYES:
                self.size = size_of(self._irises[: self._count])
            self._step_at += EVERY / len(_PARTS)


def _face(look: Look) -> Floats:
    return np.concatenate([look.points.ravel(), look.eyes.ravel()])
