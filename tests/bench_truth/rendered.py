"""The rows of the rendered clips."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from clips import Clip, Score
from table import Row

ARMS = ("upper arms", "forearms", "hands", "fingers")
"""What counts of a clip whose legs are out of the picture."""
Scores = Mapping[str, Score]


@dataclass(frozen=True)
class Angle:
    """Mean error of groups of bones, degrees."""

    what: str
    groups: tuple[str, ...]
    kind: str
    today: float
    reach: float


@dataclass(frozen=True)
class Whole:
    """A figure of whole clips whose legs are seen."""

    what: str
    value: Callable[[Score], float | None]
    today: float
    reach: float


_LIMBS = ("upper arms", "forearms", "thighs", "shins")
ANGLES = (
    Angle("direction of upper arms, forearms, thighs, shins, °", _LIMBS, "direction", 15, 9),
    Angle("orientation of all 22 body bones, °", ("all body",), "orientation", 27, 12),
    Angle("orientation of upper arms, °", ("upper arms",), "orientation", 40, 18),
    Angle("orientation of forearms, °", ("forearms",), "orientation", 36, 18),
    Angle("orientation of neck and head, °", ("neck/head",), "orientation", 25, 12),
    Angle("orientation of feet, °", ("feet",), "orientation", 31, 15),
    Angle("orientation of hands, °", ("hands",), "orientation", 41, 20),
    Angle("fingers, relative to their parent, °", ("fingers",), "local", 34, 20),
)
WHOLES = (
    Whole("MPJPE, root-aligned, mm", lambda score: score["yaw"]["mpjpe_mm"], 86, 55),
    Whole("root path error, mm", lambda score: score["yaw"]["root"]["error_mm"], 265, 80),
    Whole(
        "foot skate in the truth's contacts, mm/frame", lambda score: score["foot_skate_mm"]["result"], 21, 3
    ),
    Whole(
        "acceleration error, hips-relative, mm/frame²",
        lambda score: score["yaw"]["accel_error_rel_mm"],
        17,
        5,
    ),
    Whole("floor penetration, mean, mm", lambda score: score["floor"]["penetration_mean_mm"], 13, 5),
)
HANDS_CLIP = "hands"


def rows(clips: Sequence[Clip], scores: Scores) -> list[Row]:
    """The table of the rendered clips."""
    legs = [clip.name for clip in clips if clip.legs_seen]
    found = [angle_row(angle, clips, scores) for angle in ANGLES]
    if HANDS_CLIP in scores:
        fingers = _angle(scores[HANDS_CLIP], "fingers", "local")
        found.append(Row("fingers on the clip `hands`, °", fingers, 15, 34))
    return found + [whole_row(whole, legs, scores) for whole in WHOLES]


def angle_row(angle: Angle, clips: Sequence[Clip], scores: Scores) -> Row:
    """Each group's mean over the clips in which it counts, then the groups' mean."""
    parts: list[dict[str, float]] = []
    for group in angle.groups:
        counted = [clip.name for clip in clips if clip.legs_seen or group in ARMS]
        parts.append({name: _angle(scores[name], group, angle.kind) for name in counted})
    ours = float(np.mean([np.mean(list(part.values())) for part in parts])) if all(parts) else None
    names = dict.fromkeys(name for part in parts for name in part)
    each = {name: float(np.mean([part[name] for part in parts if name in part])) for name in names}
    return Row(angle.what, ours, angle.reach, angle.today, clips=each)


def whole_row(whole: Whole, names: Sequence[str], scores: Scores) -> Row:
    """The mean over the named clips."""
    each = {name: value for name in names if (value := whole.value(scores[name])) is not None}
    ours = float(np.mean(list(each.values()))) if each else None
    return Row(whole.what, ours, whole.reach, whole.today, clips=each)


def _angle(score: Score, group: str, kind: str) -> float:
    return float(score["yaw"]["groups"][group][kind]["mean"])
