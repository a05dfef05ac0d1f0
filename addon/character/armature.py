"""Recognising an armature and reading it as a rig: which bones play which slots, and how they rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import bpy
import numpy as np
from numpy.typing import NDArray

from ...errors import BlazeRigError
from ...solver import rotations
from ...solver.humanoid import PARENT_OF, SIDES, SLOTS
from ...solver.retarget import Rig, RigBone
from .rig_file import REQUIRED, RigFile, families

Floats = NDArray[np.floating]

EVEN_SCALE = 1e-3
"""By how much an armature object's scale may differ between its axes, relative."""
ALONG_Y = np.cos(np.radians(60))
"""A bone whose body part lies further than 60 degrees off its own Y axis has its length elsewhere
(FBX files of Unreal and Maya are imported so)."""
_NEXT = {parent: slot for slot, parent in reversed(PARENT_OF.items()) if parent} | {
    f"{side}Hand": f"{side}MiddleProximal" for side in SIDES
}
"""The slot whose joint ends the body part of a slot."""


@dataclass(frozen=True)
class Played:
    """The bones that play a slot on one armature: the one to key, and the one whose head is the joint."""

    bone: str
    joint: str


@dataclass(frozen=True)
class Match:
    """How far an armature is of a family of rigs.

    Attributes:
        file: The family.
        played: Bones by slot, of those that the armature has.
        missing: What the family needs and the armature lacks, as its bones are called.
    """

    file: RigFile
    played: Mapping[str, Played]
    missing: tuple[str, ...]


def read_rig(armature_object: bpy.types.Object) -> Rig:
    """The bones of an armature that can be keyed, as they rest.

    Raises:
        BlazeRigError: Nobody knows the armature's bone names, or the object cannot be animated as it is.
    """
    check_usable(armature_object)
    return rig_of(armature_object, recognise(armature_object))


def check_usable(armature_object: bpy.types.Object) -> None:
    """Refuse objects on which keys would do nothing or something else than they say.

    Raises:
        BlazeRigError: No armature, linked, being edited, in the NLA's tweak mode, scaled unevenly.
    """
    name = armature_object.name
    if armature_object.type != "ARMATURE":
        raise BlazeRigError(f"'{name}' is no armature; choose the character's armature")
    if armature_object.library:
        raise BlazeRigError(
            f"armature '{name}' is linked from another file and cannot be keyed; "
            "make a library override of it"
        )
    if armature_object.mode == "EDIT":
        raise BlazeRigError(f"armature '{name}' is in edit mode; leave edit mode first")
    if armature_object.animation_data and armature_object.animation_data.use_tweak_mode:
        raise BlazeRigError(f"an NLA strip of armature '{name}' is in tweak mode; leave tweak mode first")
    lowest, highest = min(armature_object.scale), max(armature_object.scale)
    if lowest <= 0 or lowest < (1 - EVEN_SCALE) * highest:
        shown = ", ".join(f"{value:g}" for value in armature_object.scale)
        raise BlazeRigError(
            f"armature '{name}' is scaled unevenly or mirrored ({shown}), which would distort its limbs; "
            "apply its scale (Object > Apply > Scale)"
        )


def recognise(armature_object: bpy.types.Object) -> Match:
    """The family whose required bones the armature has; of several, the one that names most of its bones.

    Raises:
        BlazeRigError: It has the required bones of none.
    """
    bones = set(armature_object.data.bones.keys())
    matches = [match for file in families() for match in _matches(file, bones)]
    complete = [match for match in matches if not match.missing]
    if complete:
        return max(complete, key=lambda match: len(match.played) + len(match.file.requires))
    known = ", ".join(file.family for file in families())
    nearest = min(matches, key=lambda match: len(match.missing), default=None)
    if nearest is None or not set(nearest.played) & set(REQUIRED):
        raise BlazeRigError(
            f"armature '{armature_object.name}' has no bones of a humanoid that BlazeRig knows by name; "
            f"known are: {known}"
        )
    raise BlazeRigError(
        f"armature '{armature_object.name}' is none of the rigs that BlazeRig knows ({known}); "
        f"the nearest, {nearest.file.family}, would also need: {', '.join(nearest.missing)}"
    )


