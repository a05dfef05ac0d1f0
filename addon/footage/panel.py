"""The panel "Footage": what is to be tracked, and how the tracking goes."""

from __future__ import annotations

import bpy

from .. import job
from ..sidebar import Step, wrapped
from . import thumbnail

CHOICES = ("filepath", "start", "end", "performer", "number", "hands", "face")
"""Of the settings, which the operator takes by the same names."""


class Footage(Step, bpy.types.Panel):
    """The first step."""

    bl_idname = "BLAZERIG_PT_footage"
    bl_label = "Footage"
    bl_order = 1

    def draw(self, context: bpy.types.Context) -> None:
        """File, picture, part, performer, button."""
        settings, layout = context.scene.blazerig.footage, self.layout
        choices = layout.column()
        choices.enabled = not job.running()
        choices.prop(settings, "filepath", text="", placeholder="Video")
        shown = thumbnail.of(bpy.path.abspath(settings.filepath))
        if shown:
            choices.template_icon(shown.icon, scale=5.0)
            choices.label(text=shown.words)
        row = choices.row(align=True)
        row.prop(settings, "start")
        row.prop(settings, "end")
        choices.prop(settings, "performer")
        if settings.performer == "NUMBER":
            choices.prop(settings, "number")
        row = choices.row(align=True)
        row.prop(settings, "hands", toggle=True)
        row.prop(settings, "face", toggle=True)
        row = layout.row()
        row.scale_y = 1.5
        row.enabled = bool(settings.filepath)
        button = row.operator("blazerig.track", icon="PLAY")
        for name in CHOICES:
            setattr(button, name, getattr(settings, name))


class Now(Step, bpy.types.Panel):
    """What runs, or what came of the last job: above all steps."""

    bl_idname = "BLAZERIG_PT_now"
    bl_label = "BlazeRig"
    bl_order = 0
    bl_options = {"HIDE_HEADER"}  # noqa: RUF012 (Blender wants a set)

    @classmethod
    def poll(cls, _context: bpy.types.Context) -> bool:
        """Only where there is something to say."""
        return bool(job.status().message)

    def draw(self, context: bpy.types.Context) -> None:
        """Bar and button, or a message."""
        status = job.status()
        if job.running():
            self.layout.progress(factor=status.factor, text=status.message)
            if status.pace:
                self.layout.label(text=status.pace)
            self.layout.operator("blazerig.cancel", icon="CANCEL")
        else:
            wrapped(context, self.layout, status.message, "ERROR" if status.failed else "INFO")


CLASSES = (Now, Footage)
