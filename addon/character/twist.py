"""Twist bones of an armature as they rest."""

from __future__ import annotations

from collections.abc import Iterator

import bpy
import numpy as np

from ...solver.humanoid import PARENT_OF
from ...solver.rig import Rig, TwistBones
from .match import Match


def twists_of(armature_object: bpy.types.Object, match: Match, rig: Rig) -> Iterator[TwistBones]:
    """The bones that share the twist of a limb's parts, those left out that constraints turn already."""
    bones = armature_object.data.bones
    named = {bone.slot: bone.name for bone in rig.bones}
    for slot, names in match.twist.items():
        free = [name for name in names if name in bones and not armature_object.pose.bones[name].constraints]
        if slot not in named or not free:
            continue
        yield TwistBones(
            slot,
            tuple(free),
            np.array([bones[name].matrix_local for name in free], float),
            tuple(_above(bones[name], {named[slot], *free}, named[slot]) for name in free),
            any(bones[free[-1]] in bones[named[below]].parent_recursive for below in _below(slot, named)),
        )


def _above(bone: bpy.types.Bone, candidates: set[str], otherwise: str) -> str:
    return next((parent.name for parent in bone.parent_recursive if parent.name in candidates), otherwise)


def _below(slot: str, named: dict[str, str]) -> list[str]:
    return [below for below, above in PARENT_OF.items() if above == slot and below in named]
