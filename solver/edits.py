"""What an animator says of stretches of a clip: what stands, what the nets got wrong, what is to be calmer.

Spans are (start, end) in seconds of the take, both ends included. docs/derivations.md, EDITS.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ..errors import BlazeRigError
from ..take import Floats
from .landmarks import LANDMARKS
from .runs import runs
from .solution import Solution

Spans = Mapping[str, tuple[tuple[float, float], ...]]
"""Stretches of each part that is named."""

STANDING: Mapping[str, list[int]] = {
    "left_foot": [0, 1], "right_foot": [2, 3], "left_hand": [4], "right_hand": [5],
}  # fmt: skip
"""Parts that stand, with their columns in `Solution.contacts`."""
LIMBS: Mapping[str, list[int]] = {
    "body": list(range(LANDMARKS)),
    "left_arm": [13, 15, 17, 19, 21],
    "right_arm": [14, 16, 18, 20, 22],
    "left_leg": [25, 27, 29, 31],
    "right_leg": [26, 28, 30, 32],
    "head": list(range(11)),
}
"""Parts that may be ignored or calmed, with their landmarks; the body is all of it."""
EDGE = 1e-3
"""Seconds by which a frame may miss a span and be in it still: spans may be kept in single precision."""


@dataclass(frozen=True)
class Edits:
    """Said by hand.

    Attributes:
        contacts: When parts of `STANDING` stand; one that is named stands in these spans and at no other
            time, one that is not is found.
        ignore: When the nets are not believed about parts of `LIMBS`: motion runs on over these spans.
        smooth: When parts of `LIMBS` are calmer than the usual.
    """

    contacts: Spans = field(default_factory=dict, metadata={"parts": tuple(STANDING)})
    ignore: Spans = field(default_factory=dict, metadata={"parts": tuple(LIMBS)})
    smooth: Spans = field(default_factory=dict, metadata={"parts": tuple(LIMBS)})


def checked_spans(name: str, table: object, parts: tuple[str, ...]) -> Spans:
    """The spans of a table `name` of a settings file.

    Raises:
        BlazeRigError: It names a part that is none of `parts`, or something in it is no span.
    """
    if not isinstance(table, dict):
        raise BlazeRigError(f"{name} is {table}; write its spans below a line [{name}]")
    if unknown := [part for part in table if part not in parts]:
        raise BlazeRigError(f"{name} has no part '{unknown[0]}'; there are: {', '.join(parts)}")
    return {part: _checked(f"{name}.{part}", value) for part, value in table.items()}


def _checked(name: str, value: object) -> tuple[tuple[float, float], ...]:
    form = "give spans of seconds, as in [[0.5, 1.25], [2.0, 3.1]]"
    if not isinstance(value, list):
        raise BlazeRigError(f"{name} is {value}; {form}")
    for span in value:
        numbers = isinstance(span, list) and all(type(end) in (int, float) for end in span)
        if not numbers or len(span) != 2 or not np.isfinite(span).all():
            raise BlazeRigError(f"{name} has {span}; {form}")
        if span[0] > span[1]:
            raise BlazeRigError(f"{name} has {span}, which ends before it begins; {form}")
    return tuple(sorted((float(start), float(end)) for start, end in value))


def inside(stretches: tuple[tuple[float, float], ...], times: Floats) -> NDArray[np.bool_]:
    """Which frames lie in one of the spans. Shape (F,)."""
    found = np.zeros(len(times), bool)
    for start, end in stretches:
        found |= (times >= start - EDGE) & (times <= end + EDGE)
    return found


def spans(solution: Solution) -> Spans:
    """When each part stands, as spans: given as `Edits.contacts`, they leave the motion as it is."""
    times = solution.pose.times
    return {
        part: tuple(
            (float(times[run.start]), float(times[run.stop - 1]))
            for run in runs((solution.contacts[:, columns] > 0.5).any(1))
        )
        for part, columns in STANDING.items()
    }


def stand_as_said(found: Floats, stands: NDArray[np.bool_]) -> Floats:
    """Which points of a part stand: those that were found, all where none was, and none outside its spans.

    Args:
        found: Which of them were found to stand, 0 or 1. Shape (F, K).
        stands: Where the part stands. Shape (F,).
    """
    some = np.where(found.any(1, keepdims=True), found, 1.0)
    return np.where(stands[:, None], some, 0.0)
