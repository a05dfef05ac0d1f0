"""Jaw, eyes and lids of an armature, to be keyed together with its body."""

from __future__ import annotations

from dataclasses import replace

import bpy
import numpy as np
from numpy.typing import NDArray

from ...solver.rest import character_axes
from ...solver.retarget import Keys
from ...solver.rig import Rig
from .bone_fit import BoneFit
from .match import FaceMatch

Floats = NDArray[np.floating]


def with_face(
    keys: Keys, armature_object: bpy.types.Object, rig: Rig, match: FaceMatch, weights: Floats
) -> Keys:
    """Keys of the body and of the bones that show the face; a bone that the body moves is left to it.

    Args:
        keys: Of the body.
        armature_object: Has the bones.
        rig: The same as a rig.
        match: Of the character.
        weights: Of ARKit's shapes at the times of `keys`. Shape (F, 52).

    Raises:
        BlazeRigError: Bones are to move by the distance between the eyes, and there are no two of those.
    """
    face = fit_bones(armature_object, rig, match)(weights, keys.times)
    return beside(keys, face)


def fit_bones(armature_object: bpy.types.Object, rig: Rig, match: FaceMatch) -> BoneFit:
    """The bones of an armature that show a face.

    Raises:
        BlazeRigError: Bones are to move by the distance between the eyes, and there are no two of those.
    """
    names = {name for one in match.bones for name in (one.name, one.about, *one.span) if name} | {*match.eyes}
    bones = armature_object.data.bones
    rests = {name: np.array(bones[name].matrix_local, float) for name in names}
    return BoneFit(match, rests, character_axes({bone.slot: bone.head for bone in rig.bones}))


def beside(keys: Keys, face: Keys) -> Keys:
    """Keys of body and face; a bone that the body moves is left to it."""
    return replace(keys, rotations=face.rotations | keys.rotations, locations=face.locations | keys.locations)
