import threading
import time

import numpy as np
import pytest
from blazerig.errors import BlazeRigError
from blazerig.models.camera.feed import Captured, GoneError
from blazerig.models.camera.newest import Newest
from blazerig.models.camera.running import Running, fitted

from .feeds import SHAPE, Script, until

BLANK = np.zeros(SHAPE, np.uint8)


def test_only_the_newest_frame_is_kept_and_all_are_counted() -> None:
    newest = Newest()
    for number in range(5):
        newest.put(BLANK, float(number), missed=number)
    frame = newest.after(-1, 0.0)
    assert frame is not None
    assert (frame.index, frame.time) == (4 + 10, 4.0)
    assert newest.after(frame.index, 0.0) is None


def test_a_frame_is_waited_for_until_it_comes() -> None:
    newest = Newest()
    threading.Timer(0.05, newest.put, (BLANK, 1.0)).start()
    began = time.perf_counter()
    assert newest.after(-1, 5.0) is not None
    assert 0.04 < time.perf_counter() - began < 1.0


def test_waiting_ends_at_once_where_no_more_come() -> None:
    newest = Newest()
    threading.Timer(0.02, newest.end).start()
    began = time.perf_counter()
    assert newest.after(-1, 5.0) is None
    assert time.perf_counter() - began < 1.0


def test_a_failure_is_raised_after_the_last_frame() -> None:
    newest = Newest()
    newest.put(BLANK, 0.0)
    newest.end(ZeroDivisionError())
    assert newest.after(-1, 0.0) is not None
    with pytest.raises(ZeroDivisionError):
        newest.after(0, 0.0)


def test_it_is_handed_over_in_less_than_two_milliseconds() -> None:
    camera = Running("script", Script)
    delays, index = [], -1
    while len(delays) < 40:
        frame = camera.newest(index, 1.0)
        assert frame is not None
        delays.append(time.perf_counter() - frame.time)
        index = frame.index
    camera.close()
    assert np.median(delays) < 2e-3


def test_a_feed_that_cannot_be_opened_says_why() -> None:
    def refuse() -> Script:
        raise BlazeRigError("no such thing")

    with pytest.raises(BlazeRigError, match="no such thing"):
        Running("script", refuse)


def test_a_feed_that_gives_no_picture_is_given_up() -> None:
    stop = threading.Event()
    with pytest.raises(BlazeRigError, match=r"slow gave no picture within 0\.05 s"):
        Running("slow", lambda: Script(lambda: stop.wait(2.0)), patience=0.05)
    stop.set()


def test_the_end_of_a_file_is_told() -> None:
    camera = Running("script", lambda: Script(SHAPE, SHAPE, None))
    assert until(lambda: camera.condition().state == "ended")
    assert camera.newest(1, 5.0) is None


def test_a_bug_in_the_thread_is_raised_where_frames_are_fetched() -> None:
    camera = Running("script", lambda: Script(SHAPE, ZeroDivisionError()))
    with pytest.raises(ZeroDivisionError):
        camera.newest(0, 5.0)


def test_what_was_lost_is_opened_again_with_rising_numbers_times_and_the_same_size() -> None:
    feeds = [Script(SHAPE, SHAPE, GoneError("lost", "unplugged")), Script((96, 64, 3))]
    taken = iter(feeds)
    camera = Running("script", lambda: next(taken), retry=0.05)
    assert until(lambda: camera.condition().state == "lost")
    assert camera.condition().message == "unplugged"
    before = camera.newest(0, 0.0)
    after = camera.newest(1, 5.0)
    assert before is not None
    assert after is not None
    assert (before.index, after.index) == (1, 2)
    assert after.time > before.time
    assert after.picture.shape == SHAPE
    assert until(lambda: camera.condition().state == "running")
    assert feeds[0].closed.is_set()
    camera.close()


def test_the_latest_reason_is_told_while_it_is_looked_for() -> None:
    answers = iter([Script(SHAPE, GoneError("stalled", "stands still")), BlazeRigError("in use")])

    def opened() -> Script:
        answer = next(answers, BlazeRigError("still in use"))
        if isinstance(answer, BlazeRigError):
            raise answer
        return answer

    camera = Running("script", opened, retry=0.02)
    assert until(lambda: camera.condition().message == "stands still")
    assert until(lambda: camera.condition().message == "still in use")
    assert camera.condition().state == "lost"
    camera.close()


def test_a_driver_that_hangs_counts_as_stalled_and_does_not_hold_up_closing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("blazerig.models.camera.running.STALL", 0.1)
    Hanging = type("Hanging", (Script,), {"fps": 0.0})
    stop = threading.Event()
    feed = Hanging(SHAPE, lambda: stop.wait(10.0))
    camera = Running("script", lambda: feed)
    assert until(lambda: camera.condition().state == "stalled")
    assert "script gives no new pictures" in camera.condition().message
    began = time.perf_counter()
    camera.close()
    assert time.perf_counter() - began < 0.1
    assert camera.newest(0, 5.0) is None
    stop.set()
    assert feed.closed.wait(5.0)


def test_closing_lets_go_of_the_feed() -> None:
    feed = Script()
    camera = Running("script", lambda: feed)
    camera.close()
    assert feed.closed.wait(5.0)


def test_what_goes_wrong_while_pictures_come_is_told() -> None:
    Black = type("Black", (Script,), {"trouble": "black"})
    camera = Running("script", Black)
    assert (camera.condition().state, camera.condition().message) == ("running", "black")
    camera.close()


def test_frames_that_a_feed_left_out_leave_a_gap() -> None:
    late = Captured(BLANK, time.perf_counter(), missed=3)
    camera = Running("script", lambda: Script(SHAPE, lambda: late, None))
    assert until(lambda: camera.condition().state == "ended")
    frame = camera.newest(0, 0.0)
    assert frame is not None
    assert frame.index == 4


@pytest.mark.parametrize(
    ("shape", "inside"), [((60, 160), (24, 64)), ((96, 32), (48, 16)), (SHAPE[:2], (48, 64))]
)
def test_a_picture_of_another_size_is_fitted_without_being_distorted(
    shape: tuple[int, int], inside: tuple[int, int]
) -> None:
    shown = fitted(np.full((*shape, 3), 200, np.uint8), (64, 48))
    assert shown.shape == SHAPE
    lit = shown[..., 0] > 0
    assert (lit.any(1).sum(), lit.any(0).sum()) == inside


def test_times_rise_whatever_the_stamps_say() -> None:
    stamps = iter([5.0, 5.0, 4.0, 6.0])
    taken = [lambda: Captured(BLANK, next(stamps)) for _ in range(4)]
    seen: list[float] = []

    def step(number: int) -> Captured:
        frame = camera[0].newest(-1, 0.0) if number else None
        seen.extend([frame.time] if frame else [])
        return taken[number]()

    camera: list[Running] = []
    ready = threading.Event()
    first = [lambda: step(0), lambda: ready.wait(5.0) and step(1), lambda: step(2), lambda: step(3)]
    camera.append(Running("script", lambda: Script(*first, None)))
    ready.set()
    assert until(lambda: camera[0].condition().state == "ended")
    last = camera[0].newest(-1, 0.0)
    assert last is not None
    assert [*seen, last.time] == pytest.approx([5.0, 5.001, 5.002, 6.0])
