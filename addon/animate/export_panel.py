"""The panel "Export": the character as it moves, for other programs."""

from __future__ import annotations

import bpy

from ..character.active import active_armature
from ..sidebar import Step, wrapped
from .export_operator import SUGGESTED


def draw_export(context: bpy.types.Context, layout: bpy.types.UILayout) -> None:
    """A button for each kind of file, or what is needed first."""
    armature = active_armature(context)
    data = armature.animation_data if armature else None
    if not data or not (data.action or data.nla_tracks):
        wrapped(context, layout, "Animate the character first, or select one that has keys", "INFO")
        return
    row = layout.row(align=True)
    for kind, name, _ in SUGGESTED:
        row.operator("blazerig.export", text=name).kind = kind


class ExportPanel(Step, bpy.types.Panel):
    """The last step."""

    bl_idname = "BLAZERIG_PT_export"
    bl_label = "Export"
    bl_order = 7
    bl_options = {"DEFAULT_CLOSED"}  # noqa: RUF012 (Blender wants a set)

    def draw(self, context: bpy.types.Context) -> None:
        """The buttons."""
        draw_export(context, self.layout)


CLASSES = (ExportPanel,)
