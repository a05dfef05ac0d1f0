"""A character's face, read from its armature and meshes, and the values that a performer's gives it."""

from __future__ import annotations

import bpy
import numpy as np
from numpy.typing import NDArray

from . import properties
from .match import FaceMatch, face_match
from .meshes import shape_keys, shape_names
from .targets import ShapeFit, smoothed, spread
from .vrm import expressions

Floats = NDArray[np.floating]


def face_of(armature_object: bpy.types.Object) -> FaceMatch:
    """What of a character shows a face, whatever the animator has set."""
    names = shape_names(shape_keys(armature_object))
    return face_match(names, armature_object.data.bones.keys(), expressions(armature_object.data))


def shape_values(
    armature_object: bpy.types.Object, match: FaceMatch, weights: Floats, times: Floats
) -> dict[str, Floats]:
    """Values of shape keys by name, with the gains and the smoothing that the animator has set. Each (F,).

    Args:
        armature_object: Keeps what was set.
        match: Of it, from `face_of`.
        weights: Of ARKit's shapes, in their order. Shape (F, 52).
        times: Seconds. Shape (F,).
    """
    match = properties.wanted(armature_object, match)
    values = ShapeFit(match)(weights, properties.gains(armature_object))
    return spread(match, smoothed(values, times, properties.cutoffs(armature_object)))
