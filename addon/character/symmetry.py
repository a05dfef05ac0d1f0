"""Which bones of a skeleton mirror each other, whatever they are called. Nothing here needs Blender."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from ...take import Floats
from .skeleton import Skeleton

TOLERANCE = 0.03
"""How far a bone may lie from where its partner's mirror image is, by the size of the skeleton."""
ENOUGH = 0.5
"""A mirror plane square to an axis is taken at once if this part of the bones has partners."""
CANDIDATES = 12
"""How many directions, of the largest pairs of branches, are tried as the one across the body."""


@dataclass(frozen=True, eq=False)
class Mirror:
    """The two sides of a skeleton.

    Attributes:
        across: Direction from one side to the other, unit. Shape (3,).
        partner: Of each bone the one on the other side; -1 for bones in the middle and those without.
        branches: Pairs of bones that leave the middle, each the top of a branch of its own.
    """

    across: Floats
    partner: tuple[int, ...]
    branches: tuple[tuple[int, int], ...]


def find_mirror(skeleton: Skeleton) -> Mirror | None:
    """The mirror plane under which most bones have a partner; None where nothing is symmetric."""
    if len(skeleton.names) < 3:
        return None
    centres = _centres(skeleton)
    found = _best(skeleton, centres, np.eye(3))
    if _paired(found) < ENOUGH * len(skeleton.names):
        found = _best(skeleton, centres, [found.across, *_directions(skeleton, centres)])
    return found if found.branches else None


def _best(skeleton: Skeleton, centres: Floats, directions: Iterable[Floats]) -> Mirror:
    return max((_mirror(skeleton, centres, across) for across in directions), key=_paired)


def _paired(mirror: Mirror) -> int:
    return sum(partner >= 0 for partner in mirror.partner)


def _centres(skeleton: Skeleton) -> Floats:
    """The middle of all heads at and below each bone. Shape (B, 3)."""
    sums, counts = skeleton.heads.copy(), np.ones(len(skeleton.names))
    for bone in range(len(skeleton.names) - 1, -1, -1):
        if (parent := skeleton.parents[bone]) >= 0:
            sums[parent] += sums[bone]
            counts[parent] += counts[bone]
    return sums / counts[:, None]


def _directions(skeleton: Skeleton, centres: Floats) -> Iterator[Floats]:
    """What may lie across the body: from branch to branch of the same size under one bone."""
    sizes = [len(skeleton.below(bone)) for bone in range(len(skeleton.names))]
    pairs = [
        (sizes[one], one, other)
        for children in (_roots(skeleton), *skeleton.children)
        for one, other in combinations(children, 2)
        if sizes[one] == sizes[other] >= 3
    ]
    for _, one, other in sorted(pairs, reverse=True)[:CANDIDATES]:
        between = centres[one] - centres[other]
        if (length := np.linalg.norm(between)) > 0:
            yield between / length


def _roots(skeleton: Skeleton) -> tuple[int, ...]:
    return tuple(bone for bone, parent in enumerate(skeleton.parents) if parent < 0)


def _mirror(skeleton: Skeleton, centres: Floats, across: Floats) -> Mirror:
    size = skeleton.size
    places = np.concatenate([skeleton.heads, centres], axis=1)
    middle = float(np.median(skeleton.heads @ across))
    flip = 2 * np.concatenate([across, across])
    offset = np.stack([skeleton.heads @ across - middle, centres @ across - middle], axis=1)
    images = places - np.repeat(offset, 3, axis=1) * flip
    off_plane = np.abs(offset).max(axis=1) > TOLERANCE * size / 2
    partner = [-1] * len(skeleton.names)
    branches: list[tuple[int, int]] = []

    def pair(ones: Sequence[int], others: Sequence[int]) -> list[tuple[int, int]]:
        costs = np.linalg.norm(images[list(ones)][:, None] - places[list(others)], axis=-1)
        found = []
        for flat in np.argsort(costs, axis=None):
            i, j = np.unravel_index(flat, costs.shape)
            one, other = ones[i], others[j]
            if costs[i, j] > 2 * TOLERANCE * size:
                break
            if one != other and off_plane[one] and partner[one] < 0 and partner[other] < 0:
                partner[one], partner[other] = other, one
                found.append((one, other))
        return found

    middles = [_roots(skeleton)]
    for bones in middles:
        pairs = pair(bones, bones) if bones else []
        branches.extend(pairs)
        middles.extend(skeleton.children[bone] for bone in bones if partner[bone] < 0)
        for one, other in pairs:
            if skeleton.children[one] and skeleton.children[other]:
                pairs.extend(pair(skeleton.children[one], skeleton.children[other]))
    return Mirror(across, tuple(partner), tuple(branches))
