"""The footage of a take as an image of Blender's own, at the frame that belongs to a second."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import bpy
import gpu

from ...models.footage.names import ENDINGS, is_pattern, of_folder, of_pattern
from .files import absolute


@dataclass(frozen=True)
class Film:
    """Footage as Blender reads it.

    Attributes:
        file: The video, or the first picture.
        first: Number of the first frame: 1 for videos, that in the file's name for pictures.
        moving: Whether it is more than one picture.
    """

    file: Path
    first: int
    moving: bool


def film_of(footage: str) -> Film | None:
    """Of a path as properties hold it: a video, a picture, a folder of pictures or `walk_####.png`."""
    if not footage:
        return None
    path = absolute(footage)
    try:
        changed = (path.parent if is_pattern(path) else path).stat().st_mtime_ns
    except OSError:
        return None
    return _film(path, changed)


@lru_cache(64)
def _film(path: Path, _changed: int) -> Film | None:
    """The film of a path; looked for again where its folder has changed."""
    if path.is_dir():
        pictures = of_folder(path)
    elif is_pattern(path):
        pictures = [file for _, file in of_pattern(path)]
    else:
        return Film(path, 1, path.suffix.lower() not in ENDINGS) if path.is_file() else None
    return Film(pictures[0], _number(pictures[0]), moving=True) if pictures else None


def _number(path: Path) -> int:
    found = re.findall(r"\d+", path.stem)
    return int(found[-1]) if found else 0


def image_of(film: Film) -> bpy.types.Image | None:
    """The image of a film that is in this .blend."""
    return next((image for image in bpy.data.images if _same(image, film)), None)


def load(film: Film) -> bpy.types.Image | None:
    """The image of a film, loaded where it was not; None where Blender cannot read it."""
    image = image_of(film)
    if image is None:
        try:
            image = bpy.data.images.load(str(film.file))
        except RuntimeError:
            return None
        if film.moving and image.source == "FILE":
            image.source = "SEQUENCE"
    return image


def _same(image: bpy.types.Image, film: Film) -> bool:
    return image.source in {"MOVIE", "SEQUENCE", "FILE"} and absolute(image.filepath) == film.file


def frame_number(film: Film, second: float, fps: float) -> int:
    """Which frame of the film is shown at a second of it, in Blender's count."""
    return film.first + max(0, round(second * fps)) if film.moving else film.first


_loaded: tuple[str, int] = ("", 0)
"""The image that is on the graphics card, and its frame."""


def texture(image: bpy.types.Image, frame: int) -> gpu.types.GPUTexture | None:
    """The image at a frame, on the graphics card; read anew only where the frame is another.

    None where it cannot be read.
    """
    global _loaded
    try:
        if _loaded != (image.name, frame):
            _loaded = image.name, frame
            image.gl_free()
            image.gl_load(frame=frame)
        return gpu.texture.from_image(image)
    except RuntimeError:
        return None


def forget() -> None:
    """Read the next frame anew, even where it is the same: after an undo the image is another one."""
    global _loaded
    _loaded = "", 0
