"""What a person at a terminal reads and sees of a session."""

from __future__ import annotations

import io
import time

import cv2
import numpy as np
from blazerig.live.console import Console, status, summary
from blazerig.live.frame import LiveFrame
from blazerig.live.window import ppm, shown
from blazerig.models.recording import Recording
from blazerig.models.video import Frame
from blazerig.solver.live import LiveSolver

FIGURES = {
    "fps": 23.94,
    "latency_ms": {"p50": 47.6, "p95": 71.2},
    "dropped": 3,
    "stages_ms": {"wait": {"p50": 0.2, "p95": 1.1}, "body": {"p50": 15.9, "p95": 18.0}},
    "rss_mb": {"start": 310.0, "end": 312.4},
}
READY = {"name": "camera 0", "size": (1280, 720), "fps": 30.0, "provider": "cpu"}


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_status_says_rate_delay_and_condition() -> None:
    assert status(FIGURES, "running", 0.0) == "23.9 poses/s, 48 ms late (95 %: 71), 3 dropped, running"
    assert "stand still" in status(FIGURES, "running", 2.4)
    nothing = {**FIGURES, "fps": 0.0, "latency_ms": {}}
    assert status(nothing, "lost", 0.0) == "0.0 poses/s, 3 dropped, lost"


def test_the_summary_names_every_stage() -> None:
    lines = list(summary(FIGURES, 720))
    assert lines[0] == "720 poses, 23.9 a second; 3 frames dropped"
    assert [line.split()[0] for line in lines[1:-1]] == ["ms", "latency", "wait", "body"]
    assert lines[-1] == "memory: 310 MB at the start, 312 at the end"


def test_a_session_without_a_pose_has_a_summary_of_one_line() -> None:
    assert len(list(summary({**FIGURES, "latency_ms": {}}, 0))) == 1


def test_a_terminal_has_one_line_that_changes_and_a_line_for_whatever_happens() -> None:
    terminal = Terminal()
    console = Console(terminal)
    console.note(ready=READY)
    console.note(figures=FIGURES)
    console.note(condition="lost", message="it was unplugged; plug it in again")
    console.note(figures=FIGURES)
    console.close()
    said = terminal.getvalue()
    assert said.count("\n") == 2
    assert said.startswith("blazerig: camera 0, 1280x720 at 30/s, on cpu; Ctrl-C ends it\n")
    assert "\r\x1b[Kblazerig: it was unplugged; plug it in again\n" in said
    assert said.endswith("lost\x1b[K\r\x1b[K")


def test_a_file_gets_no_status_at_each_change() -> None:
    stream = io.StringIO()
    console = Console(stream)
    console.note(ready=READY)
    for _ in range(20):
        console.note(figures=FIGURES)
    assert stream.getvalue().count("\n") == 1


def test_what_was_recorded_or_not_is_said() -> None:
    stream = io.StringIO()
    console = Console(stream)
    console.note(recorded={"take": "take.npz", "motion": "take.motion.npz", "frames": 240})
    console.note(unrecorded="take.npz", warning="nobody was seen")
    assert stream.getvalue().splitlines() == ["blazerig: take.npz: 240 frames", "blazerig: nobody was seen"]


def test_the_window_shows_a_mirror_image_that_is_small() -> None:
    nobody = Recording(face=False)
    nobody.add(time.perf_counter(), None)
    take = nobody.take("camera", 30.0, (1280, 720), None)
    picture = np.zeros((720, 1280, 3), np.uint8)
    picture[:, :640] = (200, 20, 10)  # blue on the left
    frame = Frame(0, 0.0, picture)
    live = LiveFrame(frame, None, take, LiveSolver((1280, 720)).step(take), {})
    as_it_is, mirrored = shown(live, mirror=False), shown(live, mirror=True)
    assert as_it_is.shape == (360, 640, 3)
    assert tuple(as_it_is[180, 100]) == (200, 20, 10)
    assert tuple(mirrored[180, 540]) == (200, 20, 10)
    assert tuple(mirrored[180, 100]) == (0, 0, 0)
    decoded = cv2.imdecode(np.frombuffer(ppm(mirrored), np.uint8), cv2.IMREAD_COLOR)
    np.testing.assert_array_equal(decoded, mirrored)
