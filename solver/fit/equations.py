"""Normal equations of a fit over time: a band of blocks, one a frame, bordered by what all frames share.

docs/derivations.md, BAND.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cholesky_banded, get_blas_funcs

from ...take import Floats
from ..smooth import durations, second_difference


class Equations:
    """(J^T W J) step = -J^T W r: D unknowns a frame, coupled up to two frames apart, and G that all share.

    Attributes:
        side: Right-hand side. Shape (F, D).
        border: Where frames meet what they share. Shape (F, D, G).
        corner: Of what is shared. Shape (G, G), its right-hand side `corner_side` (G,).
    """

    def __init__(self, frames: int, size: int, shared: int) -> None:
        self._columns = np.zeros((frames * size, 3 * size + 1))
        self.side = np.zeros((frames, size))
        self.border = np.zeros((frames, size, shared))
        self.corner = np.zeros((shared, shared))
        self.corner_side = np.zeros(shared)

    @property
    def bands(self) -> list[Floats]:
        """Views of the blocks (F - lag, D, D) where frame t meets frame t + lag, for lags 0, 1, 2.

        They lie in the memory of the band's columns. A column of the band begins at its diagonal, so columns
        of blocks, which begin at row 0, are one number shorter.
        """
        frames, size = self.side.shape
        blocks = self._columns.reshape(frames, size * (3 * size + 1))[:, : 3 * size**2]
        blocks = blocks.reshape(frames, size, 3, size)
        return [blocks[: max(frames - lag, 0), :, lag] for lag in range(3)]

    def part(self, frames: slice) -> Equations:
        """Those of some of the frames: what is added to them is added to these."""
        size = self.side.shape[1]
        some = Equations(0, size, len(self.corner_side))
        some._columns = self._columns[frames.start * size : frames.stop * size]
        some.side, some.border = self.side[frames], self.border[frames]
        some.corner, some.corner_side = self.corner, self.corner_side
        return some

    def add_frames(self, blocks: Floats, pull: Floats) -> None:
        """Where frames meet themselves: (F, D + G, D + G), and gradients (F, D + G)."""
        size = self.side.shape[1]
        self.bands[0] += blocks[:, :size, :size]
        self.border += blocks[:, :size, size:]
        self.corner += blocks[:, size:, size:].sum(0)
        self.side -= pull[:, :size]
        self.corner_side -= pull[:, size:].sum(0)

    def add_later(self, lag: int, blocks: Floats) -> None:
        """Where frames meet those `lag` after them. Shape (F - lag, D, D)."""
        self.bands[lag] += blocks

    def add_rows(self, jacobian: Floats, residual: Floats, weight: Floats) -> None:
        """Residuals (F, R) within a frame, with Jacobians (F, R, D) by the state and weights (F, R)."""
        turned = (jacobian * weight[..., None]).swapaxes(1, 2)
        self.bands[0] += turned @ jacobian
        self.side -= (turned @ residual[..., None])[..., 0]

    def add_diagonal(self, residual: Floats, weight: Floats) -> None:
        """Residuals (F, D), each of one number of the state, with derivative 1."""
        self._diagonal(0)[...] += weight
        self.side -= weight * residual

    def add_smoothness(self, felt: Floats, times: Floats, weight: Floats) -> None:
        """Second differences `felt` (F-2, D) in time of the state itself, each with `weight` (D,)."""
        if len(times) < 3:
            return
        c, held, inner = second_difference(times), durations(times)[1:-1], len(times) - 2
        for i in range(3):
            self.side[i : inner + i] -= (held * c[:, i])[:, None] * weight * felt
            for j in range(i + 1):
                own = (held * c[:, i] * c[:, j])[:, None] * weight
                self._diagonal(i - j)[j : inner + j] += own

    def add_shared(self, residual: Floats, jacobian: Floats, weight: Floats) -> None:
        """Residuals (R,) of what is shared alone, with its Jacobian (R, G) and weights (R,)."""
        self.corner += (jacobian * weight[:, None]).T @ jacobian
        self.corner_side -= (jacobian * weight[:, None]).T @ residual

    def solve(self) -> tuple[Floats, Floats]:
        """Steps of the state (F, D) and of what is shared (G,): Cholesky of the band, Schur complement.

        It takes the place of the equations.
        """
        frames, size, shared = self.border.shape
        column, row = _above_diagonal(size)
        self.bands[0][:, column, row] = 0.0  # here end columns of the band
        lower = cholesky_banded(self._columns.T, lower=True, overwrite_ab=True, check_finite=False)
        right = np.concatenate([self.side[..., None], self.border], axis=-1).reshape(frames * size, -1)
        (through,) = get_blas_funcs(("tbsv",), (lower,))
        half = [through(len(lower) - 1, lower, column, lower=1) for column in right.T]
        own, felt = half[0], np.stack(half[1:], axis=-1) if shared else np.zeros((len(right), 0))
        step = np.linalg.solve(self.corner - felt.T @ felt, self.corner_side - felt.T @ own)
        own = through(len(lower) - 1, lower, own - felt @ step, lower=1, trans=1)
        return own.reshape(frames, size), step

    def _diagonal(self, lag: int) -> Floats:
        """A view of the diagonals of the blocks of a lag, zero past the last frame. Shape (F, D)."""
        return self._columns[:, lag * self.side.shape[1]].reshape(self.side.shape)


@cache
def _above_diagonal(size: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Columns and rows of what is above the diagonal of a block."""
    return np.tril_indices(size, -1)
