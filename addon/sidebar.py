"""What the panels in the 3D view's sidebar share."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

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


def draw_presets(layout: bpy.types.UILayout, kind: str, names: Iterable[str]) -> None:
    """The menu of the presets of a `kind` of map, 'bone' or 'face': save, load, delete."""
    layout.operator_context = "INVOKE_DEFAULT"
    layout.operator(f"blazerig.save_{kind}_preset", text="Save as Preset...", icon="ADD")
    for name in names:
        layout.separator()
        layout.operator(f"blazerig.load_{kind}_preset", text=name, icon="PRESET").name = name
        layout.operator(f"blazerig.delete_{kind}_preset", text=f"Delete {name}", icon="TRASH").name = name
