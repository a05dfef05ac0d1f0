"""Which armature the user means."""

from __future__ import annotations

import bpy

from ...errors import BlazeRigError


def active_armature(context: bpy.types.Context) -> bpy.types.Object | None:
    """The active object if it is an armature, or else the armature that deforms it."""
    active = context.view_layer.objects.active
    if active is None or active.type == "ARMATURE":
        return active
    return active.find_armature()


def chosen_armature(context: bpy.types.Context, name: str) -> bpy.types.Object:
    """The object of that name, or the active armature where the name is empty.

    Raises:
        BlazeRigError: There is none.
    """
    if not name:
        armature = active_armature(context)
        if armature is None:
            raise BlazeRigError("no armature is selected; select the character's armature")
        return armature
    found = bpy.data.objects.get(name)
    if found is not None:
        return found
    names = [item.name for item in bpy.data.objects if item.type == "ARMATURE"]
    choices = f"this file has: {', '.join(names)}" if names else "this file has none"
    raise BlazeRigError(f"there is no armature '{name}'; {choices}")
