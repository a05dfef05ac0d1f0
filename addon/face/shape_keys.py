"""Writing the values of shape keys as keys, in bulk, beside those of the armature."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import bpy
import numpy as np
from numpy.typing import NDArray

from ..animate import points
from ..animate.actions import assign, empty, new_animation, present_animation
from ..animate.channels import Channel
from ..animate.drawing import Drawn, Tolerance, dense, fewer
from ..animate.keys import frames_at, frames_of
from ..animate.placement import NEW_ACTION, Placement, add_strip
from ..animate.present import Present, shares
from ..animate.replace import replace
from .meshes import free_shapes, shape_keys, value_path

Floats = NDArray[np.floating]

GROUP = "Shape Keys"
LENIENT = 0.01
"""How far fewer keys may be off a value."""


@dataclass(frozen=True)
class ShapesKeyed:
    """What was done.

    Attributes:
        meshes: How many meshes have keys.
        shapes: How many shape keys have, over all meshes.
        keys: Keys of all F-curves.
    """

    meshes: int
    shapes: int
    keys: int


def write_shapes(
    armature_object: bpy.types.Object,
    values: Mapping[str, Floats],
    times: Floats,
    *,
    scene: bpy.types.Scene,
    start: float = 1.0,
    name: str,
    placement: Placement = NEW_ACTION,
    on_frames: bool = True,
    reduced: bool = False,
    beside: bpy.types.Action | None = None,
) -> ShapesKeyed:
    """Key the shape keys of an armature's meshes, and no others; see `animate.keys.write_keys`.

    Args:
        armature_object: On which the meshes hang.
        values: By name; every mesh that has a shape key of that name gets it. Each (F,).
        times: Seconds. Shape (F,).
        scene: Gives the frame rate, the frame step and where frames begin.
        start: Frame of time 0.
        name: Of new Actions and tracks.
        placement: Where the keys go. A mesh without an Action gets one for a range, too.
        on_frames: Keys on whole frames of the scene; else at `times`.
        reduced: As few keys as hold the values to `LENIENT`.
        beside: What the armature has: since Blender 4.4 the shape keys get slots in this Action.

    Raises:
        BlazeRigError: The motion lies outside of the range.
    """
    own = frames_at(times, scene, start)
    frames = frames_of(own, scene, placement, on_frames=on_frames)
    held = {shape: np.interp(frames, own, line) for shape, line in values.items()}
    counts: list[list[int]] = []
    for keys in shape_keys(armature_object):
        shapes = {shape: held[shape] for shape in free_shapes(keys) if shape in held}
        if shapes:
            drawn = _written(keys, shapes, frames, name, placement, beside, reduced=reduced)
            counts.append([len(curve.points["co"]) for curve in drawn])
    return ShapesKeyed(len(counts), sum(map(len, counts)), sum(map(sum, counts)))


def _written(
    keys: bpy.types.Key,
    values: Mapping[str, Floats],
    frames: Floats,
    name: str,
    placement: Placement,
    beside: bpy.types.Action | None,
    *,
    reduced: bool,
) -> list[Drawn]:
    """The F-curves of one mesh's shape keys, where they go."""
    ranged = placement.how == "range"
    there = present_animation(keys) if ranged else placement.into_shapes.get(keys.name)
    own = f"{name} {keys.name}" if beside is None else name
    animation = there or new_animation(keys, own, beside)
    if there and not ranged:
        empty(there)
    present = Present(animation, frames, shares(frames, placement.blend)) if ranged else None
    channels = list(_channels(keys, values, present))
    drawn = _reduced(channels, frames) if reduced else dense(channels, frames)
    for curve in drawn:
        if present is not None:
            replace(animation, curve, hard=bool(present.share[0] == 1.0))
        else:
            points.write(animation.new(curve.path, curve.index, curve.group), curve.points)
    if placement.how == "strip":
        add_strip(keys, animation, name=name, first=frames[0])
    elif there is None or not ranged:
        assign(keys, animation)
    keys.update_tag()
    return drawn


def _channels(
    keys: bpy.types.Key, values: Mapping[str, Floats], present: Present | None
) -> Iterator[Channel]:
    for name, line in values.items():
        block, path = keys.key_blocks[name], value_path(name)
        held = np.array([block.value])
        line = np.clip(line, block.slider_min, block.slider_max)[:, None]
        if present is not None:
            before = present.values(path, held)
            line = before + (line - before) * present.share[:, None]
        yield Channel(GROUP, path, "", line, held, (0,))


def _reduced(channels: list[Channel], frames: Floats) -> list[Drawn]:
    """As few keys as hold each value to `LENIENT`, each shape's at frames of its own."""
    drawn: list[Drawn] = []
    for channel in channels:
        drawn += fewer([channel], frames, Tolerance(millimetres=1.0), LENIENT)[0]
    return drawn
