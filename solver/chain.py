"""The bones of a posed rig as Blender composes them: each turns on what it inherits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..take import Floats
from . import rotations


@dataclass(frozen=True)
class Link:
    """A bone to key.

    Attributes:
        rest: Its rest matrix, armature space. Shape (4, 4).
        above: Name of the bone whose motion it inherits; None for nothing.
        row: Where its rotation stands among the turns.
    """

    rest: Floats
    above: str | None
    row: int


Links = Mapping[str, Link]
"""The bones of a rig by name, parents before children."""


class Chain:
    """The bones of a rig, ready to be turned.

    Attributes:
        names: Of the bones, parents before children.
        rows: Where the rotation of each stands among the turns. Shape (B,).
    """

    def __init__(self, links: Links, still: int) -> None:
        """Of these bones; `still` is the row of what does not turn."""
        self.names = tuple(links)
        order = {name: i for i, name in enumerate(links)}
        self.rows = np.array([link.row for link in links.values()], np.intp)
        self._inherited = np.array(
            [links[link.above].row if link.above else still for link in links.values()]
        )
        rests = np.stack([link.rest for link in links.values()])
        self._rest = rotations.from_matrix(rests[:, :3, :3])
        self._pivots = rests[:, :3, 3]
        self._above = np.array([order[link.above] if link.above else -1 for link in links.values()])

    def local(self, turned: Floats) -> Floats:
        """`rotation_quaternion` of the bones from all turns (F, R, 4), no sign jumps. Shape (F, B, 4).

        What a bone adds to what it inherits, in its own rest axes.
        """
        added = rotations.multiply(rotations.inverse(turned[:, self._inherited]), turned[:, self.rows])
        back = rotations.multiply(rotations.inverse(self._rest), added)
        return rotations.continuous(rotations.multiply(back, self._rest))

    def paths(self, root: str, wanted: Sequence[str]) -> Paths:
        """What moves the `wanted` bones when the bone `root` is moved."""
        order = {name: i for i, name in enumerate(self.names)}
        above = self._above.copy()
        above[order[root]] = -1
        bones: dict[int, None] = {}
        ways: list[list[int]] = []
        for name in wanted:
            way = [order[name]]
            while above[way[-1]] >= 0:
                way.append(int(above[way[-1]]))
            ways.append(way)
            bones |= dict.fromkeys(way)
        among = list(bones)
        carried = np.array([[float(bone in way) for bone in among] for way in ways])
        rows = np.stack([self.rows[among], self._inherited[among]])
        begins = np.array([above[bone] < 0 for bone in among])
        moved = np.array([bone == order[root] for bone in among])
        return Paths(rows, self._pivots[among], begins, moved, carried, self.rows[[way[0] for way in ways]])


@dataclass(frozen=True)
class Paths:
    """What moves N bones: themselves and all M that carry them.

    Attributes:
        rows: Where the turns of the M, and those that they inherit, stand. Shape (2, M).
        pivots: Their heads at rest. Shape (M, 3).
        begins: Whether nothing carries them. Shape (M,).
        root: Which of them is moved. Shape (M,).
        carried: Whether each of them carries, or is, each of the N. Shape (N, M).
        own: Where the turns of the N stand. Shape (N,).
    """

    rows: NDArray[np.intp]
    pivots: Floats
    begins: NDArray[np.bool_]
    root: NDArray[np.bool_]
    carried: Floats
    own: NDArray[np.intp]

    def motion(self, turned: Floats, place: Floats) -> Motion:
        """How the N bones move under all turns (F, R, 4) when the head of the root goes to `place` (F, 3)."""
        swung = rotations.rotate(turned[:, self.rows], self.pivots)
        comes = np.where(self.begins[:, None], self.pivots, swung[:, 1])
        comes[:, self.root] = place[:, None]
        return Motion(turned[:, self.own], self.carried @ (comes - swung[:, 0]))


@dataclass(frozen=True)
class Motion:
    """Where points that rest with N bones are over F frames: `rotation` about the origin, then `shift`.

    Attributes:
        rotation: Shape (F, N, 4).
        shift: Shape (F, N, 3).
    """

    rotation: Floats
    shift: Floats

    def of(self, points: Floats) -> Floats:
        """Where a resting point with each bone (N, 3) goes. Shape (F, N, 3)."""
        return rotations.rotate(self.rotation, points) + self.shift

    def part(self, bones: Sequence[int]) -> Motion:
        """Of some of them."""
        return Motion(self.rotation[:, bones], self.shift[:, bones])


def conjugate(outer: Floats, inner: Floats) -> Floats:
    """The turn `inner`, seen from the axes that `outer` leads to."""
    return rotations.multiply(rotations.multiply(outer, inner), rotations.inverse(outer))
