"""The face map of a character, kept with the armature's object.

Property annotations must be values, not strings: no `from __future__ import annotations` here.
"""

from collections.abc import Callable

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

from ..character.bone_map import mirrored
from ..character.properties import OVERRIDABLE
from ..filling import filling, is_filling
from .expressions import parts_of
from .face_map import Line, edited
from .match import FaceMatch
from .vocabulary import looks_offered, of_other_side, parts_offered

_READ_ALWAYS = ("gain", "cutoff")
"""What of a shape key's line is read for every frame, and is none of the map."""


def ask_preview(scene: bpy.types.Scene) -> None:
    """Show a change where the preview is on."""
    from ..animate import preview  # which reads these

    if scene.blazerig.animate.preview:
        preview.ask(scene)


def _setting(name: str) -> Callable[[bpy.types.PropertyGroup, bpy.types.Context], None]:
    """What follows a change of a number or a switch: the other side gets it, the preview shows it."""

    def changed(line: bpy.types.PropertyGroup, context: bpy.types.Context) -> None:
        if is_filling():
            return
        if (other := _other_side(line)) is not None:
            with filling():
                setattr(other, name, getattr(line, name))
        if name not in _READ_ALWAYS or isinstance(line, BlazeRigFaceBone):
            line.id_data.blazerig_face.changes += 1
        ask_preview(context.scene)

    return changed


def _said(line: bpy.types.PropertyGroup, context: bpy.types.Context) -> None:
    """The user has said what a line shows: it is his word now, and the other side shows the other side's."""
    if is_filling():
        return
    kept = line.id_data.blazerig_face
    with filling():
        line.family, line.by_user, line.use = "", True, True
    other = _other_side(line)
    if other is not None:
        with filling():
            other.says, other.family = of_other_side(line.says), ""
            other.by_user, other.use = True, True
    kept.changes += 1
    ask_preview(context.scene)


def _other_side(line: bpy.types.PropertyGroup) -> bpy.types.PropertyGroup | None:
    """The line of the same on the other side of the face, where that is to follow."""
    kept = line.id_data.blazerig_face
    lines = kept.bones if isinstance(line, BlazeRigFaceBone) else kept.shapes
    name = mirrored(line.name, lines.keys()) if kept.both_sides else None
    return None if name is None else lines[name]


def _offered_looks(
    _line: bpy.types.PropertyGroup, _context: bpy.types.Context, _text: str
) -> tuple[str, ...]:
    return looks_offered()


def _offered_parts(
    _line: bpy.types.PropertyGroup, _context: bpy.types.Context, _text: str
) -> tuple[str, ...]:
    return parts_offered()


class _Line:
    """What shape keys and bones have in common; the name is theirs."""

    use: BoolProperty(
        name="Follow",
        description="It follows the performer's face; off: it is left alone, and others show what they can",
        default=True,
        update=_setting("use"),
        override=OVERRIDABLE,
    )
    gain: FloatProperty(
        name="Gain",
        description="More than 1 exaggerates it, less tones it down",
        default=1.0,
        min=0.0,
        soft_max=2.0,
        update=_setting("gain"),
        override=OVERRIDABLE,
    )
    family: StringProperty(
        name="Family", description="Whose word that is; empty where it is yours", override=OVERRIDABLE
    )
    certainty: FloatProperty(
        name="Certainty",
        description="How sure this is, from 0 to 1; what is below 0.5 is not keyed until you confirm it",
        default=1.0,
        min=0.0,
        max=1.0,
        override=OVERRIDABLE,
    )
    by_user: BoolProperty(
        name="Confirmed",
        description="This is your own choice: it is keyed, and recognising anew leaves it as it is",
        update=_setting("by_user"),
        override=OVERRIDABLE,
    )


class BlazeRigShape(_Line, bpy.types.PropertyGroup):
    """A shape key by its name, or several that are one expression."""

    says: StringProperty(
        name="Shows",
        description="What it looks like: a shape of ARKit, an expression of VRM, a viseme, or several, as "
        "'0.6 jawOpen + mouthFunnel'; empty for nothing, it is then left alone",
        update=_said,
        search=_offered_looks,
        search_options={"SORT", "SUGGESTION"},
        override=OVERRIDABLE,
    )
    cutoff: FloatProperty(
        name="Smoothing",
        description="Movement quicker than so many times a second is smoothed away; 0 is none",
        default=0.0,
        min=0.0,
        soft_max=15.0,
        update=_setting("cutoff"),
        override=OVERRIDABLE,
    )


