"""The panel "Live": what is followed, who follows, and how it goes."""

from __future__ import annotations

import bpy

from ..sidebar import Step, wrapped
from . import cameras, session


class LivePanel(Step, bpy.types.Panel):
    """Beside the steps: the camera instead of footage."""

    bl_idname = "BLAZERIG_PT_live"
    bl_label = "Live"
    bl_order = 5
    bl_options = {"DEFAULT_CLOSED"}  # noqa: RUF012 (Blender wants a set)

    def draw(self, context: bpy.types.Context) -> None:
        """Source, button, how it goes."""
        live, layout = context.scene.blazerig.live, self.layout
        layout.row().prop(live, "kind", expand=True)
        if live.kind == "CAMERA":
            row = layout.row(align=True)
            row.prop(live, "camera", text="", icon="VIEW_CAMERA")
            row.operator("blazerig.live_cameras", text="", icon="FILE_REFRESH")
            if cameras.looking():
                layout.label(text="Looking for cameras...")
        elif live.kind == "NETWORK":
            layout.prop(live, "url", text="", placeholder="rtsp://...")
        else:
            layout.prop(live, "filepath", text="")
            layout.prop(live, "loop")
        row = layout.row()
        row.scale_y = 1.5
        if session.running():
            row.operator("blazerig.live_stop", icon="PAUSE")
        else:
            row.operator("blazerig.live_start", icon="PLAY")
        layout.prop(live, "mirror")
        now = session.current()
        if now is not None and now.error:
            wrapped(context, layout, now.error, "ERROR")


CLASSES = (LivePanel,)
