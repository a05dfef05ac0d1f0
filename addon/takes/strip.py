"""The strip of a take's quality as icons side by side, which a panel can show at any width.

Blender has no picture that is wide and short for panels; icons without a gap between them are one.
"""

from __future__ import annotations

import bpy
import bpy.utils.previews
import numpy as np

from .quality import PARTS, strip

TILE = 32
"""Pixels of an icon's side."""
UNIT = 20.0
"""Pixels of a button's height at scale 1."""
SHRUNK, STRETCHED = 0.8, 16 / 15
"""Scales at which icons touch: buttons are a quarter higher than their icon, and narrower by a sixteenth."""

NAMES, MARGINS = 5, 3.4
"""Widths of the parts' names and of what the sidebar keeps free, in icons."""

_icons: bpy.utils.previews.ImagePreviewCollection | None = None
KEPT = 2048
"""Icons that are kept before all are made anew."""


def draw_strip(context: bpy.types.Context, layout: bpy.types.UILayout, packed: bytes) -> None:
    """The quality of a take over the sidebar's width, a line for each part."""
    tile = UNIT * SHRUNK * context.preferences.system.ui_scale
    across = max(4, int(context.region.width / tile - NAMES - MARGINS))
    column = layout.column(align=True)
    column.scale_y = SHRUNK
    for part, line in zip(PARTS, icons(packed, across), strict=False):
        row = column.row(align=True)
        row.alignment = "LEFT"
        name = row.row()
        name.ui_units_x = NAMES * SHRUNK / STRETCHED
        name.label(text=part)
        row.scale_x = STRETCHED
        for icon in line:
            row.label(text="", icon_value=icon)


def icons(packed: bytes, across: int) -> list[list[int]]:
    """Numbers of the icons of a quality, `across` for each of `PARTS`; made once."""
    if _icons is None:
        return []
    name, high = f"{hash(packed)} {across}", len(PARTS)
    if f"{name} 0 0" not in _icons:
        if len(_icons) > KEPT:
            _icons.clear()
        picture = strip(packed, across * TILE, high * TILE)
        for y in range(high):
            for x in range(across):
                low = (high - 1 - y) * TILE
                _fill(f"{name} {y} {x}", picture[low : low + TILE, x * TILE : (x + 1) * TILE])
    return [[_icons[f"{name} {y} {x}"].icon_id for x in range(across)] for y in range(high)]


def _fill(name: str, picture: np.ndarray) -> None:
    icon = _icons.new(name)
    icon.icon_size = icon.image_size = (TILE, TILE)
    icon.icon_pixels_float = icon.image_pixels_float = picture.ravel()


CLASSES = ()


def register() -> None:
    """Make room for the icons."""
    global _icons
    _icons = bpy.utils.previews.new()


def unregister() -> None:
    """Free them."""
    global _icons
    if _icons is not None:
        bpy.utils.previews.remove(_icons)
    _icons = None
