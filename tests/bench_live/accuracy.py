"""The live clock beside the offline one, on clips with truth: figures of the benchmark's score.py."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from blazerig.solver.live import solve_live
from blazerig.solver.solve import solve
from blazerig.take import Take, load_take

sys.path.append(str(Path(__file__).resolve().parents[1] / "bench_truth"))

import rendered
from clips import Clip, blazerig, keyed, load_clips, score, scorer
from table import number

_WIDTH = 56


def table(shared: Path, takes: Path) -> Iterator[str]:
    """The figures line by line, the means over the clips that count for each."""
    clips = load_clips(shared, takes)
    lived = [replace(clip, take=seen_live(clip, takes)) for clip in clips]
    yield f"\n{'on the rendered clips':{_WIDTH}}{'live':>8}{'offline':>9}"
    live = {clip.name: score(keyed(solve_live(clip.take), clip), clip, shared) for clip in lived}
    offline = {clip.name: score(keyed(solve(clip.take), clip), clip, shared) for clip in clips}
    for ours, theirs in zip(rendered.rows(clips, live), rendered.rows(clips, offline), strict=True):
        yield f"{ours.what:{_WIDTH}}{number(ours.ours):>8}{number(theirs.ours):>9}"
    raw = [jitter(seen, clips, shared) for seen in (lived, clips)]
    what = "acceleration error of the raw landmarks, mm/frame²"
    yield f"{what:{_WIDTH}}{raw[0]:8.1f}{raw[1]:9.1f}"


def seen_live(clip: Clip, takes: Path) -> Take:
    """The clip as the nets see it one frame after the other, tracked where it is not there yet."""
    path = takes / f"{clip.name}-live.npz"
    if not path.is_file():
        blazerig("track", clip.folder / "video.mp4", "-o", path, "--mode", "live")
    return load_take(path)


def jitter(seen: Sequence[Clip], clips: Sequence[Clip], shared: Path) -> float:
    """Acceleration error of the landmarks as the nets give them, the mean over clips with legs, mm/frame²."""
    legs = [clip for clip, whole in zip(seen, clips, strict=True) if whole.legs_seen]
    return float(np.mean([_raw(clip, shared) for clip in legs]))


def _raw(clip: Clip, shared: Path) -> float:
    at = np.abs(clip.take.times[None] - clip.truth["time"][:, None]).argmin(1)
    return scorer(shared).score_landmarks(clip.take.body_world[at], clip.truth)["accel_error_mm"]
