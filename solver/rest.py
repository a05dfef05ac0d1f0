"""How a character rests: its axes, and the turns that take its rest pose to the humanoid's T-pose.

All is read off the joints of the rest pose, so that bone rolls, A- or T-pose and the axes of the
armature need no constants per rig.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import zip_longest

import numpy as np

from ..errors import BlazeRigError
from ..take import Floats
from . import rotations
from .humanoid import FINGERS, INDEX, SIDES, finger_slots, rest_pose

Points = Mapping[str, Floats]

UP = np.array([0.0, 0.0, 1.0])
FORWARD = np.array([0.0, -1.0, 0.0])
OUT = {"left": np.array([1.0, 0.0, 0.0]), "right": np.array([-1.0, 0.0, 0.0])}
ELBOW_HINGE = {"left": -UP, "right": UP}
"""About these axes an elbow bends in the T-pose: the forearm comes forward."""
KNEE_HINGE = np.array([1.0, 0.0, 0.0])
"""About this axis a knee bends: the shin goes back."""
HINGE_SEEN = np.radians([3.0, 6.0])
"""A limb that rests bent by more than this shows where its hinge lies; faded in between the two."""
FOREARM_SHARE = 0.5
"""How much of the hand's twist the forearm bone takes (the radius turns about the ulna along its length)."""

_THUMB = rest_pose()


def character_axes(heads: Points) -> Floats:
    """Which way the character faces in armature space.

    Returns:
        armature_from_character: columns are the character's left, back and up. Shape (3, 3).
        Axes within 20 degrees of the armature's own are taken to be those, so that a
        leaning rest pose does not tilt the motion.

    Raises:
        BlazeRigError: The legs rest in one spot, so left cannot be told from right.
    """
    hip, foot = ([heads[f"{side}{joint}"] for side in SIDES] for joint in ("UpperLeg", "Foot"))
    axes = rotations.frame(np.mean(hip, axis=0) - np.mean(foot, axis=0), hip[0] - hip[1])
    if not np.isfinite(axes).all():
        raise BlazeRigError("the rig's legs have no extent in its rest pose: check the bone mapping")
    up, left = axes[:, 0], axes[:, 1]
    columns = np.stack([left, np.cross(up, left), up], axis=-1)
    nearest = np.round(columns)
    is_rotation = np.allclose(nearest @ nearest.T, np.eye(3)) and np.linalg.det(nearest) > 0
    lean = np.arccos(np.clip((columns * nearest).sum(0), -1.0, 1.0))
    return nearest if is_rotation and (lean < np.radians(20)).all() else columns


def turns_to_t_pose(heads: Points, tails: Points) -> dict[str, Floats]:
    """The turn of every slot's body part from the rest pose to the T-pose.

    Args:
        heads: Joint of each slot, in the character's axes. Each (3,).
        tails: Where its body part ends. Each (3,).

    Returns:
        Quaternions by slot, in the character's axes. The torso, neck and head rest as the
        humanoid does: their natural curve is kept.
    """
    turns = {slot: rotations.IDENTITY for slot in heads}
    for side in SIDES:
        turns |= _leg(side, heads, tails) | _arm(side, heads, tails)
    return {slot: turns[slot] for slot in heads}


def _leg(side: str, heads: Points, tails: Points) -> dict[str, Floats]:
    upper, lower, foot, toes = (f"{side}{part}" for part in ("UpperLeg", "LowerLeg", "Foot", "Toes"))
    turns = _hinged_limb(upper, lower, heads, tails, along=-UP, hinge=KNEE_HINGE)
    if foot in heads:
        level = (heads.get(toes, tails[foot]) - heads[foot]) * [1.0, 1.0, 0.0]
        heading = rotations.shortest_arc(level, FORWARD)
        turns[foot] = turns[toes] = heading if np.isfinite(heading).all() else rotations.IDENTITY
    return turns