class BlazeRigFaceBone(_Line, bpy.types.PropertyGroup):
    """A bone of the face by its name."""

    says: StringProperty(
        name="Part",
        description="The part of the face that this bone is; empty for none, it is then left alone",
        update=_said,
        search=_offered_parts,
        search_options={"SUGGESTION"},
        override=OVERRIDABLE,
    )
    beside: BoolProperty(
        name="Beside Shape Keys",
        description="The bone moves although shape keys show the same; off: it rests then",
        update=_setting("beside"),
        override=OVERRIDABLE,
    )


class BlazeRigFace(bpy.types.PropertyGroup):
    """How a character's shape keys and bones follow a face, where the user has looked into it."""

    shapes: CollectionProperty(
        type=BlazeRigShape,
        name="Shape Keys",
        description="What each shape key shows of the performer's face",
        override={*OVERRIDABLE, "USE_INSERTION"},
    )
    active: IntProperty(
        name="Active Shape Key",
        description="The shape key that is selected in the list",
        override=OVERRIDABLE,
    )
    bones: CollectionProperty(
        type=BlazeRigFaceBone,
        name="Face Bones",
        description="The bones that follow the performer's face",
        override={*OVERRIDABLE, "USE_INSERTION"},
    )
    active_bone: IntProperty(
        name="Active Face Bone",
        description="The bone that is selected in the list",
        override=OVERRIDABLE,
    )
    edited: BoolProperty(
        name="Edited", description="The lists are what follows the face", override=OVERRIDABLE
    )
    changes: IntProperty(name="Changes", description="How often the map was changed", override=OVERRIDABLE)
    both_sides: BoolProperty(
        name="Both Sides",
        description="What you set on one side of the face is set on the other as well",
        default=True,
        override=OVERRIDABLE,
    )


def wanted(armature_object: bpy.types.Object, match: FaceMatch) -> FaceMatch:
    """What follows the face as the animator wants it: his map where he made one, else the match itself."""
    kept = getattr(armature_object, "blazerig_face", None)  # scripts need not have registered the add-on
    if kept is None or not kept.edited:
        return match
    shapes, bones = [Line(*_shape_line(x)) for x in kept.shapes], [Line(*_bone_line(x)) for x in kept.bones]
    names = armature_object.data.bones.keys()
    return edited(match, shapes, bones, parts_of(armature_object), names)


def map_stamp(armature_object: bpy.types.Object) -> int:
    """Another number whenever `wanted` gives something else for the same shape keys and bones."""
    kept = getattr(armature_object, "blazerig_face", None)
    return kept.changes if kept else 0


def _shape_line(line: BlazeRigShape) -> tuple[str, str, str, float, bool, bool]:
    """The first fields of `face_map.Line`."""
    return line.name, line.says, line.family, line.certainty, line.by_user, line.use


def _bone_line(line: BlazeRigFaceBone) -> tuple[str, str, str, float, bool, bool, float, bool]:
    return *_shape_line(line), line.gain, line.beside


def gains(armature_object: bpy.types.Object) -> dict[str, float]:
    """By name of the expression; those of bones are in what `wanted` gives."""
    kept = getattr(armature_object, "blazerig_face", None)
    return {line.name: line.gain for line in kept.shapes} if kept else {}


def cutoffs(armature_object: bpy.types.Object) -> dict[str, float]:
    """Hertz, by name of the expression; 0 for none."""
    kept = getattr(armature_object, "blazerig_face", None)
    return {line.name: line.cutoff for line in kept.shapes} if kept else {}


@persistent
def _wake_references(_file: str = "") -> None:
    """Have every linked object of which an override is here hold a list; see `character.properties`."""
    for thing in bpy.data.objects:
        if thing.override_library and thing.override_library.reference:
            kept = thing.override_library.reference.blazerig_face
            len(kept.shapes), len(kept.bones)


CLASSES = (BlazeRigShape, BlazeRigFaceBone, BlazeRigFace)


def register() -> None:
    """Hang the lists on objects."""
    bpy.types.Object.blazerig_face = PointerProperty(
        type=BlazeRigFace, name="Face", description="How the face is shown", override=OVERRIDABLE
    )
    bpy.app.handlers.save_pre.append(_wake_references)


def unregister() -> None:
    """Take them away again."""
    bpy.app.handlers.save_pre.remove(_wake_references)
    del bpy.types.Object.blazerig_face
