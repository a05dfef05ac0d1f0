"""What the panels in the 3D view's sidebar share."""

from __future__ import annotations

import textwrap

import bpy

CHARACTER = 6.5
"""Width of a letter in the interface's font, pixels at scale 1; a mean."""


class Step:
    """A panel of BlazeRig's tab; the order of the panels is the order of the work."""

    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"
    bl_category = "BlazeRig"


def wrapped(context: bpy.types.Context, layout: bpy.types.UILayout, text: str, icon: str) -> None:
    """Text broken into lines that fit the sidebar, an icon before the first."""
    width = context.region.width / (CHARACTER * context.preferences.system.ui_scale) - 8
    column = layout.column(align=True)
    for i, line in enumerate(textwrap.wrap(text[:1].upper() + text[1:], max(int(width), 16))):
        column.label(text=line, icon="BLANK1" if i else icon)
