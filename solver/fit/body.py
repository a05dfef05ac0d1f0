"""A body over time: its state, where that puts its nodes and landmarks, and how they change with it.

docs/derivations.md, BODY, JACOBIAN.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...take import Floats
from .. import rotations
from .skeleton import ANGLES, BALLS, BENDS, FREEDOMS, LENGTHS, NODES, SPOTS, angle_column, ball_columns


@dataclass(frozen=True)
class Body:
    """The state over F frames, in camera axes.

    Attributes:
        root: Where the hips node is, metres. Shape (F, 3).
        balls: Rotation of each ball against its parent. Shape (F, BALLS, 4).
        bends: Rotation vector of each bend, radians. Shape (F, BENDS, 3).
        angles: Radians. Shape (F, ANGLES).
        lengths: Logarithms of the ratios to the standard person's. Shape (LENGTHS,).
    """

    root: Floats
    balls: Floats
    bends: Floats
    angles: Floats
    lengths: Floats

    def part(self, frames: slice | NDArray[np.intp]) -> Body:
        """The same of some of the frames."""
        return Body(
            self.root[frames], self.balls[frames], self.bends[frames], self.angles[frames], self.lengths
        )

    def moved(self, step: Floats, longer: Floats) -> Body:
        """After a step (F, FREEDOMS) of the state and one (LENGTHS,) of the lengths."""
        balls = rotations.from_vector(step[:, _BALL_COLUMNS].reshape(*self.balls.shape[:-1], 3))
        return Body(
            self.root + step[:, :3],
            rotations.normalise(rotations.multiply(self.balls, balls)),
            self.bends + step[:, _BEND_COLUMNS].reshape(self.bends.shape),
            self.angles + step[:, _ANGLE_COLUMNS],
            self.lengths + longer,
        )


_BALL_COLUMNS, _BEND_COLUMNS = (
    slice(ball_columns(kind[0]).start, ball_columns(kind[-1]).stop) for kind in (BALLS, BENDS)
)
_ANGLE_COLUMNS = slice(angle_column(ANGLES[0]), FREEDOMS)


@dataclass(frozen=True)
class Placed:
    """Where a body is.

    Attributes:
        turned: Rotation of each node from the T-pose. Shape (F, NODES, 3, 3).
        places: Of the nodes, metres. Shape (F, NODES, 3).
        landmarks: Metres. Shape (F, 33, 3).
    """

    turned: Floats
    places: Floats
    landmarks: Floats

    def part(self, frames: slice) -> Placed:
        """The same of some of the frames."""
        return Placed(self.turned[frames], self.places[frames], self.landmarks[frames])


def _cross_matrix(vectors: Floats) -> Floats:
    """K with K w = v x w. Shape (*, 3) to (*, 3, 3)."""
    x, y, z = vectors[..., 0], vectors[..., 1], vectors[..., 2]
    zero = np.zeros_like(x)
    return np.stack([zero, -z, y, z, zero, -x, -y, x, zero], axis=-1).reshape(*vectors.shape, 3)


def offsets(lengths: Floats) -> tuple[Floats, Floats]:
    """Of the nodes (NODES, 3) from their parents, and of the landmarks (33, 3) from their nodes, metres."""
    ratio = np.ones(len(lengths) + 1)
    np.exp(lengths, out=ratio[:-1])
    return _OFFSETS * ratio.take(_LENGTHS)[:, None], SPOTS.offset * ratio.take(SPOTS.length)[:, None]


_OFFSETS = np.stack([node.offset for node in NODES])
_LENGTHS = np.array([node.length % (len(LENGTHS) + 1) for node in NODES])


def _generations() -> list[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Nodes that are equally far from the root, and their parents, from the root outwards."""
    depth: list[int] = []
    for node in NODES:
        depth.append(depth[node.parent] + 1 if node.parent >= 0 else 0)
    parents = np.array([node.parent for node in NODES])
    nodes = [np.flatnonzero(np.array(depth) == level) for level in range(1, max(depth) + 1)]
    return [(level, parents[level]) for level in nodes]


_GENERATIONS = _generations()


def place(body: Body) -> Placed:
    """Forward kinematics, of all frames at once: they come last while it lasts."""
    to_parent, to_node = offsets(body.lengths)
    turned = np.ascontiguousarray(np.moveaxis(_local(body), 0, -1))
    places = np.empty((len(NODES), 3, len(body.root)))
    places[0] = body.root.T
    for nodes, parents in _GENERATIONS:
        carried = turned[parents]
        turned[nodes] = np.einsum("nijf,njkf->nikf", carried, turned[nodes])
        places[nodes] = places[parents] + np.einsum("nijf,nj->nif", carried, to_parent[nodes])
    spots = np.einsum("nijf,nj->nif", turned[SPOTS.carrier], to_node)
    found = (turned, places, places[SPOTS.place] + spots)
    return Placed(*(np.ascontiguousarray(np.moveaxis(values, -1, 0)) for values in found))


