"""The bone map in an object's properties: written and emptied."""

from __future__ import annotations

from collections.abc import Iterable

import bpy

from ..filling import filling
from .armature import mapped, suggest
from .bone_map import Entry, entries
from .match import Match


def fill(armature_object: bpy.types.Object, match: Match, own: Iterable[Entry] = ()) -> None:
    """Write a match into the object's map; lines of `own` stay as they are."""
    kept, words = armature_object.blazerig, {line.slot: line for line in own}
    with filling():
        kept.slots.clear()
        for found in entries(match):
            line = words.get(found.slot, found)
            item = kept.slots.add()
            item.name, item.bone = line.slot, line.bone
            item.certainty, item.by_user = line.certainty, line.by_user
        kept.family, kept.why = match.file.family, match.why


def recognise_anew(armature_object: bpy.types.Object) -> Match:
    """Fill the map with what is recognised; what the user has set himself stays."""
    kept = armature_object.blazerig.slots
    own = [Entry(line.name, line.bone, line.certainty, by_user=True) for line in kept if line.by_user]
    match = suggest(armature_object)
    fill(armature_object, match, own)
    return mapped(armature_object) or match


def restore(armature_object: bpy.types.Object) -> Match:
    """Forget what the user has set, and recognise anew."""
    armature_object.blazerig.slots.clear()
    return recognise_anew(armature_object)
