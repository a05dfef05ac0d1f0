"""A body in one frame and how it moves, in few large products: what `fit.linear` finds for many frames.

Numbers stand in rows here: what moves first, then x, y and z, then the landmarks. docs/derivations.md, LIVE.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...take import Floats
from .. import rotations
from ..fit.body import CARRIES, FREEDOM_OF, NODE_OF, Body, Placed, offsets
from ..fit.chains import MOVED, PARTS, screws
from ..fit.skeleton import ANGLES, BALLS, BENDS, FREEDOMS, LENGTHS, NODE, NODES, SPOTS
from ..humanoid import SIDES
from ..landmarks import LANDMARKS


@dataclass(frozen=True)
class Linear:
    """A body in one frame, and how it moves.

    Attributes:
        body: The body, of one frame.
        placed: Where it is.
        moves: How the landmarks move with the state, and with the lengths while they are measured.
            Shape (FREEDOMS or FREEDOMS + LENGTHS, 3, 33).
        turns: How both hands turn with the state. Shape (FREEDOMS, 6).
    """

    body: Body
    placed: Placed
    moves: Floats
    turns: Floats


def place(body: Body) -> Placed:
    """Forward kinematics: each node is carried by its parent, then by what that one was carried by, ..."""
    return _placed(body, rotations.from_vector(_vectors(body)))[0]


def linear(body: Body, *, measure: bool) -> Linear:
    """A body and its derivatives, those by the lengths where they are measured."""
    vectors = _vectors(body)
    placed, bones, spots = _placed(body, rotations.from_vector(vectors))
    turned, points = placed.turned[0], placed.landmarks[0]
    axes = (turned.take(NODE_OF, 0) @ _own_axes(vectors)[:, :, None])[:, :, 0]
    turning = screws(axes[None], placed.places).reshape(4, 3, -1).transpose(2, 1, 0).reshape(-1, 4)
    moves = (turning @ np.concatenate([points.T, _ONES])).reshape(-1, 3, LANDMARKS) * _MOVED
    state = moves[:FREEDOMS]
    for part, whole in enumerate(PARTS, FREEDOMS):
        state[whole] += moves[part]
    turns = (_HAND_SUMS @ axes).reshape(len(SIDES), FREEDOMS, 3).swapaxes(0, 1).reshape(FREEDOMS, -1)
    if not measure:
        return Linear(body, placed, state, turns)
    longer = (_BONES_UNDER @ bones).reshape(len(LENGTHS), LANDMARKS, 3) + _SPOT_LENGTHS * spots
    return Linear(body, placed, np.concatenate([state, longer.swapaxes(1, 2)]), turns)


def _vectors(body: Body) -> Floats:
    """Rotation vectors of the nodes that are no balls against their parents. Shape (*, 3)."""
    return (_SHARED @ np.concatenate([body.bends[0].ravel(), body.angles[0]])).reshape(-1, 3)


def _placed(body: Body, bent: Floats) -> tuple[Placed, Floats, Floats]:
    """With the ways from the parents to the nodes (NODES, 3), and from nodes to landmarks (33, 3)."""
    to_parent, to_node = offsets(body.lengths)
    carried = np.zeros((len(NODES) + 1, 4, 4))
    carried[:, 3, 3] = 1.0
    carried[:, :3, :3] = rotations.to_matrix(np.concatenate([body.balls[0], bent, _STILL]).take(_ORDER, 0))
    carried[:-1, :3, 3] = to_parent
    carried[0, :3, 3] = body.root[0]
    for above in _ABOVE:
        carried = carried.take(above, 0) @ carried
    turned, places = carried[:-1, :3, :3], carried[:-1, :3, 3]
    spots = (turned.take(SPOTS.carrier, 0) @ to_node[:, :, None])[:, :, 0]
    points = places.take(SPOTS.place, 0) + spots
    return Placed(turned[None], places[None], points[None]), places - places.take(_PARENTS, 0), spots


def _own_axes(vectors: Floats) -> Floats:
    """What each node turns about per unit of its degree of freedom, in its own axes. Shape (AXES, 3)."""
    axes = _OWN_AXES.copy()
    bends = vectors[: len(_BEND_SHARES)]
    square = rotations.dot(bends, bends)[:, None, None]
    angle = np.sqrt(np.maximum(square, _SMALL))
    cross = (bends @ _CROSS).reshape(-1, 3, 3)
    turned = _EYE - (1.0 - np.cos(angle)) / angle**2 * cross
    turned += (angle - np.sin(angle)) / angle**3 * (cross @ cross)
    axes[_BEND_AXES] = (turned * _BEND_SHARES).swapaxes(1, 2).reshape(-1, 3)
    return axes


_SMALL = 1e-8
"""Square of the angle, radians, as which smaller ones count: there the limit is as good as met."""
_CROSS = np.stack([np.cross(axis, np.eye(3)).T for axis in np.eye(3)]).reshape(3, 9)
"""Vectors v (*, 3) times this are the matrices K (*, 9) with K w = v x w."""
_EYE, _STILL = np.eye(3), rotations.IDENTITY[None]
_PARENTS = np.maximum([node.parent for node in NODES], 0)


def _order() -> NDArray[np.intp]:
    """Where each node's rotation stands among balls, bends, angles, and the one that does not turn."""
    kinds = (BALLS, BENDS, ANGLES)
    rows = [i for kind in kinds[1:] for i, node in enumerate(NODES) if node.freedom in kind]
    found = [
        BALLS.index(node.freedom) if node.freedom in BALLS else len(BALLS) + rows.index(i)
        for i, node in enumerate(NODES)
    ]
    return np.array([*found, len(BALLS) + len(rows)])


