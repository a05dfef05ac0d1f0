"""How far the tracking is, for a person at a terminal, for a log and for a program."""

from __future__ import annotations

import io
import json

import pytest
from blazerig import progress
from blazerig.models.track import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands still until it is moved."""
    now = [100.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    return now


def test_words_tell_frames_pace_and_the_time_that_is_left():
    assert (
        progress.words(Progress("tracking", 120, 300, 67.4, 24.06))
        == "120 of 300 frames, 24.1 frames/s, 1:07 left"
    )


def test_words_do_not_invent_what_the_file_does_not_say():
    assert progress.words(Progress("tracking", 7, None, None, 2.0)) == "7 frames, 2.0 frames/s"


def test_the_search_for_people_is_named():
    said = progress.words(Progress("people", 9, 30, 1.0, 20.0))
    assert said == "looking for people: 9 of 30 frames, 20.0 frames/s, 0:01 left"


@pytest.mark.parametrize(("frame", "full"), [(0, 0), (150, 15), (300, 30), (301, 30)])
def test_the_bar_fills_and_never_overflows(frame, full):
    drawn = progress.picture(Progress("tracking", frame, 300, 0.0, 1.0))
    assert drawn.startswith(f"[{'#' * full}{'.' * (30 - full)}] ")


def test_a_terminal_has_one_line_that_is_gone_in_the_end(clock):
    stream = Terminal()
    with progress.Bar(stream) as bar:
        for frame in (1, 2, 3):
            clock[0] += 1.0
            bar(Progress("tracking", frame, 3, 0.0, 1.0))
    assert "\n" not in stream.getvalue()
    assert stream.getvalue().count("\r") == 4
    assert stream.getvalue().endswith("\r\x1b[K")


def test_a_terminal_is_not_drawn_on_at_every_frame(clock):
    stream = Terminal()
    with progress.Bar(stream) as bar:
        for frame in range(1000):
            clock[0] += 0.001
            bar(Progress("tracking", frame, 1000, 0.0, 1.0))
    assert 5 <= stream.getvalue().count("frames/s") <= 12


def test_a_log_gets_a_line_now_and_then(clock):
    stream = io.StringIO()
    with progress.Bar(stream) as bar:
        for frame in range(1, 26):
            clock[0] += 1.0
            bar(Progress("tracking", frame, 25, 0.0, 1.0))
    lines = stream.getvalue().splitlines()
    assert [line.split(" of ")[0] for line in lines] == ["10", "20"]


@pytest.mark.usefixtures("clock")
def test_a_short_run_leaves_a_log_empty():
    stream = io.StringIO()
    with progress.Bar(stream) as bar:
        bar(Progress("tracking", 1, 1, 0.0, 1.0))
    assert stream.getvalue() == ""


def test_a_program_gets_a_line_of_json(capsys):
    progress.report_json(Progress("tracking", 3, None, None, 12.5, "cuda"))
    assert json.loads(capsys.readouterr().out) == {
        "stage": "tracking",
        "frame": 3,
        "total": None,
        "seconds_left": None,
        "frames_per_second": 12.5,
        "provider": "cuda",
    }
