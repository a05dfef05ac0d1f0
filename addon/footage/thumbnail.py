"""What the footage looks like and how long it is, as Blender's own readers tell."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import bpy
import bpy.utils.previews

from ...models.footage.names import ENDINGS, of_folder
from .. import job


@dataclass(frozen=True)
class Shown:
    """What the panel shows of footage.

    Attributes:
        icon: Number of the icon that pictures it.
        words: Size, length and rate.
    """

    icon: int
    words: str


_shown: dict[tuple[str, float], Shown | None] = {}
_icons: bpy.utils.previews.ImagePreviewCollection | None = None


def of(path: str) -> Shown | None:
    """Of a file; None where there is none, where Blender cannot read it, or where it was not read yet.

    It is read soon after it was asked for: a panel that is being drawn may not load anything.
    """
    if _icons is None or not path:
        return None
    file = Path(path)
    try:
        key = path, file.stat().st_mtime
    except OSError:
        return None
    if key not in _shown:
        _shown[key] = None
        bpy.app.timers.register(lambda: _look(key))
    return _shown[key]


def _look(key: tuple[str, float]) -> None:
    """What the timer calls, once."""
    if _icons is not None:
        _shown[key] = _read(Path(key[0]))
        job.redraw()


def _read(file: Path) -> Shown | None:
    picture = file
    if file.is_dir():
        pictures = of_folder(file)
        if not pictures:
            return None
        picture = pictures[0]
    kind = "IMAGE" if picture.suffix.lower() in ENDINGS else "MOVIE"
    icon = _icons.load(f"{picture}{len(_icons)}", str(picture), kind).icon_id
    words = f"{len(pictures)} pictures" if file.is_dir() else _words(picture)
    return Shown(icon, words)


def _words(file: Path) -> str:
    """As in: 1280 x 720, 247 frames, 24 frames/s, 10.3 s. Empty where Blender cannot read the file."""
    try:
        clip = bpy.data.movieclips.load(str(file))
    except RuntimeError:
        return ""
    try:
        width, height = clip.size
        if not width:
            return ""
        rate = (
            f", {clip.frame_duration} frames, {clip.fps:.4g} frames/s, {clip.frame_duration / clip.fps:.1f} s"
        )
        return f"{width} x {height}" + (rate if clip.frame_duration > 1 else "")
    finally:
        bpy.data.movieclips.remove(clip)


CLASSES = ()


def register() -> None:
    """Make room for icons."""
    global _icons
    _icons = bpy.utils.previews.new()


def unregister() -> None:
    """Free them."""
    global _icons
    _shown.clear()
    if _icons is not None:
        bpy.utils.previews.remove(_icons)
    _icons = None
