"""Charts over time as SVG: lines, strips and bars that share one axis. Colours are the page's, by class."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..take import Floats

WIDTH, LEFT, RIGHT = 1000.0, 150.0, 46.0
"""Of a chart and of what stands beside its field, in its own units."""
ROW, GAP = 15.0, 4.0
"""Height of a strip, and the space between two."""
POINTS = 600
"""So many points across: of longer clips a line shows the lowest and the highest that fall on each."""
LEVELS = 5
"""Steps of a strip's colour."""


@dataclass(frozen=True)
class Axis:
    """Time from `start` to `end`, s, across the field of a chart."""

    start: float
    end: float

    def x(self, time: Floats | float) -> Floats:
        """Where a time lies."""
        span = max(self.end - self.start, 1e-6)
        return LEFT + (np.asarray(time) - self.start) / span * (WIDTH - LEFT - RIGHT)

    def ticks(self) -> list[float]:
        """Round times, some ten of them."""
        span = self.end - self.start
        step = next((step for step in _STEPS if span / step <= 12), _STEPS[-1])
        return [float(time) for time in np.arange(np.ceil(self.start / step), self.end / step + 1e-9) * step]


_STEPS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0)


@dataclass(frozen=True)
class Series:
    """One line of a chart: its name, its class of the page's style, its values (F,)."""

    name: str
    kind: str
    values: Floats


def chart(axis: Axis, rows: Sequence[tuple[float, str]], label: str) -> str:
    """A picture of rows one under another, each its height and its content, with the times below."""
    parts: list[str] = []
    y = 4.0
    for height, content in rows:
        parts.append(f'<g transform="translate(0 {y:g})">{content}</g>')
        y += height
    for time in axis.ticks():
        x = axis.x(time)
        parts.append(f'<path class="tick" d="M{x:.1f} {y:g}v4"/>')
        parts.append(f'<text class="time" x="{x:.1f}" y="{y + 16:g}">{time:g} s</text>')
    hair = f'<path class="hair" d="M0 0V{y:g}" visibility="hidden"/>'
    return (
        f'<svg class="chart" viewBox="0 0 {WIDTH:g} {y + 20:g}" role="img" aria-label="{escape(label)}" '
        f'data-field="{LEFT:g} {WIDTH - RIGHT:g} {WIDTH:g}" data-times="{axis.start:.4f} {axis.end:.4f}">'
        f"{''.join(parts)}{hair}</svg>"
    )


def lines(
    axis: Axis,
    times: Floats,
    title: str,
    series: Sequence[Series],
    limits: tuple[float, float],
    ticks: Iterable[float],
    *,
    height: float = 92.0,
    unit: str = "°",
) -> tuple[float, str]:
    """Lines over time in a field from the lower to the upper limit; what lies beyond is cut off."""
    low, high = limits
    scale = (height - 24.0) / (high - low)

    def y(value: Floats | float) -> Floats:
        return 12.0 + (high - np.clip(value, low, high)) * scale

    parts = [f'<text class="row" x="0" y="{height / 2 + 4:g}">{escape(title)}</text>']
    for tick in ticks:
        at = float(y(tick))
        parts.append(f'<path class="grid" d="M{LEFT:g} {at:.1f}H{WIDTH - RIGHT:g}"/>')
        parts.append(f'<text class="value" x="{LEFT - 6:g}" y="{at + 4:.1f}">{tick:g}{unit}</text>')
    parts.extend(
        f'<path class="line {one.kind}" d="{_path(axis, times, y(one.values))}">'
        f"<title>{escape(one.name)}</title></path>"
        for one in series
    )
    return height, "".join(parts)


def strip(axis: Axis, times: Floats, title: str, values: Floats, kind: str) -> tuple[float, str]:
    """A row coloured by values from 0 to 1, in `LEVELS` steps of a class: `kind`0 to `kind`4."""
    levels = np.minimum((np.nan_to_num(values) * LEVELS).astype(int), LEVELS - 1)
    parts = [f'<text class="row" x="0" y="{ROW - 3:g}">{escape(title)}</text>']
    for start, end, level in _runs(times, levels):
        x, width = axis.x(start), axis.x(end) - axis.x(start)
        parts.append(f'<rect class="{kind}{level}" x="{x:.1f}" width="{width:.1f}" height="{ROW:g}"/>')
    return ROW + GAP, "".join(parts)


def heading(title: str) -> tuple[float, str]:
    """A row that names those below it."""
    return 22.0, f'<text class="group" x="0" y="15">{escape(title)}</text>'


def _runs(times: Floats, levels: NDArray[np.integer[Any]]) -> list[tuple[float, float, int]]:
    """Start, end and level of runs of one level; of frames that fall on one point the lowest counts."""
    column = np.unique((np.linspace(0, 1, len(times)) * POINTS).astype(int), return_index=True)[1]
    lowest = np.minimum.reduceat(levels, column)
    edges = np.append(_edges(times)[column], _edges(times)[-1])
    change = np.flatnonzero(np.diff(lowest, prepend=lowest[0] - 1))
    ends = np.append(edges[change[1:]], edges[-1])
    return [(float(edges[at]), float(end), int(lowest[at])) for at, end in zip(change, ends, strict=True)]


def _edges(times: Floats) -> Floats:
    """Where frames begin and end, half-way between them (F + 1,); the first and the last are cut in half."""
    return np.concatenate([times[:1], (times[1:] + times[:-1]) / 2, times[-1:]])


def _path(axis: Axis, times: Floats, heights: Floats) -> str:
    """A line's path, broken where a value is missing; a value that stands alone is a dot."""
    times, heights = _thinned(times, heights)
    xs = axis.x(times)
    parts: list[str] = []
    drawing = False
    for x, y in zip(xs, heights, strict=True):
        if np.isfinite(y):
            parts.append(f"{'L' if drawing else 'M'}{x:.1f} {y:.1f}" + ("" if drawing else "h0"))
        drawing = bool(np.isfinite(y))
    return "".join(parts)


def _thinned(times: Floats, heights: Floats) -> tuple[Floats, Floats]:
    """The lowest and the highest of the frames that fall on one point, in their order."""
    if len(times) <= 2 * POINTS:
        return times, heights
    keep: list[int] = []
    for part in np.array_split(np.arange(len(times)), POINTS):
        there = part[np.isfinite(heights[part])]
        ends = {there[heights[there].argmin()], there[heights[there].argmax()]} if len(there) else {part[0]}
        keep.extend(sorted(int(frame) for frame in ends))
    return times[keep], heights[keep]
