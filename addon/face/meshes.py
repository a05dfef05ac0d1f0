"""The shape keys of a character: those of the meshes that hang on its armature."""

from __future__ import annotations

from collections.abc import Iterable

import bpy


def shape_keys(armature_object: bpy.types.Object) -> tuple[bpy.types.Key, ...]:
    """Each once, though several objects show its mesh; of linked meshes only those that can be keyed."""
    meshes = (thing.data for thing in bpy.data.objects if _belongs(thing, armature_object))
    found = dict.fromkeys(mesh.shape_keys for mesh in meshes if mesh.shape_keys is not None)
    return tuple(keys for keys in found if keys.library is None)


def shape_names(keys: Iterable[bpy.types.Key]) -> tuple[str, ...]:
    """Names of all shapes that can be keyed: not the rest shape, nor those that drivers hold."""
    names = (name for one in keys for name in free_shapes(one))
    return tuple(dict.fromkeys(names))


def free_shapes(keys: bpy.types.Key) -> tuple[str, ...]:
    """The same of one mesh."""
    drivers = keys.animation_data.drivers if keys.animation_data else ()
    driven = {curve.data_path for curve in drivers}
    return tuple(
        block.name
        for block in keys.key_blocks
        if block != keys.reference_key and value_path(block.name) not in driven
    )


def value_path(name: str) -> str:
    """Of a shape's value, from its `Key`."""
    return f'key_blocks["{bpy.utils.escape_identifier(name)}"].value'


def _belongs(thing: bpy.types.Object, armature_object: bpy.types.Object) -> bool:
    if thing.type != "MESH":
        return False
    deformed = any(
        modifier.type == "ARMATURE" and modifier.object == armature_object for modifier in thing.modifiers
    )
    return deformed or thing.parent == armature_object
