"""Values that come one after the other, as those of the frames of a clip do."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

BLOCK = 1024
"""Rows for which room is made at a time. What is there is never moved, so that no row takes long to add."""


class Rows:
    """Rows of one shape. Another thread may ask for those that are complete at any time."""

    def __init__(self, *shape: int, kind: DTypeLike = np.float32) -> None:
        """None yet; each is to have this shape and kind of numbers."""
        self._shape, self._kind = shape, np.dtype(kind)
        self._blocks: list[NDArray[Any]] = []
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, value: object) -> None:
        """One more."""
        if self._count == BLOCK * len(self._blocks):
            self._blocks.append(np.empty((BLOCK, *self._shape), self._kind))
        self._blocks[-1][self._count % BLOCK] = value
        self._count += 1

    def last(self) -> NDArray[Any]:
        """The newest row; there must be one."""
        return self._blocks[-1][(self._count - 1) % BLOCK]

    def first(self, count: int) -> NDArray[Any]:
        """A copy of so many rows, from the first on. Shape (count, *shape)."""
        rows = np.empty((count, *self._shape), self._kind)
        for begin in range(0, count, BLOCK):
            end = min(begin + BLOCK, count)
            rows[begin:end] = self._blocks[begin // BLOCK][: end - begin]
        return rows
