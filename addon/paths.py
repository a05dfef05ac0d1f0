"""Properties that hold paths."""

from __future__ import annotations

import bpy

RELATIVE = {"PATH_SUPPORTS_BLEND_RELATIVE"} if bpy.app.version >= (4, 5, 0) else set()
"""Options of a path that may begin with `//`, the folder of the .blend; Blender asks for it since 4.5."""
