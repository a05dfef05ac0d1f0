"""The body that is fitted: its joints and their axes of motion, its lengths, and where landmarks sit on it.

A joint of several axes is a chain of nodes at one place. A node turns by a share of a degree of freedom:
the spine's bend is spread over three nodes, the forearm's twist over its bone and the hand.
docs/derivations.md, BODY, SPOTS.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...take import Floats
from ..humanoid import INDEX, SIDES, SLOTS, rest_pose
from ..landmarks import MIRRORED
from ..rest import ELBOW_HINGE, FOREARM_SHARE, FORWARD, KNEE_HINGE, OUT, UP

LENGTHS: tuple[str, ...] = (
    "trunk", "shoulders", "pelvis", "upperArm", "forearm", "thigh", "shin", "foot", "head", "hand",
)  # fmt: skip
"""What is measured of a performer, each as the logarithm of its ratio to the standard person's."""

BALLS = ("hips", "leftUpperArm", "rightUpperArm", "leftUpperLeg", "rightUpperLeg", "leftFoot", "rightFoot")
"""Joints that turn freely: a quaternion each, with three degrees of freedom."""
BENDS = ("spine", "neck")
"""Chains that share one turn: a rotation vector each, with three degrees of freedom."""
ANGLES = tuple(
    f"{side}{name}"
    for side in SIDES
    for name in ("Protraction", "Elevation", "Elbow", "Pronation", "Flexion", "Deviation", "Knee")
)
"""Joints about one axis: an angle each."""

FREEDOMS = 3 + 3 * len(BALLS) + 3 * len(BENDS) + len(ANGLES)
"""Degrees of freedom of a frame: the root's place, then balls, bends and angles."""


def ball_columns(name: str) -> slice:
    """The degrees of freedom of a ball or a bend."""
    i = (BALLS + BENDS).index(name)
    return slice(3 + 3 * i, 6 + 3 * i)


def angle_column(name: str) -> int:
    """The degree of freedom of an angle."""
    return 3 + 3 * len(BALLS + BENDS) + ANGLES.index(name)


@dataclass(frozen=True)
class Node:
    """A turn about one place.

    Attributes:
        name: Of the node; that of a humanoid slot where its rotation is the slot's.
        parent: Index of the node that carries it; -1 for none.
        offset: From the parent's place in the standard person's T-pose, metres. Shape (3,).
        length: Which of `LENGTHS` the offset scales with; -1 where there is no offset.
        freedom: The ball, bend or angle that turns it.
        share: How much of it.
        axis: Of an angle, in the T-pose. Shape (3,).
    """

    name: str
    parent: int
    offset: Floats
    length: int
    freedom: str
    share: float
    axis: Floats | None


class _Turn(NamedTuple):
    """A row of the tables below: a node as it is named in them."""

    name: str
    parent: str
    joint: str
    length: str
    freedom: str
    share: float = 1.0
    axis: Floats | None = None


_TRUNK = (
    _Turn("hips", "", "hips", "", "hips"),
    _Turn("spine", "hips", "spine", "trunk", "spine", 1 / 3),
    _Turn("chest", "spine", "chest", "trunk", "spine", 1 / 3),
    _Turn("upperChest", "chest", "upperChest", "trunk", "spine", 1 / 3),
    _Turn("neck", "upperChest", "neck", "trunk", "neck", 1 / 2),
    _Turn("head", "neck", "head", "trunk", "neck", 1 / 2),
)


def _limbs(side: str) -> tuple[_Turn, ...]:
    """Arm and leg of a side; names with a capital are that side's."""
    turn = OUT[side][0]
    back = 1 - FOREARM_SHARE
    return (
        _Turn("Protraction", "upperChest", "Shoulder", "trunk", "Protraction", axis=-turn * UP),
        _Turn("Shoulder", "Protraction", "Shoulder", "", "Elevation", axis=turn * FORWARD),
        _Turn("UpperArm", "Shoulder", "UpperArm", "shoulders", "UpperArm"),
        _Turn("Elbow", "UpperArm", "LowerArm", "upperArm", "Elbow", axis=ELBOW_HINGE[side]),
        _Turn("LowerArm", "Elbow", "LowerArm", "", "Pronation", FOREARM_SHARE, KNEE_HINGE),
        _Turn("Wrist", "LowerArm", "Hand", "forearm", "Pronation", back, KNEE_HINGE),
        _Turn("Flexion", "Wrist", "Hand", "", "Flexion", axis=-turn * FORWARD),
        _Turn("Hand", "Flexion", "Hand", "", "Deviation", axis=turn * UP),
        _Turn("UpperLeg", "hips", "UpperLeg", "pelvis", "UpperLeg"),
        _Turn("LowerLeg", "UpperLeg", "LowerLeg", "thigh", "Knee", axis=KNEE_HINGE),
        _Turn("Foot", "LowerLeg", "Foot", "shin", "Foot"),
    )


