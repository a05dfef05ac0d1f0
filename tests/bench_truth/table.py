"""The table: what is measured, what today's practice reaches, what is asked for, and ours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Row:
    """One figure.

    Attributes:
        what: Its name, with the unit.
        ours: None where it could not be measured here.
        reach: What is asked for; None where nothing is.
        today: What damped tracking on the raw landmarks gives; None where nobody measured it.
        at_least: Whether more is better.
        clips: The same figure of each clip that counts.
        note: What a reader must know.
    """

    what: str
    ours: float | None
    reach: float | None = None
    today: float | None = None
    at_least: bool = False
    clips: Mapping[str, float] = field(default_factory=dict[str, float])
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether ours is what is asked for; None where one of the two is missing."""
        if self.ours is None or self.reach is None:
            return None
        return self.ours >= self.reach if self.at_least else self.ours <= self.reach


@dataclass(frozen=True)
class Section:
    """Rows that belong together."""

    title: str
    rows: Sequence[Row]


def printed(section: Section, clips: Iterable[str] = ()) -> list[str]:
    """A section as lines of one Markdown table, with a column for each of `clips`."""
    clips = list(clips)
    heads = ["", section.title, "today", "to reach", "ours", "met", *clips, "note"]
    rows = [
        heads,
        *([*_cells(row), *(number(row.clips.get(clip)) for clip in clips), row.note] for row in section.rows),
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(heads))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row[1:], widths[1:], strict=True)) + " |"
        for row in rows
    ]
    rule = "|" + "|".join("-" * (width + 2) for width in widths[1:]) + "|"
    return [lines[0], rule, *lines[1:]]


def _cells(row: Row) -> list[str]:
    sign = "≥ " if row.at_least else "≤ "
    met = {True: "yes", False: "NO", None: ""}[row.met]
    reach = "" if row.reach is None else sign + asked(row.reach)
    return ["", row.what, asked(row.today), reach, number(row.ours, missing="–"), met]


def number(value: float | None, missing: str = "") -> str:
    """To three figures that count, but no tenths of what is large."""
    if value is None:
        return missing
    if abs(value) >= 99.5:
        return f"{value:.0f}"
    return f"{value:.1f}" if abs(value) >= 0.95 or value == 0 else f"{value:.2g}"


def asked(value: float | None) -> str:
    """As it was written down."""
    return "" if value is None else f"{value:g}"
