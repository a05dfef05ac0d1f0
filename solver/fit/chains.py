"""How the landmarks move with the state, chain by chain: a leg does not move what is on an arm.

docs/derivations.md, JACOBIAN.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...take import Floats
from .. import rotations
from .body import CARRIES, FREEDOM_OF, NODE_OF, Placed
from .skeleton import FREEDOMS, SPOTS


def _pairs() -> list[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Which axes move which landmarks, in groups in which no degree of freedom meets a landmark twice."""
    groups: list[list[tuple[int, int]]] = [[], [], []]
    seen: dict[tuple[int, int], int] = {}
    for axis in range(len(NODE_OF)):
        for landmark in range(len(SPOTS.carrier)):
            if CARRIES[axis, SPOTS.carrier[landmark]]:
                key = (landmark, int(FREEDOM_OF[axis]))
                seen[key] = seen.get(key, -1) + 1
                groups[seen[key]].append((axis, landmark))
    return [(pairs[:, 0], pairs[:, 1]) for pairs in (np.array(group, np.intp) for group in groups)]


_PAIRS = _pairs()


@dataclass(frozen=True)
class Chain:
    """A limb, or the head, with all that carries it.

    Attributes:
        points: Its landmarks. Shape (N,).
        freedoms: The degrees of freedom that move any of them. Shape (K,).
        part: Where their Jacobian is among those of all chains.
    """

    points: NDArray[np.intp]
    freedoms: NDArray[np.intp]
    part: slice


def _chains() -> list[Chain]:
    moves = np.zeros((len(SPOTS.carrier), FREEDOMS), bool)
    moves[:, :3] = True
    for turning, moved in _PAIRS:
        moves[moved, FREEDOM_OF[turning]] = True
    chains: list[Chain] = []
    first = 0
    for limb in (range(11), range(11, 23, 2), range(12, 23, 2), range(23, 33, 2), range(24, 33, 2)):
        points = np.array(limb, np.intp)
        freedoms = np.flatnonzero(moves[points].any(0))
        chains.append(Chain(points, freedoms, slice(first, first + points.size * freedoms.size)))
        first = chains[-1].part.stop
    return chains


CHAINS = _chains()
"""Head, arms and legs: most degrees of freedom move few landmarks."""


def _columns_of_pairs() -> list[tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]]:
    """`_PAIRS` with where they belong in the Jacobians of the chains."""
    where = np.full((FREEDOMS, len(SPOTS.carrier)), -1)
    for chain in CHAINS:
        inside = np.arange(chain.part.start, chain.part.stop).reshape(len(chain.freedoms), -1)
        where[chain.freedoms[:, None], chain.points] = inside
    return [(turning, moved, where[FREEDOM_OF[turning], moved]) for turning, moved in _PAIRS]


_COLUMNS_OF_PAIRS = _columns_of_pairs()


def chain_jacobians(axis: Floats, placed: Placed) -> Floats:
    """How the landmarks of each of `CHAINS` move with its freedoms: axis x (landmark - node). (F, *, 3)."""
    jacobians = np.zeros((len(axis), CHAINS[-1].part.stop, 3))
    for chain in CHAINS:
        _of(jacobians, chain)[:, :3] = np.eye(3)[:, None]
    for turning, moved, column in _COLUMNS_OF_PAIRS:
        arm = placed.landmarks[:, moved] - placed.places[:, NODE_OF[turning]]
        jacobians[:, column] += rotations.cross(axis[:, turning], arm)
    return jacobians


def _of(jacobians: Floats, chain: Chain) -> Floats:
    """That of a chain. Shape (F, K, N, 3)."""
    return jacobians[:, chain.part].reshape(len(jacobians), len(chain.freedoms), len(chain.points), 3)


def chain_jacobian(jacobians: Floats, chain: Chain) -> Floats:
    """How the landmarks of a chain move with its freedoms. Shape (F, N, 3, K)."""
    return _of(jacobians, chain).transpose(0, 2, 3, 1)


def landmark_jacobian(jacobians: Floats) -> Floats:
    """The same of all landmarks with the whole state. Shape (F, 33, 3, FREEDOMS)."""
    whole = np.zeros((len(jacobians), FREEDOMS, len(SPOTS.carrier), 3))
    for chain in CHAINS:
        whole[:, chain.freedoms[:, None], chain.points] = _of(jacobians, chain)
    return np.moveaxis(whole, 1, 3)
