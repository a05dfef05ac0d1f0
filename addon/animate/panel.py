"""The panel "Animate": how the take is put on the character."""

from __future__ import annotations

import bpy

from ..character.active import active_armature
from ..sidebar import Step


class AnimatePanel(Step, bpy.types.Panel):
    """The fourth step."""

    bl_idname = "BLAZERIG_PT_animate"
    bl_label = "Animate"
    bl_order = 4

    def draw(self, context: bpy.types.Context) -> None:
        """Choices and button."""
        settings, layout = context.scene.blazerig.animate, self.layout
        layout.use_property_split, layout.use_property_decorate = True, False
        layout.prop(settings, "preview", toggle=True, icon="HIDE_OFF" if settings.preview else "HIDE_ON")
        layout.row().prop(settings, "controls", expand=True)
        column = layout.column(align=True)
        column.prop(settings, "placement")
        if settings.placement == "RANGE":
            column.prop(settings, "range_start")
            column.prop(settings, "range_end")
            column.prop(settings, "blend")
        column.prop(settings, "start_frame")
        row = layout.row()
        row.scale_y = 1.5
        row.enabled = bool(context.scene.blazerig.takes) and active_armature(context) is not None
        row.operator("blazerig.animate", icon="ARMATURE_DATA")


class _Part(Step):
    """A part of the settings, folded in at first."""

    bl_parent_id = "BLAZERIG_PT_animate"
    bl_options = {"DEFAULT_CLOSED"}  # noqa: RUF012 (Blender wants a set)
    names: tuple[str, ...] = ()

    def draw(self, context: bpy.types.Context) -> None:
        """A line for each setting."""
        settings, layout = context.scene.blazerig.animate, self.layout
        layout.use_property_split, layout.use_property_decorate = True, False
        for name in self.names:
            layout.prop(settings, name)


class Motion(_Part, bpy.types.Panel):
    """Where the character goes."""

    bl_idname = "BLAZERIG_PT_motion"
    bl_label = "Motion"
    names = ("travel", "size", "floor", "lock_feet", "smoothing", "hands", "mirror")


class Performer(_Part, bpy.types.Panel):
    """What is known of performer and camera."""

    bl_idname = "BLAZERIG_PT_performer"
    bl_label = "Performer and Camera"
    names = ("height", "diagonal_view")


class KeysPanel(_Part, bpy.types.Panel):
    """How the keys stand."""

    bl_idname = "BLAZERIG_PT_keys"
    bl_label = "Keys"
    names = ("on_frames", "reduce", "reduce_error")


CLASSES = (AnimatePanel, Motion, Performer, KeysPanel)
