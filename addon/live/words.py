"""How the live session goes, in words."""

from __future__ import annotations

import time

import numpy as np

from ...solver.landmarks import ANKLES, ELBOWS, HIPS, KNEES, SHOULDERS, WRISTS
from .session import Session

SILENT = 2.0
"""Seconds without a new pose after which that is said."""
WARNING = 10.0
"""Seconds that a warning is shown."""
LIMBS = np.array([*SHOULDERS, *ELBOWS, *WRISTS, *HIPS, *KNEES, *ANKLES])
"""Landmarks whose trust says how well somebody is tracked."""


def source(session: Session) -> str:
    """What is followed: 'Following Webcam, 1280 x 720, 30 frames/s, on cpu'."""
    ready = session.ready
    if not ready:
        return f"{'Not started' if session.error else 'Starting'}: {session.asked[0]}"
    width, height = ready["size"]
    rate, provider = ready["fps"], ready["provider"]
    return f"Following {ready['name']}, {width:g} x {height:g}, {rate:.3g} frames/s, on {provider}"


def pace(session: Session) -> str:
    """How fast it goes: '24 poses/s, 52 ms, 87 % sure'; before that, what it waits for.

    While the characters show a recording: that they do.
    """
    if not session.ready:
        return source(session)
    if session.resting:
        return "Showing what was recorded"
    figures = session.rolling.figures(time.perf_counter())
    parts = [f"{figures.rate:.0f} poses/s", f"{figures.latency[0]:.0f} ms"]
    if session.seen is not None and session.seen.seen:
        parts.append(f"{100.0 * sure(session):.0f} % sure")
    return ", ".join(parts)


def spread(session: Session) -> str:
    """Of the delay and of how long Blender is held, 95 percent: '95 %: 71 ms late, Blender held 2.1 ms'."""
    figures = session.rolling.figures(time.perf_counter())
    text = f"95 %: {figures.latency[1]:.0f} ms late, Blender held {figures.hold[1]:.1f} ms"
    dropped = session.figures.get("dropped")
    return f"{text}, {dropped:g} frames dropped" if dropped is not None else text


def trouble(session: Session) -> str:
    """What is not as it should be; empty where all is well."""
    if session.error:
        return session.error
    if session.message:
        return session.message
    now = time.perf_counter()
    if session.warning and now - session.warned < WARNING:
        return session.warning
    if not session.ready:
        return ""
    late = now - session.stream.heard
    if late > SILENT:
        return f"nothing has come for {late:.0f} s"
    return "" if session.seen is not None and session.seen.seen else "nobody is in the picture"


def task(session: Session) -> str:
    """What the performer is to do now; empty where nothing."""
    if session.countdown is not None:
        return f"{max(1, int(np.ceil(session.countdown - time.perf_counter())))}"
    return f"Hold still: {session.calibrating:.0f}" if session.calibrating > 0.0 else ""


def advice(session: Session) -> str:
    """How the performer is to stand meanwhile."""
    if session.seen is not None and session.seen.face is not None:
        return "Stand straight, arms out to the sides, and look into the camera with a relaxed face"
    return "Stand straight, arms out to the sides, and face the camera"


def sure(session: Session) -> float:
    """How well the performer is tracked, 0 to 1."""
    return float(np.mean(session.seen.pose.trust[LIMBS])) if session.seen else 0.0
