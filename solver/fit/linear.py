"""A body and how it moves, to first order: what every term of the fit is made of."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ...take import Floats
from .body import Body, Placed, axes, length_jacobian, place
from .chains import chain_jacobians, landmark_jacobian


@dataclass(frozen=True)
class Linear:
    """A body, and how it moves.

    Attributes:
        body: The body.
        placed: Where it is.
        axes: Its `axes`. Shape (F, AXES, 3).
        chains: Its `chain_jacobians`. Each (F, S, N, 3, K).
        lengths: Its `length_jacobian`. Shape (F, 33, 3, *).
    """

    body: Body
    placed: Placed
    axes: Floats
    chains: tuple[Floats, ...]
    lengths: Floats

    @cached_property
    def state(self) -> Floats:
        """How the landmarks move with the state. Shape (F, 33, 3, FREEDOMS)."""
        return landmark_jacobian(self.chains)

    def part(self, frames: slice) -> Linear:
        """The same of some of the frames."""
        return Linear(
            self.body.part(frames),
            self.placed.part(frames),
            self.axes[frames],
            tuple(chains[frames] for chains in self.chains),
            self.lengths[frames],
        )


def linear(body: Body, *, measure: bool) -> Linear:
    """A body and its Jacobians; those of the lengths are empty where they are not measured."""
    placed = place(body)
    turning = axes(body, placed)
    lengths = length_jacobian(body, placed) if measure else np.zeros((*placed.landmarks.shape, 0))
    return Linear(body, placed, turning, chain_jacobians(turning, placed), lengths)
