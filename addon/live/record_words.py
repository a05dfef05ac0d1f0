"""How a recording goes, in words."""

from __future__ import annotations

import math

from .record_session import Running


def count(running: Running, now: float) -> str:
    """What is left of the count-in: '3', '2', '1'; empty when it is over."""
    left = 0.0 if running.course.over(now) else running.course.left(now)
    return f"{math.ceil(left)}" if left > 0.0 else ""


def state(running: Running, now: float) -> str:
    """What is done: 'Live 3, 0:12', or that it is being written."""
    course = running.course
    if course.over(now):
        return "Writing"
    if left := count(running, now):
        return f"Recording in {left} s"
    if not course.passes:
        return "Waiting for the range"
    one = course.passes[-1]
    minutes, seconds = divmod(int(max(0.0, now - one.since)), 60)
    return f"{one.path.stem}, {minutes}:{seconds:02d}"
