"""What the landmarks are weighed by, before it is known how they move: the sums of many terms.

Every term says what it pulls at each landmark and how stiffly. What moves them comes in once for all.
docs/derivations.md, TERMS, BAND.
"""

from __future__ import annotations

import numpy as np

from ...take import Floats
from ..landmarks import LANDMARKS
from ..smooth import durations, second_difference
from .chains import CHAINS, PELVIS, Chains, whole
from .equations import Equations
from .linear import Linear
from .skeleton import FREEDOMS


class Points:
    """Squares of what 33 landmarks p miss, over F frames: half their gradients, and their weights.

    Attributes:
        pull: Gradient by the places. Shape (F, 33, 3).
        across: Weight of the squares of p_x - u p_z and p_y - v p_z. Shape (F, 33), its `slopes` (F, 33, 2).
        from_hips: Weight of the squares along x, y and z as seen from the hips. Shape (F, 33, 3).
        pull_from_hips: Gradient by the places from there. Shape (F, 33, 3).
        paths: Weights where frame t meets frame t - lag, for lags 0, 1, 2. Each (F - lag, 33).
        high: Weight of the squared height along `up` (3,). Shape (F, 33); None while there is none.
    """

    def __init__(self, frames: int) -> None:
        self.pull, self.pull_on_paths, self.pull_from_hips, self.from_hips = np.zeros(
            (4, frames, LANDMARKS, 3)
        )
        self.across, self.slopes = np.zeros((frames, LANDMARKS)), np.zeros((frames, LANDMARKS, 2))
        self.paths = [np.zeros((max(frames - lag, 0), LANDMARKS)) for lag in range(3)]
        self.high: Floats | None = None
        self.up = np.zeros(3)

    def part(self, frames: slice) -> Points:
        """Those of some of the frames: what is added to their accelerations is added to these."""
        some = Points(0)
        some.pull_on_paths = self.pull_on_paths[frames]
        some.paths = [
            weight[frames.start : max(frames.stop - lag, frames.start)]
            for lag, weight in enumerate(self.paths)
        ]
        return some

    def add_accelerations(self, places: Floats, times: Floats, weight: Floats) -> None:
        """Second differences in time of `places` (F, 33, 3), each weighed by `weight` (33,)."""
        if len(times) < 3:
            return
        c, inner, held = second_difference(times), len(times) - 2, durations(times)[1:-1]
        felt = sum(c[:, i, None, None] * places[i : inner + i] for i in range(3))
        for i in range(3):
            share = (held * c[:, i])[:, None] * weight
            self.pull_on_paths[i : inner + i] += share[..., None] * felt
            for j in range(i + 1):
                self.paths[i - j][j : inner + j] += share * c[:, j, None]

    def add_steps(self, places: Floats, weight: Floats) -> None:
        """Steps from frame to frame of `places` (F, 33, 3), weighed by `weight` (F-1, 33)."""
        both = np.pad(weight, ((1, 1), (0, 0)))  # of the steps to and from each frame
        self.paths[0] += both[1:] + both[:-1]
        self.paths[1] -= weight
        pushed = weight[..., None] * np.diff(places, axis=0)
        self.pull_on_paths[1:] += pushed
        self.pull_on_paths[:-1] -= pushed

    def add_heights(self, heights: Floats, up: Floats, weight: Floats) -> None:
        """Heights (F, 33) along `up` (3,) over where they should be, with their weights (F, 33)."""
        self.high, self.up = weight, up
        self.pull += (weight * heights)[..., None] * up

    def add_to(self, equations: Equations, at: Linear) -> None:
        """Let all of it count in the equations of the body, whose landmarks move as `at` says."""
        count = at.lengths.shape[-1]
        moves = [
            _with_lengths(chains, jacobian, at.lengths)
            for chains, jacobian in zip(CHAINS, at.chains, strict=True)
        ]
        hips = moves[-1][:, :, : count + PELVIS, :, 0].mean(1)  # a leg's first landmark is its hip
        blocks = [self._own(chains, moved, hips) for chains, moved in zip(CHAINS, moves, strict=True)]
        equations.add_frames(whole(blocks, count), self._pulled(moves, hips))
        for lag in range(1, min(len(hips), 3)):
            later = [
                _met(moved[:, :, count:], chains.of(self.paths[lag]), lag)
                for chains, moved in zip(CHAINS, moves, strict=True)
            ]
            equations.add_later(lag, whole(later, 0))

    def _own(self, chains: Chains, moved: Floats, hips: Floats) -> Floats:
        """Where a frame meets itself: the product of rows, which move by (F, S, K, 3, N). (F, S, K, K)."""
        frames, sides, count, _, points = moved.shape
        rows = np.empty((frames, sides, count, 8 + (self.high is not None), points))
        deep, flat = rows[..., :3, :], rows[..., 3:5, :]
        deep[...] = moved
        deep[:, :, : hips.shape[1]] -= hips[:, None, :, :, None]
        deep *= np.sqrt(chains.of(self.from_hips))[:, :, None]
        np.multiply(moved[..., 2:, :], -chains.of(self.slopes)[:, :, None], out=flat)
        flat += moved[..., :2, :]
        flat *= _each(np.sqrt(chains.of(self.across)))
        np.multiply(moved, _each(np.sqrt(chains.of(self.paths[0]))), out=rows[..., 5:8, :])
        rows[:, :, : hips.shape[1] - PELVIS, 5:8] = 0.0  # how lengths change a path is left out
        if self.high is not None:
            rows[..., 8:, :] = (self.up @ moved)[..., None, :] * _each(np.sqrt(chains.of(self.high)))
        rows = rows.reshape(frames, sides, count, -1)
        return rows @ rows.swapaxes(-1, -2)

    def _pulled(self, moves: list[Floats], hips: Floats) -> Floats:
        """The gradient by the state, then by the lengths. Shape (F, FREEDOMS + lengths)."""
        count = hips.shape[1] - PELVIS
        found = np.zeros((len(hips), FREEDOMS + count))
        placing = self.pull + self.pull_from_hips
        for chains, moved in zip(CHAINS, moves, strict=True):
            state = _felt(moved[:, :, count:], chains.of(placing + self.pull_on_paths))
            for side, freedoms in enumerate(chains.freedoms):
                found[:, freedoms] += state[:, side]
            if count:
                found[:, FREEDOMS:] += _felt(moved[:, :, :count], chains.of(placing)).sum(1)
        carried = (hips @ self.pull_from_hips.sum(1)[..., None])[..., 0]
        found[:, :PELVIS] -= carried[:, count:]
        found[:, FREEDOMS:] -= carried[:, :count]
        return found


