"""Channels as F-curves: a key at each frame, or as few as an error allows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from ...solver import rotations
from ...solver.reduce import Curve, evaluate, reduce
from ...solver.rotation_mode import from_mode
from . import points
from .channels import Channel
from .points import Points

Floats = NDArray[np.floating]


@dataclass(frozen=True)
class Tolerance:
    """How far fewer keys may be off the motion, at any of its frames and in each bone by itself.

    Attributes:
        degrees: Of a bone's rotation.
        millimetres: Of a bone's location.
    """

    degrees: float = 0.5
    millimetres: float = 2.0


@dataclass(frozen=True)
class Drawn:
    """One F-curve.

    Attributes:
        path: Of the property.
        index: Of the number in it.
        group: Name of its group: the bone.
        points: Its keys.
        held: What the number is without keys.
    """

    path: str
    index: int
    group: str
    points: Points
    held: float


@dataclass(frozen=True)
class Errors:
    """The largest by which keys are off the motion."""

    degrees: float = 0.0
    millimetres: float = 0.0


def dense(channels: Iterable[Channel], frames: Floats) -> list[Drawn]:
    """A key at each frame (F,), joined by straight lines."""
    drawn: list[Drawn] = []
    for channel in channels:
        for index in channel.indices:
            line = points.straight(frames, channel.values[:, index])
            if channel.turned:
                line["interpolation"][-2] = points.CONSTANT
            drawn.append(Drawn(channel.path, index, channel.bone, line, float(channel.held[index])))
    return drawn


def fewer(
    channels: Iterable[Channel], frames: Floats, tolerance: Tolerance, millimetre: float
) -> tuple[list[Drawn], Errors]:
    """As few keys as `tolerance` allows, those of a bone all at the same frames, joined by curves.

    Args:
        channels: Those of a bone next to each other.
        frames: Shape (F,).
        tolerance: What is allowed.
        millimetre: In the armature's units.

    Returns:
        The F-curves, and by how much they are off at the frames.
    """
    drawn: list[Drawn] = []
    worst = Errors()
    for _, group in groupby(channels, key=lambda channel: channel.bone):
        bone = list(group)
        measure = _Measure(bone, millimetre)
        turned = any(channel.turned for channel in bone)
        values = np.concatenate([channel.values for channel in bone], axis=1)
        end = len(frames) - turned
        curve = reduce(
            frames[:end],
            values[:end],
            lambda a, b, measure=measure: measure.share(a, b, tolerance),
        )
        errors = measure.errors(np.float32(evaluate(curve, frames[:end])).astype(float), values[:end])
        worst = Errors(
            max(worst.degrees, float(errors[0].max())), max(worst.millimetres, float(errors[1].max()))
        )
        drawn += _curves(bone, curve, frames, values, turned=turned)
    return drawn, worst


class _Measure:
    """How far the values of a bone's channels are from others."""

    def __init__(self, channels: Sequence[Channel], millimetre: float) -> None:
        bounds = np.cumsum([0, *(channel.values.shape[1] for channel in channels)])
        self._parts = [
            (channel.mode, slice(int(begin), int(end)))
            for channel, begin, end in zip(channels, bounds[:-1], bounds[1:], strict=True)
        ]
        self._millimetre = millimetre

    def errors(self, a: Floats, b: Floats) -> tuple[Floats, Floats]:
        """Degrees and millimetres between values (N, C). Each (N,)."""
        degrees, millimetres = np.zeros(len(a)), np.zeros(len(a))
        for mode, part in self._parts:
            if mode:
                turn = _angle(from_mode(a[:, part], mode), from_mode(b[:, part], mode))
                degrees = np.maximum(degrees, np.degrees(turn))
            else:
                way = rotations.length(a[:, part] - b[:, part])[:, 0] / self._millimetre
                millimetres = np.maximum(millimetres, way)
        return degrees, millimetres

    def share(self, a: Floats, b: Floats, tolerance: Tolerance) -> Floats:
        """The same as a part of what is allowed. Shape (N,)."""
        degrees, millimetres = self.errors(a, b)
        return np.maximum(degrees / tolerance.degrees, millimetres / tolerance.millimetres)


def _angle(a: Floats, b: Floats) -> Floats:
    """Angle (N,) between rotations (N, 4), by the chord of the nearer of the two quaternions: quickly."""
    near = np.where((a * b).sum(-1, keepdims=True) < 0.0, -b, b)
    return 4.0 * np.arcsin(np.minimum(rotations.length(a - near)[:, 0] / 2.0, 1.0))


def _curves(
    bone: Sequence[Channel], curve: Curve, frames: Floats, values: Floats, *, turned: bool
) -> list[Drawn]:
    drawn: list[Drawn] = []
    column = 0
    for channel in bone:
        for index in channel.indices:
            at = column + index
            line = points.curved(
                curve.times, curve.values[:, at], curve.arriving[:, at], curve.leaving[:, at]
            )
            if turned:
                line["interpolation"][-1] = points.CONSTANT if channel.turned else points.LINEAR
                line = points.joined(line, points.straight(frames[-1:], values[-1:, at]))
            drawn.append(Drawn(channel.path, index, channel.bone, line, float(channel.held[index])))
        column += channel.values.shape[1]
    return drawn
