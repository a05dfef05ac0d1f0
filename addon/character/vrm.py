"""The humanoid map of the VRM add-on for Blender, where that add-on is there: it knows its models best."""

from __future__ import annotations

import re
from collections.abc import Iterator

import bpy

from ...solver.humanoid import SIDES, SLOTS
from .match import Match, Played
from .rig_file import RigFile, missing_slots
from .skeleton import Skeleton

FAMILY = RigFile("VRM model", {})

_THUMBS = {"ThumbProximal": "ThumbMetacarpal", "ThumbIntermediate": "ThumbProximal"}
"""What VRM 0 calls the bones of the thumb that VRM 1 calls otherwise."""


def vrm_match(armature: bpy.types.Armature, skeleton: Skeleton) -> Match | None:
    """The map that the VRM add-on keeps on an armature; None without one, or where it is not complete."""
    kept = getattr(armature, "vrm_addon_extension", None)
    older = str(getattr(kept, "spec_version", "")).startswith("0")
    bones = dict(_bones_0(kept) if older else _bones_1(kept)) if kept is not None else {}
    played = {slot: Played(bones[slot], bones[slot]) for slot in SLOTS if bones.get(slot) in skeleton.index}
    if missing_slots(played):
        return None
    return Match(
        FAMILY, played, why=f"{FAMILY.family}, {len(played)} of {len(SLOTS)} bones by its humanoid map"
    )


def _bones_0(kept: object) -> Iterator[tuple[str, str]]:
    """Bones by slot of a VRM 0 model: a list of parts with their nodes."""
    for part in attribute(kept, "vrm0.humanoid.human_bones") or ():
        slot = str(getattr(part, "bone", ""))
        side = next((side for side in SIDES if slot.startswith(side)), "")
        slot = side + _THUMBS.get(slot.removeprefix(side), slot.removeprefix(side))
        yield slot, str(attribute(part, "node.bone_name") or "")


def _bones_1(kept: object) -> Iterator[tuple[str, str]]:
    """Bones by slot of a VRM 1 model: one attribute for each, as `left_upper_arm`."""
    parts = attribute(kept, "vrm1.humanoid.human_bones")
    for slot in SLOTS:
        name = re.sub(r"(?=[A-Z])", "_", slot).lower()
        yield slot, str(attribute(parts, f"{name}.node.bone_name") or "")


def attribute(owner: object, path: str) -> object:
    """What stands under a dotted path; None where another version of that add-on has it not."""
    for name in path.split("."):
        owner = getattr(owner, name, None)
    return owner
