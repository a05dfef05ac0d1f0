"""A humanoid pose to the local channels of a rig's bones.

Everything happens in the armature's own space, so where the armature object stands, how it is
turned and how it is scaled changes nothing here: a motion stays with the object that carries it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from ..errors import BlazeRigError
from ..take import Floats
from . import rotations
from .chain import Chain, Turned, conjugate, local_rotations, motions
from .humanoid import FINGERS, INDEX, SIDES
from .ik import place_limbs
from .mirror import mirrored
from .pose import Pose
from .rest import UP, character_axes, turns_to_t_pose
from .rig import Rig, RigBone, Switches
from .root import hips_joint
from .steady import steadied
from .travel import in_place
from .twist import shared_twist


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


@dataclass(frozen=True)
class _Character:
    """How a rig rests.

    Attributes:
        bones: By slot.
        axes: armature_from_character. Shape (3, 3).
        heads: Joint of each slot, in the character's axes. Each (3,).
        tails: Where its body part ends. Each (3,).
    """

    bones: dict[str, RigBone]
    axes: Floats
    heads: dict[str, Floats]
    tails: dict[str, Floats]


class Retargeter:
    """Carries poses over to one rig; what does not depend on them is found once."""

    def __init__(self, rig: Rig, options: Options = DEFAULTS) -> None:
        """For a `rig` and what is wanted of the motion on it.

        Raises:
            BlazeRigError: The rig lacks the hips or a leg, without which nothing can be scaled; or the
                controls that are asked for.
        """
        if options.controls == "ik" and rig.ik is None:
            raise BlazeRigError(
                f"the rig ({rig.family}) has no IK controls that are known; choose FK controls"
            )
        self._rig, self._options, self._character = rig, options, _character(rig)

    def __call__(self, pose: Pose) -> Keys:
        """The channels of the rig over the frames of `pose`."""
        return _retargeted(pose, self._rig, self._options, self._character)


def retarget(pose: Pose, rig: Rig, options: Options = DEFAULTS) -> Keys:
    """Carry `pose` over to `rig`: same directions of every body part, steps scaled to its legs.

    The rig's A- or T-pose and the rolls of its bones come from its rest pose.

    Raises:
        BlazeRigError: As `Retargeter` does.
    """
    return Retargeter(rig, options)(pose)


def _retargeted(pose: Pose, rig: Rig, options: Options, character: _Character) -> Keys:
    pose = _as_asked(pose, options)
    upright, turned = _turned(pose, character)
    chain = _chain(rig, turned, with_ik=options.controls == "ik")
    if not options.hands:
        fingers = {bone.name for bone in rig.bones if _is_finger(bone.slot)}
        chain = {name: bone for name, bone in chain.items() if name not in fingers}
    root = rig.bones[0]
    scale = rig.metre if options.size == "performer" else None
    hips = hips_joint(pose, character.heads, character.tails, upright, scale)
    joint = (hips + options.floor * rig.metre * UP) @ character.axes.T
    head = joint + rotations.rotate(turned["hips"], root.head - character.bones["hips"].head)
    place = head - rotations.rotate(turned[root.slot], root.head - root.rest[:3, 3])
    locations = {root.name: (place - root.rest[:3, 3]) @ root.rest[:3, :3]}
    keys = Keys(pose.times, local_rotations(chain), locations, rig.switches)
    if options.controls != "ik":
        return keys
    assert rig.ik is not None
    moved = motions(chain, root.name, place)
    motion = {bone.slot: moved[bone.name] for bone in rig.bones if bone.name in moved}
    placed = place_limbs(rig.ik, character.bones, motion, pose, character.axes)
    return replace(
        keys,
        rotations=keys.rotations | placed.rotations,
        locations=keys.locations | placed.locations,
        properties=rig.ik.switches,
    )


def _as_asked(pose: Pose, options: Options) -> Pose:
    pose = steadied(pose, options.smoothing) if options.smoothing > 0 else pose
    pose = pose if options.travel else in_place(pose)
    return mirrored(pose) if options.mirror else pose


def _is_finger(slot: str) -> bool:
    return any(finger in slot for finger in FINGERS)


def _character(rig: Rig) -> _Character:
    bones = {bone.slot: bone for bone in rig.bones}
    if missing := [slot for slot in _NEEDED if slot not in bones]:
        raise BlazeRigError(f"the rig ({rig.family}) has no bone for: {', '.join(missing)}")
    axes = character_axes({slot: bone.head for slot, bone in bones.items()})
    heads = {slot: bone.head @ axes for slot, bone in bones.items()}
    tails = {slot: bone.tail @ axes for slot, bone in bones.items()}
    return _Character(bones, axes, heads, tails)


def _turned(pose: Pose, character: _Character) -> tuple[dict[str, Floats], dict[str | None, Floats]]:
    """Rotation of each slot from the rest pose: in the character's axes, and in the armature's; (F, 4)."""
    turns = turns_to_t_pose(character.heads, character.tails)
    upright = {
        slot: rotations.multiply(rotation, turns[slot])
        for slot, rotation in _slot_rotations(pose, character.bones).items()
    }
    axes = rotations.from_matrix(character.axes)
    turned: dict[str | None, Floats] = {None: rotations.IDENTITY}
    return upright, turned | {slot: conjugate(axes, rotation) for slot, rotation in upright.items()}


def _chain(rig: Rig, turned: dict[str | None, Floats], *, with_ik: bool) -> Chain:
    """The bones to key, parents first: those of the slots with the twist bones that follow them."""
    bones = {bone.slot: bone for bone in rig.bones}
    twists = {twist.slot: twist for twist in rig.twists if twist.slot in bones}
    carrier: dict[str | None, str | None] = {None: None}
    chain: dict[str, Turned] = {}
    for bone in (*rig.bones, *(rig.ik.bones if with_ik and rig.ik else ())):
        own, above = turned[bone.slot], carrier[bone.inherits]
        carrier.setdefault(bone.slot, bone.name)
        twist = twists.get(bone.slot)
        if twist is None or bone.name in chain:
            chain.setdefault(bone.name, Turned(bone.rest, above, own))
            continue
        own, others = shared_twist(twist, bones, turned)
        chain[bone.name] = Turned(bone.rest, above, own)
        for name, rest, over, rotation in zip(twist.names, twist.rests, twist.above, others, strict=True):
            chain[name] = Turned(rest, over, rotation)
        if twist.carry:
            carrier[bone.slot] = twist.names[-1]
    return chain


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
