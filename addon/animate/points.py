"""The keys of an F-curve as arrays, read and written in bulk."""

from __future__ import annotations

from collections.abc import Mapping

import bpy
import numpy as np
from numpy.typing import ArrayLike, NDArray

Points = Mapping[str, NDArray[np.generic]]
"""Attributes of K keys by the names of `bpy.types.Keyframe`: (K, 2) or (K,)."""

CONSTANT, LINEAR, BEZIER = 0, 1, 2
"""`Keyframe.interpolation` as the numbers that `foreach_set` takes (BEZT_IPO_*)."""
FREE, ALIGNED, AUTO_CLAMPED = 0, 3, 4
"""`Keyframe.handle_left_type` as numbers (HD_*)."""

_DEFAULTS: Mapping[str, float] = {
    "interpolation": LINEAR,
    "handle_left_type": AUTO_CLAMPED,
    "handle_right_type": AUTO_CLAMPED,
    "easing": 0,
    "type": 0,
    "amplitude": 0.8,
    "back": 1.70158,
    "period": 4.1,
}
"""What a key has where nothing is said: those of Blender's own new keys, but straight lines between them."""
_PLACES = ("co", "handle_left", "handle_right")
_FLOATS = (*_PLACES, "amplitude", "back", "period")


def straight(frames: ArrayLike, values: ArrayLike, interpolation: int = LINEAR) -> Points:
    """Keys at frames (K,) with values (K,) and nothing else of their own."""
    places = np.stack([np.asarray(frames), np.asarray(values)], axis=-1).astype(np.float32)
    kind = np.full(len(places), interpolation, np.uint8)
    auto = np.full(len(places), AUTO_CLAMPED, np.uint8)
    return {"co": places, "interpolation": kind, "handle_left_type": auto, "handle_right_type": auto}


def curved(frames: ArrayLike, values: ArrayLike, arriving: ArrayLike, leaving: ArrayLike) -> Points:
    """Keys (K,) that are joined by the cubics with these slopes: their handles lie at a third of the way."""
    frames, values = np.asarray(frames, float), np.asarray(values, float)
    arriving, leaving = np.asarray(arriving, float), np.asarray(leaving, float)
    third = np.diff(frames) / 3.0 if len(frames) > 1 else np.zeros(0)
    before = np.concatenate([third[:1], third]) if len(third) else np.ones(1)
    after = np.concatenate([third, third[-1:]]) if len(third) else np.ones(1)
    smooth = np.where(arriving == leaving, ALIGNED, FREE).astype(np.uint8)
    return {
        "co": np.stack([frames, values], axis=-1).astype(np.float32),
        "handle_left": np.stack([frames - before, values - arriving * before], axis=-1).astype(np.float32),
        "handle_right": np.stack([frames + after, values + leaving * after], axis=-1).astype(np.float32),
        "interpolation": np.full(len(frames), BEZIER, np.uint8),
        "handle_left_type": smooth,
        "handle_right_type": smooth,
    }


def read(curve: bpy.types.FCurve) -> Points:
    """All keys of an F-curve with all that they have."""
    count = len(curve.keyframe_points)
    found: dict[str, NDArray[np.generic]] = {}
    for name in (*_PLACES, *_DEFAULTS):
        shape = (count, 2) if name in _PLACES else (count,)
        values = np.empty(shape, np.float32 if name in _FLOATS else np.uint8)
        curve.keyframe_points.foreach_get(name, values.reshape(-1))
        found[name] = values
    return found


def select(points: Points, which: ArrayLike) -> Points:
    """Some of the keys."""
    return {name: values[np.asarray(which)] for name, values in points.items()}


def joined(*parts: Points) -> Points:
    """Keys one after the other, with all that keys have."""
    whole = [_filled(part) for part in parts if len(part["co"])]
    return {name: np.concatenate([part[name] for part in whole]) for name in (*_PLACES, *_DEFAULTS)}


def _filled(points: Points) -> Points:
    places = points["co"]
    filled: dict[str, NDArray[np.generic]] = {name: places for name in _PLACES}
    for name, value in _DEFAULTS.items():
        filled[name] = np.full(len(places), value, np.float32 if name in _FLOATS else np.uint8)
    return {**filled, **points}


def write(curve: bpy.types.FCurve, points: Points) -> None:
    """Give an empty F-curve its keys.

    Numbers of one byte are passed as such: Blender copies those ten times as fast as others. Handles that
    are not given are Blender's to find.
    """
    keys = curve.keyframe_points
    keys.add(len(points["co"]))
    for name, values in points.items():
        keys.foreach_set(name, values.reshape(-1))
    curve.update()


def rewrite(curve: bpy.types.FCurve, points: Points, kept: NDArray[np.bool_]) -> None:
    """Give an F-curve other keys, of which `kept` (K,) keep their handles to the last bit.

    Blender would fit the handles of keys whose neighbours have changed.
    """
    curve.keyframe_points.clear()
    write(curve, points)
    for name in ("handle_left", "handle_right"):
        fitted = np.empty_like(points[name])
        curve.keyframe_points.foreach_get(name, fitted.reshape(-1))
        fitted[kept] = points[name][kept]
        curve.keyframe_points.foreach_set(name, fitted.reshape(-1))
