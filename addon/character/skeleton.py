"""A skeleton as mapping sees it: names, a tree, and where the bones rest. Nothing here needs Blender."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ...take import Floats


@dataclass(frozen=True, eq=False)
class Skeleton:
    """The bones of an armature as they rest.

    Attributes:
        names: Parents before children.
        parents: Index of the bone above; -1 for none.
        heads: Where the joints are. Shape (B, 3).
        tails: Where the bones end, which many files do not say truly. Shape (B, 3).
    """

    names: tuple[str, ...]
    parents: tuple[int, ...]
    heads: Floats
    tails: Floats

    @cached_property
    def size(self) -> float:
        """Diagonal of the box that holds all heads."""
        return float(np.linalg.norm(np.ptp(self.heads, axis=0)))

    @cached_property
    def index(self) -> dict[str, int]:
        """Place of a bone by its name."""
        return {name: i for i, name in enumerate(self.names)}

    @cached_property
    def children(self) -> tuple[tuple[int, ...], ...]:
        """The bones below each bone."""
        below: list[list[int]] = [[] for _ in self.names]
        for i, parent in enumerate(self.parents):
            if parent >= 0:
                below[parent].append(i)
        return tuple(tuple(children) for children in below)

    def above(self, bone: int) -> Iterator[int]:
        """The bone and all above it, upwards."""
        while bone >= 0:
            yield bone
            bone = self.parents[bone]

    def below(self, bone: int) -> list[int]:
        """The bone and all below it, parents before children."""
        found = [bone]
        for one in found:
            found.extend(self.children[one])
        return found

    def path(self, upper: int, lower: int) -> list[int]:
        """From a bone down to one below it, both included; empty where it is not below."""
        way = []
        for bone in self.above(lower):
            way.append(bone)
            if bone == upper:
                return way[::-1]
        return []
