"""How far the tracking has come: a bar for a person, or lines of JSON for a program."""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from types import TracebackType
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from .models.track import Progress

BAR = 30
REDRAW = 0.1
"""Seconds between two drawings of the bar."""
REPEAT = 10.0
"""Seconds between two lines where there is no terminal."""


class Bar:
    """A bar that redraws itself on a terminal; elsewhere a line now and then. Callable as a `progress`."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._terminal = stream.isatty()
        self._next = time.monotonic() + (0.0 if self._terminal else REPEAT)
        self._drawn = False

    def __call__(self, progress: Progress) -> None:
        """Show `progress`, unless something was shown a moment ago."""
        now = time.monotonic()
        if now < self._next:
            return
        if self._terminal:
            self._next, self._drawn = now + REDRAW, True
            self._stream.write(f"\r{picture(progress)}\x1b[K")
        else:
            self._next = now + REPEAT
            self._stream.write(f"{words(progress)}\n")
        self._stream.flush()

    def __enter__(self) -> Bar:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take the bar away, so that what follows starts on a clean line."""
        if self._drawn:
            self._stream.write("\r\x1b[K")
            self._stream.flush()


def picture(progress: Progress) -> str:
    """The bar and what is behind it."""
    if not progress.total:
        return words(progress)
    full = round(BAR * min(1.0, progress.frame / progress.total))
    return f"[{'#' * full}{'.' * (BAR - full)}] {words(progress)}"


def words(progress: Progress) -> str:
    """As in: 120 of 300 frames, 24.1 frames/s, 0:07 left."""
    doing = {"people": "looking for people: ", "film": "rendering: "}.get(progress.stage, "")
    known = "" if progress.total is None else f" of {progress.total}"
    left = ""
    if progress.seconds_left is not None:
        minutes, seconds = divmod(round(progress.seconds_left), 60)
        left = f", {minutes}:{seconds:02d} left"
    return f"{doing}{progress.frame}{known} frames, {progress.frames_per_second:.1f} frames/s{left}"


def write_json(**fields: object) -> None:
    """One object on a line of standard output, at once."""
    print(json.dumps(fields), flush=True)


def report_json(progress: Progress) -> None:
    """`progress` as a line of JSON."""
    write_json(**asdict(progress))
