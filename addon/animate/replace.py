"""New keys in the place of those of a range; what is outside of it stays as it is, to the last bit."""

from __future__ import annotations

import bpy
import numpy as np

from . import points
from .actions import Animation
from .drawing import Drawn
from .points import Points
from .timing import SAME, Floats

SAMPLES = 33
"""Places between a new key and its neighbour at which the curve is to be as it was."""
LENGTHS = 9
"""Of handles that are tried."""


def replace(animation: Animation, drawn: Drawn, *, hard: bool) -> None:
    """Put the keys of one F-curve between those that lie before its first and after its last.

    Args:
        animation: What animates the armature.
        drawn: The new keys.
        hard: The new keys do not blend in: where no key is before or after them, what is there is held
            by one a frame outside.
    """
    curve = animation.find(drawn.path, drawn.index)
    curve = curve or animation.new(drawn.path, drawn.index, drawn.group)
    old, new = points.read(curve), drawn.points
    first, last = float(new["co"][0, 0]), float(new["co"][-1, 0])
    before = points.select(old, old["co"][:, 0] < first - SAME)
    after = points.select(old, old["co"][:, 0] > last + SAME)
    new = _joining(curve, old, new, before, after)
    if hard:
        before = before if len(before["co"]) else _border(curve, first - 1.0, drawn.held)
        after = after if len(after["co"]) else _border(curve, last + 1.0, drawn.held)
    whole = points.joined(before, new, after)
    outside = (whole["co"][:, 0] < first - SAME) | (whole["co"][:, 0] > last + SAME)
    points.rewrite(curve, whole, outside)


def _border(curve: bpy.types.FCurve, frame: float, held: float) -> Points:
    """A key that holds what is there, where the present curve has none."""
    value = curve.evaluate(frame) if len(curve.keyframe_points) else held
    return points.straight([frame], [value], points.CONSTANT)


def _joining(curve: bpy.types.FCurve, old: Points, new: Points, before: Points, after: Points) -> Points:
    """New keys with what the curve does up to the first and from the last of them."""
    new = {name: values.copy() for name, values in points.joined(new).items()}
    last = float(new["co"][-1, 0])
    if len(before["co"]):
        new["handle_left"][0] = _bridge(curve, new["co"][0], before["handle_right"][-1], before["co"][-1])
        new["handle_left_type"][0] = new["handle_right_type"][0] = points.FREE
    if len(after["co"]):
        new["handle_right"][-1] = _bridge(curve, new["co"][-1], after["handle_left"][0], after["co"][0])
        new["handle_left_type"][-1] = new["handle_right_type"][-1] = points.FREE
        governing = np.flatnonzero(old["co"][:, 0] <= last + SAME)
        for name in ("interpolation", "easing", "amplitude", "back", "period"):
            if len(governing):
                new[name][-1] = old[name][governing[-1]]
    return new


def _bridge(curve: bpy.types.FCurve, key: Floats, handle: Floats, neighbour: Floats) -> Floats:
    """The handle of a new key with which the way to its neighbour is most as it was.

    The neighbour's handle stays, so the way cannot be quite the same. Of handles of several lengths, each at
    the height that suits it best (least squares), the best is taken.

    Args:
        curve: As it is.
        key: Frame and value of the new key. Shape (2,).
        handle: The neighbour's, on this side. Shape (2,).
        neighbour: Frame and value of the neighbour. Shape (2,).
    """
    frame, end = float(key[0]), float(neighbour[0])
    way = end - frame
    reach = float((end - handle[0]) / way)
    bent = handle[1] if reach <= 1.0 else neighbour[1] + (handle[1] - neighbour[1]) / reach
    reach = min(reach, 1.0)  # Blender shortens a handle that reaches over the next key
    asked = np.linspace(0.0, 1.0, SAMPLES)
    shown = np.array([curve.evaluate(frame + share * way) for share in asked])
    t = np.linspace(0.0, 1.0, 8 * SAMPLES)
    found: list[tuple[float, float, float]] = []
    for length in np.linspace(0.0, 1.0, LENGTHS):
        along = 3 * (1 - t) ** 2 * t * length + 3 * (1 - t) * t * t * (1 - reach) + t**3
        at = np.interp(asked, along, t)
        rest = shown - ((1 - at) ** 3 * key[1] + 3 * (1 - at) * at * at * bent + at**3 * neighbour[1])
        weight = 3 * (1 - at) ** 2 * at
        height = float(weight @ rest / (weight @ weight))
        found.append((float(np.abs(rest - height * weight).max()), length, height))
    _, length, height = min(found)
    return np.array([frame + length * way, height], np.float32)
