"""How fast footage is tracked here, and what the time goes to; beside the reference, in turns."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ..errors import BlazeRigError
from .machine import cores
from .nets import Wanted
from .sessions import Net, Spent
from .track import Tracked, track
from .video import Video

_RUNS = 7
_MEGABYTE = 1e6


@dataclass(frozen=True)
class Result:
    """What was measured.

    Attributes:
        fps: Frames per second of the whole pipeline, decoding included, loading of nets left out: the
            median of the turns.
        reference_fps: The reference's, in the same way; None where it did not run.
        ratios: Ours over the reference's, turn by turn.
        ratio: Their median.
        stages_ms: Milliseconds per frame: of the whole clip's passes; decoding alone; each net's calls, which
            on the CPU run side by side.
        crops: Crops per frame that each net looked at.
        floor_fps: What the nets' arithmetic alone would allow, all cores busy with nothing else; CPU only.
        peak_rss_mb: Greatest memory of this process so far; None where the system does not tell.
        provider: What ran the nets.
        mode: `live` or `offline`.
    """

    mode: str
    provider: str
    frames: int
    fps: float
    floor_fps: float | None
    stages_ms: dict[str, float]
    crops: dict[str, float]
    peak_rss_mb: float | None
    reference_fps: float | None = None
    ratio: float | None = None
    ratios: list[float] = field(default_factory=list[float])


def bench(
    video: Path,
    *,
    mode: str,
    provider: str,
    turns: int,
    end: float | None = None,
    reference: Reference | None = None,
) -> Result:
    """Track `video` so many times, in turns with the reference where there is one.

    Body, both hands and face are looked for.

    Raises:
        BlazeRigError: As `track`; or the reference ends.
    """
    runs: list[Tracked] = []
    theirs: list[float] = []
    for _ in range(turns):
        runs.append(track(video, mode=mode, provider=provider, wanted=Wanted(face=True), end=end))
        if reference is not None:
            theirs.append(reference.fps(video, end))
    ours = [len(run.take) / sum(run.seconds.values()) for run in runs]
    ratios = [one / other for one, other in zip(ours, theirs, strict=False)]
    last, frames = runs[-1], len(runs[-1].take)
    return Result(
        mode=mode,
        provider=last.provider,
        frames=frames,
        fps=float(np.median(ours)),
        floor_fps=frames / _least_seconds(last.spent) if last.provider == "cpu" else None,
        stages_ms=_milliseconds(last, video, end),
        crops={name: spent.crops / frames for name, spent in sorted(last.spent.items())},
        peak_rss_mb=peak_memory(),
        reference_fps=float(np.median(theirs)) if theirs else None,
        ratio=float(np.median(ratios)) if ratios else None,
        ratios=ratios,
    )


class Reference:
    """MediaPipe's Holistic, in an environment and a process of its own, ready to run again."""

    def __init__(self, python: Path, script: Path) -> None:
        """Start `script` with `python` and wait until it says that it is ready.

        It answers each line `VIDEO<tab>END` with frames and seconds.
        """
        for path in (python, script):
            if not path.is_file():
                raise BlazeRigError(
                    f"the reference is not there ({path}); in a checkout, "
                    "make it with: python3 build.py reference"
                )
        self._process = subprocess.Popen(
            [python, script],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
        )
        assert self._process.stdout
        if self._process.stdout.readline() != "ready\n":
            self.close()
            raise BlazeRigError(f"the reference does not start; try it yourself: {python} {script}")

    def fps(self, video: Path, end: float | None) -> float:
        """Frames per second over the footage, decoding included, the start of its graph left out."""
        assert self._process.stdin
        assert self._process.stdout
        try:
            print(video.resolve(), "" if end is None else end, sep="\t", file=self._process.stdin, flush=True)
            frames, seconds = self._process.stdout.readline().split()
            return int(frames) / float(seconds)
        except (ValueError, BrokenPipeError) as error:
            raise BlazeRigError(
                f"the reference ended without an answer; see whether it can read {video}"
            ) from error

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.communicate()


def _milliseconds(run: Tracked, video: Path, end: float | None) -> dict[str, float]:
    frames = len(run.take)
    with Video(video, end=end) as footage:
        start = time.perf_counter()
        decoded = sum(1 for _ in footage.frames())
        decoding = time.perf_counter() - start
    passes = {f"pass: {name}": 1e3 * seconds / frames for name, seconds in run.seconds.items()}
    nets = {f"net: {name}": 1e3 * spent.seconds / frames for name, spent in sorted(run.spent.items())}
    return {**passes, "decoding alone": 1e3 * decoding / max(decoded, 1), **nets}


def _least_seconds(spent: dict[str, Spent]) -> float:
    """What the crops that were seen would take at least: each net alone on one core, over all cores."""
    return sum(_seconds_per_crop(name) * net.crops for name, net in spent.items()) / cores()


def _seconds_per_crop(name: str) -> float:
    net = Net(name, threads=1)
    crops = np.zeros((1, *net.crop_shape), np.uint8)
    net(crops)
    seconds: list[float] = []
    for _ in range(_RUNS):
        start = time.perf_counter()
        net(crops)
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def peak_memory() -> float | None:
    """The greatest resident memory of this process so far, MB; None where the system does not tell."""
    if sys.platform == "win32":
        return None
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak * (1.0 if sys.platform == "darwin" else 1024.0) / _MEGABYTE
