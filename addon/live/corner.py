"""What the camera sees in a corner of the 3D view, with what was found in it and how fast."""

from __future__ import annotations

import bpy
import gpu
import numpy as np

from ...live.face_outline import lines as face_lines
from ...live.wire import Picture
from ...solver.landmarks import SHOULDERS
from ...take import Floats
from ..takes import canvas
from ..takes.colours import colours
from ..takes.landmarks import BODY, HAND
from ..takes.shapes import repeated, ribbons
from . import session, words

SHARE, WIDEST = 0.3, 400.0
"""Of the view's width that the picture takes up; pixels at scale 1 that it has at most."""
MARGIN, LINE, TEXT = 16.0, 2.5, 12.0
"""Pixels at scale 1: to the view's edges, of the lines, of letters."""
COUNT, ADVICE = 72.0, 18.0
"""Pixels of the letters of a countdown, and of what is to be done meanwhile."""
FACE = face_lines()
"""Lines of the face, between the points of its outline."""
BELOW = [bone for bone in BODY if min(bone) >= min(SHOULDERS)]
"""Those of the body without the few that it has of the face."""
PLATE = (0.08, 0.08, 0.09, 0.9)
"""Where there is no picture yet."""
CALM, ALARM = (0.92, 0.92, 0.92, 1.0), (0.96, 0.62, 0.18, 1.0)

_held: tuple[int, gpu.types.GPUTexture] | None = None
"""The picture that is on the graphics card, by its number."""


def linear(pixels: np.ndarray) -> np.ndarray:
    """Pixels (H, W, 3) of bytes from the top as linear light with alpha (H, W, 4) from the bottom."""
    light = np.ones((*pixels.shape[:2], 4), np.float32)
    light[..., :3] = _LIGHT[pixels[::-1]]
    return light


def _curve() -> np.ndarray:
    """Of sRGB (IEC 61966-2-1): light (256,) of a byte."""
    share = np.arange(256) / 255.0
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4).astype(np.float32)


_LIGHT = _curve()


def _draw() -> None:
    """What a 3D view calls."""
    now, scene = session.current(), bpy.context.scene
    if now is None or scene.session_uid != now.scene:
        return
    scale = bpy.context.preferences.system.ui_scale
    region = bpy.context.region
    live = scene.blazerig.live
    right = region.width - _sidebar() - MARGIN * scale
    low, high = np.array([right, MARGIN * scale]), np.array([right, MARGIN * scale])
    if live.picture:
        low, high = _draw_picture(now, right, scale, mirrored=live.mirror)
    _draw_words(now, low[0], high[1], right, scale)
    if task := words.task(now):
        _draw_centred(task, 0.5 * region.height, COUNT * scale)
        _draw_centred(words.advice(now), 0.5 * region.height - 0.6 * COUNT * scale, ADVICE * scale)


def _draw_centred(text: str, y: float, size: float) -> None:
    """In the middle of what the sidebar leaves, smaller where that is narrow."""
    room = bpy.context.region.width - _sidebar()
    size *= min(1.0, 0.9 * room / canvas.width(text, size))
    canvas.words(text, 0.5 * (room - canvas.width(text, size)), y, size, CALM)


def _sidebar() -> float:
    """Pixels that the sidebar covers of the region."""
    if not bpy.context.preferences.system.use_region_overlap:
        return 0.0
    regions = bpy.context.area.regions
    return next((region.width for region in regions if region.type == "UI" and region.width > 1), 0.0)


def _draw_picture(
    now: session.Session, right: float, scale: float, *, mirrored: bool
) -> tuple[np.ndarray, np.ndarray]:
    """The picture with landmarks, up to `right`; its lower left and upper right corner."""
    pixels = now.picture.pixels if now.picture else np.zeros((9, 16, 3), np.uint8)
    width = min(SHARE * bpy.context.region.width, WIDEST * scale)
    low = np.array([right - width, MARGIN * scale])
    high = low + np.array([width, width * pixels.shape[0] / pixels.shape[1]])
    if now.picture is None:
        canvas.box(tuple(low), tuple(high), PLATE)
        return low, high
    canvas.picture(_texture(now.picture), tuple(low), tuple(high), mirrored=mirrored)
    if now.pictured is not None and now.pictured.seen:
        _draw_landmarks(now.pictured, low, high, scale, mirrored=mirrored)
    return low, high


def _draw_landmarks(seen: session.Seen, low: Floats, high: Floats, scale: float, *, mirrored: bool) -> None:
    lines, shades = [], []
    outlined = np.isfinite(seen.outline).all()
    hands = np.ones(21)
    face = np.full(len(seen.outline), seen.face.trust[0] if seen.face else 1.0)
    for points, sure, bones in (
        (seen.body, seen.pose.trust, BELOW if outlined else BODY),
        (seen.left, hands, HAND),
        (seen.right, hands, HAND),
        (seen.outline, face, FACE),
    ):
        across = 1.0 - points[:, :1] if mirrored else points[:, :1]
        placed = low + np.concatenate([across, 1.0 - points[:, 1:]], axis=-1) * (high - low)
        pairs = np.array(bones)
        there = np.isfinite(placed[pairs]).all((1, 2))
        lines.append(placed[pairs][there])
        shades.append(colours(sure[pairs].min(-1)[there]))
    canvas.fill(ribbons(np.concatenate(lines), LINE * scale), repeated(np.concatenate(shades)))


def _draw_words(now: session.Session, left: float, above: float, right: float, scale: float) -> None:
    """Over the picture: how it goes, and above that what is not as it should be."""
    size = TEXT * scale
    lines = [(words.pace(now), CALM)]
    if trouble := words.trouble(now):
        lines.append((trouble, ALARM))
    for i, (text, colour) in enumerate(lines):
        x = min(left, right - canvas.width(text, size))
        canvas.words(text, x, above + (0.5 + 1.4 * i) * size, size, colour)


def _texture(picture: Picture) -> gpu.types.GPUTexture:
    """A picture on the graphics card; sent there only where it is another than the last."""
    global _held
    if _held is None or _held[0] != picture.number:
        light = linear(picture.pixels)
        height, width = light.shape[:2]
        data = gpu.types.Buffer("FLOAT", light.size, light.ravel())
        _held = picture.number, gpu.types.GPUTexture((width, height), format="RGBA16F", data=data)
    return _held[1]


CLASSES = ()
_handles: list[object] = []


def register() -> None:
    """Draw over 3D views."""
    _handles.append(bpy.types.SpaceView3D.draw_handler_add(_draw, (), "WINDOW", "POST_PIXEL"))


def unregister() -> None:
    """Draw no more."""
    global _held
    _held = None
    while _handles:
        bpy.types.SpaceView3D.draw_handler_remove(_handles.pop(), "WINDOW")
