"""Editing with the mouse on the strips over Timeline and Dope Sheet.

While it runs, everything else works as ever: only what is done on the strips is taken. Each change is made by
the operators that scripts use, and so is one undo step.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import ClassVar

import bpy

from ..job import redraw
from . import draw_strips
from .draw_strips import Mouse, across_of, point, rows_in
from .shown import Shown, shown
from .strips import Bar, Hit, dragged_bar, hit

HELP = (
    "Drag bars or their ends  |  drag or double-click where nothing stands: add  |  X or right click: delete"
    "  |  Ctrl Z: undo  |  Enter or Esc: done"
)
MOVED = 3
"""Pixels from which on a press is a drag."""
NEW = 0.25
"""Seconds of a contact that a double click adds."""


@dataclass(frozen=True)
class Place:
    """Where the mouse is: a Dope Sheet's region, the pixel in it, and what is there."""

    region: bpy.types.Region
    x: float
    now: Shown
    hit: Hit

    @property
    def frame(self) -> float:
        """The frame under the mouse."""
        return across_of(self.region).frame(self.x)

    def dragged_to(self, x: float) -> Bar:
        """The bar that was grabbed here, or a new one, with the mouse at another pixel."""
        frame = across_of(self.region).frame(x)
        return dragged_bar(self.hit, self.frame, frame, self.now.clock, self.now.limits)


class EditContacts(bpy.types.Operator):
    """The button."""

    bl_idname = "blazerig.edit_contacts"
    bl_label = "Edit Contacts"
    bl_description = (
        "Edit with the mouse, in the Timeline or the Dope Sheet, when feet and hands stand. " + HELP
    )

    running: ClassVar[bool] = False

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """There must be a take, and a window."""
        if bpy.app.background or not context.scene.blazerig.takes:
            cls.poll_message_set("There is no take to edit; track footage, or import a take")
            return False
        return True

    def invoke(self, context: bpy.types.Context, _event: bpy.types.Event) -> set[str]:
        """Begin, or end where it runs."""
        if EditContacts.running:
            EditContacts.running = False
            return {"FINISHED"}
        EditContacts.running = True
        self._grabbed: Place | None = None
        self._clicked = (-math.inf, 0.0)
        context.workspace.status_text_set(HELP)
        context.window_manager.modal_handler_add(self)
        redraw()
        return {"RUNNING_MODAL"}

    def modal(self, context: bpy.types.Context, event: bpy.types.Event) -> set[str]:
        """Take what concerns the strips, pass on the rest."""
        if not EditContacts.running:
            self.cancel(context)
            return {"FINISHED", "PASS_THROUGH"}
        if self._grabbed:
            return self._drag(event)
        place = _place(context, event)
        if event.type in {"ESC", "RET", "NUMPAD_ENTER"} and event.value == "PRESS":
            self.cancel(context)
            return {"FINISHED"}
        point(Mouse(over=place.hit.bar if place else None))
        if (
            place is None
            or event.value not in {"PRESS", "DOUBLE_CLICK"}
            or any((event.ctrl, event.shift, event.alt, event.oskey))
        ):
            return {"PASS_THROUGH"}
        return self._press(place, event)

    def cancel(self, context: bpy.types.Context) -> None:
        """The one way out, also where Blender takes it."""
        EditContacts.running = False
        point(Mouse())
        if context.workspace:
            context.workspace.status_text_set(None)
        redraw()

    def _press(self, place: Place, event: bpy.types.Event) -> set[str]:
        bar = place.hit.bar
        if event.type == "LEFTMOUSE":
            self._grabbed = place
        elif event.type in {"X", "DEL", "RIGHTMOUSE"} and bar is not None:
            _delete(bar)
        else:
            return {"RUNNING_MODAL"} if event.type == "RIGHTMOUSE" else {"PASS_THROUGH"}
        return {"RUNNING_MODAL"}

    def _drag(self, event: bpy.types.Event) -> set[str]:
        """A press that has not been let go of."""
        grabbed = self._grabbed
        x = event.mouse_x - grabbed.region.x
        if event.type in {"ESC", "RIGHTMOUSE"}:
            self._grabbed = None
            point(Mouse())
        elif event.type == "LEFTMOUSE" and event.value == "RELEASE":
            self._grabbed = None
            point(Mouse())
            if abs(x - grabbed.x) >= MOVED:
                _drop(grabbed, grabbed.dragged_to(x))
            elif grabbed.hit.bar is None:
                self._click(grabbed)
        elif event.type in {"MOUSEMOVE", "INBETWEEN_MOUSEMOVE"} and abs(x - grabbed.x) >= MOVED:
            point(Mouse(dragged=grabbed.dragged_to(x)))
        return {"RUNNING_MODAL"}

    def _click(self, place: Place) -> None:
        """Add where this is the second click; Blender itself tells modal operators of no double clicks."""
        now, longest = time.monotonic(), bpy.context.preferences.inputs.mouse_double_click_time / 1000.0
        when, where = self._clicked
        self._clicked = now, place.x
        if now - when <= longest and abs(place.x - where) <= MOVED:
            long = NEW * place.now.clock.rate
            _add(place, place.frame - long / 2, place.frame + long / 2)


def _place(context: bpy.types.Context, event: bpy.types.Event) -> Place | None:
    """What of the strips the mouse is over, if anything."""
    for area in context.window.screen.areas:
        region = next((one for one in area.regions if one.type == "WINDOW"), None)
        if area.type != "DOPESHEET_EDITOR" or region is None or not draw_strips.strips_shown():
            continue
        x, y = event.mouse_x - region.x, event.mouse_y - region.y
        if not (0 <= x < region.width and 0 <= y < region.height) or (now := shown(context.scene)) is None:
            continue
        scale = context.preferences.system.ui_scale
        found = hit(rows_in(region, now, context.scene), across_of(region), x, y, scale)
        return Place(region, x, now, found) if found else None
    return None


def _drop(grabbed: Place, bar: Bar) -> None:
    """Make of a drag what it means."""
    if grabbed.hit.bar is None:
        _add(grabbed, bar.start, bar.end)
    else:
        bpy.ops.blazerig.edit_move(
            "EXEC_DEFAULT", True, kind=bar.kind, part=bar.part, index=bar.index, start=bar.start, end=bar.end
        )


def _add(place: Place, start: float, end: float) -> None:
    row = place.hit.row
    add = {
        "contacts": bpy.ops.blazerig.contact_add,
        "ignore": bpy.ops.blazerig.ignore_here,
        "smooth": bpy.ops.blazerig.smooth_here,
    }[row.kind]
    add("EXEC_DEFAULT", True, part=row.part, start=start, end=end)


def _delete(bar: Bar) -> None:
    bpy.ops.blazerig.edit_delete("EXEC_DEFAULT", True, kind=bar.kind, part=bar.part, index=bar.index)


CLASSES = (EditContacts,)


def unregister() -> None:
    """End what runs, at its next event."""
    EditContacts.running = False
