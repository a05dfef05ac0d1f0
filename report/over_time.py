"""The sections that go over time: trust and contacts, joint angles, residuals."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..take import Floats
from .chart import Axis, Series, chart, heading, lines, strip
from .measures import HANDS, LIMBS, Measures

_SIDES = ("left", "right")
_CONTACTS = ("left heel", "left toes", "right heel", "right toes", "left hand", "right hand")
_ANGLES = {
    "elbow": "Elbow, inner",
    "shoulder": "Upper arm, raised",
    "wrist": "Wrist, bent",
    "knee": "Knee, inner",
    "hip": "Thigh, raised",
    "neck": "Head on chest",
}
_STEP, _SPAN = 30.0, 60.0
"""Degrees between the lines of a chart of angles, and the least that it shows."""
_TRUST_KEY = (
    '<i class="key trust4"></i> seen well <i class="key trust2"></i> doubtful '
    '<i class="key trust0"></i> not seen: what is there is filled in'
)
_ANGLE_KEY = (
    '<i class="key left"></i> left <i class="key right"></i> right '
    "&middot; inner: 180&deg; is straight &middot; raised: 0&deg; hangs along the trunk"
)
_RESIDUAL_KEY = (
    '<i class="key middle"></i> median of the landmarks <i class="key high"></i> 90th percentile '
    '<i class="key limit"></i> beyond this a limb is doubtful &middot; the metric landmarks are the '
    "nets&rsquo; guess, depth and all: 50 to 100 mm are theirs, not the solver&rsquo;s"
)


def section(title: str, content: str, key: str) -> str:
    """A section of the page."""
    return f'<section><h2>{title}</h2>{content}<p class="note">{key}</p></section>'


def charts(measures: Measures) -> list[str]:
    """All that goes over time: nothing for a still."""
    if len(measures.times) < 2:
        return []
    axis = Axis(float(measures.times[0]), float(measures.times[-1]))
    return [_timeline(axis, measures), _angles(axis, measures), _residuals(axis, measures)]


def _timeline(axis: Axis, measures: Measures) -> str:
    times = measures.times
    rows = [heading("Trust")]
    rows += [
        strip(axis, times, name.capitalize(), measures.limbs[name].sureness, "trust")
        for name in (*LIMBS, *HANDS)
    ]
    rows.append(heading("Contacts"))
    rows += [
        strip(axis, times, name.capitalize(), measures.contacts[:, i], f"{name.split()[0]} stand")
        for i, name in enumerate(_CONTACTS)
        if "hand" not in name or measures.contacts[:, i].any()
    ]
    if measures.exchanged.any():
        rows.append(heading("Left and right exchanged by the nets, and put right"))
        rows.append(strip(axis, times, "Exchanged", measures.exchanged.astype(float), "swap"))
    content = chart(axis, rows, "Trust of each limb and contacts over time")
    return section("Trust and contacts over time", content, _TRUST_KEY)


def _angles(axis: Axis, measures: Measures) -> str:
    rows: list[tuple[float, str]] = []
    for name, title in _ANGLES.items():
        low, high = _limits(measures.angles[name])
        ticks = np.arange(low, high + 1, _STEP * np.ceil((high - low) / (4 * _STEP)))
        rows.append(lines(axis, measures.times, title, _series(measures.angles[name]), (low, high), ticks))
    return section("Joint angles", chart(axis, rows, "Joint angles over time"), _ANGLE_KEY)


def _limits(values: Sequence[Floats]) -> tuple[float, float]:
    """The steps of degrees between which all values lie."""
    low = np.floor(min(float(one.min()) for one in values) / _STEP) * _STEP
    high = np.ceil(max(float(one.max()) for one in values) / _STEP) * _STEP
    high = min(max(high, low + _SPAN), 180.0)
    return min(low, high - _SPAN), high


def _series(values: Sequence[Floats]) -> list[Series]:
    names = _SIDES if len(values) == 2 else ("middle",)
    return [Series(name, name, one) for name, one in zip(names, values, strict=True)]


def _residuals(axis: Axis, measures: Measures) -> str:
    rows: list[tuple[float, str]] = []
    for title, values, unit in (
        ("In the picture", measures.pixels, " px"),
        ("Metric landmarks", measures.millimetres, " mm"),
    ):
        typical, high = _percentiles(values)
        top = _round_up(max(float(np.nanmax(high, initial=0.0)), 1.0))
        if unit == " px":
            top = max(top, _round_up(1.1 * float(np.median(measures.tolerance))))
        series = [
            Series("90 % of the landmarks are nearer", "high", high),
            Series("half are nearer", "middle", typical),
        ]
        if unit == " px":
            series.append(Series("near enough", "limit", measures.tolerance))
        rows.append(
            lines(axis, measures.times, title, series, (0, top), (0, top / 2, top), height=110.0, unit=unit)
        )
    content = chart(axis, rows, "Residuals over time")
    return section("From where it was seen to where it was solved", content, _RESIDUAL_KEY)


def _percentiles(values: Floats) -> tuple[Floats, Floats]:
    """Median and 90th percentile of each frame's landmarks; NaN where none was seen."""
    there = np.isfinite(values).any(1)
    found = np.full((2, len(values)), np.nan)
    if there.any():
        found[:, there] = np.nanpercentile(values[there], (50, 90), axis=1)
    return found[0], found[1]


def _round_up(value: float) -> float:
    """The next 1, 2 or 5 times a power of ten."""
    power = 10.0 ** np.floor(np.log10(value))
    return float(next(step * power for step in (1, 2, 5, 10) if step * power >= value - 1e-9))