_OF_BALLS, _OF_BENDS, _OF_ANGLES = (
    np.array([i for i, node in enumerate(NODES) if node.freedom in kind]) for kind in (BALLS, BENDS, ANGLES)
)
_BALL, _BEND, _ANGLE = (
    np.array([kind.index(node.freedom) for node in NODES if node.freedom in kind])
    for kind in (BALLS, BENDS, ANGLES)
)
_SHARES = np.array([node.share for node in NODES])
_HINGES = np.array([node.axis for node in NODES if node.axis is not None])
_CROSSES = np.stack([_cross_matrix(axis) for axis in _HINGES])
_SQUARES = _CROSSES @ _CROSSES


def _local(body: Body) -> Floats:
    """Rotation of each node against its parent. Shape (F, NODES, 3, 3)."""
    local = np.empty((len(body.root), len(NODES), 3, 3))
    local[:, _OF_BALLS] = rotations.to_matrix(body.balls[:, _BALL])
    bends = body.bends[:, _BEND] * _SHARES[_OF_BENDS, None]
    local[:, _OF_BENDS] = rotations.to_matrix(rotations.from_vector(bends))
    angles = (body.angles[:, _ANGLE] * _SHARES[_OF_ANGLES])[..., None, None]
    local[:, _OF_ANGLES] = (
        np.eye(3) + np.sin(angles) * _CROSSES + (1 - np.cos(angles)) * _SQUARES
    )  # Rodrigues
    return local


def _columns() -> list[tuple[int, int, int]]:
    """Each axis that a node turns about: the node, which axis of it, and the degree of freedom."""
    found: list[tuple[int, int, int]] = []
    for i, node in enumerate(NODES):
        if node.freedom in ANGLES:
            found.append((i, 0, angle_column(node.freedom)))
        else:
            found += [(i, axis, ball_columns(node.freedom).start + axis) for axis in range(3)]
    return found


_COLUMNS = _columns()
NODE_OF, _, FREEDOM_OF = (np.array(column) for column in zip(*_COLUMNS, strict=True))
"""Of each axis that something turns about, the node and the degree of freedom. Both (AXES,)."""
_BALL_AXES, _BEND_AXES, _ANGLE_AXES = (
    np.flatnonzero(np.isin(NODE_OF, of)) for of in (_OF_BALLS, _OF_BENDS, _OF_ANGLES)
)


def _above(i: int) -> set[int]:
    """A node and all that carry it."""
    found: set[int] = set()
    while i >= 0:
        found.add(i)
        i = NODES[i].parent
    return found


CARRIES = np.array([[node in _above(i) for i in range(len(NODES))] for node in NODE_OF])
"""Whether a turn about an axis turns a node. Shape (AXES, NODES)."""


def axes(body: Body, placed: Placed) -> Floats:
    """How far each axis turns what it carries, per unit of its degree of freedom. Shape (F, AXES, 3)."""
    found = np.empty((len(body.root), len(NODE_OF), 3))
    found[:, _BALL_AXES] = placed.turned[:, _OF_BALLS].swapaxes(-1, -2).reshape(len(found), -1, 3)
    shares = _SHARES[_OF_BENDS, None]
    bends = right_jacobian(body.bends[:, _BEND] * shares) * shares[..., None]
    found[:, _BEND_AXES] = (placed.turned[:, _OF_BENDS] @ bends).swapaxes(-1, -2).reshape(len(found), -1, 3)
    hinges = (placed.turned[:, _OF_ANGLES] @ _HINGES[..., None])[..., 0]
    found[:, _ANGLE_AXES] = hinges * _SHARES[_OF_ANGLES, None]
    return found


def right_jacobian(vectors: Floats) -> Floats:
    """J with exp(v + d) = exp(v) exp(J d) to first order (Chirikjian). Shape (*, 3) to (*, 3, 3)."""
    angle = np.linalg.norm(vectors, axis=-1)[..., None, None]
    cross = _cross_matrix(vectors)
    small = angle < 1e-4
    safe = np.where(small, 1.0, angle)
    first = np.where(small, 0.5, (1 - np.cos(safe)) / safe**2)
    second = np.where(small, 1 / 6, (safe - np.sin(safe)) / safe**3)
    return np.eye(3) - first * cross + second * cross @ cross


def node_jacobian(axis: Floats, node: int) -> Floats:
    """The turn of a node, as a rotation vector in camera axes, with the state. Shape (F, 3, FREEDOMS)."""
    which = np.flatnonzero(CARRIES[:, node])
    return axis[:, which].swapaxes(1, 2) @ np.eye(FREEDOMS)[FREEDOM_OF[which]]


def length_jacobian(body: Body, placed: Placed) -> Floats:
    """How the landmarks move with the logarithms of the lengths. Shape (F, 33, 3, LENGTHS)."""
    to_parent, to_node = offsets(body.lengths)
    nodes = np.zeros((len(body.root), len(NODES), 3, len(LENGTHS)))
    for i, node in enumerate(NODES):
        if node.parent >= 0:
            nodes[:, i] = nodes[:, node.parent]
            if node.length >= 0:
                nodes[:, i, :, node.length] += placed.turned[:, node.parent] @ to_parent[i]
    jacobian = nodes[:, SPOTS.place]
    spots = (placed.turned[:, SPOTS.carrier] @ to_node[..., None])[..., 0]
    jacobian[:, np.arange(len(spots[0])), :, SPOTS.length] += spots.swapaxes(0, 1)
    return jacobian
