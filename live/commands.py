"""What Blender tells the live worker: JSON objects, one a line, on its standard input."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from queue import Empty, SimpleQueue
from typing import Any

_CHUNK = 4096


class Commands:
    """Reads them in a thread of its own.

    Attributes:
        ended: Whether there will be no more: whoever gave them is gone.
    """

    def __init__(self, descriptor: int = 0) -> None:
        """From a file `descriptor`, which may block."""
        self.ended = False
        self._waiting: SimpleQueue[dict[str, Any]] = SimpleQueue()
        threading.Thread(target=self._read, args=(descriptor,), daemon=True).start()

    def new(self) -> Iterator[dict[str, Any]]:
        """Those that came since they were asked for last, in their order."""
        while True:
            try:
                yield self._waiting.get_nowait()
            except Empty:
                return

    def _read(self, descriptor: int) -> None:
        """The thread's work; not through `sys.stdin`, whose lock a waiting thread would hold at the end."""
        begun = b""
        while chunk := os.read(descriptor, _CHUNK):
            *lines, begun = (begun + chunk).split(b"\n")
            for line in lines:
                self._take(line)
        self.ended = True

    def _take(self, line: bytes) -> None:
        """Whatever is no object is not from our add-on, and left out."""
        try:
            command = json.loads(line)
        except ValueError:
            return
        if isinstance(command, dict):
            self._waiting.put(command)
