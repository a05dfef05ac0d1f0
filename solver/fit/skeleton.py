"""The body that is fitted: its joints and their axes of motion, its lengths, and where the landmarks sit on it.

A joint of several axes is a chain of nodes at one place. A node turns by a share of a degree of freedom:
the spine's bend is spread over three nodes, the forearm's twist over its bone and the hand.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...take import Floats
from ..humanoid import INDEX, SIDES, rest_pose
from ..rest import ELBOW_HINGE, FOREARM_SHARE, FORWARD, KNEE_HINGE, OUT, UP

LENGTHS = (
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


_REST = rest_pose()


def _nodes() -> tuple[Node, ...]:
    nodes: list[Node] = []
    index: dict[str, int] = {}

    def add(name: str, parent: str, start: str | None, end: str, length: str, freedom: str, share: float = 1.0,
            axis: Floats | None = None) -> None:  # fmt: skip
        offset = np.zeros(3) if start is None else _REST[INDEX[end]] - _REST[INDEX[start]]
        size = LENGTHS.index(length) if start is not None else -1
        index[name] = len(nodes)
        nodes.append(Node(name, index.get(parent, -1), offset, size, freedom, share, axis))

    add("hips", "", None, "hips", "trunk", "hips")
    for start, end in (("hips", "spine"), ("spine", "chest"), ("chest", "upperChest")):
        add(end, start, start, end, "trunk", "spine", 1 / 3)
    for start, end in (("upperChest", "neck"), ("neck", "head")):
        add(end, start, start, end, "trunk", "neck", 1 / 2)
    for side in SIDES:
        _limbs(side, add)
    return tuple(nodes)


def _limbs(side: str, add) -> None:
    def s(name: str) -> str:
        return side + name

    turn, inward = OUT[side][0], -FORWARD
    add(
        s("Protraction"),
        "upperChest",
        "upperChest",
        s("Shoulder"),
        "trunk",
        s("Protraction"),
        1.0,
        -turn * UP,
    )
    add(s("Shoulder"), s("Protraction"), None, "", "", s("Elevation"), 1.0, turn * FORWARD)
    add(s("UpperArm"), s("Shoulder"), s("Shoulder"), s("UpperArm"), "shoulders", s("UpperArm"))
    add(
        s("Elbow"),
        s("UpperArm"),
        s("UpperArm"),
        s("LowerArm"),
        "upperArm",
        s("Elbow"),
        1.0,
        ELBOW_HINGE[side],
    )
    add(s("LowerArm"), s("Elbow"), None, "", "", s("Pronation"), FOREARM_SHARE, KNEE_HINGE)
    add(
        s("Wrist"),
        s("LowerArm"),
        s("LowerArm"),
        s("Hand"),
        "forearm",
        s("Pronation"),
        1 - FOREARM_SHARE,
        KNEE_HINGE,
    )
    add(s("Flexion"), s("Wrist"), None, "", "", s("Flexion"), 1.0, turn * inward)
    add(s("Hand"), s("Flexion"), None, "", "", s("Deviation"), 1.0, turn * UP)
    add(s("UpperLeg"), "hips", "hips", s("UpperLeg"), "pelvis", s("UpperLeg"))
    add(s("LowerLeg"), s("UpperLeg"), s("UpperLeg"), s("LowerLeg"), "thigh", s("Knee"), 1.0, KNEE_HINGE)
    add(s("Foot"), s("LowerLeg"), s("LowerLeg"), s("Foot"), "shin", s("Foot"))


NODES = _nodes()
NODE = {node.name: i for i, node in enumerate(NODES)}

# Where the nets put their landmarks: the node at whose place they sit, the node that turns them, what their offset
# scales with, and the offset in the T-pose, metres, of the left or middle one. Measured on rendered clips.
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
_RIGHT_EYES = {1: 4, 2: 5, 3: 6}


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

            def name(of: str, side: str = side) -> int:
                return NODE[of if of in NODE else side + of]

            index = landmark if i == 0 else _RIGHT_EYES.get(landmark, landmark + 1)
            rows.append((index, name(place), name(carrier), LENGTHS.index(length), (-x if i else x, y, z)))
    rows.sort()
    columns = list(zip(*rows, strict=True))
    whole = [np.array(column, np.intp) for column in columns[:4]]
    return Spots(whole[0], whole[1], whole[2], whole[3], np.array(columns[4], float))


SPOTS = _spots()
"""All 33 landmarks, in their order."""
