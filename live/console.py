"""A live session in words, for a person at a terminal."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any, TextIO

from .frame import LiveFrame

REPEAT = 10.0
"""Seconds between two lines of status where there is no terminal."""
_RIGHT_WIDTH = 11


class Console:
    """One line that says how it goes, and a line of its own for whatever happens."""

    def __init__(self, stream: TextIO) -> None:
        """On `stream`."""
        self.over, self.pictures = False, False
        self._stream = stream
        self._terminal = stream.isatty()
        self._next = time.monotonic() + REPEAT
        self._condition = "opening"
        self._calibrating = 0.0
        self._drawn = False

    def send(self, live: LiveFrame) -> None:
        """Frames are not shown."""

    def note(self, **note: Any) -> None:
        """What happened."""
        match note:
            case {"ready": {"name": name, "size": (width, height), "fps": fps, "provider": provider}}:
                rate = f" at {fps:g}/s" if fps else ""
                self._condition = "running"
                self._say(f"{name}, {width}x{height}{rate}, on {provider}; Ctrl-C ends it")
            case {"condition": state, "message": message}:
                self._condition = str(state)
                if message:
                    self._say(str(message))
            case {"calibrating": seconds}:
                self._calibrating = float(seconds)
            case {"calibrated": said} | {"warning": said}:
                self._say(str(said))
            case {"recorded": {"take": take, "frames": frames}}:
                self._say(f"{take}: {frames} frames")
            case {"figures": figures}:
                self._status(figures)
            case _:
                pass

    def idle(self) -> None:
        """Nothing is done now and then."""

    def close(self) -> None:
        """Take the status away, so that what follows starts on a clean line."""
        if self._drawn:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
        self._drawn = False

    def _say(self, line: str) -> None:
        self.close()
        self._stream.write(f"blazerig: {line}\n")
        self._stream.flush()

    def _status(self, figures: Mapping[str, Any]) -> None:
        said = status(figures, self._condition, self._calibrating)
        if self._terminal:
            self._stream.write(f"\r{said}\x1b[K")
            self._drawn = True
        elif time.monotonic() >= self._next:
            self._next = time.monotonic() + REPEAT
            self._stream.write(f"{said}\n")
        self._stream.flush()


def status(figures: Mapping[str, Any], condition: str, calibrating: float) -> str:
    """As in: 23.9 poses/s, 48 ms late (95 %: 71), 3 dropped, running."""
    latency = figures["latency_ms"]
    late = f", {latency['p50']:.0f} ms late (95 %: {latency['p95']:.0f})" if latency else ""
    stand = f"; calibrating, stand still with your arms out: {calibrating:.0f} s" if calibrating else ""
    return f"{figures['fps']:.1f} poses/s{late}, {figures['dropped']} dropped, {condition}{stand}"


def summary(figures: Mapping[str, Any], poses: int) -> Iterator[str]:
    """The figures of a whole session, a line each."""
    yield f"{poses} poses, {figures['fps']:.1f} a second; {figures['dropped']} frames dropped"
    if not figures["latency_ms"]:
        return
    yield f"{'ms':{_RIGHT_WIDTH}}{'p50':>8}{'p95':>8}"
    rows = {"latency": figures["latency_ms"], **figures["stages_ms"]}
    for name, spent in rows.items():
        yield f"{name:{_RIGHT_WIDTH}}{spent['p50']:8.1f}{spent['p95']:8.1f}"
    memory = figures["rss_mb"]
    if memory["start"] is not None:
        yield f"memory: {memory['start']:.0f} MB at the start, {memory['end']:.0f} at the end"
