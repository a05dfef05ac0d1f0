"""A character's face, read from its armature and meshes, and the values that a performer's gives it."""

from __future__ import annotations

import bpy
import numpy as np
from numpy.typing import NDArray

from . import properties
from .match import FaceMatch, face_match
from .meshes import shape_keys, shape_names
from .presets import own_dialects
from .targets import ShapeFit, smoothed, spread
from .vrm import expressions

Floats = NDArray[np.floating]


def face_of(armature_object: bpy.types.Object, *, presets: bool = True) -> FaceMatch:
    """What of a character shows a face by itself, whatever the animator has set in its map.

    Args:
        armature_object: The character's.
        presets: The user's own face maps count, too.
    """
    names = shape_names(shape_keys(armature_object))
    own = own_dialects() if presets else ()
    return face_match(names, armature_object.data.bones.keys(), expressions(armature_object.data), own)


def shape_values(
    armature_object: bpy.types.Object, match: FaceMatch, weights: Floats, times: Floats
) -> dict[str, Floats]:
    """Values of shape keys by name, with the gains and the smoothing that the animator has set. Each (F,).

    Args:
        armature_object: Keeps what was set.
        match: Of it, as `properties.wanted` gives it.
        weights: Of ARKit's shapes, in their order. Shape (F, 52).
        times: Seconds. Shape (F,).
    """
    values = ShapeFit(match)(weights, properties.gains(armature_object))
    return spread(match, smoothed(values, times, properties.cutoffs(armature_object)))
