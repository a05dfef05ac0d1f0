"""Recognising an armature and reading it as a rig: which bones play which slots, and how they rest."""

from __future__ import annotations

from collections.abc import Mapping

import bpy
import numpy as np
from numpy.typing import NDArray

from ...errors import BlazeRigError
from ...solver import rotations
from ...solver.humanoid import PARENT_OF, SIDES, SLOTS
from ...solver.retarget import Rig, RigBone
from .bone_map import Entry, edited, shared_bones
from .guess import guess_match
from .match import Match, best_match
from .presets import own_families
from .rig_file import families
from .skeleton import Skeleton
from .vrm import vrm_match

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


def read_rig(armature_object: bpy.types.Object) -> Rig:
    """The bones of an armature that can be keyed, as they rest.

    Raises:
        BlazeRigError: Nobody knows the armature's bone names, or the object cannot be animated as it is.
    """
    check_usable(armature_object)
    return rig_of(armature_object, match_of(armature_object))


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
    _check_scale(armature_object)


def _check_scale(armature_object: bpy.types.Object) -> None:
    """Refuse an armature that it or an object above it scales unevenly."""
    thing, whose = armature_object, ""
    while thing:
        lowest, highest = min(thing.scale), max(thing.scale)
        if lowest <= 0 or lowest < (1 - EVEN_SCALE) * highest:
            shown = ", ".join(f"{value:g}" for value in thing.scale)
            raise BlazeRigError(
                f"armature '{armature_object.name}' is scaled unevenly or mirrored{whose} ({shown}), which "
                "would distort its limbs; apply its scale (Object > Apply > Scale)"
            )
        thing = thing.parent
        whose = f" by '{thing.name}', on which it hangs" if thing else ""


def match_of(armature_object: bpy.types.Object) -> Match:
    """How the armature's bones play the slots: as its user says, else as it is recognised.

    Raises:
        BlazeRigError: Bones are missing or in doubt without which nothing can be animated.
    """
    return whole(armature_object.name, mapped(armature_object) or suggest(armature_object))


def recognise(armature_object: bpy.types.Object) -> Match:
    """What the armature is by itself, whatever its user has said.

    Raises:
        BlazeRigError: As `match_of`.
    """
    return whole(armature_object.name, suggest(armature_object))


def mapped(armature_object: bpy.types.Object) -> Match | None:
    """The user's own map, complete or not; None where he made none."""
    kept = getattr(armature_object, "blazerig", None)  # scripts need not have registered the add-on
    if kept is None or not kept.slots:
        return None
    lines = [Entry(line.name, line.bone, line.certainty, line.by_user) for line in kept.slots]
    files = *own_families(), *families()
    return edited(lines, kept.family, kept.why, skeleton_of(armature_object), files)


def suggest(armature_object: bpy.types.Object) -> Match:
    """What the armature is by itself, complete or not."""
    skeleton = skeleton_of(armature_object)
    by_vrm = vrm_match(armature_object.data, skeleton)
    return by_vrm or best_match(skeleton, families(), own_families()) or guess_match(skeleton)


def whole(name: str, match: Match) -> Match:
    """The match, if nothing is missing that has to be there and no bone is to be two things.

    Raises:
        BlazeRigError: It cannot be keyed so.
    """
    for bone, slots in shared_bones((slot, played.bone) for slot, played in match.played.items()):
        raise BlazeRigError(
            f"bone '{bone}' of '{name}' plays {' and '.join(slots)}; "
            "choose another for one of them in the bone map (Character)"
        )
    doubtful = [f"{slot} ({match.doubtful[slot].bone}?)" for slot in match.missing if slot in match.doubtful]
    missing = [slot for slot in match.missing if slot not in match.doubtful]
    if not match.missing:
        return match
    said = [f"no bone was found for {', '.join(missing)}"] if missing else []
    said += [f"in doubt are {', '.join(doubtful)}"] if doubtful else []
    raise BlazeRigError(
        f"armature '{name}' cannot be animated yet: {'; '.join(said)}; "
        "choose the bones in the bone map (Character)"
    )


def skeleton_of(armature_object: bpy.types.Object) -> Skeleton:
    """The bones of an armature as they rest."""
    ordered = sorted(armature_object.data.bones, key=lambda bone: len(bone.parent_recursive))
    index = {bone.name: i for i, bone in enumerate(ordered)}
    return Skeleton(
        names=tuple(index),
        parents=tuple(index[bone.parent.name] if bone.parent else -1 for bone in ordered),
        heads=np.array([bone.head_local for bone in ordered], float).reshape(-1, 3),
        tails=np.array([bone.tail_local for bone in ordered], float).reshape(-1, 3),
    )


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
