"""Which frame the nets get, and how looking at a camera ends."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Executor
from typing import cast

import numpy as np
import pytest
from blazerig.errors import BlazeRigError
from blazerig.live import looking as looking_module
from blazerig.live.looking import Looking
from blazerig.models.camera.camera import Condition
from blazerig.models.holistic import HolisticTracker
from blazerig.models.video import Frame

PICTURE = np.zeros((4, 4, 3), np.uint8)
PERIOD = 10.0
"""Seconds from one frame to the next, so long that no machine is too slow for it."""


class Camera:
    """Gives frames of these ages, s, one at each call; None where none comes in time; then it has ended."""

    name, size, focal = "camera", (4, 4), None

    def __init__(self, *ages: float | None, fps: float = 1.0 / PERIOD) -> None:
        self.fps = fps
        self.timeouts: list[float] = []
        self._ages = list(ages)
        self._index = 0

    def newest(self, after: int, timeout: float) -> Frame | None:
        if not self._ages:
            return None
        self.timeouts.append(timeout)
        age = self._ages.pop(0)
        if age is None:
            return None
        assert self._index > after
        self._index += 1
        return Frame(self._index - 1, time.perf_counter() - age, PICTURE)

    def condition(self) -> Condition:
        return Condition("running" if self._ages else "ended")

    def close(self) -> None: ...


class Tracker:
    def __init__(self) -> None:
        self.spent = {"body": 0.015}

    def step(self, _picture: np.ndarray, _time: float, _pool: Executor) -> None:
        return None


def looked(camera: Camera) -> list[int]:
    """The numbers of the frames that the nets got."""
    numbers: list[int] = []
    looking = Looking(camera, cast("HolisticTracker", Tracker()))
    while not looking.over:
        if (seen := looking.newest(0.2)) is not None:
            numbers.append(seen.frame.index)
            assert seen.stages["body"] == pytest.approx(15.0)
            assert seen.stages["wait"] >= 0.0
    looking.close()
    return numbers


def test_a_frame_that_has_just_come_is_taken() -> None:
    assert looked(Camera(0.4 * PERIOD)) == [0]


def test_for_an_old_frame_the_next_one_is_waited_for_as_long_as_it_should_take() -> None:
    camera = Camera(0.8 * PERIOD, 0.0)
    assert looked(camera) == [1]
    assert camera.timeouts[1] == pytest.approx(0.2 * PERIOD, abs=0.1)


def test_an_old_frame_is_taken_where_the_next_one_does_not_come() -> None:
    assert looked(Camera(0.8 * PERIOD, None)) == [0]


def test_a_frame_is_taken_however_old_where_the_camera_does_not_say_its_rate() -> None:
    assert looked(Camera(100.0 * PERIOD, fps=0.0)) == [0]


def test_what_the_camera_fails_with_is_raised_where_frames_are_fetched() -> None:
    class Broken(Camera):
        def newest(self, _after: int, _timeout: float) -> Frame | None:
            raise BlazeRigError("the camera is broken")

    looking = Looking(Broken(), cast("HolisticTracker", Tracker()))
    with pytest.raises(BlazeRigError, match="broken"):
        looking.newest(5.0)
    looking.close()


def test_nets_that_hang_are_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking_module, "_LEAVE", 0.1)
    goes_on = threading.Event()

    class Hanging(Tracker):
        def step(self, _picture: np.ndarray, _time: float, _pool: Executor) -> None:
            goes_on.wait(20.0)

    looking = Looking(Camera(0.0, 0.0), cast("HolisticTracker", Hanging()))
    assert looking.newest(0.1) is None
    looking.close()
    assert looking_module.hangs()
    goes_on.set()
    looking.close()
    assert not looking_module.hangs()
