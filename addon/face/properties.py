"""What an animator wants of each expression, kept with the armature's object.

Property annotations must be values, not strings: no `from __future__ import annotations` here.
"""

from collections.abc import Sequence
from dataclasses import replace

import bpy
from bpy.app.handlers import persistent
from bpy.props import BoolProperty, CollectionProperty, FloatProperty, IntProperty, PointerProperty

from .match import FaceMatch

OVERRIDABLE = {"LIBRARY_OVERRIDABLE"}


def _changed(_line: "BlazeRigShape", context: bpy.types.Context) -> None:
    from ..animate import preview  # which reads these

    if context.scene.blazerig.animate.preview:
        preview.ask(context.scene)


class BlazeRigShape(bpy.types.PropertyGroup):
    """An expression that follows the performer's face, by its name: a shape key, or several."""

    use: BoolProperty(
        name="Follow",
        description="This expression follows the performer's face; off: it is left alone",
        default=True,
        update=_changed,
        override=OVERRIDABLE,
    )
    gain: FloatProperty(
        name="Gain",
        description="More than 1 exaggerates this expression, less tones it down",
        default=1.0,
        min=0.0,
        soft_max=2.0,
        update=_changed,
        override=OVERRIDABLE,
    )
    cutoff: FloatProperty(
        name="Smoothing",
        description="Movement quicker than so many times a second is smoothed away; 0 is none",
        default=0.0,
        min=0.0,
        soft_max=15.0,
        update=_changed,
        override=OVERRIDABLE,
    )


class BlazeRigFace(bpy.types.PropertyGroup):
    """How a character's shape keys follow the performer's face."""

    shapes: CollectionProperty(
        type=BlazeRigShape,
        name="Shape Keys",
        description="The shape keys that follow the performer's face",
        override={*OVERRIDABLE, "USE_INSERTION"},
    )
    active: IntProperty(
        name="Active Shape Key",
        description="The shape key that is selected in the list",
        override=OVERRIDABLE,
    )


def lines_of(armature_object: bpy.types.Object) -> Sequence[BlazeRigShape]:
    """What is set of each expression; nothing where nobody looked into it."""
    kept = getattr(armature_object, "blazerig_face", None)  # scripts need not have registered the add-on
    return kept.shapes if kept else ()


def fill(armature_object: bpy.types.Object, match: FaceMatch) -> None:
    """List the expressions of a match; those that are listed keep what the animator has set."""
    lines = armature_object.blazerig_face.shapes
    names = [target.name for target in match.shapes]
    for place in reversed(range(len(lines))):
        if lines[place].name not in names:
            lines.remove(place)
    for name in names:
        if name not in lines:
            lines.add().name = name


def wanted(armature_object: bpy.types.Object, match: FaceMatch) -> FaceMatch:
    """The match without what is switched off: what is left then shows the face as well as it can."""
    off = {line.name for line in lines_of(armature_object) if not line.use}
    return replace(match, shapes=tuple(shape for shape in match.shapes if shape.name not in off))


def gains(armature_object: bpy.types.Object) -> dict[str, float]:
    """By name of the expression."""
    return {line.name: line.gain for line in lines_of(armature_object)}


def cutoffs(armature_object: bpy.types.Object) -> dict[str, float]:
    """Hertz, by name of the expression; 0 for none."""
    return {line.name: line.cutoff for line in lines_of(armature_object)}


@persistent
def _wake_references(_file: str = "") -> None:
    """Have every linked object of which an override is here hold a list; see `character.properties`."""
    for thing in bpy.data.objects:
        if thing.override_library and thing.override_library.reference:
            len(thing.override_library.reference.blazerig_face.shapes)


CLASSES = (BlazeRigShape, BlazeRigFace)


def register() -> None:
    """Hang the list on objects."""
    bpy.types.Object.blazerig_face = PointerProperty(
        type=BlazeRigFace, name="Face", description="How shape keys follow a face", override=OVERRIDABLE
    )
    bpy.app.handlers.save_pre.append(_wake_references)


def unregister() -> None:
    """Take it away again."""
    bpy.app.handlers.save_pre.remove(_wake_references)
    del bpy.types.Object.blazerig_face
