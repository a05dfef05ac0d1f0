"""The rows of time."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

import numpy as np
from blazerig.solver.live import steps
from blazerig.solver.solve import solve
from clips import Clip
from table import Row

RUNS = 3
"""Of each clip, and of each frame live, the fastest counts: what else a machine does only adds."""


def rows(clips: Sequence[Clip]) -> list[Row]:
    """Frames of body and hands a second offline, over all clips; milliseconds a frame live."""
    seconds = {clip.name: min(_seconds(clip) for _ in range(RUNS)) for clip in clips}
    each = {clip.name: len(clip.take) / seconds[clip.name] for clip in clips}
    ours = sum(len(clip.take) for clip in clips) / sum(seconds.values())
    return [Row("offline, frames/s", ours, 300, at_least=True, clips=each), _live(clips)]


def _seconds(clip: Clip) -> float:
    started = time.perf_counter()
    solve(clip.take)
    return time.perf_counter() - started


def _live(clips: Sequence[Clip]) -> Row:
    """Of each frame the fastest run; the note tells the runs as they came."""
    runs = 1000.0 * np.array([[spent for clip in clips for spent in _frames(clip)] for _ in range(RUNS)])
    p95 = [float(value) for value in np.percentile(runs, 95, axis=1)]
    note = "each frame's fastest run; single runs " + ", ".join(f"{value:.1f}" for value in p95)
    return Row("live, p95, ms/frame", float(np.percentile(runs.min(0), 95)), 5, note=note)


def _frames(clip: Clip) -> Iterator[float]:
    """Seconds that each frame takes live."""
    coming = steps(clip.take)
    before = time.perf_counter()
    for _ in coming:
        yield (now := time.perf_counter()) - before
        before = now
