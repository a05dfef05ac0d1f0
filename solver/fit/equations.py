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
        bands: Blocks (F, D, D) where frame t meets frame t - lag, for lags 0, 1, 2.
        side: Right-hand side. Shape (F, D).
        border: Where frames meet what they share. Shape (F, D, G).
        corner: Of what is shared. Shape (G, G), its right-hand side `corner_side` (G,).
    """

    def __init__(self, frames: int, size: int, shared: int) -> None:
        self._flat = np.zeros((frames, 3 * size**2 + 1))
        blocks = self._flat[:, :-1].reshape(frames, 3, size, size)
        self.bands = [blocks[: max(frames - lag, 0), lag] for lag in range(3)]
        self.side = np.zeros((frames, size))
        self.border = np.zeros((frames, size, shared))
        self.corner = np.zeros((shared, shared))
        self.corner_side = np.zeros(shared)

    def part(self, frames: slice) -> Equations:
        """Those of some of the frames: what is added to them is added to these."""
        some = Equations(0, self.side.shape[1], len(self.corner_side))
        some.bands = [
            blocks[frames.start : max(frames.stop - lag, frames.start)]
            for lag, blocks in enumerate(self.bands)
        ]
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
        """Where frames meet those `lag` before them. Shape (F - lag, D, D)."""
        self.bands[lag] += blocks

    def add_rows(self, jacobian: Floats, residual: Floats, weight: Floats) -> None:
        """Residuals (F, R) within a frame, with Jacobians (F, R, D) by the state and weights (F, R)."""
        turned = (jacobian * weight[..., None]).swapaxes(1, 2)
        self.bands[0] += turned @ jacobian
        self.side -= (turned @ residual[..., None])[..., 0]

    def add_diagonal(self, residual: Floats, weight: Floats) -> None:
        """Residuals (F, D), each of one number of the state, with derivative 1."""
        _diagonal(self.bands[0])[...] += weight
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
                _diagonal(self.bands[i - j])[j : inner + j] += own

    def add_shared(self, residual: Floats, jacobian: Floats, weight: Floats) -> None:
        """Residuals (R,) of what is shared alone, with its Jacobian (R, G) and weights (R,)."""
        self.corner += (jacobian * weight[:, None]).T @ jacobian
        self.corner_side -= (jacobian * weight[:, None]).T @ residual

    def solve(self) -> tuple[Floats, Floats]:
        """Steps of the state (F, D) and of what is shared (G,): Cholesky of the band, Schur complement."""
        frames, size, shared = self.border.shape
        lower = cholesky_banded(self._packed(), lower=True, overwrite_ab=True, check_finite=False)
        right = np.concatenate([self.side[..., None], self.border], axis=-1).reshape(frames * size, -1)
        (through,) = get_blas_funcs(("tbsv",), (lower,))
        half = [through(len(lower) - 1, lower, column, lower=1) for column in right.T]
        own, felt = half[0], np.stack(half[1:], axis=-1) if shared else np.zeros((len(right), 0))
        step = np.linalg.solve(self.corner - felt.T @ felt, self.corner_side - felt.T @ own)
        own = through(len(lower) - 1, lower, own - felt @ step, lower=1, trans=1)
        return own.reshape(frames, size), step

    def _packed(self) -> Floats:
        """The lower band as LAPACK wants it, columns contiguous. Shape (3 D, F D)."""
        frames, size, _ = self.border.shape
        return self._flat.take(_band(size), 1).reshape(frames * size, 3 * size).T


@cache
def _band(size: int) -> NDArray[np.intp]:
    """Where the columns of a frame's band stand among its blocks, each from its diagonal downwards. (3 D D,).

    Below the last block stands the zero at the end.
    """
    column, row = np.indices((size, 3 * size))
    return np.minimum((column + row) * size + column, 3 * size**2).ravel()


def _diagonal(blocks: Floats) -> Floats:
    """A view of the diagonals (F, D) of blocks (F, D, D)."""
    return np.einsum("fii->fi", blocks)
