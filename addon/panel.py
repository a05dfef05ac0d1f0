"""The panel in the 3D view's sidebar."""

from __future__ import annotations

import textwrap

import bpy

from ..errors import BlazeRigError
from ..solver.humanoid import SLOTS
from .capture import active_armature
from .character.armature import check_usable, recognise
from .operators import Animate

CHARACTER = 6.5
"""Width of a letter in the interface's font, pixels at scale 1; a mean."""


class Capture(bpy.types.Panel):
    """Footage, character, button."""

    bl_idname = "BLAZERIG_PT_capture"
    bl_label = "Motion Capture"
    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"
    bl_category = "BlazeRig"

    def draw(self, context: bpy.types.Context) -> None:
        """Draw; called at every redraw, so nothing here may take long."""
        settings, status, running = context.scene.blazerig, Animate.status, Animate.steps is not None
        choices = self.layout.column()
        choices.enabled = not running
        choices.label(text="Footage")
        choices.prop(settings, "filepath", text="", placeholder="Video")
        choices.label(text="Character")
        ready = _draw_character(context, choices) and bool(settings.filepath)
        choices.prop(settings, "start_frame")
        if running:
            self.layout.progress(factor=status.factor, text=status.message)
            self.layout.operator("blazerig.cancel", icon="CANCEL")
            return
        row = self.layout.row()
        row.scale_y = 1.5
        row.enabled = ready
        button = row.operator("blazerig.animate", icon="ARMATURE_DATA")
        button.filepath, button.start_frame = settings.filepath, settings.start_frame
        if status.kept:
            again = self.layout.operator("blazerig.animate", text="Animate What Was Kept")
            again.filepath, again.start_frame = str(status.kept), settings.start_frame
        if status.message:
            _draw_text(context, self.layout, status.message, "ERROR" if status.failed else "INFO")


def _draw_character(context: bpy.types.Context, layout: bpy.types.UILayout) -> bool:
    """Which armature will be animated, as what; whether it can be."""
    armature = active_armature(context)
    if armature is None:
        _draw_text(context, layout, "Select the character's armature", "INFO")
        return False
    box = layout.box().column()
    box.label(text=armature.name, icon="OUTLINER_OB_ARMATURE")
    try:
        check_usable(armature)
        box.label(text=_recognised(armature), icon="CHECKMARK")
    except BlazeRigError as error:
        _draw_text(context, box, str(error), "ERROR")
        return False
    return True


_known: tuple[tuple[str, ...], str | BlazeRigError] = ((), "")


def _recognised(armature: bpy.types.Object) -> str:
    """The armature's family; found out only where its bone names differ from those asked for last.

    Raises:
        BlazeRigError: It is of none.
    """
    global _known
    names = (armature.name, *armature.data.bones.keys())
    if _known[0] != names:
        try:
            match = recognise(armature)
            _known = names, f"{match.file.family}, {len(match.played)} of {len(SLOTS)} bones"
        except BlazeRigError as error:
            _known = names, error
    if isinstance(_known[1], BlazeRigError):
        raise _known[1]
    return _known[1]


def _draw_text(context: bpy.types.Context, layout: bpy.types.UILayout, text: str, icon: str) -> None:
    """Text broken into lines that fit the sidebar."""
    width = context.region.width / (CHARACTER * context.preferences.system.ui_scale) - 8
    column = layout.column(align=True)
    for i, line in enumerate(textwrap.wrap(text[:1].upper() + text[1:], max(int(width), 16))):
        column.label(text=line, icon="BLANK1" if i else icon)


CLASSES = (Capture,)
