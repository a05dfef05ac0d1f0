"""The strips over Timeline and Dope Sheet: who stands when, what was said by hand, how sure the motion is."""

from __future__ import annotations

from dataclasses import dataclass, replace

import bpy
import numpy as np

from ..job import redraw
from ..takes import canvas
from ..takes.colours import colours
from ..takes.shapes import boxes, hatches, repeated
from .shown import Shown, shown
from .strips import Across, Bar, Row, laid, rows_of

OWN = (0.36, 0.67, 0.95, 0.95)
"""What the user said."""
FOUND = (0.75, 0.78, 0.82, 0.45)
"""What the solver found."""
HELD = (1.0, 1.0, 1.0, 1.0)
"""What the mouse is on."""
KIND = {"ignore": (0.93, 0.55, 0.14, 0.85), "smooth": (0.60, 0.80, 0.60, 0.85)}
BACK = (0.05, 0.05, 0.06, 0.55)
WORDS = (0.92, 0.92, 0.92, 0.9)
BOTTOM, TOP = 18.0, 28.0
"""Pixels that are left to the scroll bar below and to the ruler above, at scale 1."""
MARKERS = 24.0
"""More below, where there are markers."""
STRIP = 6.0
"""Pixels of the strip of confidence."""
HATCH = 7.0
"""Pixels between hatches."""


@dataclass(frozen=True)
class Mouse:
    """What editing has the strips show: the bar under the mouse, and where one is being dragged to."""

    over: Bar | None = None
    dragged: Bar | None = None


mouse = Mouse()
_shown = True


def strips_shown() -> bool:
    """Whether the strips are drawn."""
    return _shown


def point(at: Mouse) -> None:
    """Show what the mouse does."""
    global mouse
    if at != mouse:
        mouse = at
        redraw()


def across_of(region: bpy.types.Region) -> Across:
    """How a region lays frames on its pixels, exactly: its own answers are whole pixels."""
    view = region.view2d
    left, right = view.region_to_view(0, 0)[0], view.region_to_view(region.width, 0)[0]
    each = region.width / max(right - left, 1e-6)
    return Across(-left * each, each)


def rows_in(region: bpy.types.Region, now: Shown, scene: bpy.types.Scene) -> list[Row]:
    """The rows as they lie in a region."""
    scale = bpy.context.preferences.system.ui_scale
    bottom = (BOTTOM + STRIP + (MARKERS if scene.timeline_markers else 0.0)) * scale
    found = now.solved.found if now.solved else {}
    return laid(rows_of(now.edits, found, now.clock), bottom, region.height - TOP * scale, scale)


def _draw() -> None:
    """What a Dope Sheet calls; the Timeline is one of its modes."""
    context = bpy.context
    if not _shown or context.region is None or (now := shown(context.scene)) is None:
        return
    region, scale = context.region, context.preferences.system.ui_scale
    rows = rows_in(region, now, context.scene)
    if not rows:
        return
    across = across_of(region)
    low, high = (across.x(now.clock.frames(second)) for second in now.limits)
    canvas.fill(boxes(np.array([[low, rows[-1].bottom]]), np.array([[high, rows[0].top]])), repeated([BACK]))
    if now.solved:
        _draw_confidence(now, across, rows[-1].bottom - (STRIP + 1.0) * scale, STRIP * scale)
    _draw_bars([replace(row, bars=_with_drag(row)) for row in rows], across, region.width, scale)
    for row in rows:
        size = min(11.0 * scale, row.top - row.bottom)
        canvas.words(
            row.label, 6.0 * scale, row.bottom + (row.top - row.bottom - 0.7 * size) / 2, size, WORDS
        )


def _with_drag(row: Row) -> tuple[Bar, ...]:
    """The bars of a row while one of them, or a new one, is dragged."""
    dragged = mouse.dragged
    if dragged is None or (row.kind, row.part) != (dragged.kind, dragged.part):
        return row.bars
    return (*(bar for bar in row.bars if bar.index != dragged.index), dragged)


def _draw_confidence(now: Shown, across: Across, bottom: float, height: float) -> None:
    """The mean over the limbs, a box a frame."""
    times, sure = now.solved.times, now.solved.confidence.mean(-1)
    edges = np.concatenate([times[:1], (times[1:] + times[:-1]) / 2, times[-1:]])
    x = across.x(now.clock.frames(edges))
    low = np.stack([x[:-1], np.full(len(times), bottom)], axis=-1)
    high = np.stack([x[1:], np.full(len(times), bottom + height)], axis=-1)
    canvas.fill(boxes(low, high), repeated(colours(sure)))


def _draw_bars(rows: list[Row], across: Across, width: float, scale: float) -> None:
    triangles, shades = [np.zeros((0, 2), np.float32)], [np.zeros((0, 4), np.float32)]
    for row in rows:
        for bar in row.bars:
            low = np.array([max(across.x(bar.start), -2.0), row.bottom])
            high = np.array([min(max(across.x(bar.end), across.x(bar.start) + 2.0), width + 2.0), row.top])
            if high[0] <= low[0]:
                continue
            shape = (
                boxes(low, high) if bar.kind == "contacts" else hatches(low, high, HATCH * scale, 2.0 * scale)
            )
            triangles.append(shape)
            shades.append(np.broadcast_to(np.array(_colour(bar), np.float32), (len(shape), 4)))
    canvas.fill(np.concatenate(triangles), np.concatenate(shades))


def _colour(bar: Bar) -> tuple[float, float, float, float]:
    if bar in (mouse.over, mouse.dragged):
        return HELD
    return KIND.get(bar.kind, OWN if bar.own else FOUND)


class ShowContacts(bpy.types.Operator):
    """The button."""

    bl_idname = "blazerig.show_contacts"
    bl_label = "Show Contacts"
    bl_description = "Show who stands when as strips over the Timeline and the Dope Sheet"

    def execute(self, _context: bpy.types.Context) -> set[str]:
        """Show them, or hide them where they are shown."""
        global _shown
        _shown = not _shown
        redraw()
        return {"FINISHED"}


CLASSES = (ShowContacts,)
_handles: list[object] = []


def register() -> None:
    """Draw over Dope Sheets."""
    _handles.append(bpy.types.SpaceDopeSheetEditor.draw_handler_add(_draw, (), "WINDOW", "POST_PIXEL"))


def unregister() -> None:
    """Draw no more."""
    global mouse
    mouse = Mouse()
    while _handles:
        bpy.types.SpaceDopeSheetEditor.draw_handler_remove(_handles.pop(), "WINDOW")
