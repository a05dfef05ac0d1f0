"""Keeps what has been captured: beside the take now and then, and as the take when the end is asked for.

The end does not wait for the nets. A driver may hang, and a batch on a GPU takes its time; so a thread of
its own writes what there is and ends the program.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import BlazeRigError
from .stop import STOPPED, Stop

if TYPE_CHECKING:
    from ..models.captured import Captured
    from ..models.track import Progress
    from ..take import Take

PAUSE = 2.0
"""Seconds from one keeping to the next."""
SHARE = 20.0
"""The pause is so many times what the keeping took, at least: it may cost a twentieth of the time."""


class Keeper:
    """Keeps the takes of one tracking, as a context.

    What is kept beside goes when the block has ended well, or with nobody: who was kept was a glimpse then.

    Attributes:
        captured: What there is to keep; to be set when the nets are there to see something.
    """

    def __init__(self, stop: Stop, out: Path, *, numbered: bool, program: bool) -> None:
        """Of a take that goes to `out`, or to several `numbered` ones.

        A `program` that asks for the end is answered in JSON; a person's wish is left to others.
        """
        self.captured: Captured | None = None
        self._stop, self._out, self._numbered, self._program = stop, out, numbered, program
        self._turn = threading.Lock()
        self._over = threading.Event()
        self._beside: set[Path] = set()

    def __enter__(self) -> Keeper:
        threading.Thread(target=self._keep, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_error: object) -> None:
        self.close()
        if kind is None or not self._takes():
            for path in self._beside:
                path.unlink(missing_ok=True)

    def close(self) -> None:
        """Keep no more; where the end was asked for before, this does not return."""
        with self._turn:
            self._over.set()

    def telling(self, show: Callable[[Progress], None]) -> Callable[[Progress], None]:
        """`show`, but nothing any more once the end is being told of."""

        def progress(now: Progress) -> None:
            with self._turn:
                show(now)

        return progress

    def _keep(self) -> None:
        """The thread's work."""
        pause = PAUSE
        while not self._over.is_set():
            asked = self._stop.wait(pause)
            with self._turn:
                if self._over.is_set() or (asked and not self._program):
                    return
                if asked:
                    self._end()
                began = time.monotonic()
                self._keep_beside()
                pause = max(PAUSE, SHARE * (time.monotonic() - began))

    def _takes(self) -> dict[Path, Take]:
        takes = self.captured.takes() if self.captured else {}
        return names(takes, self._out, numbered=self._numbered) if takes else {}

    def _keep_beside(self) -> None:
        from ..take import kept_beside, save_take

        for path, take in self._takes().items():
            with contextlib.suppress(BlazeRigError):  # a full disk, say, of which the last writing tells
                save_take(take, kept_beside(path))
                self._beside.add(kept_beside(path))

    def _end(self) -> None:
        """Write the takes, say so, and end the program here and now."""
        code = STOPPED
        try:
            code = self._write_and_say()
        finally:
            sys.stdout.flush()
            os._exit(code)

    def _write_and_say(self) -> int:
        from ..models.captured import stopped_after
        from ..progress import write_json

        write_json(stopping=True)
        takes = self._takes()
        if not takes or not self.captured:
            return STOPPED
        try:
            write(takes)
        except BlazeRigError as error:
            write_json(error=str(error))
            return 1
        for path in self._beside:
            path.unlink(missing_ok=True)
        first, *_ = takes.values()
        tell(takes, self.captured.provider, (stopped_after(len(first)),))
        return 0


def names(takes: Mapping[int, Take], out: Path, *, numbered: bool) -> dict[Path, Take]:
    """Where each performer's take goes."""
    if not numbered:
        return {out: next(iter(takes.values()))}
    return {out.with_suffix(f".{number}{out.suffix}"): take for number, take in takes.items()}


def write(takes: Mapping[Path, Take]) -> None:
    """Each take to its place.

    Raises:
        BlazeRigError: One cannot be written.
    """
    from ..take import save_take

    for path, take in takes.items():
        save_take(take, path)


def tell(takes: Mapping[Path, Take], provider: str, warnings: Sequence[str]) -> None:
    """The last line for a program: what was written."""
    from ..progress import write_json

    first, *_ = takes
    write_json(
        take=str(first),
        takes=[str(path) for path in takes],
        frames=len(takes[first]),
        provider=provider,
        warnings=warnings,
    )
