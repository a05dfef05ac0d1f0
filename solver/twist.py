"""Extra bones along a limb's parts share its twist. docs/derivations.md, TWIST."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ..take import Floats
from . import rotations
from .humanoid import side_of
from .rig import RigBone, TwistBones

_FOLLOWER = {"LowerArm": "Hand", "LowerLeg": "Foot"}
"""What twists a lower part at its end; an upper part ends as its slot turns: there the hinge is."""


class SharedTwists:
    """How the bones along some body parts are turned from their rest.

    Attributes:
        bones: Their names, part by part: the slot's own bone, then its twist bones. Unless they carry what
            follows, the slot's own bone turns as the slot does.
    """

    def __init__(
        self, twists: Sequence[TwistBones], bones: Mapping[str, RigBone], rows: Mapping[str, int]
    ) -> None:
        """Of parts that are twisted alike.

        Args:
            twists: The extra bones.
            bones: The rig's, by slot.
            rows: Where slots stand among their turns; under "" that of what does not turn.
        """
        self.bones = [name for twist in twists for name in (bones[twist.slot].name, *twist.names)]
        parts = [bones[twist.slot] for twist in twists]
        self._start = np.array([rows[bone.inherits or ""] for bone in parts], np.intp)
        self._own = np.array([rows[bone.slot] for bone in parts], np.intp)
        self._end = np.array([rows.get(_follower(bone.slot), rows[bone.slot]) for bone in parts], np.intp)
        self._along = rotations.normalise(np.array([bone.tail - bone.head for bone in parts]).reshape(-1, 3))
        counts = [len(twist.names) + 1 for twist in twists]
        self._part = np.repeat(np.arange(len(parts)), counts)
        shares = [_shares(twist, bones[twist.slot]) for twist in twists]
        axes = [_axes(twist, bones[twist.slot]) for twist in twists]
        self._shares = np.concatenate(shares) if shares else np.zeros((0, 2))
        self._axes = rotations.normalise(np.concatenate(axes)) if axes else np.zeros((0, 3))

    def turned(self, slots: Floats) -> Floats:
        """The rotations of `bones` (F, B, 4), armature axes, from those of the slots (F, S, 4)."""
        own = slots[:, self._own]
        before = -_twist(slots[:, self._start], own, self._along)
        after = _twist(own, slots[:, self._end], self._along)
        offsets = before[:, self._part] * self._shares[:, 0] + after[:, self._part] * self._shares[:, 1]
        return rotations.multiply(own[:, self._part], rotations.from_vector(offsets[..., None] * self._axes))


def _follower(slot: str) -> str:
    """What twists a part at its end; the part itself where nothing does."""
    side = side_of(slot)
    part = slot.removeprefix(side)
    return side + _FOLLOWER.get(part, part)


def _shares(twist: TwistBones, bone: RigBone) -> Floats:
    """How far the slot's own bone and each twist bone take off the twists before and after (N + 1, 2)."""
    count = len(twist.names)
    steps = np.arange(1, count + 1)
    if twist.carry:
        after = np.arange(1, count + 2) / (count + 1)
        return np.stack([1.0 - after, after], axis=-1)
    if bone.slot.removeprefix(side_of(bone.slot)) in _FOLLOWER:
        return np.stack([np.zeros(count + 1), np.append(0.0, steps / count)], axis=-1)
    return np.stack([np.append(0.0, 1.0 - steps / (count + 1)), np.zeros(count + 1)], axis=-1)


def _axes(twist: TwistBones, bone: RigBone) -> Floats:
    """What the slot's own bone and each twist bone turn about, so that no joint below moves (N + 1, 3)."""
    whole = bone.tail - bone.head
    if not twist.carry:
        return np.tile(whole, (len(twist.names) + 1, 1))
    heads = np.stack([bone.rest[:3, 3], *twist.rests[:, :3, 3], bone.tail])
    return np.diff(heads, axis=0)


def _twist(start: Floats, end: Floats, axis: Floats) -> Floats:
    """By how much `end` turns about the resting `axis` against `start`, without jumps in time (F, *)."""
    twist = rotations.twist_angle(rotations.multiply(rotations.inverse(start), end), axis)
    return np.unwrap(twist, axis=0) if len(twist) > 1 else twist
