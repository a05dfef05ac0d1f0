"""The worker alone, read as the add-on's reader does: rate, latency, stages, memory, and their drift."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from blazerig.live.wire import Seen, messages

SETTLED = 5.0
"""Seconds after the first pose from which on latency counts."""
MINUTE = 60.0


@dataclass
class Measured:
    """What was read.

    Attributes:
        received: When each pose came, and
        captured: when its frame was captured, seconds.
        numbers: Of the frames.
        memory: Seconds since the first pose, and megabytes.
        figures: Those that the worker gave itself, all.
        ready: What it said when the first pose was out.
    """

    received: list[float] = field(default_factory=list)
    captured: list[float] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    memory: list[tuple[float, float]] = field(default_factory=list)
    figures: list[dict[str, Any]] = field(default_factory=list)
    ready: dict[str, Any] = field(default_factory=dict)

    def late(self) -> np.ndarray:
        """Milliseconds from the capture until it was read, of each pose since it has settled."""
        received = np.array(self.received)
        counts = received > received[0] + SETTLED
        return 1e3 * (received - np.array(self.captured))[counts]

    def settled_for(self) -> float:
        """Seconds from then on."""
        return self.received[-1] - self.received[0] - SETTLED


def measured(video: Path, seconds: float, *, face: bool = False) -> Measured:
    """Let the worker run for so many seconds from its first pose on, with the face or without."""
    command = [sys.executable, "-P", "-m", "blazerig", "live", str(video), "--loop", "--pipe"]
    command += ["--face"] if face else []
    so_far = Measured()
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(b'{"picture": true}\n')
        process.stdin.flush()
        for message in messages(process.stdout):
            now = time.perf_counter()
            if isinstance(message, Seen):
                so_far.received.append(now)
                so_far.captured.append(message.captured)
                so_far.numbers.append(message.number)
            elif isinstance(message, dict):
                note(message, now, so_far)
            if so_far.received and now - so_far.received[0] > seconds and not process.stdin.closed:
                process.stdin.close()
    return so_far


def note(said: dict[str, Any], now: float, so_far: Measured) -> None:
    """Take in what the worker says beside the poses."""
    so_far.ready = said.get("ready", so_far.ready)
    if "error" in said:
        raise SystemExit(f"bench-live: {said['error']}")
    if "figures" in said and so_far.received:
        so_far.figures.append(said["figures"])
        memory = said["figures"]["rss_mb"]["end"]
        if memory is not None:
            so_far.memory.append((now - so_far.received[0], memory))


def table(found: Measured) -> Iterator[str]:
    """What was measured, line by line."""
    received, late = found.received, found.late()
    lasted, quarter = received[-1] - received[0], max(1, len(late) // 4)
    dropped = found.numbers[-1] - found.numbers[0] + 1 - len(found.numbers)
    about = found.ready
    width, height = about["size"]
    yield f"{about['name']}, {width}x{height} at {about['fps']:g}/s, on {about['provider']}, {lasted:.0f} s"
    yield f"{'poses a second':34}{(len(received) - 1) / lasted:8.1f}"
    yield f"{'frames dropped':34}{dropped:8d}   {100.0 * dropped / (dropped + len(received)):.1f} %"
    yield f"{'':34}{'p50':>8}{'p95':>8}   aim 60, 100"
    yield f"{'latency, capture to reader, ms':34}{_both(late)}"
    first, last = late[:quarter], late[-quarter:]
    yield f"{'  in the first quarter':34}{_both(first)}"
    yield f"{'  in the last quarter':34}{_both(last)}"
    for stage in found.figures[-1]["stages_ms"]:
        parts = [figures["stages_ms"][stage] for figures in found.figures if figures["stages_ms"].get(stage)]
        p50, p95 = (float(np.median([part[name] for part in parts])) for name in ("p50", "p95"))
        yield f"{'  ' + stage + ', ms':34}{p50:8.1f}{p95:8.1f}"
    yield from _memory(found.memory)


def _both(values: Sequence[float] | np.ndarray) -> str:
    p50, p95 = np.percentile(values, (50, 95))
    return f"{p50:8.1f}{p95:8.1f}"


def _memory(series: Sequence[tuple[float, float]]) -> Iterator[str]:
    if not series:
        return
    times, sizes = np.array(series).T
    settled = times >= min(MINUTE, times[-1] / 2.0)
    slope = np.polyfit(times[settled] / MINUTE, sizes[settled], 1)[0] if settled.sum() > 1 else 0.0
    yield f"{'memory after a minute, MB':34}{sizes[settled][0]:8.0f}"
    grown = sizes[-1] - sizes[settled][0]
    yield f"{'memory at the end, MB':34}{sizes[-1]:8.0f}   grown by {grown:.1f}, {slope:+.2f} a minute"
