"""The table: what is measured, what today's practice reaches, what is asked for, and ours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

WIDTHS = (60, 5, 8, 6, 3)
"""Of the columns before those of the clips: the table is printed while it is measured."""
CLIP = 6


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
    clips: Mapping[str, float | None] = field(default_factory=dict[str, "float | None"])
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether ours is what is asked for; None where one of the two is missing."""
        if self.ours is None or self.reach is None:
            return None
        return self.ours >= self.reach if self.at_least else self.ours <= self.reach


def head(clips: Sequence[str]) -> str:
    """The first lines of the table in Markdown, with a column for each of `clips`."""
    names = ["what", "today", "to reach", "ours", "met", *clips, "note"]
    rule = "|" + "|".join("-" * (width + 2) for width in (*WIDTHS, *[CLIP] * len(clips), 4)) + "|"
    return f"{_line(names)}\n{rule}"


def section(title: str, clips: Sequence[str]) -> str:
    """A line that names the rows below it."""
    return _line([f"**{title}**", *[""] * (len(WIDTHS) + len(clips))])


def lines(rows: Sequence[Row], clips: Sequence[str]) -> Iterator[str]:
    """Rows as lines of the table."""
    for row in rows:
        sign = "≥ " if row.at_least else "≤ "
        yield _line(
            [
                row.what,
                _asked(row.today),
                "" if row.reach is None else sign + _asked(row.reach),
                number(row.ours) or "-",
                {True: "yes", False: "NO", None: ""}[row.met],
                *(number(row.clips.get(clip)) for clip in clips),
                row.note,
            ]
        )


def _line(cells: Sequence[str]) -> str:
    widths = [*WIDTHS, *[CLIP] * (len(cells) - len(WIDTHS) - 1), 4]
    return "| " + " | ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)) + " |"


def number(value: float | None) -> str:
    """To three figures that count, but no tenths of what is large."""
    if value is None:
        return ""
    if abs(value) < 0.0005:
        return "0"
    if abs(value) >= 99.5:
        return f"{value:.0f}"
    return f"{value:.1f}" if abs(value) >= 0.95 else f"{value:.2g}"


def _asked(value: float | None) -> str:
    """As it was written down."""
    return "" if value is None else f"{value:g}"