def _arm(side: str, heads: Points, tails: Points) -> dict[str, Floats]:
    upper, lower, hand = (f"{side}{part}" for part in ("UpperArm", "LowerArm", "Hand"))
    if upper not in heads:
        return {}
    turns = _hinged_limb(upper, lower, heads, tails, along=OUT[side], hinge=ELBOW_HINGE[side])
    if hand not in heads:
        return turns
    turns[hand] = _hand(side, heads, tails, turns.get(lower, turns[upper]))
    if lower in heads:
        twist = rotations.twist_angle(
            rotations.multiply(turns[hand], rotations.inverse(turns[lower])), OUT[side]
        )
        share = rotations.from_axis_angle(OUT[side], FOREARM_SHARE * twist)
        turns[lower] = rotations.multiply(share, turns[lower])
    return turns | _fingers(side, heads, tails, turns[hand])


def _hinged_limb(
    upper: str, lower: str, heads: Points, tails: Points, *, along: Floats, hinge: Floats
) -> dict[str, Floats]:
    """Both segments turned to `along`, and about it so that the limb's resting bend lies about `hinge`."""
    if upper not in heads:
        return {}
    first = heads.get(lower, tails[upper]) - heads[upper]
    turn = rotations.shortest_arc(first, along)
    if lower not in heads:
        return {upper: turn}
    second = tails[lower] - heads[lower]
    normal = np.cross(rotations.normalise(first), rotations.normalise(second))
    bend = np.arcsin(min(1.0, float(np.linalg.norm(normal))))
    seen = np.clip((bend - HINGE_SEEN[0]) / (HINGE_SEEN[1] - HINGE_SEEN[0]), 0.0, 1.0)
    twist = seen * rotations.angle_about(along, rotations.rotate(turn, normal), hinge)
    turn = rotations.multiply(rotations.from_axis_angle(along, twist), turn)
    return {
        upper: turn,
        lower: rotations.multiply(rotations.shortest_arc(rotations.rotate(turn, second), along), turn),
    }


def _knuckles(side: str, heads: Points) -> Floats | None:
    """From the index finger's knuckle to the last finger's, where the rig has two fingers."""
    roots = [heads[slot] for finger in FINGERS[1:] if (slot := finger_slots(side, finger)[0]) in heads]
    return roots[-1] - roots[0] if len(roots) > 1 else None


def _hand(side: str, heads: Points, tails: Points, forearm: Floats) -> Floats:
    """Fingers outwards and palm down; without fingers, as the forearm brings it."""
    hand = f"{side}Hand"
    along = heads.get(finger_slots(side, "Middle")[0], tails[hand]) - heads[hand]
    across = _knuckles(side, heads)
    if across is None:
        carried = rotations.rotate(forearm, along)
        return rotations.multiply(rotations.shortest_arc(carried, OUT[side]), forearm)
    return rotations.between_frames(along, across, OUT[side], -FORWARD)


def _fingers(side: str, heads: Points, tails: Points, hand: Floats) -> dict[str, Floats]:
    """Fingers straight and side by side, thumbs as the humanoid's."""
    turns: dict[str, Floats] = {}
    for finger in FINGERS:
        turn = hand
        slots = [slot for slot in finger_slots(side, finger) if slot in heads]
        for slot, follower in zip_longest(slots, slots[1:]):
            along = (heads[follower] if follower else tails[slot]) - heads[slot]
            target = _thumb_direction(slot) if finger == "Thumb" else OUT[side]
            swing = rotations.shortest_arc(rotations.rotate(turn, along), target)
            turn = rotations.multiply(swing, turn)
            turns[slot] = turn
    return turns


def _thumb_direction(slot: str) -> Floats:
    """Of a thumb bone in the humanoid's T-pose; the last one points as the one before."""
    first = INDEX[slot] if not slot.endswith("Distal") else INDEX[slot] - 1
    return rotations.normalise(_THUMB[first + 1] - _THUMB[first])
