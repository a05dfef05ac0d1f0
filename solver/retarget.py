"""A humanoid pose to the local channels of a rig's bones.

Everything happens in the armature's own space, so where the armature object stands, how it is
turned and how it is scaled changes nothing here: a motion stays with the object that carries it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from ..errors import BlazeRigError
from ..take import Floats
from . import rotations
from .humanoid import INDEX, SIDES, SLOTS
from .pose import Pose
from .rest import UP, character_axes, turns_to_t_pose
from .rig import Rig, RigBone, Switches
from .soles import lowest_sole


@dataclass(frozen=True)
class Options:
    """What an animator wants of a motion on his character.

    Attributes:
        travel: Whether the character goes where the performer went, or stays over its spot.
        size: `character`: steps as long as its legs make them; `performer`: metres as they were.
        floor: Metres by which the floor lies over that of the armature.
        mirror: Left and right exchanged.
        hands: Whether fingers are keyed.
        smoothing: Cut-off in hertz of an extra smoothing without lag; 0 for none.
        controls: What is keyed: `fk`, `ik` (hands, feet and poles beside the FK bones) or `deform`.
    """

    travel: bool = True
    size: Literal["character", "performer"] = "character"
    floor: float = 0.0
    mirror: bool = False
    hands: bool = True
    smoothing: float = 0.0
    controls: Literal["fk", "ik", "deform"] = "fk"


@dataclass(frozen=True)
class Keys:
    """Channels of pose bones over F frames.

    Attributes:
        times: Seconds. Shape (F,).
        rotations: Bone name to `rotation_quaternion` (w, x, y, z), no sign jumps. Each (F, 4).
        locations: Bone name to `location`, in the bone's rest axes, armature units; a bone may have a
            location and no rotation. Each (F, 3).
        properties: Custom properties by (bone name, property), which keep one value all the time.
    """

    times: Floats
    rotations: dict[str, Floats]
    locations: dict[str, Floats]
    properties: Switches = field(default_factory=dict)


DEFAULTS = Options()
_TORSO = ("spine", "chest", "upperChest")
_NEEDED = ("hips", *(f"{side}{part}" for side in SIDES for part in ("UpperLeg", "LowerLeg", "Foot")))


def retarget(pose: Pose, rig: Rig, options: Options = DEFAULTS) -> Keys:
    """Carry `pose` over to `rig`: same directions of every body part, steps scaled to its legs.

    The rig's A- or T-pose and the rolls of its bones come from its rest pose.

    Raises:
        BlazeRigError: The rig lacks the hips or a leg, without which nothing can be scaled.
    """
    bones = {bone.slot: bone for bone in rig.bones}
    missing = [slot for slot in _NEEDED if slot not in bones]
    if missing:
        raise BlazeRigError(f"the rig ({rig.family}) has no bone for: {', '.join(missing)}")
    axes = character_axes({slot: bone.head for slot, bone in bones.items()})
    heads = {slot: bone.head @ axes for slot, bone in bones.items()}
    tails = {slot: bone.tail @ axes for slot, bone in bones.items()}

    armature_from_character = rotations.from_matrix(axes)
    turns = turns_to_t_pose(heads, tails)
    turned: dict[str | None, Floats] = {None: rotations.IDENTITY}
    upright = {
        slot: rotations.multiply(rotation, turns[slot])
        for slot, rotation in _slot_rotations(pose, bones).items()
    }
    for slot, rotation in upright.items():
        turned[slot] = _conjugate(armature_from_character, rotation)

    channels = {
        bone.name: rotations.continuous(_local_rotation(bone, turned[bone.slot], turned[bone.inherits]))
        for bone in rig.bones
    }
    root = rig.bones[0]
    carried = rotations.rotate(turned["hips"], root.head - bones["hips"].head)
    joint = _hips_joint(pose, heads, turned["hips"], axes)
    joint = (
        joint + _height(pose, heads, joint @ axes, lowest_sole(upright, heads, tails))[:, None] * axes[:, 2]
    )
    joint = joint + carried
    pivot = root.rest[:3, 3]
    moved = joint - rotations.rotate(turned[root.slot], root.head - pivot) - pivot
    return Keys(pose.times, channels, {root.name: moved @ root.rest[:3, :3]})


def _height(pose: Pose, heads: dict[str, Floats], joint: Floats, lowest: Floats) -> Floats:
    """How much higher the hips have to be for the soles to be as high as the performer's. Shape (F,)."""
    rest = {slot: pose.rest[INDEX[slot]] for slot in SLOTS}
    own = {slot: pose.rotations[:, INDEX[slot]] for slot in SLOTS}
    performer = lowest_sole(own, rest, rest) + pose.hips[:, 2] - rest["hips"][2]
    character = lowest + joint[:, 2] - heads["hips"][2]
    return _leg_length(heads) / _leg_length(rest) * performer - character


def _conjugate(outer: Floats, inner: Floats) -> Floats:
    """The turn `inner`, seen from the axes that `outer` leads to."""
    return rotations.multiply(rotations.multiply(outer, inner), rotations.inverse(outer))


def _local_rotation(bone: RigBone, turned: Floats, inherited: Floats) -> Floats:
    """`rotation_quaternion`: what the bone adds to what it inherits, in its own rest axes."""
    added = rotations.multiply(rotations.inverse(inherited), turned)
    return _conjugate(rotations.inverse(rotations.from_matrix(bone.rest[:3, :3])), added)


def _slot_rotations(pose: Pose, bones: dict[str, RigBone]) -> dict[str, Floats]:
    """Rotations (F, 4) of the slots that the rig has; a shorter spine shares the whole bend."""
    found = {slot: pose.rotations[:, INDEX[slot]] for slot in bones}
    torso = [slot for slot in _TORSO if slot in bones]
    stations = np.stack([pose.rotations[:, INDEX[slot]] for slot in ("hips", *_TORSO)])
    for i, slot in enumerate(torso, start=1):
        at = i / len(torso) * len(_TORSO)
        below = min(int(at), len(_TORSO) - 1)
        found[slot] = rotations.interpolate(stations[below], stations[below + 1], at - below)
    return found


def _leg_length(heads: dict[str, Floats]) -> float:
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


def _middle(heads: dict[str, Floats], part: str) -> Floats:
    return (heads[f"left{part}"] + heads[f"right{part}"]) / 2


def _hips_joint(pose: Pose, heads: dict[str, Floats], turned_hips: Floats, axes: Floats) -> Floats:
    """Where the head of the hips slot goes, armature space (F, 3).

    The middle between the hip joints follows the performer's, scaled by the length of the
    legs; standing straight it is as high as the character's straight legs put it.
    """
    performer = {slot: pose.rest[INDEX[slot]] for slot in _NEEDED}
    scale = _leg_length(heads) / _leg_length(performer)
    straight = _middle(heads, "UpperLeg") * (1 - UP)
    straight = straight + UP * (_middle(heads, "Foot")[2] + _leg_length(heads))
    standing = performer["hips"] * UP
    middle = straight + scale * (pose.hips - standing)
    offset = rotations.rotate(turned_hips, (heads["hips"] - _middle(heads, "UpperLeg")) @ axes.T)
    return middle @ axes.T + offset
