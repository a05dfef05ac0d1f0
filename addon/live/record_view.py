"""Over the 3D view: the count-in, large, and what is being recorded."""

from __future__ import annotations

import time

import bpy

from ..takes import canvas
from . import record_session, record_words

COUNT, TEXT, DOT, MARGIN = 160.0, 18.0, 14.0, 60.0
"""Pixels at scale 1: of the count-in's digits, of letters, of the mark of a recording, to the upper edge."""
LIGHT, RED = (0.95, 0.95, 0.95, 1.0), (0.9, 0.12, 0.1, 1.0)


def _draw() -> None:
    """What a 3D view calls."""
    running = record_session.current()
    if running is None or bpy.context.scene.session_uid != running.scene:
        return
    now, region = time.perf_counter(), bpy.context.region
    scale = bpy.context.preferences.system.ui_scale
    if digits := record_words.count(running, now):
        size = COUNT * scale
        across = canvas.width(digits, size)
        canvas.words(digits, 0.5 * (region.width - across), 0.5 * region.height - 0.35 * size, size, LIGHT)
        return
    text, size = record_words.state(running, now), TEXT * scale
    left = 0.5 * (region.width - canvas.width(text, size))
    low = region.height - MARGIN * scale - size
    if not running.course.over(now):
        dot = DOT * scale
        canvas.box((left - 1.6 * dot, low), (left - 0.6 * dot, low + dot), RED)
    canvas.words(text, left, low, size, LIGHT)


CLASSES = ()
_handles: list[object] = []


def register() -> None:
    """Draw over 3D views."""
    _handles.append(bpy.types.SpaceView3D.draw_handler_add(_draw, (), "WINDOW", "POST_PIXEL"))


def unregister() -> None:
    """Draw no more."""
    while _handles:
        bpy.types.SpaceView3D.draw_handler_remove(_handles.pop(), "WINDOW")
