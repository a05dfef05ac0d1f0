"""All expressions that a character has: its shape keys, and what the VRM add-on has put together of them."""

from __future__ import annotations

import bpy

from .meshes import shape_keys, shape_names
from .vrm import expressions


def parts_of(armature_object: bpy.types.Object) -> dict[str, dict[str, float]]:
    """Shares of shape keys by the name of the expression; a shape key is one of itself."""
    names = shape_names(shape_keys(armature_object))
    return {name: {name: 1.0} for name in names} | expressions(armature_object.data)
