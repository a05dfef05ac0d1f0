"""Least squares over the paths of points: normal equations with a band, all frames at once."""

from __future__ import annotations

import numpy as np

from ..take import Floats
from .smooth import durations, second_difference


class PathEquations:
    """Normal equations for the positions (F, N, 3) of N points over F frames.

    Terms within a frame and terms between a point's own positions up to two frames apart
    fill a band of 6 N below the diagonal, so the solution costs O(F N^3).
    """

    def __init__(self, frames: int, points: int) -> None:
        self._frames, self._points = frames, points
        self._width = 3 * points
        self._bands = np.zeros((2 * self._width + 1, frames, self._width))
        self._right = np.zeros((frames, points, 3))

    def add_block(self, i: int, j: int, blocks: Floats) -> None:
        """Add `blocks` (F, 3, 3) where row point `i` meets column point `j` (and its transpose across)."""
        if i < j:
            i, j, blocks = j, i, np.swapaxes(blocks, -1, -2)
        for a in range(3):
            for b in range(3):
                row, column = 3 * i + a, 3 * j + b
                if row >= column:
                    self._bands[row - column, :, column] += blocks[:, a, b]

    def add_right(self, i: int, vectors: Floats) -> None:
        """Add `vectors` (F, 3) to the right-hand side of point `i`."""
        self._right[:, i] += vectors

    def add_accelerations(self, times: Floats, weights: Floats, targets: Floats | None = None) -> None:
        """Weigh each point's squared acceleration by `weights`, integrated over time.

        Args:
            times: Seconds. Shape (F,).
            weights: Of each point, all the time (N,) or at each inner frame (F-2, N).
            targets: What the accelerations should be instead of none. Shape (F-2, N, 3).
        """
        if self._frames < 3:
            return
        c = second_difference(times)
        inner = self._frames - 2
        weight = durations(times)[1:-1, None] * np.repeat(np.atleast_2d(weights), 3, axis=1)
        for i in range(3):
            if targets is not None:
                pull = weight.reshape(inner, -1, 3) * c[:, i, None, None] * targets
                self._right[i : i + inner] += pull
            for j in range(i + 1):
                lag = (i - j) * self._width
                self._bands[lag, j : j + inner] += weight * (c[:, i] * c[:, j])[:, None]

    def add_steps(self, weights: Floats) -> None:
        """Weigh each point's squared step between neighbouring frames by `weights` (F-1, N)."""
        weight = np.repeat(weights, 3, axis=1)
        self._bands[0, :-1] += weight
        self._bands[0, 1:] += weight
        self._bands[self._width, :-1] -= weight

    def solve(self) -> Floats:
        """The positions (F, N, 3) of least squares."""
        from scipy.linalg import solveh_banded  # Blender shall not load it as it starts

        size = self._frames * self._width
        bands = self._bands.reshape(-1, size)[: min(len(self._bands), size)]
        flat = solveh_banded(
            bands, self._right.reshape(-1), lower=True, overwrite_ab=True, check_finite=False
        )
        return flat.reshape(self._right.shape)
