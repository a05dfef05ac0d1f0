"""Footage or a take as the commands that solve want it."""

from __future__ import annotations

import sys
from pathlib import Path

from ..models.track import Tracked
from ..pipeline import capture
from ..progress import Bar
from .stop import Stop, stoppable, warn


def captured(source: Path, *, face: bool = False) -> Tracked:
    """What was seen, with a bar while footage is tracked; what went wrong is told.

    The `face` is looked for in footage where it is wanted.

    Raises:
        BlazeRigError: It cannot be read, or nobody is in it.
        KeyboardInterrupt: The user stopped it.
    """
    stop, bar = Stop(), Bar(sys.stderr)
    with bar:
        tracked = capture(source, face=face, progress=stoppable(bar, stop))
    stop.let_go()
    if stop:
        raise KeyboardInterrupt
    warn(tracked.warnings)
    return tracked
