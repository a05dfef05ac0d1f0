"""How the landmarks move with the body, chain by chain: a leg does not move what is on an arm.

Both arms are alike, and both legs; they are taken together. docs/derivations.md, JACOBIAN.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from ...take import Floats
from .. import rotations
from ..landmarks import LANDMARKS
from .body import CARRIES, FREEDOM_OF, NODE_OF, Placed
from .skeleton import FREEDOMS, SPOTS, ball_columns

_SHARED = [*range(6), *range(FREEDOMS)[ball_columns("spine")], *range(FREEDOMS)[ball_columns("neck")]]
"""Degrees of freedom that carry more than one limb."""
PELVIS = 6
"""So many of them move the hips: the root's three and the pelvis'."""


@cache
def _carrying(freedom: int, landmark: int) -> frozenset[int]:
    """The axes of a degree of freedom that move a landmark."""
    return frozenset(np.flatnonzero((freedom == FREEDOM_OF) & CARRIES[:, SPOTS.carrier[landmark]]).tolist())


def _screws() -> list[tuple[int, frozenset[int]]]:
    """Every degree of freedom with its axes, then those of which only some of the axes move a landmark."""
    found = [
        (freedom, frozenset(np.flatnonzero(freedom == FREEDOM_OF).tolist())) for freedom in range(FREEDOMS)
    ]
    for freedom in range(FREEDOMS):
        for landmark in range(LANDMARKS):
            some = freedom, _carrying(freedom, landmark)
            if some[1] and some not in found:
                found.append(some)
    return found


_SCREWS = _screws()
PARTS = [freedom for freedom, _ in _SCREWS[FREEDOMS:]]
"""After the degrees of freedom, parts of some of them are screws of their own: of which."""
MOVED = np.array(
    [[axes == _carrying(freedom, point) for point in range(LANDMARKS)] for freedom, axes in _SCREWS]
)
"""Which landmarks each screw moves. Shape (SCREWS, 33)."""


@dataclass(frozen=True)
class Chains:
    """Limbs of S sides, or the head, with all that carries them.

    Attributes:
        span: Their landmarks, N of each side, those of the sides in turn.
        freedoms: The degrees of freedom that move any of a side's, those first that others share. (S, K).
        shared: How many these are.
        screws: Which of `_SCREWS` they are, and then parts of them. Shape (S, K + P).
        parts: Of each part, which of the K it belongs to. Shape (P,).
        moved: Which landmarks each screw moves. Shape (N, 1, K + P).
    """

    span: slice
    freedoms: NDArray[np.intp]
    shared: int
    screws: NDArray[np.intp]
    parts: list[int]
    moved: Floats

    def of(self, values: Floats) -> Floats:
        """Values of the landmarks, side by side. Shape (F, 33, *) to (F, S, N, *)."""
        some = values[:, self.span]
        sides = len(self.freedoms)
        return some.reshape(len(some), some.shape[1] // sides, sides, *some.shape[2:]).swapaxes(1, 2)


def _chains(span: slice, sides: int) -> Chains:
    """Of the landmarks of a `span`."""
    points = np.arange(LANDMARKS)[span].reshape(-1, sides).T
    moved = MOVED[:, points.ravel()]
    screws: list[list[int]] = []
    for moving in moved.reshape(len(_SCREWS), sides, -1).any(-1).T:
        own = np.setdiff1d(np.flatnonzero(moving), _SHARED)
        screws.append([*(screw for screw in _SHARED if moving[screw]), *own])
    whole = [screw for screw in screws[0] if screw < FREEDOMS]
    parts = [whole.index(_SCREWS[screw][0]) for screw in screws[0] if screw >= FREEDOMS]
    first = moved[screws[0], None, : points.shape[1]].T.astype(float)
    shared = len(set(whole) & set(_SHARED))
    return Chains(span, np.array(screws)[:, : len(whole)], shared, np.array(screws), parts, first)


CHAINS = (_chains(slice(0, 11), 1), _chains(slice(11, 23), 2), _chains(slice(23, 33), 2))
"""Head, arms and legs: most degrees of freedom move few landmarks."""


def chain_jacobians(axis: Floats, placed: Placed) -> tuple[Floats, ...]:
    """How the landmarks of each of `CHAINS` move with its freedoms. Each (F, S, N, 3, K).

    An axis a through a place o moves a point p by a x p + o x a.
    """
    turning = screws(axis, placed.places)
    points = np.concatenate([placed.landmarks, np.ones((*placed.landmarks.shape[:2], 1))], axis=-1)
    return tuple(_jacobian(chains, turning, points) for chains in CHAINS)


def screws(axis: Floats, places: Floats) -> Floats:
    """Matrices (3, 4) that move (p, 1) as each screw does, their columns in turn. Shape (F, 12, SCREWS).

    Args:
        axis: As `axes` gives them. Shape (F, AXES, 3).
        places: Of the nodes. Shape (F, NODES, 3).
    """
    about = np.concatenate([axis, rotations.cross(places.take(NODE_OF, 1), axis)], axis=-1)
    return _MATRICES @ (about.swapaxes(1, 2) @ _AXES) + _ROOT


def _jacobian(chains: Chains, turning: Floats, points: Floats) -> Floats:
    sides, rows = chains.screws.shape
    turning = turning.take(chains.screws, 2).reshape(-1, 4, 3, sides, rows)
    turning = np.moveaxis(turning, 3, 1).reshape(-1, sides, 4, 3 * rows)
    found = (chains.of(points) @ turning).reshape(-1, sides, len(chains.moved), 3, rows)
    found *= chains.moved
    count = chains.freedoms.shape[1]
    for part, whole in enumerate(chains.parts, count):
        found[..., whole] += found[..., part]
    return found[..., :count]


def _axes() -> Floats:
    """Which axes belong to each screw. Shape (AXES, SCREWS)."""
    return np.array([[axis in axes for _, axes in _SCREWS] for axis in range(len(NODE_OF))], float)


def _matrices() -> Floats:
    """From a and o x a to the matrix that makes a x p + o x a of p and 1, column by column. (12, 6)."""
    found = np.zeros((4, 3, 6))
    for i in range(3):
        found[:3, :, i] = np.cross(np.eye(3)[i], np.eye(3))
        found[3, i, 3 + i] = 1.0
    return found.reshape(12, 6)


_AXES, _MATRICES = _axes(), _matrices()
_ROOT = np.zeros((12, len(_SCREWS)))
_ROOT[:, :3] = _MATRICES[:, 3:]
"""The root moves every landmark as it moves."""


def landmark_jacobian(jacobians: Sequence[Floats]) -> Floats:
    """That of all landmarks with the whole state. Shape (F, 33, 3, FREEDOMS)."""
    whole = np.zeros((len(jacobians[0]), LANDMARKS, 3, FREEDOMS))
    for chains, jacobian in zip(CHAINS, jacobians, strict=True):
        for side, freedoms in enumerate(chains.freedoms):
            points = np.arange(LANDMARKS)[chains.span][side :: len(chains.freedoms)]
            whole[:, points[:, None], :, freedoms] = jacobian[:, side].transpose(1, 3, 0, 2)
    return whole


def whole(blocks: Sequence[Floats], lengths: int) -> Floats:
    """Sums over the landmarks of each of `CHAINS` for all pairs of what moves them, put together.

    Args:
        blocks: Of each chain, the lengths first, then its freedoms. Each (F, S, *, *); those of the head
            are changed.
        lengths: How many there are.

    Returns:
        Shape (F, FREEDOMS + lengths, FREEDOMS + lengths), the lengths last.
    """
    head = blocks[0][:, 0]
    for chains, block in zip(CHAINS[1:], blocks[1:], strict=True):
        common = lengths + chains.shared
        head[:, :common, :common] += block[:, :, :common, :common].sum(1)
    flat = [*(block.reshape(len(head), -1) for block in blocks), np.zeros((len(head), 1))]
    total = FREEDOMS + lengths
    return np.concatenate(flat, axis=1).take(_places(lengths), 1).reshape(-1, total, total)


@cache
def _places(lengths: int) -> NDArray[np.intp]:
    """Where each pair stands among the chains' blocks, what is shared in the head's; or last, where none."""
    total, first = FREEDOMS + lengths, 0
    found = np.full((total, total), -1)
    spans: list[tuple[NDArray[np.intp], int]] = []
    for chains in CHAINS:
        for freedoms in chains.freedoms:
            own = np.concatenate([np.arange(FREEDOMS, total), freedoms])
            spans.append((own, first))
            first += own.size**2
    for own, begin in reversed(spans):  # the head last
        found[np.ix_(own, own)] = np.arange(begin, begin + own.size**2).reshape(own.size, -1)
    return np.where(found < 0, first, found).ravel()
