"""The panel "Footage": what is to be tracked, and how the tracking goes."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import bpy

from .. import job
from ..live import session
from ..live.panel import draw_now
from ..sidebar import Step, wrapped
from . import thumbnail
from .sequence import of_pictures, pattern_of

CHOICES = ("filepath", "start", "end", "performer", "number", "sequence", "fps", "hands", "face")
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
        _draw_pictures(choices, settings)
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


def _draw_pictures(layout: bpy.types.UILayout, settings: bpy.types.PropertyGroup) -> None:
    """What is asked of pictures: whether all that are numbered like this one, and their rate."""
    footage = Path(bpy.path.abspath(settings.filepath))
    folder = footage.parent
    alike = _alike(footage, folder.stat().st_mtime_ns) if folder.is_dir() else None
    if alike:
        layout.prop(settings, "sequence", text=f"All of {alike.name}")
    if (alike and settings.sequence) or of_pictures(footage):
        layout.prop(settings, "fps")


@lru_cache
def _alike(footage: Path, _changed: int) -> Path | None:
    """Looked up again only where the folder has changed: a panel is drawn often, and folders can be large."""
    return pattern_of(footage)


class Now(Step, bpy.types.Panel):
    """What runs, or what came of the last job: above all steps."""

    bl_idname = "BLAZERIG_PT_now"
    bl_label = "BlazeRig"
    bl_order = 0
    bl_options = {"HIDE_HEADER"}  # noqa: RUF012 (Blender wants a set)

    @classmethod
    def poll(cls, _context: bpy.types.Context) -> bool:
        """Only where there is something to say."""
        return bool(job.status().message) or session.current() is not None

    def draw(self, context: bpy.types.Context) -> None:
        """What runs live; bar and button, or a message."""
        draw_now(context, self.layout)
        status = job.status()
        if job.running():
            self.layout.progress(factor=status.factor, text=status.message)
            if status.pace:
                self.layout.label(text=status.pace)
            self.layout.operator("blazerig.cancel", icon="CANCEL")
        elif status.message:
            wrapped(context, self.layout, status.message, "ERROR" if status.failed else "INFO")


CLASSES = (Now, Footage)
