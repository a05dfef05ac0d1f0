"""The live worker's process: its newest pose and picture, what it says besides, and what it is told."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any

from ...errors import BlazeRigError
from ...live.wire import Picture, Seen, messages
from .. import preferences, worker

NOTES = 1000
"""Notes that wait to be fetched; of more, the oldest are forgotten."""
RECENT = 16
"""Poses among which that of a picture is looked for."""
PATIENCE, WRITING = 1.0, 5.0
"""Seconds that the worker has to end when it is asked to, and those where it has a recording to write."""


class Stream:
    """One run of `blazerig live`. A thread reads what comes; nothing here waits for it but `stop`.

    Attributes:
        heard: When a pose came last, or when the camera began; on the clock `time.perf_counter`.

    Raises:
        BlazeRigError: Blender's Python, or what the nets need, is missing.
    """

    def __init__(self, source: str, arguments: Sequence[str] = ()) -> None:
        """Start it.

        Args:
            source: As `blazerig live` takes it.
            arguments: More of its arguments.
        """
        folder = preferences.cache_folder()
        folder.mkdir(parents=True, exist_ok=True)
        self._log = folder / f"live-{os.getpid()}.log"
        self.heard = time.perf_counter()
        self._newest: Seen | None = None
        self._recent: deque[Seen] = deque(maxlen=RECENT)
        self._picture: tuple[Picture, Seen | None] | None = None
        self._notes: deque[dict[str, Any]] = deque(maxlen=NOTES)
        self._error = ""
        self._writing = False
        command = ["live", source, "--pipe", *arguments]
        self._process = worker.started(worker.PACKAGE.name, command, self._log)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        """The thread's work."""
        try:
            for message in messages(self._process.stdout):
                if isinstance(message, Seen):
                    self._newest, self.heard = message, time.perf_counter()
                    self._recent.append(message)
                elif isinstance(message, Picture):
                    self._picture = message, self._of_frame(message.number)
                else:
                    self._noted(message)
        except (BlazeRigError, ValueError) as error:
            self._error = f"what the live worker said could not be read ({error})"
            self._process.kill()

    def _of_frame(self, number: int) -> Seen | None:
        return next((seen for seen in self._recent if seen.number == number), None)

    def _noted(self, note: dict[str, Any]) -> None:
        ended = "recorded" in note or "unrecorded" in note
        self._writing = "recording" in note or (self._writing and not ended)
        self._error = note.get("error", self._error)
        if "ready" in note:
            self.heard = time.perf_counter()
        self._notes.append(note)

    def newest(self) -> Seen | None:
        """The newest pose; None where it was fetched before."""
        newest, self._newest = self._newest, None
        return newest

    def picture(self) -> tuple[Picture, Seen | None] | None:
        """The newest picture, and what was seen in it; None where it was fetched before."""
        picture, self._picture = self._picture, None
        return picture

    def notes(self) -> list[dict[str, Any]]:
        """What the worker said since the last call, the oldest first."""
        return [self._notes.popleft() for _ in range(len(self._notes))]

    def send(self, command: Mapping[str, Any]) -> None:
        """Tell the worker something; nothing happens where it has ended."""
        with contextlib.suppress(OSError, ValueError):  # ValueError: its input is closed
            self._process.stdin.write(json.dumps(command).encode() + b"\n")
            self._process.stdin.flush()

    def alive(self) -> bool:
        """Whether the worker runs, or something that it said is still being read."""
        return self._process.poll() is None or self._reader.is_alive()

    def died_of(self) -> str:
        """Why a worker that is not alive ended, in words."""
        if self._error:
            return self._error
        if self._process.poll() == 0:
            return "the camera has nothing more to show: it is at its end"
        reason = f"the live worker ended unexpectedly ({worker.cause(self._process.poll() or 0)})"
        return "; ".join([reason, "start it again", *worker.last_words(self._log)])

    def stop(self) -> None:
        """End the worker in any case. What it says meanwhile can be fetched afterwards."""
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(WRITING if self._writing else PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join(PATIENCE)
        with contextlib.suppress(OSError):  # on Windows, where another process holds it open
            self._log.unlink(missing_ok=True)
