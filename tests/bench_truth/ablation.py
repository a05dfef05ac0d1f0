"""What each part of the solver earns: the figures without it, less those with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace

from blazerig.solver.settings import DEFAULTS, Settings
from clips import Clip, Score
from rendered import ANGLES, WHOLES, angle_row, whole_row

PARTS = "parts"
"""The setting whose switches are the solver's parts."""
_SHOWN = {
    "limb direction, °": ANGLES[0],
    "body orientation, °": ANGLES[1],
    "foot skate, mm/frame": WHOLES[2],
    "acceleration, mm/frame²": WHOLES[3],
    "MPJPE, mm": WHOLES[0],
    "root, mm": WHOLES[1],
    "penetration, mm": WHOLES[4],
}


@dataclass(frozen=True)
class Cost:
    """What is lost without a part, by figure; above 0 the part earns something."""

    part: str
    figures: Mapping[str, float]


def switched_off() -> dict[str, Settings]:
    """Settings without each part, one at a time: those of `parts`, and every other switch."""
    found = {
        one.name: replace(DEFAULTS, **{one.name: False})
        for one in fields(DEFAULTS)
        if _on(DEFAULTS, one.name)
    }
    parts = getattr(DEFAULTS, PARTS, None)
    if is_dataclass(parts):
        for one in fields(parts):
            if _on(parts, one.name):
                found[one.name] = replace(DEFAULTS, **{PARTS: replace(parts, **{one.name: False})})  # pyright: ignore
    return found


def _on(settings: object, name: str) -> bool:
    return getattr(settings, name) is True


def costs(
    clips: Sequence[Clip], whole: Mapping[str, Score], scored: Callable[[Settings], Mapping[str, Score]]
) -> list[Cost]:
    """Each part's cost over the clips; `scored` solves and scores them all with some settings."""
    with_all = figures(clips, whole)
    return [
        Cost(part, {name: value - with_all[name] for name, value in figures(clips, scored(settings)).items()})
        for part, settings in switched_off().items()
    ]


def figures(clips: Sequence[Clip], scores: Mapping[str, Score]) -> dict[str, float]:
    """The means that an ablation shows."""
    legs = [clip.name for clip in clips if clip.legs_seen]
    found: dict[str, float] = {}
    for name, one in _SHOWN.items():
        row = angle_row(one, clips, scores) if one in ANGLES else whole_row(one, legs, scores)  # pyright: ignore
        if row.ours is not None:
            found[name] = row.ours
    return found


def printed(found: Sequence[Cost]) -> list[str]:
    """As a Markdown table: a line for each part."""
    if not found:
        return ["no part can be switched off"]
    heads = ["without", *found[0].figures]
    rows = [[one.part, *(f"{value:+.2f}" for value in one.figures.values())] for one in found]
    widths = [max(len(row[i]) for row in [heads, *rows]) for i in range(len(heads))]
    lines = [
        "| " + " | ".join(cell.ljust(n) for cell, n in zip(row, widths, strict=True)) + " |"
        for row in [heads, *rows]
    ]
    return [lines[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *lines[1:]]
