"""The panel "Live": what is followed, who follows, and how it goes."""

from __future__ import annotations

import bpy

from ...errors import BlazeRigError
from ..sidebar import Step, wrapped
from . import cameras, session, words
from .asked import arguments_of, source_of


class LivePanel(Step, bpy.types.Panel):
    """Beside the steps: the camera instead of footage."""

    bl_idname = "BLAZERIG_PT_live"
    bl_label = "Live"
    bl_order = 5
    bl_options = {"DEFAULT_CLOSED"}  # noqa: RUF012 (Blender wants a set)

    def draw(self, context: bpy.types.Context) -> None:
        """Source, choices, button, how it goes."""
        live, layout = context.scene.blazerig.live, self.layout
        layout.row().prop(live, "kind", expand=True)
        _draw_source(layout, live)
        grid = layout.grid_flow(row_major=True, columns=2, even_columns=True, align=True)
        for name in ("mirror", "picture", "hands", "face", "predict"):
            grid.prop(live, name, toggle=True)
        layout.prop(live, "performer")
        _draw_buttons(layout)
        now = session.current()
        if now is not None:
            _draw_session(context, layout, now)


def _draw_source(layout: bpy.types.UILayout, live: bpy.types.PropertyGroup) -> None:
    if live.kind == "NETWORK":
        layout.prop(live, "url", text="", placeholder="rtsp://...")
        return
    if live.kind == "FILE":
        row = layout.row(align=True)
        row.prop(live, "filepath", text="", placeholder="Video")
        row.prop(live, "loop", text="", icon="FILE_REFRESH")
        return
    row = layout.row(align=True)
    row.prop(live, "camera", text="", icon="VIEW_CAMERA", placeholder="First Camera")
    row.operator("blazerig.live_cameras", text="", icon="FILE_REFRESH")
    if cameras.looking():
        layout.label(text="Looking for cameras...")
    row = layout.row(align=True)
    row.prop(live, "picture_size", text="")
    row.prop(live, "rate")


def _draw_buttons(layout: bpy.types.UILayout) -> None:
    row = layout.row(align=True)
    row.scale_y = 1.5
    if session.current() is None:
        row.operator("blazerig.live_start", icon="PLAY")
        return
    row.operator("blazerig.live_stop", icon="SNAP_FACE")
    row.operator("blazerig.live_start", text="Restart", icon="FILE_REFRESH")


def _draw_session(context: bpy.types.Context, layout: bpy.types.UILayout, now: session.Session) -> None:
    column = layout.column(align=True)
    wrapped(context, column, words.source(now), "OUTLINER_DATA_CAMERA")
    if now.seen is not None:
        wrapped(context, column, words.pace(now), "BLANK1")
        if not now.resting:
            wrapped(context, column, words.spread(now), "BLANK1")
    if trouble := words.trouble(now):
        wrapped(context, layout, trouble, "ERROR")
    if session.running() and _changed(context.scene.blazerig.live, now):
        wrapped(context, layout, "Restart, for what was changed to show", "INFO")
    layout.operator("blazerig.live_calibrate", text=words.task(now) or "Calibrate", icon="ARMATURE_DATA")


def _changed(live: bpy.types.PropertyGroup, now: session.Session) -> bool:
    """Whether the worker would be asked for something else by now."""
    try:
        return now.asked != (now.given or source_of(live), *arguments_of(live))
    except BlazeRigError:
        return False


def draw_now(context: bpy.types.Context, layout: bpy.types.UILayout) -> None:
    """Above all steps: that it runs, and how to stop it."""
    now = session.current()
    if now is None:
        return
    wrapped(context, layout, now.error or words.source(now), "ERROR" if now.error else "PLAY")
    layout.operator("blazerig.live_stop", text="Stop Live", icon="SNAP_FACE")


class CharacterList(bpy.types.UIList):
    """One line a character."""

    bl_idname = "BLAZERIG_UL_live"

    def draw_item(
        self,
        _context: bpy.types.Context,
        layout: bpy.types.UILayout,
        _data: object,
        item: bpy.types.PropertyGroup,
        _icon: int,
        _active_data: object,
        _active_name: str,
    ) -> None:
        """Draw a line."""
        row = layout.row(align=True)
        row.prop(item, "enabled", text="")
        now = session.current()
        failed = item.armature is None or bool(now and now.drives.failure(item))
        name = item.armature.name if item.armature else "(gone)"
        row.label(text=name, icon="ERROR" if failed else "ARMATURE_DATA")
        row.prop(item, "flip", text="", icon="MOD_MIRROR")


class LiveCharacters(Step, bpy.types.Panel):
    """Who follows, and how."""

    bl_idname = "BLAZERIG_PT_live_characters"
    bl_parent_id = "BLAZERIG_PT_live"
    bl_label = "Characters"

    def draw(self, context: bpy.types.Context) -> None:
        """The list, and settings of the active one."""
        live, layout = context.scene.blazerig.live, self.layout
        row = layout.row()
        row.template_list("BLAZERIG_UL_live", "", live, "characters", live, "active", rows=2)
        side = row.column(align=True)
        side.operator("blazerig.live_add_character", text="", icon="ADD")
        side.operator("blazerig.live_remove_character", text="", icon="REMOVE")
        if not 0 <= live.active < len(live.characters):
            wrapped(context, layout, "The selected armature follows", "INFO")
            return
        character = live.characters[live.active]
        layout.use_property_split, layout.use_property_decorate = True, False
        layout.prop(character, "armature")
        layout.row().prop(character, "controls", expand=True)
        layout.prop(character, "travel")
        layout.prop(character, "size")
        row = layout.row()
        row.active = live.face
        row.prop(character, "face")
        now = session.current()
        if failure := now.drives.failure(character) if now else "":
            wrapped(context, layout, failure, "ERROR")
        elif hint := now.drives.hint(character) if now and now.seen and now.seen.face else "":
            wrapped(context, layout, hint, "INFO")


class LivePrograms(Step, bpy.types.Panel):
    """Who else gets the pose."""

    bl_idname = "BLAZERIG_PT_live_programs"
    bl_parent_id = "BLAZERIG_PT_live"
    bl_label = "Other Programs"
    bl_options = {"DEFAULT_CLOSED"}  # noqa: RUF012 (Blender wants a set)

    def draw_header(self, context: bpy.types.Context) -> None:
        """Whether anything is sent."""
        self.layout.prop(context.scene.blazerig.live, "vmc", text="")

    def draw(self, context: bpy.types.Context) -> None:
        """Where to."""
        live, layout = context.scene.blazerig.live, self.layout
        layout.use_property_split, layout.use_property_decorate = True, False
        layout.active = live.vmc
        layout.prop(live, "vmc_host")
        layout.prop(live, "vmc_port")
        row = layout.row()
        row.active = live.face
        row.prop(live, "vmc_face", expand=True)


CLASSES = (CharacterList, LivePanel, LiveCharacters, LivePrograms)
