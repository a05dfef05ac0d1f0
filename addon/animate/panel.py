"""The panel "Animate": how the take is put on the character."""

from __future__ import annotations

import bpy

from ..character.active import active_armature
from ..face.panel import recognised
from ..frame_rate import rate_of
from ..sidebar import Step, wrapped


class AnimatePanel(Step, bpy.types.Panel):
    """The fourth step."""

    bl_idname = "BLAZERIG_PT_animate"
    bl_label = "Animate"
    bl_order = 4

    def draw(self, context: bpy.types.Context) -> None:
        """Choices and button."""
        settings, layout = context.scene.blazerig.animate, self.layout
        layout.prop(settings, "preview", toggle=True, icon="HIDE_OFF" if settings.preview else "HIDE_ON")
        layout.use_property_split, layout.use_property_decorate = True, False
        layout.row().prop(settings, "controls", expand=True)
        column = layout.column(align=True)
        column.prop(settings, "placement")
        if settings.placement == "RANGE":
            column.prop(settings, "range_start")
            column.prop(settings, "range_end")
            column.prop(settings, "blend")
        column.prop(settings, "start_frame")
        _draw_rates(context, layout)
        row = layout.row()
        row.scale_y = 1.5
        row.enabled = bool(context.scene.blazerig.takes) and active_armature(context) is not None
        row.operator("blazerig.animate", icon="ARMATURE_DATA")


def _draw_rates(context: bpy.types.Context, layout: bpy.types.UILayout) -> None:
    """Where footage and scene have another frame rate: what of it, and a button that makes them one."""
    scene = context.scene
    settings, rate = scene.blazerig, rate_of(scene)
    if not 0 <= settings.take_index < len(settings.takes):
        return
    footage = settings.takes[settings.take_index].fps
    if footage and abs(footage - rate) > 0.01:
        row = layout.row(align=True)
        row.label(text=f"Scene {rate:.4g}, footage {footage:.4g} frames/s", icon="TIME")
        row.operator("blazerig.match_rate")


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
    names = ("travel", "size", "floor", "lock_feet", "smoothing", "cutoff", "hands", "mirror")

    def draw(self, context: bpy.types.Context) -> None:
        """The same, and the face: grey with the reason where there is none."""
        super().draw(context)
        missing = _no_face(context)
        row = self.layout.row()
        row.enabled = not missing
        row.prop(context.scene.blazerig.animate, "face")
        if missing:
            wrapped(context, self.layout, missing, "INFO")


def _no_face(context: bpy.types.Context) -> str:
    """Why no face can be keyed; empty where one can."""
    settings, armature = context.scene.blazerig, active_armature(context)
    take = settings.takes[settings.take_index] if 0 <= settings.take_index < len(settings.takes) else None
    if take is not None and not take.face:
        return "The take has no face: switch Face on where the footage is chosen, and track it"
    if armature is not None:
        match = recognised(armature)
        if not match.follows:
            return "The character has no shape keys or bones for a face"
    return ""


class Performer(_Part, bpy.types.Panel):
    """What is known of performer and camera."""

    bl_idname = "BLAZERIG_PT_performer"
    bl_label = "Performer and Camera"
    names = ("height", "diagonal_view")


class KeysPanel(_Part, bpy.types.Panel):
    """How the keys stand."""

    bl_idname = "BLAZERIG_PT_keys"
    bl_label = "Keys"
    names = ("on_frames", "reduce")

    def draw(self, context: bpy.types.Context) -> None:
        """The same, and how far fewer keys may be off."""
        super().draw(context)
        settings = context.scene.blazerig.animate
        if settings.reduce:
            self.layout.prop(settings, "reduce_error")
            self.layout.prop(settings, "reduce_distance")


CLASSES = (AnimatePanel, Motion, Performer, KeysPanel)
