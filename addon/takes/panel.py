"""The panel "Takes": the list of what was tracked, and how well each was seen."""

from __future__ import annotations

import bpy

from ..sidebar import Step, wrapped
from . import overlay
from .files import absolute, missing
from .strip import draw_strip


class TakeList(bpy.types.UIList):
    """One line a take: its name, its length, where it lies."""

    bl_idname = "BLAZERIG_UL_takes"

    def draw_item(
        self,
        _context: bpy.types.Context,
        layout: bpy.types.UILayout,
        _data: object,
        item: bpy.types.PropertyGroup,
        _icon: int,
        _active_data: object,
        _active_name: str,
        index: int = 0,
    ) -> None:
        """Draw a line."""
        gone = missing(item)
        row = layout.row(align=True)
        row.alert = gone
        row.prop(item, "name", text="", emboss=False, icon="ERROR" if gone else "ANIM_DATA")
        if gone:
            row.operator("blazerig.take_find", text="Find...").index = index
            return
        side = row.row()
        side.alignment = "RIGHT"
        side.label(text=f"{item.seconds:.1f} s", icon="PACKAGE" if item.packed else "NONE")


class TakesPanel(Step, bpy.types.Panel):
    """The second step."""

    bl_idname = "BLAZERIG_PT_takes"
    bl_label = "Takes"
    bl_order = 2

    def draw(self, context: bpy.types.Context) -> None:
        """List, strip, facts."""
        settings, layout = context.scene.blazerig, self.layout
        row = layout.row()
        row.template_list("BLAZERIG_UL_takes", "", settings, "takes", settings, "take_index", rows=3)
        side = row.column(align=True)
        side.operator("blazerig.take_import", text="", icon="IMPORT")
        side.operator("blazerig.take_export", text="", icon="EXPORT")
        side.separator()
        side.operator("blazerig.take_delete", text="", icon="TRASH")
        if not 0 <= settings.take_index < len(settings.takes):
            wrapped(context, layout, "Track footage, or import a take", "INFO")
            return
        item = settings.takes[settings.take_index]
        _draw_quality(context, layout, item)
        if missing(item):
            wrapped(context, layout, f"The file is gone: {absolute(item.filepath)}", "ERROR")
            return
        row = layout.row(align=True)
        row.operator("blazerig.solve", text="Solve Again", icon="FILE_REFRESH")
        if item.packed:
            row.operator("blazerig.take_unpack", text="Unpack", icon="PACKAGE")
        else:
            row.operator("blazerig.take_pack", text="Pack", icon="UGLYPACKAGE")
        layout.prop(item, "footage", text="")
        layout.operator(
            "blazerig.show_footage",
            icon="HIDE_OFF" if overlay.shown() else "HIDE_ON",
            depress=overlay.shown(),
        )


def _draw_quality(
    context: bpy.types.Context, layout: bpy.types.UILayout, item: bpy.types.PropertyGroup
) -> None:
    box = layout.column(align=True)
    box.label(text=f"{item.frames} frames, {item.fps:.4g} frames/s; blue is sure")
    draw_strip(context, box, item.quality)


CLASSES = (TakeList, TakesPanel)
