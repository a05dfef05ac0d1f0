"""The panel "Record" within "Live"."""

from __future__ import annotations

import time

import bpy

from ..sidebar import Step
from . import record_session, record_words, session


class LiveRecording(Step, bpy.types.Panel):
    """What is recorded, and how."""

    bl_idname = "BLAZERIG_PT_live_record"
    bl_parent_id = "BLAZERIG_PT_live"
    bl_label = "Record"

    def draw(self, context: bpy.types.Context) -> None:
        """Button, choices, the last take."""
        layout, running = self.layout, record_session.current()
        row = layout.row()
        row.scale_y = 1.5
        if running is None:
            row.operator("blazerig.live_record", icon="REC")
        else:
            row.alert = True
            row.operator("blazerig.live_record_stop", icon="SNAP_FACE")
            layout.label(text=record_words.state(running, time.perf_counter()), icon="REC")
        live = session.current()
        if running is None and live is not None and live.resting:
            layout.operator("blazerig.live_follow", icon="PLAY")
        choices = layout.column()
        choices.enabled = running is None
        _draw_choices(choices, context.scene.blazerig.record)
        _draw_take(layout, context.scene)


def _draw_choices(layout: bpy.types.UILayout, chosen: bpy.types.PropertyGroup) -> None:
    layout.row().prop(chosen, "mode", expand=True)
    layout.use_property_split, layout.use_property_decorate = True, False
    if chosen.mode == "FREE":
        layout.prop(chosen, "beginning")
        if chosen.beginning == "FRAME":
            layout.prop(chosen, "start_frame")
    else:
        column = layout.column(align=True)
        column.prop(chosen, "range_start")
        column.prop(chosen, "range_end")
        if chosen.mode == "RANGE":
            column.prop(chosen, "blend")
    layout.prop(chosen, "count_in")
    layout.prop(chosen, "play")
    layout.prop(chosen, "show_then")
    if chosen.mode != "LOOP":
        layout.prop(chosen, "sound")
    if chosen.mode != "LOOP" and chosen.sound:
        layout.prop(chosen, "microphone", placeholder="First Microphone")


def _draw_take(layout: bpy.types.UILayout, scene: bpy.types.Scene) -> None:
    """The active take, where it was recorded live."""
    settings = scene.blazerig
    if not 0 <= settings.take_index < len(settings.takes):
        return
    item = settings.takes[settings.take_index]
    if not item.recorded.timing:
        return
    layout.separator()
    about = item.recorded
    layout.label(text=f"{item.name}: frames {about.first} to {about.last}", icon="ACTION")
    layout.operator("blazerig.finish_offline", icon="SHADERFX")


CLASSES = (LiveRecording,)
