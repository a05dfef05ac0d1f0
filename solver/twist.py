"""Extra bones along a limb's parts share its twist. docs/derivations.md, TWIST."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..take import Floats
from . import rotations
from .humanoid import side_of
from .rig import RigBone, TwistBones

_FOLLOWER = {"LowerArm": "Hand", "LowerLeg": "Foot"}
"""What twists a lower part at its end; an upper part ends as its slot turns: there the hinge is."""


def shared_twist(
    twist: TwistBones, bones: Mapping[str, RigBone], turned: Mapping[str | None, Floats]
) -> tuple[Floats, tuple[Floats, ...]]:
    """How the bones of one body part are turned from their rest, armature axes.

    Args:
        twist: The extra bones.
        bones: The rig's, by slot.
        turned: Rotation of each slot from the rest pose, armature axes; of None the identity. Each (F, 4).

    Returns:
        Of the slot's own bone (F, 4), and of each twist bone (F, 4). Unless `twist.carry` the
        slot's own bone turns as the slot does.
    """
    bone = bones[twist.slot]
    own, axis = turned[bone.slot], rotations.normalise(bone.tail - bone.head)
    before = -_twist(turned[bone.inherits], own, axis)
    side = side_of(bone.slot)
    part = bone.slot.removeprefix(side)
    follower = side + _FOLLOWER.get(part, "")
    after = _twist(own, turned[follower], axis) if follower in turned else np.zeros(len(own))
    count = len(twist.names)
    if twist.carry:
        offsets = [before + (after - before) * k / (count + 1) for k in range(1, count + 2)]
    elif part in _FOLLOWER:
        offsets = [0.0 * after, *(after * k / count for k in range(1, count + 1))]
    else:
        offsets = [0.0 * before, *(before * (1 - k / (count + 1)) for k in range(1, count + 1))]
    first, *others = (
        rotations.multiply(own, rotations.from_axis_angle(along, offset))
        for along, offset in zip(_axes(twist, bone), offsets, strict=True)
    )
    return first, tuple(others)


def _axes(twist: TwistBones, bone: RigBone) -> Floats:
    """What the slot's own bone and each twist bone turn about, so that no joint below moves (N + 1, 3)."""
    whole = bone.tail - bone.head
    if not twist.carry:
        return np.tile(whole, (len(twist.names) + 1, 1))
    heads = np.stack([bone.rest[:3, 3], *twist.rests[:, :3, 3], bone.tail])
    return np.diff(heads, axis=0)


def _twist(start: Floats, end: Floats, axis: Floats) -> Floats:
    """By how much `end` turns about the resting `axis` against `start`, without jumps in time. Shape (F,)."""
    return np.unwrap(rotations.twist_angle(rotations.multiply(rotations.inverse(start), end), axis))
