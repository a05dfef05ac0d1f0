"""The strips of bars under a Timeline: which rows there are, where they lie, what the mouse is over.

Frames across, pixels up; without Blender.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ...solver.edits import LIMBS, STANDING, Edits
from ..takes.timing import Clock
from .change import spans_of
from .spans import Span, Spans, dragged

ROW, GAP = 15.0, 3.0
"""Pixels of a row's height, and of the space between two, at scale 1."""
LOWEST = 7.0
"""Pixels down to which rows shrink before the hands' are left out."""
REACH = 6.0
"""Pixels from a bar's end at which the mouse takes the end."""


@dataclass(frozen=True)
class Bar:
    """A stretch of a part.

    Attributes:
        kind: `contacts`, `ignore` or `smooth`.
        part: Of the performer.
        index: Its place among the part's stretches.
        start: Frame of the scene.
        end: Frame of the scene.
        own: Whether the user said so; otherwise the solver found it.
    """

    kind: str
    part: str
    index: int
    start: float
    end: float
    own: bool


@dataclass(frozen=True)
class Row:
    """Bars of one part, in pixels of the region from `bottom` to `top`."""

    kind: str
    part: str
    bars: tuple[Bar, ...]
    bottom: float = 0.0
    top: float = 0.0

    @property
    def label(self) -> str:
        """As in: Left Foot; Left Arm, ignored."""
        words = self.part.replace("_", " ").title()
        return (
            words
            if self.kind == "contacts"
            else f"{words}, {'ignored' if self.kind == 'ignore' else 'smoothed'}"
        )


@dataclass(frozen=True)
class Hit:
    """What is under the mouse: a row, and where there is one a bar with the handle of it.

    Attributes:
        row: The row.
        bar: None on the empty part of the row.
        handle: `start`, `end` or `whole`.
    """

    row: Row
    bar: Bar | None = None
    handle: str = "whole"


@dataclass(frozen=True)
class Across:
    """Frames to pixels of a region: `origin` + frame * `each`."""

    origin: float
    each: float

    def x(self, frame: float) -> float:
        """Where a frame lies."""
        return self.origin + frame * self.each

    def frame(self, x: float) -> float:
        """Which frame lies at a pixel."""
        return (x - self.origin) / self.each


def rows_of(edits: Edits, found: Mapping[str, Spans], clock: Clock) -> list[Row]:
    """All rows from the top: those of contacts, then those of limbs about which something was said."""
    rows: list[Row] = []
    for part in STANDING:
        spans, own = spans_of(edits, "contacts", part, found.get(part, ())), part in edits.contacts
        rows.append(Row("contacts", part, _bars("contacts", part, spans, clock, own=own)))
    for kind in ("ignore", "smooth"):
        for part in LIMBS:
            if spans := spans_of(edits, kind, part):
                rows.append(Row(kind, part, _bars(kind, part, spans, clock, own=True)))
    return rows


def laid(rows: list[Row], bottom: float, top: float, scale: float) -> list[Row]:
    """The rows one over the other from `bottom` on, lower where there is little room below `top`.

    Hands that never stand are left out first; what still has no room is left out from the end.
    """
    room = top - bottom
    if room < len(rows) * (LOWEST + GAP) * scale:
        rows = [row for row in rows if row.bars or "hand" not in row.part]
    rows = rows[: max(0, int(room / ((LOWEST + GAP) * scale)))]
    if not rows:
        return []
    each = min(ROW + GAP, room / (len(rows) * scale)) * scale
    high = bottom + each * len(rows)
    return [
        replace(row, bottom=high - each * (i + 1), top=high - each * i - GAP * scale)
        for i, row in enumerate(rows)
    ]


def hit(rows: list[Row], across: Across, x: float, y: float, scale: float) -> Hit | None:
    """What lies under a pixel of the region; None beside all rows."""
    row = next((row for row in rows if row.bottom <= y <= row.top), None)
    if row is None:
        return None
    reach = REACH * scale
    over = [bar for bar in row.bars if across.x(bar.start) - reach <= x <= across.x(bar.end) + reach]
    if not over:
        return Hit(row)
    bar = min(over, key=lambda bar: max(across.x(bar.start) - x, x - across.x(bar.end)))
    left, right = x - across.x(bar.start), across.x(bar.end) - x
    inner = min(reach, (across.x(bar.end) - across.x(bar.start)) / 3)
    handle = "start" if left < inner and left <= right else "end" if right < inner else "whole"
    return Hit(row, bar, handle)


def dragged_bar(hit: Hit, grabbed: float, frame: float, clock: Clock, limits: Span) -> Bar:
    """What was grabbed at one frame, or a new bar where nothing was, when the mouse is at another.

    Args:
        hit: What was grabbed.
        grabbed: The frame at which it was.
        frame: The frame at which the mouse is.
        clock: Seconds of the take on the scene's frames.
        limits: First and last second of the take.

    Returns:
        A bar within the take whose ends that moved lie on whole frames.
    """
    first, last = (clock.frames(second) for second in limits)

    def whole(frame: float) -> float:
        return min(max(float(round(frame)), first), last)

    bar = hit.bar
    if bar is None:
        low, high = sorted((whole(grabbed), whole(frame)))
        return Bar(hit.row.kind, hit.row.part, len(hit.row.bars), low, high, own=True)
    seconds = clock.seconds(bar.start), clock.seconds(bar.end)
    start, end = dragged(seconds, hit.handle, (frame - grabbed) / clock.rate, limits)
    return replace(
        bar,
        start=bar.start if hit.handle == "end" else whole(clock.frames(start)),
        end=bar.end if hit.handle == "start" else whole(clock.frames(end)),
        own=True,
    )


def _bars(kind: str, part: str, spans: Spans, clock: Clock, *, own: bool) -> tuple[Bar, ...]:
    return tuple(
        Bar(kind, part, i, clock.frames(start), clock.frames(end), own)
        for i, (start, end) in enumerate(spans)
    )
