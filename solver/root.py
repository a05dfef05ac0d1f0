"""Where a character's hips go: as the performer's, and on soles as high over the floor."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..take import Floats
from . import rotations
from .humanoid import INDEX, SIDES, SLOTS
from .pose import Pose
from .rest import UP
from .soles import lowest_sole

Points = Mapping[str, Floats]


def hips_joint(pose: Pose, heads: Points, tails: Points, turned: Points, scale: float | None) -> Floats:
    """Where the head of the hips slot goes, character axes (F, 3).

    The middle between the hip joints follows the performer's over the floor; how high it is the lowest
    sole says.

    Args:
        pose: The performer's.
        heads: Joint of each slot at rest, character axes. Each (3,).
        tails: Where each body part ends. Each (3,).
        turned: Rotation of each slot from the rest pose, character axes. Each (F, 4).
        scale: Units of the armature for a metre of the performer's way; None for what makes his legs
            as long as the character's.
    """
    performer = {slot: pose.rest[INDEX[slot]] for slot in SLOTS}
    scale = _leg_length(heads) / _leg_length(performer) if scale is None else scale
    spot = _middle(heads, "UpperLeg") * (1 - UP)
    middle = spot + scale * (pose.hips - performer["hips"] * UP) * (1 - UP)
    joint = middle + rotations.rotate(turned["hips"], heads["hips"] - _middle(heads, "UpperLeg"))
    own = {slot: pose.rotations[:, INDEX[slot]] for slot in SLOTS}
    wanted = lowest_sole(own, performer, performer) + pose.hips[:, 2] - performer["hips"][2]
    height = scale * wanted - lowest_sole(turned, heads, tails) + heads["hips"][2]
    return np.column_stack([joint[:, :2], height])


def _leg_length(heads: Points) -> float:
    """Hip to ankle of the straight leg, mean of both sides."""
    return float(
        np.mean(
            [
                np.linalg.norm(heads[f"{side}LowerLeg"] - heads[f"{side}UpperLeg"])
                + np.linalg.norm(heads[f"{side}Foot"] - heads[f"{side}LowerLeg"])
                for side in SIDES
            ]
        )
    )


def _middle(heads: Points, part: str) -> Floats:
    return (heads[f"left{part}"] + heads[f"right{part}"]) / 2