def _shared() -> Floats:
    """Bends and angles to the rotation vectors of the nodes that share them. Shape (3 nodes, numbers)."""
    found: list[Floats] = []
    for i, name in enumerate(BENDS):
        part = np.eye(3 * len(BENDS) + len(ANGLES))[3 * i : 3 * i + 3]
        found += [node.share * part for node in NODES if node.freedom == name]
    for node in NODES:
        if node.axis is not None:
            row = np.zeros(3 * len(BENDS) + len(ANGLES))
            row[3 * len(BENDS) + ANGLES.index(node.freedom)] = node.share
            found.append(node.axis[:, None] * row)
    return np.concatenate(found)


def _above() -> list[NDArray[np.intp]]:
    """What carries each node 1, 2, 4, ... steps above; the last one, which is still, where nothing does."""
    still = len(NODES)
    step = np.array([*(node.parent if node.parent >= 0 else still for node in NODES), still])
    found: list[NDArray[np.intp]] = []
    while (step != still).any():
        found.append(step)
        step = step[step]
    return found


_BENDING = [i for i, node in enumerate(NODES) if node.freedom in BENDS]
_BEND_AXES = np.concatenate([np.flatnonzero(node == NODE_OF) for node in _BENDING])
_BEND_SHARES = np.array([NODES[node].share for node in _BENDING])[:, None, None]


def _constant_axes() -> Floats:
    """`_own_axes` but for the bends, where it depends on how far they are bent. Shape (AXES, 3)."""
    found = np.zeros((len(NODE_OF), 3))
    for i, node in enumerate(NODES):
        rows = np.flatnonzero(i == NODE_OF)
        found[rows] = np.eye(3) if node.axis is None else node.share * node.axis
    return found


def _bones_under() -> Floats:
    """Which bones carry a landmark and scale with a length. Shape (LENGTHS * 33, NODES)."""
    found = np.zeros((len(LENGTHS), LANDMARKS, len(NODES)))
    for landmark, node in enumerate(SPOTS.place):
        while node >= 0:
            if NODES[node].length >= 0:
                found[NODES[node].length, landmark, node] = 1.0
            node = NODES[node].parent
    return found.reshape(-1, len(NODES))


_ORDER, _SHARED, _ABOVE, _OWN_AXES, _BONES_UNDER = (
    _order(),
    _shared(),
    _above(),
    _constant_axes(),
    _bones_under(),
)
_SPOT_LENGTHS = (SPOTS.length == np.arange(len(LENGTHS))[:, None]).astype(float)[:, :, None]
_MOVED, _ONES = MOVED[:, None].astype(float), np.ones((1, LANDMARKS))
_SUMS = np.eye(FREEDOMS)[FREEDOM_OF].T
"""Sums what a degree of freedom does over the axes that share it. Shape (FREEDOMS, AXES)."""
_HAND_SUMS = np.concatenate([_SUMS * CARRIES[:, NODE[f"{side}Hand"]] for side in SIDES])
