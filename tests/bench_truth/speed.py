"""The rows of time."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
from blazerig.solver.solve import solve
from clips import Clip
from table import Row

RUNS = 3
"""Of each clip, the fastest counts: what else a machine does only adds."""


def rows(clips: Sequence[Clip]) -> list[Row]:
    """Frames of body and hands a second offline, over all clips; live where there is a live solver."""
    seconds = {clip.name: min(_seconds(clip) for _ in range(RUNS)) for clip in clips}
    each = {clip.name: len(clip.take) / seconds[clip.name] for clip in clips}
    ours = sum(len(clip.take) for clip in clips) / sum(seconds.values())
    return [Row("offline, frames/s", ours, 300, at_least=True, clips=each), *_live(clips)]


def _seconds(clip: Clip) -> float:
    started = time.perf_counter()
    solve(clip.take)
    return time.perf_counter() - started


def _live(clips: Sequence[Clip]) -> list[Row]:
    try:
        from blazerig.solver.live import steps  # pyright: ignore[reportMissingImports]
    except ImportError:
        return [Row("live, p95, ms/frame", None, 5, note="there is no live solver")]
    spent: list[float] = []
    for clip in clips:
        coming = steps(clip.take)
        before = time.perf_counter()
        for _ in coming:
            spent.append(1000 * (now := time.perf_counter()) - 1000 * before)
            before = now
    return [Row("live, p95, ms/frame", float(np.percentile(spent, 95)), 5)]
