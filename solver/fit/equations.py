"""Normal equations of a fit over time: a band of blocks, one a frame, bordered by what all frames share.

docs/derivations.md, BAND.
"""

from __future__ import annotations

import numpy as np
from scipy.linalg import cho_solve_banded, cholesky_banded

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

    def add_rows(self, jacobian: Floats, shared: Floats, residual: Floats, weight: Floats) -> None:
        """Residuals (F, R) within a frame, with Jacobians (F, R, D) and (F, R, G) and weights (F, R)."""
        weighted = jacobian * weight[..., None]
        turned = weighted.swapaxes(1, 2)
        self.bands[0] += turned @ jacobian
        self.side -= (turned @ residual[..., None])[..., 0]
        if not shared.shape[-1]:
            return
        self.border += turned @ shared
        flat = (shared * weight[..., None]).reshape(-1, shared.shape[-1])
        self.corner += flat.T @ shared.reshape(-1, shared.shape[-1])
        self.corner_side -= flat.T @ residual.reshape(-1)

    def add_points(self, jacobian: Floats, shared: Floats, pull: Floats, blocks: Floats) -> None:
        """Points that move by (F, N, 3, D) and (F, N, 3, G): gradients (F, N, 3), weights (F, N, 3, 3)."""
        frames, count, _, size = jacobian.shape
        weighted = blocks @ jacobian
        turned = weighted.reshape(frames, 3 * count, size).swapaxes(1, 2)
        flat = jacobian.reshape(frames, 3 * count, size)
        self.bands[0] += turned @ flat
        self.side -= (flat.swapaxes(1, 2) @ pull.reshape(frames, -1, 1))[..., 0]
        if not shared.shape[-1]:
            return
        border = shared.reshape(frames, 3 * count, -1)
        self.border += turned @ border
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

    def add_accelerations(self, jacobian: Floats, points: Floats, times: Floats, weight: Floats) -> None:
        """Second differences in time of `points` (F, R) that move with the state by `jacobian` (F, R, D)."""
        if len(times) < 3:
            return
        scaled = jacobian * np.sqrt(weight)[:, None]
        turned = scaled.swapaxes(1, 2)
        blocks = [turned[lag:] @ scaled[: len(scaled) - lag] for lag in range(3)]
        self._couple(blocks, times)
        c, inner = second_difference(times), len(times) - 2
        felt = sum(c[:, i, None] * points[i : inner + i] for i in range(3)) * np.sqrt(weight)
        felt *= _inner(times)[:, None]
        for i in range(3):
            self.side[i : inner + i] -= c[:, i, None] * (turned[i : inner + i] @ felt[..., None])[..., 0]

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

    def add_steps(self, jacobian: Floats, points: Floats, weight: Floats) -> None:
        """Steps from frame to frame of `points` (F, R), weighed by `weight` (F-1, R)."""
        turned = jacobian.swapaxes(1, 2)
        before, after = turned[:-1] * weight[:, None], turned[1:] * weight[:, None]
        self.bands[0][:-1] += before @ jacobian[:-1]
        self.bands[0][1:] += after @ jacobian[1:]
        self.bands[1] -= after @ jacobian[:-1]
        step = np.diff(points, axis=0)[..., None]
        self.side[:-1] += (before @ step)[..., 0]
        self.side[1:] -= (after @ step)[..., 0]

    def add_shared(self, residual: Floats, jacobian: Floats, weight: Floats) -> None:
        """Residuals (R,) of what is shared alone, with its Jacobian (R, G) and weights (R,)."""
        self.corner += (jacobian * weight[:, None]).T @ jacobian
        self.corner_side -= (jacobian * weight[:, None]).T @ residual

    def _couple(self, blocks: list[Floats], times: Floats) -> None:
        c, inner = second_difference(times), len(times) - 2
        held = _inner(times)
        for i in range(3):
            for j in range(i + 1):
                factor = (held * c[:, i] * c[:, j])[:, None, None]
                self.bands[i - j][j : inner + j] += factor * blocks[i - j][j : inner + j]

    def solve(self) -> tuple[Floats, Floats]:
        """Steps of the state (F, D) and of what is shared (G,): Cholesky of the band, Schur complement."""
        frames, size, shared = self.border.shape
        factor = cholesky_banded(self._packed(), lower=True, overwrite_ab=True, check_finite=False)
        right = np.concatenate([self.side[..., None], self.border], axis=-1).reshape(frames * size, -1)
        solved = cho_solve_banded((factor, True), right, overwrite_b=True, check_finite=False)
        own, felt = solved[:, 0], solved[:, 1:]
        if not shared:
            return own.reshape(frames, size), np.zeros(0)
        border = self.border.reshape(-1, shared)
        step = np.linalg.solve(self.corner - border.T @ felt, self.corner_side - border.T @ own)
        return (own - felt @ step).reshape(frames, size), step

    def _packed(self) -> Floats:
        """The lower band as LAPACK wants it. Shape (3 D, F D)."""
        frames, size, _ = self.border.shape
        packed = np.zeros((3 * size, frames, size))
        for lag, blocks in enumerate(self.bands):
            columns = blocks.transpose(1, 2, 0)  # row, column, frame
            for column in range(size):
                first = column if lag == 0 else 0
                rows = slice(lag * size + first - column, lag * size + size - column)
                packed[rows, : len(blocks), column] = columns[first:, column]
        return packed.reshape(3 * size, frames * size)


def _inner(times: Floats) -> Floats:
    """Seconds that each frame but the first and the last stands for. Shape (F-2,)."""
    return np.gradient(times)[1:-1]