def _felt(moved: Floats, pull: Floats) -> Floats:
    """Pulls at points (F, S, 3, N) by what moves them (F, S, K, 3, N). Shape (F, S, K)."""
    flat = moved.reshape(*moved.shape[:3], -1)
    return (flat @ pull.reshape(*flat.shape[:2], -1, 1))[..., 0]


def _each(weight: Floats) -> Floats:
    """Weights of points (F, S, N), to be broadcast against how these move (F, S, K, 3, N)."""
    return weight[:, :, None, None]


def _with_lengths(chains: Chains, jacobian: Floats, lengths: Floats) -> Floats:
    """How landmarks move with the lengths (F, 33, 3, *), then with the freedoms (F, S, K, 3, N)."""
    if not lengths.shape[-1]:
        return jacobian
    return np.concatenate([chains.of(lengths).swapaxes(2, 3), jacobian], axis=2)


def _met(moved: Floats, weight: Floats, lag: int) -> Floats:
    """Where frames meet those `lag` before them, by how the points move and their weights (F - lag, S, N)."""
    flat = moved.reshape(*moved.shape[:3], -1)
    later = (moved[lag:] * _each(weight)).reshape(len(weight), *flat.shape[1:])
    return later @ flat[: len(weight)].swapaxes(-1, -2)
