"""How fast a scene plays."""

from __future__ import annotations

import bpy


def rate_of(scene: bpy.types.Scene) -> float:
    """Frames per second."""
    return scene.render.fps / scene.render.fps_base
