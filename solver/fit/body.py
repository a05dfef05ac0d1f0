"""A body over time: its state, where that puts its nodes and landmarks, and how both change with the state."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

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

    def part(self, frames: slice) -> Body:
        """The same of some of the frames."""
        return Body(self.root[frames], self.balls[frames], self.bends[frames], self.angles[frames], self.lengths)

    def moved(self, step: Floats, longer: Floats) -> Body:
        """After a step (F, FREEDOMS) of the state and one (LENGTHS,) of the lengths."""
        balls = np.stack([step[:, ball_columns(name)] for name in BALLS], axis=1)
        bends = np.stack([step[:, ball_columns(name)] for name in BENDS], axis=1)
        return Body(
            self.root + step[:, :3],
            rotations.normalise(rotations.multiply(self.balls, rotations.from_vector(balls))),
            self.bends + bends,
            self.angles + step[:, angle_column(ANGLES[0]) :],
            self.lengths + longer,
        )


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


def offsets(lengths: Floats) -> tuple[Floats, Floats]:
    """Of the nodes (NODES, 3) from their parents, and of the landmarks (33, 3) from their nodes, metres."""
    ratio = np.append(np.exp(lengths), 1.0)
    nodes = np.stack([node.offset * ratio[node.length] for node in NODES])
    return nodes, SPOTS.offset * ratio[SPOTS.length][:, None]


def place(body: Body) -> Placed:
    """Forward kinematics."""
    frames = len(body.root)
    to_parent, to_node = offsets(body.lengths)
    turned = np.empty((frames, len(NODES), 3, 3))
    places = np.empty((frames, len(NODES), 3))
    for i, node in enumerate(NODES):
        local = _local(body, i)
        if node.parent < 0:
            turned[:, i], places[:, i] = local, body.root
        else:
            carried = turned[:, node.parent]
            turned[:, i] = carried @ local
            places[:, i] = places[:, node.parent] + carried @ to_parent[i]
    spots = (turned[:, SPOTS.carrier] @ to_node[..., None])[..., 0]
    return Placed(turned, places, places[:, SPOTS.place] + spots)


def _local(body: Body, i: int) -> Floats:
    """Rotation of node `i` against its parent. Shape (F, 3, 3)."""
    node = NODES[i]
    if node.freedom in BALLS:
        return rotations.to_matrix(body.balls[:, BALLS.index(node.freedom)])
    if node.freedom in BENDS:
        return rotations.to_matrix(rotations.from_vector(node.share * body.bends[:, BENDS.index(node.freedom)]))
    angle = node.share * body.angles[:, ANGLES.index(node.freedom)]
    return rotations.to_matrix(rotations.from_axis_angle(node.axis, angle))


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
_NODE_OF, _AXIS_OF, _FREEDOM_OF = (np.array(column) for column in zip(*_COLUMNS, strict=True))


def _above(i: int) -> set[int]:
    """A node and all that carry it."""
    found: set[int] = set()
    while i >= 0:
        found.add(i)
        i = NODES[i].parent
    return found


_CARRIES = np.array([[node in _above(i) for i in range(len(NODES))] for node in _NODE_OF])
"""Whether a turn about an axis turns a node. Shape (AXES, NODES)."""


def axes(body: Body, placed: Placed) -> Floats:
    """How far each axis turns what it carries, per unit of its degree of freedom. Shape (F, AXES, 3)."""
    found = placed.turned[:, _NODE_OF, :, _AXIS_OF].swapaxes(0, 1).copy()
    for i, node in enumerate(NODES):
        which = np.flatnonzero(_NODE_OF == i)
        if node.freedom in ANGLES:
            found[:, which[0]] = node.share * (placed.turned[:, i] @ node.axis)
        elif node.freedom in BENDS:
            vector = node.share * body.bends[:, BENDS.index(node.freedom)]
            turn = node.share * placed.turned[:, i] @ right_jacobian(vector)
            found[:, which] = turn.swapaxes(1, 2)
    return found


def right_jacobian(vectors: Floats) -> Floats:
    """J with exp(v + d) = exp(v) exp(J d) to first order (Chirikjian). Shape (F, 3) to (F, 3, 3)."""
    angle = np.linalg.norm(vectors, axis=-1)[:, None, None]
    x, y, z = np.moveaxis(vectors, -1, 0)
    zero = np.zeros_like(x)
    cross = np.stack([zero, -z, y, z, zero, -x, -y, x, zero], axis=-1).reshape(-1, 3, 3)
    small = angle < 1e-4
    safe = np.where(small, 1.0, angle)
    first = np.where(small, 0.5, (1 - np.cos(safe)) / safe**2)
    second = np.where(small, 1 / 6, (safe - np.sin(safe)) / safe**3)
    return np.eye(3) - first * cross + second * cross @ cross


def _pairs() -> list[tuple[Floats, Floats]]:
    """Which axes move which landmarks, in groups in which no degree of freedom meets a landmark twice."""
    groups: list[list[tuple[int, int]]] = [[], [], []]
    seen: dict[tuple[int, int], int] = {}
    for axis in range(len(_COLUMNS)):
        for landmark in range(len(SPOTS.carrier)):
            if _CARRIES[axis, SPOTS.carrier[landmark]]:
                key = (landmark, int(_FREEDOM_OF[axis]))
                seen[key] = seen.get(key, -1) + 1
                groups[seen[key]].append((axis, landmark))
    return [tuple(np.array(group).T) for group in groups]


_PAIRS = _pairs()


def landmark_jacobian(axis: Floats, placed: Placed) -> Floats:
    """How the landmarks move with the state: axis x (landmark - node). Shape (F, 33, 3, FREEDOMS)."""
    frames = len(axis)
    jacobian = np.zeros((frames, FREEDOMS, len(SPOTS.carrier), 3))
    for i in range(3):
        jacobian[:, i, :, i] = 1.0
    for turning, moved in _PAIRS:
        arm = placed.landmarks[:, moved] - placed.places[:, _NODE_OF[turning]]
        jacobian[:, _FREEDOM_OF[turning], moved] += _cross(axis[:, turning], arm)
    return np.moveaxis(jacobian, 1, 3)


def node_jacobian(axis: Floats, node: int) -> Floats:
    """The turn of a node, as a rotation vector in camera axes, with the state. Shape (F, 3, FREEDOMS)."""
    jacobian = np.zeros((len(axis), 3, FREEDOMS))
    for i in np.flatnonzero(_CARRIES[:, node]):
        jacobian[:, :, _FREEDOM_OF[i]] += axis[:, i]
    return jacobian


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


def _cross(a: Floats, b: Floats) -> Floats:
    """np.cross of (*, 3), without its overhead."""
    return np.stack(
        [
            a[..., 1] * b[..., 2] - a[..., 2] * b[..., 1],
            a[..., 2] * b[..., 0] - a[..., 0] * b[..., 2],
            a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0],
        ],
        axis=-1,
    )
