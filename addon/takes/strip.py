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
SHRUNK, ACROSS = 0.8, 0.93
"""Scales of a button's height and width at which icons touch: an icon has 0.8 of a button's height."""
NAMES, MARGINS = 4.2, 3.0
"""Widths of the parts' names and of what the sidebar keeps free, in buttons."""

_icons: bpy.utils.previews.ImagePreviewCollection | None = None
KEPT = 2048
"""Icons that are kept before all are made anew."""


def draw_strip(context: bpy.types.Context, layout: bpy.types.UILayout, packed: bytes) -> None:
    """The quality of a take over the sidebar's width, a line for each part."""
    unit = UNIT * context.preferences.system.ui_scale
    across = max(4, int((context.region.width / unit - NAMES - MARGINS) / SHRUNK))
    whole = layout.row(align=True)
    whole.alignment = "LEFT"
    names, lines = whole.column(align=True), whole.column(align=True)
    names.scale_y = lines.scale_y = SHRUNK
    names.ui_units_x = NAMES
    for part, line in zip(PARTS, icons(packed, across), strict=False):
        names.label(text=part)
        row = lines.row(align=True)
        row.alignment, row.scale_x = "LEFT", ACROSS
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
