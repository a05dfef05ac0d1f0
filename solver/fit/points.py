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
        hips = moves[-1][:, :, 0, :, : count + PELVIS].mean(1)  # a leg's first landmark is its hip
        blocks = [self._own(chains, moved, hips) for chains, moved in zip(CHAINS, moves, strict=True)]
        equations.add_frames(whole(blocks, count), self._pulled(moves, hips))
        for lag in range(1, min(len(hips), 3)):
            later = [
                _met(moved[..., count:], chains.of(self.paths[lag]), lag)
                for chains, moved in zip(CHAINS, moves, strict=True)
            ]
            equations.add_later(lag, whole(later, 0))

    def _own(self, chains: Chains, moved: Floats, hips: Floats) -> Floats:
        """Where a frame meets itself: the product of rows, which move by (F, S, N, 3, K). (F, S, K, K)."""
        carried = hips.shape[-1]
        rows = np.empty((*moved.shape[:3], 8 + (self.high is not None), moved.shape[-1]))
        deep, flat, paths = rows[..., :3, :], rows[..., 3:5, :], rows[..., 5:8, :]
        np.subtract(moved[..., :carried], hips[:, None, None], out=deep[..., :carried])
        deep[..., carried:] = moved[..., carried:]
        deep *= np.sqrt(chains.of(self.from_hips))[..., None]
        np.multiply(moved[..., 2:, :], -chains.of(self.slopes)[..., None], out=flat)
        flat += moved[..., :2, :]
        flat *= np.sqrt(chains.of(self.across))[..., None, None]
        np.multiply(moved, np.sqrt(chains.of(self.paths[0]))[..., None, None], out=paths)
        paths[..., : carried - PELVIS] = 0.0  # a length changes no path
        if self.high is not None:
            rows[..., 8, :] = (self.up @ moved) * np.sqrt(chains.of(self.high))[..., None]
        flat = _flat(rows)
        return flat.swapaxes(2, 3) @ flat

    def _pulled(self, moves: list[Floats], hips: Floats) -> Floats:
        """The gradient by the state, then by the lengths. Shape (F, FREEDOMS + lengths)."""
        count = hips.shape[-1] - PELVIS
        found = np.zeros((len(hips), FREEDOMS + count))
        placing = self.pull + self.pull_from_hips
        for chains, moved in zip(CHAINS, moves, strict=True):
            state = _felt(moved[..., count:], chains.of(placing + self.pull_on_paths))
            for side, freedoms in enumerate(chains.freedoms):
                found[:, freedoms] += state[:, side]
            if count:
                found[:, FREEDOMS:] += _felt(moved[..., :count], chains.of(placing)).sum(1)
        carried = (self.pull_from_hips.sum(1)[:, None] @ hips)[:, 0]
        found[:, :PELVIS] -= carried[:, count:]
        found[:, FREEDOMS:] -= carried[:, :count]
        return found


def _flat(rows: Floats) -> Floats:
    """All rows of a side's points one after the other. Shape (F, S, N, R, K) to (F, S, N R, K)."""
    return rows.reshape(*rows.shape[:2], -1, rows.shape[-1])


def _felt(moved: Floats, pull: Floats) -> Floats:
    """Pulls at points (F, S, N, 3) by what moves them (F, S, N, 3, K). Shape (F, S, K)."""
    return (pull.reshape(*pull.shape[:2], 1, -1) @ _flat(moved))[:, :, 0]


def _with_lengths(chains: Chains, jacobian: Floats, lengths: Floats) -> Floats:
    """How landmarks move with the lengths (F, 33, 3, *), then with the freedoms (F, S, N, 3, K)."""
    return np.concatenate([chains.of(lengths), jacobian], axis=-1) if lengths.shape[-1] else jacobian


def _met(moved: Floats, weight: Floats, lag: int) -> Floats:
    """Where frames meet those `lag` after them, by how the points move and their weights (F - lag, S, N)."""
    later = _flat(moved[lag:] * weight[..., None, None])
    return _flat(moved)[:-lag].swapaxes(2, 3) @ later
