"""The face map in an object's properties: written, added to and emptied."""

from __future__ import annotations

from collections.abc import Iterable

import bpy

from ...errors import BlazeRigError
from ..filling import filling
from .character import face_of
from .expressions import parts_of
from .face_map import Line, bone_lines, shape_lines
from .match import FaceMatch
from .properties import wanted


def fill(armature_object: bpy.types.Object, match: FaceMatch) -> None:
    """Write a match into the map; what the animator has set of a line stays, as long as it is there."""
    kept = armature_object.blazerig_face
    with filling():
        _write(kept.shapes, shape_lines(match, parts_of(armature_object)), ())
        _write(kept.bones, bone_lines(match), armature_object.data.bones.keys())
    kept.edited = True
    kept.changes += 1


def _write(kept: bpy.types.bpy_prop_collection, lines: Iterable[Line], there: Iterable[str]) -> None:
    """Make a list of `lines`, and of those that the user made himself of what is `there`."""
    new = {line.name: line for line in lines}
    staying = {*new, *(line.name for line in kept if line.by_user and line.name in there)}
    for place in reversed(range(len(kept))):
        if kept[place].name not in staying:
            kept.remove(place)
    for name, line in new.items():
        item = kept.get(name)
        if item is None:
            item = kept.add()
            item.name, item.use = name, line.use
        if not item.by_user:
            _take(item, line)


def _take(item: bpy.types.PropertyGroup, line: Line) -> None:
    item.says, item.family, item.certainty = line.says, line.family, line.certainty
    if hasattr(item, "beside"):
        item.beside = line.beside


def recognise_anew(armature_object: bpy.types.Object) -> FaceMatch:
    """Fill the map with what is recognised; what the animator has set stays."""
    fill(armature_object, face_of(armature_object))
    return wanted(armature_object, face_of(armature_object))


def restore(armature_object: bpy.types.Object) -> FaceMatch:
    """Forget what the animator has set, and recognise anew."""
    clear(armature_object)
    return recognise_anew(armature_object)


def clear(armature_object: bpy.types.Object) -> None:
    """Empty the map."""
    armature_object.blazerig_face.shapes.clear()
    armature_object.blazerig_face.bones.clear()


def add_bone(armature_object: bpy.types.Object, bone: str, part: str) -> None:
    """Add a bone to the map, which is then what follows.

    Raises:
        BlazeRigError: There is no such bone, or it is in the map.
    """
    if bone not in armature_object.data.bones:
        raise BlazeRigError(f"'{armature_object.name}' has no bone '{bone}'; choose one of its bones")
    kept = armature_object.blazerig_face
    there = kept.bones.keys() if kept.edited else [line.name for line in bone_lines(face_of(armature_object))]
    if bone in there:
        raise BlazeRigError(f"bone '{bone}' is in the face map already; change its line")
    if not kept.edited:
        recognise_anew(armature_object)
    line = kept.bones.add()
    with filling():
        line.name, line.beside, line.by_user = bone, True, True
    line.says = part
    kept.active_bone = len(kept.bones) - 1


def remove_bone(armature_object: bpy.types.Object, bone: str) -> None:
    """Take a bone out of the map: it is left alone.

    Raises:
        BlazeRigError: It is not in it.
    """
    kept = armature_object.blazerig_face
    if bone not in kept.bones:
        named = ", ".join(kept.bones.keys()) or "no bones"
        raise BlazeRigError(f"bone '{bone}' is not in the face map, which has {named}")
    kept.bones.remove(kept.bones.find(bone))
    kept.changes += 1
    kept.active_bone = min(kept.active_bone, len(kept.bones) - 1)