def _sided(side: str, name: str) -> str:
    """The full name of a part: those with a capital are of a side."""
    return side + name if name[:1].isupper() else name


def _nodes() -> tuple[Node, ...]:
    rest = rest_pose()
    rows = [("", row) for row in _TRUNK] + [(side, row) for side in SIDES for row in _limbs(side)]
    nodes: list[Node] = []
    found: dict[str, tuple[int, Floats]] = {"": (-1, rest[INDEX["hips"]])}
    for side, row in rows:
        name, parent, joint, freedom = (
            _sided(side, part) for part in (row.name, row.parent, row.joint, row.freedom)
        )
        at, (above, start) = rest[INDEX[joint]], found[parent]
        length = LENGTHS.index(row.length) if row.length else -1
        found[name] = (len(nodes), at)
        nodes.append(Node(name, above, at - start, length, freedom, row.share, row.axis))
    return tuple(nodes)


NODES = _nodes()
NODE = {node.name: i for i, node in enumerate(NODES)}


def _turning(slot: str) -> int:
    """The node that turns a slot; fingers and toes go with what carries them."""
    side = "left" if slot.startswith("left") else "right"
    return NODE[slot] if slot in NODE else NODE[side + ("Foot" if slot.endswith("Toes") else "Hand")]


SLOT_NODES = np.array([_turning(slot) for slot in SLOTS])
"""The node that turns each humanoid slot. Shape (52,)."""

# Where the nets put their landmarks: the node at whose place they sit, the node that turns them, what their
# offset scales with, and the offset in the T-pose, metres, of the left or middle one (rendered clips).
_SPOTS: dict[int, tuple[str, str, str, tuple[float, float, float]]] = {
    0: ("head", "head", "head", (0.0, -0.135, 0.062)),
    1: ("head", "head", "head", (0.018, -0.120, 0.092)),
    2: ("head", "head", "head", (0.030, -0.113, 0.092)),
    3: ("head", "head", "head", (0.042, -0.105, 0.092)),
    7: ("head", "head", "head", (0.057, -0.056, 0.078)),
    9: ("head", "head", "head", (0.022, -0.125, 0.027)),
    11: ("UpperArm", "Shoulder", "shoulders", (-0.004, -0.008, 0.019)),
    13: ("Elbow", "UpperArm", "upperArm", (-0.004, -0.006, 0.0)),
    15: ("Wrist", "LowerArm", "forearm", (0.006, -0.004, -0.002)),
    17: ("Wrist", "Hand", "hand", (0.075, 0.009, -0.010)),
    19: ("Wrist", "Hand", "hand", (0.083, -0.012, -0.017)),
    21: ("Wrist", "Hand", "hand", (0.062, -0.021, -0.019)),
    23: ("UpperLeg", "hips", "pelvis", (-0.005, -0.043, -0.005)),
    25: ("LowerLeg", "UpperLeg", "thigh", (0.002, 0.003, 0.005)),
    27: ("Foot", "LowerLeg", "shin", (0.003, -0.007, 0.027)),
    29: ("Foot", "Foot", "foot", (0.003, 0.029, -0.036)),
    31: ("Foot", "Foot", "foot", (-0.012, -0.158, -0.052)),
}


@dataclass(frozen=True)
class Spots:
    """Where N landmarks sit. Each (N,), the offsets (N, 3)."""

    landmark: NDArray[np.intp]
    place: NDArray[np.intp]
    carrier: NDArray[np.intp]
    length: NDArray[np.intp]
    offset: Floats


def _spots() -> Spots:
    rows: list[tuple[int, int, int, int, tuple[float, float, float]]] = []
    for landmark, (place, carrier, length, (x, y, z)) in _SPOTS.items():
        for i, side in enumerate(SIDES if landmark else SIDES[:1]):
            index = int(MIRRORED[landmark]) if i else landmark
            at, by = NODE[_sided(side, place)], NODE[_sided(side, carrier)]
            rows.append((index, at, by, LENGTHS.index(length), (-x if i else x, y, z)))
    rows.sort()
    columns = list(zip(*rows, strict=True))
    whole = [np.array(column, np.intp) for column in columns[:4]]
    return Spots(whole[0], whole[1], whole[2], whole[3], np.array(columns[4], float))


SPOTS = _spots()
"""All 33 landmarks, in their order."""
