"""Edits of the active take, from the panel and from scripts; frames are the scene's.

Property annotations must be values, not strings: no `from __future__ import annotations` here.
"""

import bpy
from bpy.props import EnumProperty, FloatProperty, IntProperty

from ...errors import BlazeRigError
from ...solver.edits import LIMBS, STANDING, Edits
from ..animate import preview
from ..job import redraw, sentence
from ..takes.takes import NeedsTake
from .change import restored, spans_of, with_span, with_spans
from .properties import put_edits
from .shown import Shown, shown
from .spans import SHORTEST, Span, Spans, moved, removed


def _parts(names: object) -> list[tuple[str, str, str]]:
    return [(name, name.replace("_", " ").title(), "") for name in names]


CONTACT_PARTS = _parts(STANDING)
LIMB_PARTS = _parts(LIMBS)
KINDS = [
    ("contacts", "Contacts", "Where a part stands"),
    ("ignore", "Ignored", "Where the nets are not believed"),
    ("smooth", "Smoothed", "Where the motion is calmer"),
]


class Edit(NeedsTake):
    """For operators that change the active take's edits, and define `changed`."""

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Change the edits, and have the live preview follow."""
        try:
            now = _needed(context.scene)
            put_edits(now.item.edits, self.changed(context.scene, now))
        except BlazeRigError as error:
            self.report({"ERROR"}, sentence(error))
            return {"CANCELLED"}
        if context.scene.blazerig.animate.preview:
            preview.ask(context.scene)
        redraw()
        return {"FINISHED"}

    def changed(self, scene: bpy.types.Scene, now: Shown) -> Edits:
        """The edits as they are to be.

        Raises:
            BlazeRigError: They cannot be.
        """
        raise NotImplementedError


class AddContact(Edit, bpy.types.Operator):
    """A part stands."""

    bl_idname = "blazerig.contact_add"
    bl_label = "Add Contact"
    bl_description = (
        "Say that a foot or hand stands between two frames; all its contacts are yours from then on"
    )
    bl_options = {"UNDO"}  # noqa: RUF012 (Blender wants a set)

    part: EnumProperty(name="Part", description="What stands", items=CONTACT_PARTS)
    start: FloatProperty(name="Start", description="First frame of the scene")
    end: FloatProperty(name="End", description="Last frame of the scene")

    def changed(self, _scene: bpy.types.Scene, now: Shown) -> Edits:
        """With one contact more."""
        return with_span(
            now.edits, "contacts", self.part, _span(now, self.start, self.end), _found(now, self.part)
        )


class _Delete(Edit):
    """For what takes one stretch away."""

    index: IntProperty(
        name="Number", description="Which stretch of the part, in the order of time, from 0", min=0
    )

    def changed(self, _scene: bpy.types.Scene, now: Shown) -> Edits:
        """Without it."""
        spans = _spans(now, self.kind, self.part, self.index)
        return with_spans(now.edits, self.kind, self.part, removed(spans, self.index))


class _Move(Edit):
    """For what has one stretch begin and end elsewhere."""

    index: IntProperty(
        name="Number", description="Which stretch of the part, in the order of time, from 0", min=0
    )
    start: FloatProperty(name="Start", description="First frame of the scene")
    end: FloatProperty(name="End", description="Last frame of the scene")

    def changed(self, _scene: bpy.types.Scene, now: Shown) -> Edits:
        """With it elsewhere; it takes up those that it then touches."""
        spans = _spans(now, self.kind, self.part, self.index)
        span = _span(now, self.start, self.end)
        return with_spans(now.edits, self.kind, self.part, moved(spans, self.index, span))


class DeleteContact(_Delete, bpy.types.Operator):
    """A part does not stand."""

    bl_idname = "blazerig.contact_delete"
    bl_label = "Delete Contact"
    bl_description = "Say that a foot or hand does not stand, where the solver or you said so"
    bl_options = {"UNDO"}  # noqa: RUF012 (Blender wants a set)

    kind = "contacts"
    part: EnumProperty(name="Part", description="What does not stand", items=CONTACT_PARTS)


class MoveContact(_Move, bpy.types.Operator):
    """A part stands at another time."""

    bl_idname = "blazerig.contact_move"
    bl_label = "Move Contact"
    bl_description = "Have a contact begin and end elsewhere; it takes up the contacts that it then touches"
    bl_options = {"UNDO"}  # noqa: RUF012 (Blender wants a set)

    kind = "contacts"
    part: EnumProperty(name="Part", description="What stands", items=CONTACT_PARTS)


class RestoreContacts(Edit, bpy.types.Operator):
    """The contacts of a part as they were found."""

    bl_idname = "blazerig.contacts_restore"
    bl_label = "Restore Contacts"
    bl_description = "Forget what you said of the contacts of a foot or hand; the solver finds them again"
    bl_options = {"UNDO"}  # noqa: RUF012 (Blender wants a set)

    part: EnumProperty(
        name="Part",
        description="Whose contacts",
        items=[("all", "All", "All feet and hands"), *CONTACT_PARTS],
    )

    def changed(self, _scene: bpy.types.Scene, now: Shown) -> Edits:
        """Without them."""
        edits = now.edits
        for part in STANDING if self.part == "all" else (self.part,):
            edits = restored(edits, part)
        return edits


class _Here(Edit):
    """For what is said of a limb on a range of frames."""

    kind = ""
    part: EnumProperty(name="Part", description="Which limb; the body is all of it", items=LIMB_PARTS)
    start: FloatProperty(
        name="Start",
        description="First frame of the scene; the preview range's where none is given",
        options={"SKIP_SAVE"},
    )
    end: FloatProperty(
        name="End",
        description="Last frame of the scene; the preview range's where none is given",
        options={"SKIP_SAVE"},
    )

    def changed(self, scene: bpy.types.Scene, now: Shown) -> Edits:
        """With one stretch more."""
        given = [self.properties.is_property_set(name) for name in ("start", "end")]
        if all(given):
            start, end = self.start, self.end
        elif scene.use_preview_range:
            start, end = scene.frame_preview_start, scene.frame_preview_end
        else:
            raise BlazeRigError("no frames are selected; set the preview range (P in the Timeline)")
        return with_span(now.edits, self.kind, self.part, _span(now, start, end))


class SmoothHere(_Here, bpy.types.Operator):
    """Calmer."""

    bl_idname = "blazerig.smooth_here"
    bl_label = "Smooth Here"
    bl_description = "Have a limb move more calmly on the frames of the preview range"
    bl_options = {"UNDO"}  # noqa: RUF012 (Blender wants a set)
    kind = "smooth"


class IgnoreHere(_Here, bpy.types.Operator):
    """Not believed."""

    bl_idname = "blazerig.ignore_here"
    bl_label = "Ignore the Nets Here"
    bl_description = (
        "Do not believe the nets about a limb on the frames of the preview range: it moves on smoothly from "
        "the frames before to those after"
    )
    bl_options = {"UNDO"}  # noqa: RUF012 (Blender wants a set)
    kind = "ignore"


class DeleteEdit(_Delete, bpy.types.Operator):
    """One thing that was said less."""

    bl_idname = "blazerig.edit_delete"
    bl_label = "Delete Edit"
    bl_description = "Forget one thing that you said about this take"
    bl_options = {"UNDO"}  # noqa: RUF012 (Blender wants a set)

    kind: EnumProperty(name="Kind", description="What was said", items=KINDS)
    part: EnumProperty(name="Part", description="Of what", items=[*LIMB_PARTS, *CONTACT_PARTS])


class MoveEdit(_Move, bpy.types.Operator):
    """One thing that was said, elsewhere."""

    bl_idname = "blazerig.edit_move"
    bl_label = "Move Edit"
    bl_description = "Have one thing that you said about this take begin and end elsewhere"
    bl_options = {"UNDO"}  # noqa: RUF012 (Blender wants a set)

    kind: EnumProperty(name="Kind", description="What was said", items=KINDS)
    part: EnumProperty(name="Part", description="Of what", items=[*LIMB_PARTS, *CONTACT_PARTS])


def _needed(scene: bpy.types.Scene) -> Shown:
    now = shown(scene)
    if now is None:
        raise BlazeRigError("this scene has no take; track footage, or import a take")
    return now


def _found(now: Shown, part: str) -> Spans:
    return now.solved.found.get(part, ()) if now.solved else ()


def _spans(now: Shown, kind: str, part: str, index: int) -> Spans:
    """The stretches of a part, of which there is one of that number."""
    spans = spans_of(now.edits, kind, part, _found(now, part) if kind == "contacts" else ())
    if index >= len(spans):
        raise BlazeRigError(
            f"there is no stretch {index} of {part} ({kind}); there are {len(spans)}, counted from 0"
        )
    return spans


def _span(now: Shown, start: float, end: float) -> Span:
    """Frames of the scene as seconds within the take.

    Raises:
        BlazeRigError: They lie beside it.
    """
    first, last = now.limits
    low, high = sorted((now.clock.seconds(start), now.clock.seconds(end)))
    if high < first or low > last:
        ends = " to ".join(f"{now.clock.frames(second):.0f}" for second in now.limits)
        raise BlazeRigError(f"frames {start:g} to {end:g} lie beside the take, which has frames {ends}")
    low, high = max(low, first), min(high, last)
    return low, max(high, min(low + SHORTEST, last))


CLASSES = (
    AddContact,
    DeleteContact,
    MoveContact,
    RestoreContacts,
    SmoothHere,
    IgnoreHere,
    DeleteEdit,
    MoveEdit,
)
