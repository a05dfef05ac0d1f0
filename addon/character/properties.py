"""The bone map of an armature, kept with its object.

Property annotations must be values, not strings: no `from __future__ import annotations` here.
"""

import bpy
from bpy.app.handlers import persistent
from bpy.props import (
    BoolProperty,
    CollectionProperty,
    FloatProperty,
    IntProperty,
    PointerProperty,
    StringProperty,
)

from ..filling import filling, is_filling
from .bone_map import mirrored
from .guess import other_side

OVERRIDABLE = {"LIBRARY_OVERRIDABLE"}


def _changed(line: "BlazeRigBone", _context: bpy.types.Context) -> None:
    """The user has chosen a bone: it is his word now, and the same on the other side if he wants that."""
    if is_filling():
        return
    kept = line.id_data.blazerig
    line.by_user = True
    other = kept.slots.get(other_side(line.name))
    bone = mirrored(line.bone, line.id_data.data.bones.keys()) if line.bone else ""
    if kept.both_sides and other is not None and other != line and bone is not None:
        with filling():
            other.bone, other.by_user = bone, True


class BlazeRigBone(bpy.types.PropertyGroup):
    """A slot and the bone that plays it; the slot is the name."""

    bone: StringProperty(
        name="Bone",
        description="Bone that plays this part of the body; empty for none, which is then not keyed",
        update=_changed,
        override=OVERRIDABLE,
    )
    certainty: FloatProperty(
        name="Certainty",
        description="How sure the bone is, from 0 to 1; one below 0.5 is not keyed until you confirm it",
        default=1.0,
        min=0.0,
        max=1.0,
        override=OVERRIDABLE,
    )
    by_user: BoolProperty(
        name="Confirmed",
        description="This bone is your own choice: it is keyed, and recognising anew leaves it as it is",
        override=OVERRIDABLE,
    )


class BlazeRigCharacter(bpy.types.PropertyGroup):
    """How the bones of an armature play the parts of the body, where the user has looked into it."""

    slots: CollectionProperty(
        type=BlazeRigBone,
        name="Bone Map",
        description="The bone of every part of the body",
        override={*OVERRIDABLE, "USE_INSERTION"},
    )
    active: IntProperty(
        name="Active Part",
        description="The part of the body that is selected in the list",
        override=OVERRIDABLE,
    )
    family: StringProperty(
        name="Family", description="The kind of rig that this is taken for", override=OVERRIDABLE
    )
    why: StringProperty(name="Recognised", description="How the bones were recognised", override=OVERRIDABLE)
    both_sides: BoolProperty(
        name="Both Sides",
        description="What you set on one side is set on the other as well",
        default=True,
        override=OVERRIDABLE,
    )


@persistent
def wake_references(_file: str = "") -> None:
    """Have every linked object of which an override is in this file hold a map, if an empty one.

    Since Blender 5.0 properties that nobody has looked at are not there yet, and what an override adds to
    such ones is lost when its file is opened again.
    """
    for thing in bpy.data.objects:
        if thing.override_library and thing.override_library.reference:
            len(thing.override_library.reference.blazerig.slots)


CLASSES = (BlazeRigBone, BlazeRigCharacter)


def register() -> None:
    """Hang the map on objects."""
    bpy.types.Object.blazerig = PointerProperty(
        type=BlazeRigCharacter, name="BlazeRig", description="The bone map", override=OVERRIDABLE
    )
    bpy.app.handlers.save_pre.append(wake_references)


def unregister() -> None:
    """Take it away again."""
    bpy.app.handlers.save_pre.remove(wake_references)
    del bpy.types.Object.blazerig
