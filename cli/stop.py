"""How a person or a program ends a command, and what the command says at its end."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..models.track import Progress

STOPPED = 130
"""The exit code of a command that was stopped."""


class Stop:
    """Whether the user wants an end: Ctrl-C, a termination, or the end of standard input."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        for kind in (signal.SIGINT, signal.SIGTERM):
            signal.signal(kind, self._ask)

    def __bool__(self) -> bool:
        return self._asked.is_set()

    def wait(self, seconds: float) -> bool:
        """Up to so many seconds; whether the end was asked for by then."""
        return self._asked.wait(seconds)

    def _ask(self, kind: int, _frame: object) -> None:
        self._asked.set()
        signal.signal(kind, signal.SIG_DFL)  # asked twice, it ends at once

    def let_go(self) -> None:
        """Let a signal end the command at once again."""
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)

    def watch_input(self) -> None:
        """Take the end of standard input for a wish to stop."""

        def wait() -> None:
            while os.read(0, 4096):  # not sys.stdin, whose lock a waiting thread would hold at the end
                pass
            self._asked.set()

        threading.Thread(target=wait, daemon=True).start()


def stoppable(show: Callable[[Progress], None], stop: Stop) -> Callable[[Progress], None]:
    """Show how far the tracking is, and end it when that is asked for."""
    from ..models.track import Stopped

    def progress(now: Progress) -> None:
        show(now)
        if stop:
            raise Stopped

    return progress


def warn(warnings: tuple[str, ...]) -> None:
    """Say what the user should know, a line each."""
    for warning in warnings:
        print(f"blazerig: {warning}", file=sys.stderr)
