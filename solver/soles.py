"""How low the soles of a posed character are, from its joints alone.

Under each foot lie three points on the rest pose's floor: heel, ball and tip. They are placed from ankle
and ball alike for performer and character, so that both can be set on the same floor.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np

from ..take import Floats
from .humanoid import SIDES

HEEL_BEHIND = 0.5
TIP_AHEAD = 0.5
"""The heel behind the ankle, the tip ahead of the ball: shares of the way from ankle to ball on the floor."""
LEG = ("UpperLeg", "LowerLeg", "Foot")


PARTS = tuple(("hips", *(f"{side}{part}" for part in (*LEG, "Toes"))) for side in SIDES)
"""What carries each sole; a foot turns the toes that a rig lacks."""


class Soles:
    """The soles of a character, as the turns of what carries them move them."""

    def __init__(self, heads: Mapping[str, Floats], tails: Mapping[str, Floats]) -> None:
        """Of who rests so.

        Args:
            heads: Joints of the rest pose, character axes (up is +Z), soles at z = 0. Each (3,).
            tails: Where each body part ends. Each (3,).
        """
        self._hips = float(heads["hips"][2])
        self._arms = np.zeros((len(SIDES), 3, 5, 3))  # side; heel, ball, tip; what carries it; the way
        floor = np.array([1.0, 1.0, 0.0])
        for arms, (*legs, toes) in zip(self._arms, PARTS, strict=True):
            for part, (slot, below) in enumerate(pairwise(legs)):
                arms[:, part] = heads[below] - heads[slot]
            foot = legs[-1]
            ball = heads.get(toes, tails[foot])
            ahead = (ball - heads[foot]) * floor
            arms[0, 3] = heads[foot] * floor - HEEL_BEHIND * ahead - heads[foot]
            arms[1, 3], arms[2, 3] = ball * floor - heads[foot], ball - heads[foot]
            arms[2, 4] = ball * floor + TIP_AHEAD * ahead - ball

    def lowest(self, turned: Floats) -> Floats:
        """Height of the lowest point of both, with the hips' joint where it rests. Shape (F,).

        `turned` are the rotations of `PARTS` from the rest pose, character axes. Shape (F, 2, 5, 4).
        """
        up = _up_in(turned)
        return self._hips + np.einsum("fsca,spca->fsp", up, self._arms).min((1, 2))


def _up_in(q: Floats) -> Floats:
    """What is up in axes that rotations (*, 4) have turned: the last row of their matrices. Shape (*, 3)."""
    w, x, y, z = q[..., 0], q[..., 1], q[..., 2], q[..., 3]
    found = np.empty((*w.shape, 3))
    found[..., 0], found[..., 1] = 2.0 * (x * z - w * y), 2.0 * (y * z + w * x)
    found[..., 2] = 1.0 - 2.0 * (x * x + y * y)
    return found


def lowest_sole(
    turned: Mapping[str, Floats], heads: Mapping[str, Floats], tails: Mapping[str, Floats]
) -> Floats:
    """`Soles.lowest` of a character by slot: rotations (F, 4), joints and ends (3,)."""
    rows = [[turned.get(slot, turned[parts[-2]]) for slot in parts] for parts in PARTS]
    return Soles(heads, tails).lowest(np.moveaxis(np.array(rows), 2, 0))
