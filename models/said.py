"""What FFmpeg says while it is asked something: its only way to tell which devices there are."""

from __future__ import annotations

from collections.abc import Callable

import av.logging


def said_while(asking: Callable[[], None]) -> str:
    """All that it writes meanwhile, in this thread, in one piece."""
    before = av.logging.get_level()
    av.logging.set_level(av.logging.INFO)
    try:
        with av.logging.Capture() as said:
            asking()
    finally:
        av.logging.set_level(before)
    return "".join(message for _, _, message in said)
