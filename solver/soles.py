"""How low the soles of a posed character are, from its joints alone.

Under each foot lie three points on the rest pose's floor: heel, ball and tip. They are placed from ankle
and ball alike for performer and character, so that both can be set on the same floor.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np

from ..take import Floats
from . import rotations
from .humanoid import SIDES

HEEL_BEHIND = 0.5
TIP_AHEAD = 0.5
"""The heel behind the ankle, the tip ahead of the ball: shares of the way from ankle to ball on the floor."""
LEG = ("UpperLeg", "LowerLeg", "Foot")


def lowest_sole(
    turned: Mapping[str, Floats], heads: Mapping[str, Floats], tails: Mapping[str, Floats]
) -> Floats:
    """Height of the lowest point of both soles, with the hips' joint where it rests. Shape (F,).

    Args:
        turned: Rotation of each slot from the rest pose, in the character's axes (up is +Z). Each (F, 4).
        heads: Joints of the rest pose in the same axes, soles at z = 0. Each (3,).
        tails: Where each body part ends. Each (3,).
    """
    heights = []
    for side in SIDES:
        slots = ("hips", *(f"{side}{part}" for part in LEG))
        place = heads["hips"]
        for slot, below in pairwise(slots):
            place = place + rotations.rotate(turned[slot], heads[below] - heads[slot])
        foot, toes = f"{side}Foot", f"{side}Toes"
        ball = heads.get(toes, tails[foot])
        ahead = (ball - heads[foot]) * [1.0, 1.0, 0.0]
        floor = np.array([1.0, 1.0, 0.0])
        under = (heads[foot] * floor - HEEL_BEHIND * ahead, ball * floor)
        heights += [(place + rotations.rotate(turned[foot], point - heads[foot]))[:, 2] for point in under]
        tip = rotations.rotate(turned.get(toes, turned[foot]), ball * floor + TIP_AHEAD * ahead - ball)
        heights.append((place + rotations.rotate(turned[foot], ball - heads[foot]) + tip)[:, 2])
    return np.min(heights, axis=0)
