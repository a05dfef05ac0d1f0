"""Figures of a session, from frames whose times are known."""

from __future__ import annotations

import time

import numpy as np
import pytest
from blazerig.live.frame import LiveFrame
from blazerig.live.meter import Meter
from blazerig.models.recording import Recording
from blazerig.models.video import Frame
from blazerig.solver.live import LiveSolver

PICTURE = np.zeros((480, 640, 3), np.uint8)


def frame(index: int, captured: float, **stages: float) -> LiveFrame:
    nobody = Recording(face=False)
    nobody.add(captured, None)
    take = nobody.take("camera", 30.0, (640, 480), None)
    return LiveFrame(Frame(index, captured, PICTURE), None, take, LiveSolver((640, 480)).step(take), stages)


def metered(latencies: list[float], *, every: int = 1, ago: float = 0.0) -> Meter:
    """Poses 40 ms apart, the last sent `ago` s before now, of each `every`-th frame."""
    meter, now = Meter(), time.perf_counter() - ago
    for number, latency in enumerate(latencies):
        sent = now - 0.04 * (len(latencies) - 1 - number)
        meter.add(frame(5 + every * number, sent - latency, wait=1.0, body=20.0 + number), sent)
    return meter


def test_rate_latency_and_stages_are_those_of_the_frames() -> None:
    figures = metered([0.05, 0.05, 0.05, 0.05, 0.15]).figures()
    assert figures["fps"] == pytest.approx(25.0, abs=0.05)
    assert figures["latency_ms"]["p50"] == pytest.approx(50.0, abs=0.1)
    assert figures["latency_ms"]["p95"] == pytest.approx(130.0, abs=0.1)
    assert figures["stages_ms"] == {"wait": {"p50": 1.0, "p95": 1.0}, "body": {"p50": 22.0, "p95": 23.8}}
    assert figures["rss_mb"]["start"] > 0.0


def test_frames_between_two_poses_are_dropped_and_those_before_the_first_are_not() -> None:
    assert metered([0.05] * 4, every=3).dropped == 6


def test_recent_figures_leave_out_what_was_before_also_when_nothing_comes_any_more() -> None:
    slow_first = metered([0.5] * 10 + [0.05] * 10)
    assert slow_first.figures(0.36)["latency_ms"]["p50"] == pytest.approx(50.0, abs=0.1)
    assert slow_first.latency(0.36) == pytest.approx(0.05, abs=1e-4)
    silent = metered([0.05] * 10, ago=4.0).figures(3.0)
    assert (silent["fps"], silent["latency_ms"]) == (0.0, {})


def test_a_session_without_a_pose_has_figures_too() -> None:
    figures = Meter().figures()
    assert (figures["fps"], figures["latency_ms"], figures["dropped"]) == (0.0, {}, 0)
    assert Meter().latency(3.0) == 0.0
