"""A body and how it moves, to first order: what every term of the fit is made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ...take import Floats
from .body import Body, Placed, axes, length_jacobian, place
from .chains import CHAINS, chain_jacobian, chain_jacobians, landmark_jacobian


@dataclass(frozen=True)
class Linear:
    """A body, and how it moves.

    Attributes:
        body: The body.
        placed: Where it is.
        axes: Its `axes`. Shape (F, AXES, 3).
        chains: Its `chain_jacobians`. Shape (F, *, 3).
        lengths: Its `length_jacobian`. Shape (F, 33, 3, *).
    """

    body: Body
    placed: Placed
    axes: Floats
    chains: Floats
    lengths: Floats

    @cached_property
    def state(self) -> Floats:
        """How the landmarks move with the state. Shape (F, 33, 3, FREEDOMS)."""
        return landmark_jacobian(self.chains)

    def part(self, frames: slice) -> Linear:
        """The same of some of the frames."""
        return Linear(
            self.body.part(frames), self.placed.part(frames), self.axes[frames], self.chains[frames],
            self.lengths[frames],
        )  # fmt: skip


def linear(body: Body, *, measure: bool) -> Linear:
    """A body and its Jacobians; those of the lengths are empty where they are not measured."""
    placed = place(body)
    turning = axes(body, placed)
    lengths = length_jacobian(body, placed) if measure else np.zeros((*placed.landmarks.shape, 0))
    return Linear(body, placed, turning, chain_jacobians(turning, placed), lengths)


def of_landmarks(
    at: Linear, which: Sequence[int]
) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp], Floats]]:
    """The landmarks `which`, chain by chain, with its freedoms and how they move with them (F, N, 3, K)."""
    for chain in CHAINS:
        some = np.isin(chain.points, which)
        if some.any():
            yield chain.points[some], chain.freedoms, chain_jacobian(at.chains, chain)[:, some]
