"""New keys in the place of those of a range; what is outside of it stays as it is, to the last bit."""

from __future__ import annotations

import bpy
import numpy as np

from . import points
from .actions import Animation
from .drawing import Drawn
from .points import Points
from .timing import SAME

SLOPE = 0.05
"""Frames over which the slope of a present curve is measured at the ends of the range."""


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
    first, last = float(new["co"][0, 0]), float(new["co"][-1, 0])
    if len(before["co"]):
        gap = (first - float(before["co"][-1, 0])) / 3.0
        slope = (curve.evaluate(first) - curve.evaluate(first - SLOPE)) / SLOPE
        new["handle_left"][0] = first - gap, new["co"][0, 1] - slope * gap
        new["handle_left_type"][0] = new["handle_right_type"][0] = points.FREE
    if len(after["co"]):
        gap = (float(after["co"][0, 0]) - last) / 3.0
        slope = (curve.evaluate(last + SLOPE) - curve.evaluate(last)) / SLOPE
        new["handle_right"][-1] = last + gap, new["co"][-1, 1] + slope * gap
        new["handle_left_type"][-1] = new["handle_right_type"][-1] = points.FREE
        governing = np.flatnonzero(old["co"][:, 0] <= last + SAME)
        for name in ("interpolation", "easing", "amplitude", "back", "period"):
            if len(governing):
                new[name][-1] = old[name][governing[-1]]
    return new
