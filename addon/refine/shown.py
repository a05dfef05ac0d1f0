"""What there is to show of the active take: its edits, and what the solver made of it when it last did."""

from __future__ import annotations

from dataclasses import dataclass

import bpy
import numpy as np

from ...errors import BlazeRigError
from ...solver.edits import Edits, Spans, spans
from ...solver.solution import Solution
from ...take import Floats
from .. import session
from ..animate.apply import motion_of
from ..takes.files import take_file
from ..takes.takes import active_take
from ..takes.timing import Clock, clock_of
from .confidence import limb_confidence
from .properties import edits_of


@dataclass(frozen=True)
class Solved:
    """What is shown of a solved take of F frames.

    Attributes:
        times: Seconds. Shape (F,).
        found: When each part stands.
        confidence: Of each limb of `confidence.POINTS`. Shape (F, 6).
    """

    times: Floats
    found: Spans
    confidence: Floats


@dataclass(frozen=True)
class Shown:
    """The active take: its entry, how it lies on the scene's frames, its edits, what was solved if it was."""

    item: bpy.types.PropertyGroup
    clock: Clock
    edits: Edits
    solved: Solved | None

    @property
    def limits(self) -> tuple[float, float]:
        """First and last second of the take."""
        return self.item.first, self.item.first + self.item.seconds


_of: tuple[Solution, Solved] | None = None
_last: dict[str, Solved] = {}
"""By the take's file: shown on while it is solved anew."""


def shown(scene: bpy.types.Scene) -> Shown | None:
    """What there is to show; None where the scene has no take. Quick where nothing has changed."""
    try:
        item = active_take(scene)
        return Shown(item, clock_of(scene), edits_of(item.edits), _solved(scene, item))
    except BlazeRigError:
        return None


def forget() -> None:
    """Let go of what was solved."""
    global _of
    _of = None
    _last.clear()


def _solved(scene: bpy.types.Scene, item: bpy.types.PropertyGroup) -> Solved | None:
    global _of
    file = take_file(item)
    try:
        solution = motion_of(scene)
        if solution is not None and (_of is None or _of[0] is not solution):
            confidence = limb_confidence(session.take(file), solution)
            _of = solution, Solved(np.asarray(solution.pose.times), spans(solution), confidence)
    except BlazeRigError:  # the take's file is gone: its edits can be shown all the same
        solution = None
    if solution is not None and _of is not None:
        _last[str(file)] = _of[1]
    return _last.get(str(file))


CLASSES = ()


def unregister() -> None:
    """Let go of everything."""
    forget()
