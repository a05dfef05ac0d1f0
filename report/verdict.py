"""The verdict: how much of the clip each part of the body can be trusted in, where not, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..take import Floats
from .measures import HANDS, PARTS, Limb, Measures

Frames = NDArray[np.integer[Any]]

BRIDGED = 0.2
"""Seconds: doubtful frames that lie no farther apart are one stretch."""
WORST = 3
"""So many stretches of each part are named."""
PICTURES = 4
"""So many of the worst frames are shown, and as many regular ones."""


@dataclass(frozen=True)
class Stretch:
    """Frames `first` to `last` in which a limb is doubtful, how badly (the doubts added up, s), and why."""

    limb: str
    first: int
    last: int
    badness: float
    reason: str


@dataclass(frozen=True)
class Verdict:
    """Of one part of the body.

    Attributes:
        part: Its name, of `PARTS`.
        trusted: The share of frames in which none of its limbs is doubtful.
        worst: The worst stretches of the others, in the order of time.
        others: How many more stretches there are.
    """

    part: str
    trusted: float
    worst: Sequence[Stretch]
    others: int


def judge(measures: Measures) -> list[Verdict]:
    """A verdict for every part of the body, in the order of `PARTS`."""
    verdicts: list[Verdict] = []
    for part, names in PARTS.items():
        doubtful = np.any([measures.limbs[name].doubtful for name in names], axis=0)
        stretches = [stretch for name in names for stretch in stretches_of(name, measures)]
        worst = sorted(stretches, key=lambda stretch: -stretch.badness)[:WORST]
        worst.sort(key=lambda stretch: stretch.first)
        trusted = float(1.0 - doubtful.mean())
        verdicts.append(Verdict(part, trusted, worst, len(stretches) - len(worst)))
    return verdicts


def stretches_of(name: str, measures: Measures) -> list[Stretch]:
    """The stretches in which a limb is doubtful."""
    limb, times = measures.limbs[name], measures.times
    frames = np.flatnonzero(limb.doubtful)
    if not len(frames):
        return []
    apart = np.flatnonzero((np.diff(times[frames]) > BRIDGED) & (np.diff(frames) > 1)) + 1
    doubt = limb_doubt(limb, measures.tolerance) * frame_seconds(times)
    return [
        Stretch(name, int(run[0]), int(run[-1]), float(doubt[run].sum()), _reason(name, limb, run, measures))
        for run in np.split(frames, apart)
    ]


def limb_doubt(limb: Limb, tolerance: Floats) -> Floats:
    """How bad each frame of a limb is, from 0 to 2 (F,)."""
    return (1.0 - limb.sureness) + np.clip(np.nan_to_num(limb.missed) / tolerance / 2, 0.0, 1.0)


def frame_seconds(times: Floats) -> Floats:
    """How long each frame lasts, s (F,)."""
    return np.gradient(times) if len(times) > 1 else np.full(len(times), 1 / 30)


def _reason(name: str, limb: Limb, run: Frames, measures: Measures) -> str:
    seen = np.isfinite(limb.missed[run])
    if seen.mean() < 0.5:
        return "not found" if name in HANDS else "nobody seen"
    if np.nanmean(limb.outside[run]) > 0.5:
        return "outside the picture"
    missed = np.nan_to_num(limb.missed[run])
    if (missed > measures.tolerance[run]).mean() > 0.5:
        return f"solved {np.median(missed):.0f} px from where it was seen"
    return "hidden or guessed"


def frames_to_show(measures: Measures) -> tuple[list[int], list[int]]:
    """The worst frames and some regular ones, each in the order of time; no two of them close together."""
    doubt = sum(limb_doubt(limb, measures.tolerance) * limb.doubtful for limb in measures.limbs.values())
    doubt = np.asarray(doubt, float)
    times = measures.times
    apart = max(0.3, float(times[-1] - times[0]) / (3 * PICTURES))
    worst: list[int] = []
    for frame in np.argsort(-doubt, kind="stable"):
        if doubt[frame] <= 0 or len(worst) == PICTURES:
            break
        if all(abs(times[frame] - times[other]) >= apart for other in worst):
            worst.append(int(frame))
    even = np.linspace(times[0], times[-1], PICTURES + 2)[1:-1]
    regular = {int(np.abs(times - time).argmin()) for time in even}
    near = {
        frame for frame in regular if any(abs(times[frame] - times[other]) < apart / 2 for other in worst)
    }
    return sorted(worst), sorted(regular - near)
