"""The footage in a corner of the 3D view, landmarks over it and over Image Editors, in step with the frame.

Image Editors show the footage by Blender's own means; only what they lack, another frame rate than the
scene's, is kept in step here.
"""

from __future__ import annotations

import bpy
import numpy as np
from bpy.app.handlers import persistent

from ...errors import BlazeRigError
from ...take import Take
from .. import session
from ..job import redraw
from . import canvas
from .files import take_file
from .film import Film, film_of, forget, frame_number, image_of, load, texture
from .landmarks import drawing
from .shapes import dots, repeated, ribbons
from .takes import NeedsTake, active_take
from .timing import clock_of, nearest

SHARE = 0.3
"""Of the 3D view's width that the footage takes up."""
MARGIN = 16.0
"""Pixels between it and the view's edges."""
LINE, DOT = 2.5, 1.0
"""Pixels of the lines of body and hands, and of a face's dots."""
PLATE = (0.08, 0.08, 0.09, 0.9)
"""Behind landmarks whose footage is not there."""

_shown = False
_failed: Film | None = None
"""The film that Blender could not read, which is not tried again."""


def shown() -> bool:
    """Whether the footage is shown."""
    return _shown


def show(*, on: bool) -> None:
    """Show the footage, or do not."""
    global _shown, _failed
    _shown, _failed = on, None
    forget()
    if on:
        _in_step(bpy.context.scene)
    redraw()


def _now(scene: bpy.types.Scene) -> tuple[bpy.types.PropertyGroup, Take, float] | None:
    """The active take and the second of it that the scene's frame shows; None where there is none."""
    try:
        item = active_take(scene)
        take = session.take(take_file(item))
    except BlazeRigError:
        return None
    return (item, take, clock_of(scene).seconds(scene.frame_current_final)) if len(take) else None


def _draw_in_view() -> None:
    """What a 3D view calls."""
    if not _shown or (now := _now(bpy.context.scene)) is None:
        return
    item, take, second = now
    region, scale = bpy.context.region, bpy.context.preferences.system.ui_scale
    width = SHARE * region.width
    height = width * float(take.size[1]) / float(take.size[0])
    low = np.array([MARGIN * scale, MARGIN * scale])
    high = low + np.array([width, height])
    film = film_of(item.footage)
    image = image_of(film) if film else None
    if film and image is None and film != _failed and not bpy.app.timers.is_registered(_load):
        bpy.app.timers.register(_load, first_interval=0.0)
    held = texture(image, frame_number(film, second, item.fps)) if film and image else None
    if held:
        canvas.picture(held, tuple(low), tuple(high))
    else:
        canvas.box(tuple(low), tuple(high), PLATE)
    _draw_landmarks(take, second, low, high, scale)


def _draw_in_image_editor() -> None:
    """What an Image Editor calls."""
    space = bpy.context.space_data
    if not _shown or space.image is None or (now := _now(bpy.context.scene)) is None:
        return
    item, take, second = now
    film = film_of(item.footage)
    if film is None or image_of(film) != space.image:
        return
    view = bpy.context.region.view2d
    low, high = (np.array(view.view_to_region(at, at, clip=False), float) for at in (0.0, 1.0))
    _draw_landmarks(take, second, low, high, bpy.context.preferences.system.ui_scale)


def _draw_landmarks(take: Take, second: float, low: np.ndarray, high: np.ndarray, scale: float) -> None:
    """Over a picture whose corners are at `low` and `high`."""
    frame = drawing(take, nearest(take.times, second))
    grow = (high - low) / take.size * (1.0, -1.0)
    origin = np.array([low[0], high[1]])
    lines = ribbons(origin + frame.lines * grow, LINE * scale)
    points = dots(origin + frame.dots * grow, DOT * scale)
    canvas.fill(
        np.concatenate([lines, points]),
        np.concatenate([repeated(frame.line_colours), repeated(frame.dot_colours)]),
    )


def _load() -> None:
    """What the timer calls, once: nothing may be loaded while a region is drawn."""
    global _failed
    try:
        film = film_of(active_take(bpy.context.scene).footage)
    except BlazeRigError:
        return
    if film and load(film) is None:
        _failed = film
    _in_step(bpy.context.scene)
    redraw()


@persistent
def _in_step(scene: bpy.types.Scene, _graph: object = None) -> None:
    """Have Image Editors that show the footage show the scene's frame of it."""
    if not _shown:
        return
    try:
        item = active_take(scene)
    except BlazeRigError:
        return
    film = film_of(item.footage)
    image = image_of(film) if film else None
    if image is None or not film.moving:
        return
    wanted = frame_number(film, clock_of(scene).seconds(scene.frame_current_final), item.fps)
    for window in bpy.context.window_manager.windows:
        for area in window.screen.areas:
            if area.type == "IMAGE_EDITOR" and area.spaces.active.image == image:
                user = area.spaces.active.image_user
                user.frame_start, user.frame_duration = 1, 1_000_000
                user.frame_offset = wanted - scene.frame_current
                user.use_auto_refresh = True


class ShowFootage(NeedsTake, bpy.types.Operator):
    """The button."""

    bl_idname = "blazerig.show_footage"
    bl_label = "Show Footage"
    bl_description = (
        "Show the footage of the active take in a corner of the 3D view, with what the nets saw drawn over "
        "it: blue where they were sure, orange where not. Image Editors that show the footage get it, too"
    )

    def execute(self, _context: bpy.types.Context) -> set[str]:
        """Show it, or hide it where it is shown."""
        show(on=not shown())
        return {"FINISHED"}


CLASSES = (ShowFootage,)
_handles: list[tuple[type, object]] = []


@persistent
def _hide(_file: str) -> None:
    """In another file nothing is shown at first."""
    show(on=False)


@persistent
def _undone(_scene: bpy.types.Scene, _graph: object = None) -> None:
    """What was loaded may be gone."""
    forget()


_HANDLERS = (
    ("frame_change_post", _in_step),
    ("load_post", _hide),
    ("undo_post", _undone),
    ("redo_post", _undone),
)


def register() -> None:
    """Draw over 3D views and Image Editors."""
    for space, draw in (
        (bpy.types.SpaceView3D, _draw_in_view),
        (bpy.types.SpaceImageEditor, _draw_in_image_editor),
    ):
        _handles.append((space, space.draw_handler_add(draw, (), "WINDOW", "POST_PIXEL")))
    for name, handler in _HANDLERS:
        getattr(bpy.app.handlers, name).append(handler)


def unregister() -> None:
    """Draw no more."""
    show(on=False)
    for name, handler in _HANDLERS:
        getattr(bpy.app.handlers, name).remove(handler)
    for space, handle in _handles:
        space.draw_handler_remove(handle, "WINDOW")
    _handles.clear()
    if bpy.app.timers.is_registered(_load):
        bpy.app.timers.unregister(_load)
