"""The panel "Face": what of a character shows a face, and how much of it."""

from __future__ import annotations

import bpy

from ..animate.result import named
from ..character.active import active_armature
from ..sidebar import Step, wrapped
from .character import face_of
from .match import FaceMatch
from .meshes import shape_keys, shape_names

_recognised: tuple[tuple[object, ...], FaceMatch | None] = ((), None)


class ExpressionList(bpy.types.UIList):
    """One line an expression: whether it follows, its name, its gain."""

    bl_idname = "BLAZERIG_UL_expressions"

    def draw_item(
        self,
        _context: bpy.types.Context,
        layout: bpy.types.UILayout,
        _data: object,
        item: bpy.types.PropertyGroup,
        _icon: int,
        _active_data: object,
        _active_name: str,
        _index: int = 0,
    ) -> None:
        """Draw a line."""
        row = layout.row(align=True)
        row.prop(item, "use", text="")
        split = row.split(factor=0.7, align=True)
        split.active = item.use
        split.label(text=item.name)
        split.prop(item, "gain", text="", emboss=False)


class FacePanel(Step, bpy.types.Panel):
    """Below the character's bones."""

    bl_idname = "BLAZERIG_PT_face"
    bl_label = "Face"
    bl_parent_id = "BLAZERIG_PT_character"
    bl_options = {"DEFAULT_CLOSED"}  # noqa: RUF012 (Blender wants a set)

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """There must be a character."""
        return active_armature(context) is not None

    def draw(self, context: bpy.types.Context) -> None:
        """What was recognised, and its list where the user has looked into it."""
        armature, layout = active_armature(context), self.layout
        match = recognised(armature)
        if not match.shapes and not match.bones:
            wrapped(context, layout, "No shape keys or bones for a face were found", "INFO")
            return
        wrapped(context, layout, match.why, "CHECKMARK")
        shown = f"{len(match.exact)} of them exactly, {len(match.shown) - len(match.exact)} nearly"
        wrapped(context, layout, shown, "BLANK1")
        if match.unshown:
            wrapped(context, layout, f"It cannot show {named(match.unshown)}", "INFO")
        if armature.blazerig_face.shapes:
            _draw_list(layout, armature.blazerig_face)
        elif match.shapes:
            layout.operator("blazerig.recognise_face", text="Edit Expressions", icon="GREASEPENCIL")


def _draw_list(layout: bpy.types.UILayout, kept: bpy.types.PropertyGroup) -> None:
    row = layout.row()
    row.template_list("BLAZERIG_UL_expressions", "", kept, "shapes", kept, "active", rows=6)
    side = row.column(align=True)
    side.operator("blazerig.recognise_face", text="", icon="VIEWZOOM")
    side.operator("blazerig.restore_face", text="", icon="LOOP_BACK")
    if 0 <= kept.active < len(kept.shapes):
        column = layout.column(align=True)
        column.use_property_split, column.use_property_decorate = True, False
        column.prop(kept.shapes[kept.active], "gain")
        column.prop(kept.shapes[kept.active], "cutoff")


def recognised(armature: bpy.types.Object) -> FaceMatch:
    """What shows a face; found out once for the names that there are."""
    global _recognised
    names = shape_names(shape_keys(armature))
    key = (armature.name, names, *armature.data.bones.keys())
    if _recognised[0] != key or _recognised[1] is None:
        _recognised = key, face_of(armature)
    return _recognised[1]


CLASSES = (ExpressionList, FacePanel)
