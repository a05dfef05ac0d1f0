"""The panel "Refine": what the user knows better than the nets."""

from __future__ import annotations

import bpy

from ..sidebar import Step, wrapped
from .draw_bones import confidence_shown
from .draw_strips import strips_shown
from .edit_contacts import EditContacts
from .shown import Shown, shown
from .strips import Row, rows_of


class RefinePanel(Step, bpy.types.Panel):
    """The fifth step."""

    bl_idname = "BLAZERIG_PT_refine"
    bl_label = "Refine"
    bl_order = 6

    def draw(self, context: bpy.types.Context) -> None:
        """Where to look, then what to do."""
        layout, now = self.layout, shown(context.scene)
        if now is None:
            wrapped(context, layout, "Track footage, or import a take", "INFO")
            return
        if now.solved is None:
            wrapped(
                context, layout, "The take is not solved yet: its contacts and confidence show then", "INFO"
            )
            layout.operator("blazerig.solve", icon="FILE_REFRESH")
        row = layout.row(align=True)
        row.operator("blazerig.worst_frame", text="Worst Frame", icon="ERROR")
        row.operator(
            "blazerig.show_confidence", text="Confidence", icon="BONE_DATA", depress=confidence_shown()
        )
        _draw_contacts(context, layout, now)
        _draw_range(context, layout)
        _draw_edits(layout, now)


def _draw_contacts(context: bpy.types.Context, layout: bpy.types.UILayout, now: Shown) -> None:
    row = layout.row(align=True)
    running = EditContacts.running
    text = "Editing: Enter or Esc to End" if running else "Edit Contacts"
    row.operator("blazerig.edit_contacts", text=text, icon="GREASEPENCIL", depress=running)
    icon = "HIDE_OFF" if strips_shown() else "HIDE_ON"
    row.operator("blazerig.show_contacts", text="", icon=icon, depress=strips_shown())
    if running:
        wrapped(context, layout, "Drag bars in the Timeline or Dope Sheet; make it high enough", "INFO")
    column = layout.column(align=True)
    for part in now.edits.contacts:
        row = column.row(align=True)
        row.label(text=f"{part.replace('_', ' ').title()}: as you say")
        row.operator("blazerig.contacts_restore", text="", icon="LOOP_BACK", emboss=False).part = part


def _draw_range(context: bpy.types.Context, layout: bpy.types.UILayout) -> None:
    """What can be said of a limb over the preview range."""
    scene = context.scene
    column = layout.column(align=True)
    row = column.row(align=True)
    row.prop(scene, "use_preview_range", text="", icon="PREVIEW_RANGE")
    side = row.row(align=True)
    side.enabled = scene.use_preview_range
    side.prop(scene, "frame_preview_start", text="From")
    side.prop(scene, "frame_preview_end", text="To")
    row = column.row(align=True)
    row.operator_context = "EXEC_DEFAULT"
    row.enabled = scene.use_preview_range
    row.operator_menu_enum("blazerig.smooth_here", "part", text="Smooth Here", icon="MOD_SMOOTH")
    row.operator_menu_enum("blazerig.ignore_here", "part", text="Ignore Nets", icon="HIDE_ON")


def _draw_edits(layout: bpy.types.UILayout, now: Shown) -> None:
    """What was said, each with a button that takes it back."""
    rows: list[Row] = [row for row in rows_of(now.edits, {}, now.clock) if row.kind != "contacts"]
    if not rows:
        return
    column = layout.box().column(align=True)
    for row in rows:
        for bar in row.bars:
            line = column.row(align=True)
            line.label(text=f"{row.label}: {bar.start:.0f} to {bar.end:.0f}")
            button = line.operator("blazerig.edit_delete", text="", icon="X", emboss=False)
            button.kind, button.part, button.index = bar.kind, bar.part, bar.index


CLASSES = (RefinePanel,)
