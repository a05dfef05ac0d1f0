"""Normal equations of a fit over time: a band of blocks, one a frame, bordered by what all frames share.

docs/derivations.md, BAND.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray
from scipy.linalg import cholesky_banded, get_blas_funcs

from ...take import Floats
from ..smooth import second_difference


class Equations:
    """(J^T W J) step = -J^T W r: D unknowns a frame, coupled up to two frames apart, and G that all share.

    Attributes:
        bands: Blocks (F, D, D) where frame t meets frame t - lag, for lags 0, 1, 2.
        side: Right-hand side. Shape (F, D).
        border: Where frames meet what they share. Shape (F, D, G).
        corner: Of what is shared. Shape (G, G), its right-hand side `corner_side` (G,).
    """

    def __init__(self, frames: int, size: int, shared: int) -> None:
        self.bands = [np.zeros((max(frames - lag, 0), size, size)) for lag in range(3)]
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

    def _add(self, lag: int, frames: slice, columns: NDArray[np.intp] | None, blocks: Floats) -> None:
        """Add blocks of some of the unknowns, all of them where none is named."""
        if columns is None:
            self.bands[lag][frames] += blocks
        else:
            self.bands[lag][frames, columns[:, None], columns] += blocks

    def add_rows(
        self,
        jacobian: Floats,
        shared: Floats,
        residual: Floats,
        weight: Floats,
        columns: NDArray[np.intp] | None = None,
    ) -> None:
        """Residuals (F, R) within a frame, with Jacobians (F, R, D) and (F, R, G) and weights (F, R).

        Like other Jacobians, that of the state may be of some `columns` of it alone.
        """
        weighted = jacobian * weight[..., None]
        turned, own = weighted.swapaxes(1, 2), slice(None) if columns is None else columns
        self._add(0, slice(None), columns, turned @ jacobian)
        self.side[:, own] -= (turned @ residual[..., None])[..., 0]
        if not shared.shape[-1]:
            return
        self.border[:, own] += turned @ shared
        flat = (shared * weight[..., None]).reshape(-1, shared.shape[-1])
        self.corner += flat.T @ shared.reshape(-1, shared.shape[-1])
        self.corner_side -= flat.T @ residual.reshape(-1)

    def add_points(
        self,
        jacobian: Floats,
        shared: Floats,
        pull: Floats,
        blocks: Floats,
        columns: NDArray[np.intp] | None = None,
    ) -> None:
        """Points that move by (F, N, 3, D) and (F, N, 3, G): gradients (F, N, 3), weights (F, N, 3, 3)."""
        frames, count, _, size = jacobian.shape
        own = slice(None) if columns is None else columns
        turned = (blocks @ jacobian).reshape(frames, 3 * count, size).swapaxes(1, 2)
        flat = jacobian.reshape(frames, 3 * count, size)
        self._add(0, slice(None), columns, turned @ flat)
        self.side[:, own] -= (flat.swapaxes(1, 2) @ pull.reshape(frames, -1, 1))[..., 0]
        if not shared.shape[-1]:
            return
        border = shared.reshape(frames, 3 * count, -1)
        self.border[:, own] += turned @ border
        weighted = blocks @ shared
        self.corner += weighted.reshape(-1, border.shape[-1]).T @ border.reshape(-1, border.shape[-1])
        self.corner_side -= border.reshape(-1, border.shape[-1]).T @ pull.reshape(-1)

    def add_reference(
        self, middle: tuple[Floats, Floats], summed: tuple[Floats, Floats], weight: Floats, pull: Floats
    ) -> None:
        """What points that are weighed against a reference have besides their own `add_points`.

        Args:
            middle: How the reference moves. Shapes (F, 3, D) and (F, 3, G).
            summed: The points' Jacobians, summed with their weights. Likewise.
            weight: Of all the points. Shape (F, 3).
            pull: Sum of the points' gradients. Shape (F, 3).
        """
        state, shared = middle
        rest, rest_shared = (
            weight[..., None] * part / 2 - sums for part, sums in zip(middle, summed, strict=True)
        )
        self.bands[0] += rest.swapaxes(1, 2) @ state + state.swapaxes(1, 2) @ rest
        self.side += (state.swapaxes(1, 2) @ pull[..., None])[..., 0]
        if not shared.shape[-1]:
            return
        self.border += rest.swapaxes(1, 2) @ shared + state.swapaxes(1, 2) @ rest_shared
        self.corner += (rest_shared.swapaxes(1, 2) @ shared + shared.swapaxes(1, 2) @ rest_shared).sum(0)
        self.corner_side += (shared.swapaxes(1, 2) @ pull[..., None])[..., 0].sum(0)

    def add_diagonal(self, residual: Floats, weight: Floats) -> None:
        """Residuals (F, D), each of one number of the state, with derivative 1."""
        size = residual.shape[-1]
        self.bands[0][:, np.arange(size), np.arange(size)] += weight
        self.side -= weight * residual

    def add_accelerations(
        self,
        jacobian: Floats,
        points: Floats,
        times: Floats,
        weight: Floats,
        columns: NDArray[np.intp] | None = None,
    ) -> None:
        """Second differences in time of `points` (F, R) that move with the state by `jacobian` (F, R, D)."""
        if len(times) < 3:
            return
        scaled = jacobian * np.sqrt(weight)[:, None]
        turned, own = scaled.swapaxes(1, 2), slice(None) if columns is None else columns
        c, inner, held = second_difference(times), len(times) - 2, _inner(times)
        for lag in range(3):
            blocks = turned[lag:] @ scaled[: len(scaled) - lag]
            factor = np.zeros(len(blocks))
            for j in range(3 - lag):
                factor[j : inner + j] += held * c[:, j + lag] * c[:, j]
            blocks *= factor[:, None, None]
            self._add(lag, slice(None), columns, blocks)
        felt = sum(c[:, i, None] * points[i : inner + i] for i in range(3)) * np.sqrt(weight)
        pushed = np.zeros(points.shape)
        for i in range(3):
            pushed[i : inner + i] += (held * c[:, i])[:, None] * felt
        self.side[:, own] -= (turned @ pushed[..., None])[..., 0]

    def add_smoothness(self, felt: Floats, times: Floats, weight: Floats) -> None:
        """Second differences `felt` (F-2, D) in time of the state itself, each with `weight` (D,)."""
        if len(times) < 3:
            return
        c, held, inner = second_difference(times), _inner(times), len(times) - 2
        every = np.arange(len(weight))
        for i in range(3):
            self.side[i : inner + i] -= (held * c[:, i])[:, None] * weight * felt
            for j in range(i + 1):
                own = (held * c[:, i] * c[:, j])[:, None] * weight
                self.bands[i - j][j : inner + j, every, every] += own

    def add_steps(
        self, jacobian: Floats, points: Floats, weight: Floats, columns: NDArray[np.intp] | None = None
    ) -> None:
        """Steps from frame to frame of `points` (F, R), weighed by `weight` (F-1, R)."""
        turned, own = jacobian.swapaxes(1, 2), slice(None) if columns is None else columns
        both = np.pad(weight, ((1, 1), (0, 0)))  # of the steps to and from each frame
        self._add(0, slice(None), columns, (turned * (both[1:] + both[:-1])[:, None]) @ jacobian)
        self._add(1, slice(None), columns, -(turned[1:] * weight[:, None]) @ jacobian[:-1])
        pushed = np.diff(np.pad(weight * np.diff(points, axis=0), ((1, 1), (0, 0))), axis=0)
        self.side[:, own] += (turned @ pushed[..., None])[..., 0]

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
        """The lower band as LAPACK wants it, columns contiguous. Shape (3 D, F D).

        A column of the band begins with the diagonal, so row r of unknown c's column of blocks is its r - c.
        """
        frames, size, _ = self.border.shape
        band = np.zeros((frames, size, 3 * size))
        whole, step = band.strides[0], band.itemsize
        strides = (whole, (3 * size - 1) * step, step)
        below = as_strided(band, (frames, size, 3 * size), strides)  # frame, column, row of blocks
        for lag in (1, 2):
            below[: frames - lag, :, lag * size : (lag + 1) * size] = self.bands[lag].swapaxes(1, 2)
        for c in range(size):
            band[:, c, : size - c] = self.bands[0][:, c:, c]
        return band.reshape(frames * size, 3 * size).T


def _inner(times: Floats) -> Floats:
    """Seconds that each frame but the first and the last stands for. Shape (F-2,)."""
    return np.gradient(times)[1:-1]
