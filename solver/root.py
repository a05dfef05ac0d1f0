"""Where a character's hips go: as the performer's, and on soles as high over the floor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ..take import Floats
from . import rotations
from .humanoid import INDEX, SIDES, SLOTS
from .pose import Pose
from .rest import UP
from .soles import PARTS, Soles

Points = Mapping[str, Floats]


class Hips:
    """The path of a character's hips, from a performer's."""

    def __init__(self, heads: Points, tails: Points, slots: Sequence[str], scale: float | None) -> None:
        """Of a character.

        Args:
            heads: Joint of each slot at rest, character axes. Each (3,).
            tails: Where each body part ends. Each (3,).
            slots: Those that the character has, in the order of its turns.
            scale: Units of the armature for a metre of the performer's way; None for what makes his legs
                as long as the character's.
        """
        self._soles, self._scale, self._leg = Soles(heads, tails), scale, _leg_length(heads)
        self._hips, self._spot = heads["hips"], _middle(heads, "UpperLeg") * (1 - UP)
        self._from_middle = heads["hips"] - _middle(heads, "UpperLeg")
        own = {slot: i for i, slot in enumerate(slots)}
        self._rows = np.array([[own.get(slot, own[parts[-2]]) for slot in parts] for parts in PARTS])
        self._performer = np.zeros(0)

    def path(self, pose: Pose, turned: Floats) -> Floats:
        """Where the head of the hips slot goes, character axes (F, 3).

        The middle between the hip joints follows the performer's over the floor; how high it is the lowest
        sole says.

        Args:
            pose: The performer's.
            turned: Rotations of the character's slots from its rest pose, character axes. Shape (F, S, 4).
        """
        if not np.array_equal(self._performer, pose.rest):
            self._meet(pose.rest)
        scale, hips = self._metre, pose.rest[INDEX["hips"]]
        middle = self._spot + scale * (pose.hips - hips * UP) * (1 - UP)
        joint = middle + rotations.rotate(turned[:, self._rows[0, 0]], self._from_middle)
        wanted = self._performers.lowest(pose.rotations[:, _PERFORMER]) + pose.hips[:, 2] - hips[2]
        joint[:, 2] = scale * wanted - self._soles.lowest(turned[:, self._rows]) + self._hips[2]
        return joint

    def _meet(self, rest: Floats) -> None:
        """A performer who rests so."""
        joints = {slot: rest[INDEX[slot]] for slot in SLOTS}
        self._performer, self._performers = rest, Soles(joints, joints)
        self._metre = self._leg / _leg_length(joints) if self._scale is None else self._scale


_PERFORMER = np.array([[INDEX[slot] for slot in parts] for parts in PARTS])


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
