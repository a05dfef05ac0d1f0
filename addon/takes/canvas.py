"""Drawing over Blender's editors: triangles, pictures, words, in pixels of a region."""

from __future__ import annotations

import blf
import bpy
import gpu
import numpy as np
from gpu_extras.batch import batch_for_shader

from .shapes import boxes, repeated


def fill(triangles: np.ndarray, colours: np.ndarray) -> None:
    """Triangles (3N, 2) in colours (3N, 4) of their corners, mixed with what is there."""
    if not len(triangles):
        return
    shader = gpu.shader.from_builtin("SMOOTH_COLOR")
    gpu.state.blend_set("ALPHA")
    corners = {
        "pos": np.ascontiguousarray(triangles, np.float32),
        "color": np.ascontiguousarray(colours, np.float32),
    }
    batch_for_shader(shader, "TRIS", corners).draw(shader)
    gpu.state.blend_set("NONE")


def box(
    low: tuple[float, float], high: tuple[float, float], colour: tuple[float, float, float, float]
) -> None:
    """One rectangle in one colour."""
    fill(boxes(np.array([low]), np.array([high])), repeated(np.array([colour])))


def picture(
    texture: gpu.types.GPUTexture,
    low: tuple[float, float],
    high: tuple[float, float],
    *,
    mirrored: bool = False,
) -> None:
    """A texture over a rectangle; the texture is of an image, and so in linear light."""
    shader = gpu.shader.from_builtin(_IMAGE)
    (left, bottom), (right, top) = low, high
    corners = [(left, bottom), (right, bottom), (right, top), (left, top)]
    of_texture = [(1, 0), (0, 0), (0, 1), (1, 1)] if mirrored else [(0, 0), (1, 0), (1, 1), (0, 1)]
    batch = batch_for_shader(shader, "TRI_FAN", {"pos": corners, "texCoord": of_texture})
    shader.uniform_sampler("image", texture)
    batch.draw(shader)


_IMAGE = "IMAGE_SCENE_LINEAR_TO_REC709_SRGB" if bpy.app.version >= (5, 0, 0) else "IMAGE"


def words(text: str, x: float, y: float, size: float, colour: tuple[float, float, float, float]) -> None:
    """A line of text from its lower left corner, `size` px high, legible on any ground."""
    blf.size(0, size)
    blf.enable(0, blf.SHADOW)
    blf.shadow(0, 5, 0.0, 0.0, 0.0, 1.0)
    blf.color(0, *colour)
    blf.position(0, x, y, 0.0)
    blf.draw(0, text)
    blf.disable(0, blf.SHADOW)


def width(text: str, size: float) -> float:
    """Of a line of text, pixels."""
    blf.size(0, size)
    return blf.dimensions(0, text)[0]
