"""When passes of a recording begin and end, with the scene at rest and while it plays."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from pathlib import Path

import pytest
from blazerig.addon.live.record_course import LEAD, Followed, Plan, Steady

NOW = 1000.0
Paths = Callable[[], Path]


@pytest.fixture
def paths() -> Paths:
    numbers = itertools.count(1)
    return lambda: Path(f"Live {next(numbers)}.npz")


def asked(course: Steady | Followed) -> list[tuple[str, float]]:
    """Commands since the last call, in short."""
    said = [next(iter(command.items())) for command in course.commands]
    froms = [command.get("from", command.get("record_end")) for command in course.commands]
    course.commands.clear()
    return [(name, float(at)) for (name, _), at in zip(said, froms, strict=True)]


def play(course: Followed, frames: range, *, began: float, rate: float = 24.0) -> float:
    """The scene shows frames one after the other; when the last one would be over."""
    for i, frame in enumerate(frames):
        now = began + i / rate
        course.update(now, playing=True)
        course.show(now, frame)
    return began + len(frames) / rate


def test_after_the_count_in_it_goes_on_until_it_is_stopped(paths: Paths) -> None:
    course = Steady(Plan(5, math.inf, False, 3.0, 24.0), paths, NOW)
    assert asked(course) == [("record", NOW + 3.0 - LEAD)]
    assert course.left(NOW + 1.0) == pytest.approx(2.0)
    assert course.left(NOW + 4.0) == 0.0
    course.update(NOW + 60.0)
    assert not course.over(NOW + 60.0)
    course.stop(NOW + 61.0)
    assert asked(course) == [("record_end", NOW + 61.0)]
    assert course.over(NOW + 61.0)
    (one,) = course.passes
    assert one.clock(24.0).frames_at(NOW + 4.0) == pytest.approx(29.0)


def test_a_range_ends_by_itself_or_earlier(paths: Paths) -> None:
    course = Steady(Plan(1, 48, False, 0.0, 24.0), paths, NOW)
    (_, since), (name, until) = asked(course)
    assert (since, name, until) == (NOW, "record_end", pytest.approx(NOW + 2.0 + LEAD))
    assert not course.over(NOW + 2.0)
    course.stop(NOW + 1.0)
    assert asked(course) == [("record_end", NOW + 1.0)]
    assert course.over(NOW + 1.0)


def test_a_loop_asks_for_each_pass_in_time_and_stops_in_the_middle(paths: Paths) -> None:
    course = Steady(Plan(1, 48, True, 1.0, 24.0), paths, NOW)
    for tick in range(100):
        course.update(NOW + 0.05 * tick)
    assert [since for _, since in asked(course)] == pytest.approx([NOW + 1.0 - LEAD, NOW + 3.0, NOW + 5.0])
    assert [one.path.stem for one in course.passes] == ["Live 1", "Live 2", "Live 3"]
    course.stop(NOW + 4.9)
    assert asked(course) == [("record_end", NOW + 4.9)]
    for second in (1.0, 3.0):
        one = course.passes[0 if second == 1.0 else 1]
        assert one.clock(24.0).frames_at(NOW + second) == pytest.approx(1.0)


def test_punch_in_over_a_playing_scene_begins_and_ends_at_its_frames(paths: Paths) -> None:
    course = Followed(Plan(20, 60, False, 1.0, 24.0), paths, NOW)
    play(course, range(-24, 13), began=NOW)
    assert not course.passes
    after = play(course, range(13, 80), began=NOW + 37.0 / 24.0)
    (begun, since), (ended, until) = asked(course)
    assert (begun, ended) == ("record", "record_end")
    (one,) = course.passes
    clock = one.clock(24.0)
    assert clock.frames_at(since) == pytest.approx(14.0)  # a quarter of a second before the range
    assert clock.frames_at(until) == pytest.approx(67.0)
    assert course.over(after)


def test_the_count_in_of_playback_is_recorded_too(paths: Paths) -> None:
    course = Followed(Plan(20, 60, False, 1.0, 24.0), paths, NOW)
    play(course, range(-4, 13), began=NOW)
    assert len(course.passes) == 1
    assert course.left(NOW) == pytest.approx(8.0 / 24.0)


@pytest.mark.parametrize("step", [1, 5, 13, 40])
def test_playback_that_drops_frames_leaps_over_no_range(paths: Paths, step: int) -> None:
    course = Followed(Plan(40, 52, False, 1.0, 24.0), paths, NOW)
    now = NOW
    for _ in range(3):
        for frame in range(1, 120, step):
            course.update(now, playing=True)
            course.show(now, frame)
            now += step / 24.0
    (one,) = course.passes
    clock = one.clock(24.0)
    assert clock.frames_at(clock.seconds_at(46.0)) == pytest.approx(46.0)
    assert one.shown[0][1] <= 40 + step
    assert one.shown[0][0] <= clock.seconds_at(40.0) + step / 24.0
    assert course.over(now)


def test_a_scene_that_loops_gives_a_pass_each_time(paths: Paths) -> None:
    course = Followed(Plan(10, 30, True, 0.0, 24.0), paths, NOW)
    now = play(course, range(10, 31), began=NOW)
    for _ in range(2):
        now = play(course, range(10, 31), began=now)
    course.update(now, playing=False)
    assert [name for name, _ in asked(course)] == ["record", "record", "record", "record_end"]
    assert [(one.first, one.shown[0][1], one.shown[-1][1]) for one in course.passes] == [(10, 10, 30)] * 3
    assert course.over(now)


def test_while_the_scene_plays_already_it_begins_where_that_is_then(paths: Paths) -> None:
    course = Followed(Plan(None, math.inf, False, 1.0, 24.0), paths, NOW)
    play(course, range(100, 160), began=NOW)
    (one,) = course.passes
    assert one.first == pytest.approx(124.0, abs=1.0)
    assert not course.over(NOW + 60.0 / 24.0)


def test_it_waits_until_a_range_that_was_passed_comes_again(paths: Paths) -> None:
    course = Followed(Plan(20, 60, False, 0.0, 24.0), paths, NOW)
    now = play(course, range(40, 101), began=NOW)
    assert not course.passes
    play(course, range(1, 101), began=now)
    (one,) = course.passes
    assert one.first == 20


def test_playback_that_ends_ends_the_recording(paths: Paths) -> None:
    course = Followed(Plan(1, math.inf, False, 0.0, 24.0), paths, NOW)
    now = play(course, range(1, 20), began=NOW)
    course.update(now, playing=False)
    assert asked(course)[-1] == ("record_end", now)
    course.show(now + 1.0, 5.0)
    assert len(course.passes) == 1


def test_a_recording_that_is_stopped_while_it_counts_in_has_nothing(paths: Paths) -> None:
    course = Steady(Plan(1, math.inf, False, 3.0, 24.0), paths, NOW)
    course.stop(NOW + 1.0)
    assert course.over(NOW + 1.0)
    assert all(since >= course.stopped for name, since in asked(course) if name == "record")