def _matches(file: RigFile, bones: set[str]) -> Iterator[Match]:
    """Of one family with an armature's bone names, for every prefix that they may carry."""
    prefixes = {""}
    if file.any_prefix:
        roots = file.slots["hips"].bones
        prefixes |= {name.removesuffix(root) for name in bones for root in roots if name.endswith(root)}
    for prefix in sorted(prefixes):
        played = dict(_played(file, prefix, bones))
        missing = [prefix + file.slots[slot].bones[0] for slot in REQUIRED if slot not in played]
        missing += [prefix + name for name in file.requires if prefix + name not in bones]
        yield Match(file, played, tuple(missing))


def _played(file: RigFile, prefix: str, bones: set[str]) -> Iterator[tuple[str, Played]]:
    for slot, names in file.slots.items():
        bone = next((prefix + name for name in names.bones if prefix + name in bones), None)
        joint = bone if names.joint is None else prefix + names.joint
        if bone is not None and joint in bones:
            yield slot, Played(bone, joint)


def rig_of(armature_object: bpy.types.Object, match: Match) -> Rig:
    """The rest pose of the bones that play slots."""
    bones = armature_object.data.bones
    joints = {slot: bones[played.joint] for slot, played in match.played.items()}
    slot_of = {bone.name: slot for slot, bone in joints.items()}
    slot_of |= {played.bone: slot for slot, played in match.played.items()}
    heads = {slot: _head(bone) for slot, bone in joints.items()}

    def read(slot: str) -> RigBone:
        control = bones[match.played[slot].bone]
        inherits = _inherited(control, slot_of)
        tail = _tail(slot, joints[slot], heads, joints[inherits] if inherits else None)
        return RigBone(slot, control.name, np.array(control.matrix_local, float), heads[slot], tail, inherits)

    return Rig(match.file.family, _parents_first([read(slot) for slot in match.played]))


def _parents_first(bones: list[RigBone]) -> tuple[RigBone, ...]:
    above = {bone.slot: bone.inherits for bone in bones}

    def depth(slot: str | None) -> int:
        return 0 if slot is None else 1 + depth(above[slot])

    return tuple(sorted(bones, key=lambda bone: (depth(bone.slot), SLOTS.index(bone.slot))))


def _head(bone: bpy.types.Bone) -> Floats:
    return np.array(bone.head_local, float)


def _inherited(bone: bpy.types.Bone, slot_of: Mapping[str, str]) -> str | None:
    """The slot of the nearest bone above whose rotation reaches `bone`."""
    own = slot_of[bone.name]
    while bone.use_inherit_rotation and bone.parent:
        bone = bone.parent
        if slot_of.get(bone.name, own) != own:
            return slot_of[bone.name]
    return None


def _tail(
    slot: str, bone: bpy.types.Bone, heads: Mapping[str, Floats], above: bpy.types.Bone | None
) -> Floats:
    """Where the body part of `bone` ends: at the next joint; else at its children; else by its axes."""
    follower = _NEXT.get(slot)
    while follower and follower not in heads:
        follower = _NEXT.get(follower)
    if follower:
        return heads[follower]
    head = _head(bone)
    ends = [
        end for child in bone.children if np.linalg.norm((end := _head(child)) - head) > 0.1 * bone.length
    ]
    if ends:
        return np.mean(ends, axis=0)
    along = None if above is None else _axes(above).T @ rotations.normalise(head - _head(above))
    if along is None or along[1] >= ALONG_Y:
        return np.array(bone.tail_local, float)
    return head + bone.length * _axes(bone) @ along


def _axes(bone: bpy.types.Bone) -> Floats:
    return np.array(bone.matrix_local, float)[:3, :3]
