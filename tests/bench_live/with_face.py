"""What the face costs the worker: read with it and without, in turns, on a clip with a face close by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pipe

ROUNDS = 3
"""How often each is measured; whatever else the machine does meanwhile then meets both."""


def table(video: Path, seconds: float) -> Iterator[str]:
    """Measure each way for so many seconds, `ROUNDS` times, and tell line by line."""
    found: dict[bool, list[pipe.Measured]] = {False: [], True: []}
    for _ in range(ROUNDS):
        for face, runs in found.items():
            runs.append(pipe.measured(video, seconds + pipe.SETTLED, face=face))
    ready = found[True][0].ready
    yield f"\n{video.name} at {ready['fps']:g}/s, on {ready['provider']}, {ROUNDS} x {seconds:.0f} s each"
    yield f"{'':34}{'without':>8}{'with':>8}   the face"
    without, with_face = found[False], found[True]
    yield row("poses a second", rate(without), rate(with_face))
    for percent in (50, 95):
        yield row(f"capture to reader, p{percent}, ms", late(without, percent), late(with_face, percent))
    for stage in with_face[0].figures[-1]["stages_ms"]:
        yield row(f"  {stage}, p50, ms", spent(without, stage), spent(with_face, stage))


def row(what: str, without: float | None, with_face: float | None) -> str:
    """A line of the table; None is nothing."""
    shown = [f"{'-' if value is None else format(value, '.1f'):>8}" for value in (without, with_face)]
    return f"{what:34}{''.join(shown)}"


def rate(runs: Sequence[pipe.Measured]) -> float:
    """Poses a second."""
    return sum(len(run.late()) for run in runs) / sum(run.settled_for() for run in runs)


def late(runs: Sequence[pipe.Measured], percent: float) -> float:
    """Milliseconds from capture to reader that so many of a hundred poses do not take longer than."""
    return float(np.percentile(np.concatenate([run.late() for run in runs]), percent))


def spent(runs: Sequence[pipe.Measured], stage: str) -> float | None:
    """The median of a stage's medians; None where there is no such stage."""
    figures = [figures["stages_ms"].get(stage) for run in runs for figures in run.figures]
    values = [figure["p50"] for figure in figures if figure]
    return float(np.median(values)) if values else None
