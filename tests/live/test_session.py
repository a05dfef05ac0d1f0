"""What a session does when something happens to the camera, the network, a command or a reader."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from blazerig.errors import BlazeRigError
from blazerig.live.frame import LiveFrame
from blazerig.live.session import Session
from blazerig.live.solvers import Solvers
from blazerig.live.waiting import unless
from blazerig.models.camera.camera import Condition
from blazerig.models.recording import Recording
from blazerig.models.sessions import Processor
from blazerig.models.video import Frame

SIZE = (64, 48)
PICTURE = np.zeros((48, 64, 3), np.uint8)
UNPLUGGED = Condition("lost", "it was unplugged; plug it in again")


class Camera:
    name, size, fps, focal = "camera", SIZE, 30.0, None

    def __init__(self) -> None:
        self.now = Condition("opening")

    def newest(self, _after: int, _timeout: float) -> None:
        return None

    def condition(self) -> Condition:
        return self.now

    def close(self) -> None:
        self.now = Condition("ended")


class Scripted:
    """Looks like `Live`; what happens at each step is said before: a condition, an error, or a frame."""

    def __init__(self, events: list[Condition | BlazeRigError | None]) -> None:
        self.camera, self.solvers, self.over = Camera(), Solvers(SIZE, face=False), False
        self.aheads: list[float] = []
        self._events = iter(events)
        self._numbers = itertools.count()

    def step(self, _timeout: float, ahead: float = 0.0) -> LiveFrame | None:
        self.aheads.append(ahead)
        event = next(self._events, Condition("ended"))
        if isinstance(event, BlazeRigError):
            raise event
        if event is not None:
            self.camera.now, self.over = event, event.state == "ended"
            return None
        now = time.perf_counter()
        nobody = Recording(face=False)
        nobody.add(now, None)
        take = nobody.take("camera", 30.0, SIZE, None)
        frame = Frame(next(self._numbers), now - 0.02, PICTURE)
        return LiveFrame(frame, None, take, self.solvers.step(take, ahead).pose, {"body": 15.0})

    def close(self) -> None:
        self.camera.close()


class Heard:
    """An outlet that keeps all."""

    def __init__(self) -> None:
        self.over, self.pictures = False, False
        self.frames: list[LiveFrame] = []
        self.notes: list[dict[str, Any]] = []

    def send(self, live: LiveFrame) -> None:
        self.frames.append(live)

    def note(self, **note: Any) -> None:
        self.notes.append(note)

    def idle(self) -> None: ...

    def close(self) -> None: ...

    def said(self, what: str) -> list[Any]:
        return [note[what] for note in self.notes if what in note]


def ran(
    events: list[Condition | BlazeRigError | None], commands: list[dict[str, Any]] | None = None
) -> tuple[Heard, Scripted]:
    """All that was heard of a session in which this happens, the commands given at its first step."""
    heard, live = Heard(), Scripted(events)
    session = Session(live, Processor("cpu"), [heard])
    waiting = [commands or []]

    def new() -> Iterator[dict[str, Any]]:
        yield from waiting.pop() if waiting else ()

    try:
        session.run(new, lambda: False)
    finally:
        session.close()
    return heard, live


def test_readiness_is_told_once_after_the_first_pose() -> None:
    heard, _ = ran([Condition("running"), None, None])
    assert heard.said("ready") == [{"name": "camera", "size": SIZE, "fps": 30.0, "provider": "cpu"}]
    assert len(heard.frames) == 2


def test_an_unplugged_camera_is_told_of_and_its_poses_go_on_when_it_is_back() -> None:
    running = Condition("running")
    heard, _ = ran([running, None, UNPLUGGED, UNPLUGGED, UNPLUGGED, running, None])
    told = list(zip(heard.said("condition"), heard.said("message"), strict=True))
    assert told == [("running", ""), ("lost", UNPLUGGED.message), ("running", ""), ("ended", "")]
    assert [live.frame.index for live in heard.frames] == [0, 1]


def test_a_camera_that_can_never_be_read_again_ends_it() -> None:
    with pytest.raises(BlazeRigError, match="broken"):
        ran([None, BlazeRigError("the camera is broken")])


def test_figures_are_told_twice_a_second_and_not_at_each_frame() -> None:
    heard, _ = ran([None] * 50)
    assert 1 <= len(heard.said("figures")) <= 4
    assert heard.said("figures")[0]["stages_ms"]["body"]["p50"] == 15.0


@pytest.mark.parametrize(
    "command", [{"fly": 1}, {"calibrate": "soon"}, {"vmc": {"host": "x"}}, {"record": 1}]
)
def test_what_is_no_command_is_told_of_and_nothing_else_happens(command: dict[str, Any]) -> None:
    heard, _ = ran([None, None], [command])
    assert len(heard.said("warning")) == 1
    assert len(heard.frames) == 2


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"host": "no such host"}, "cannot find 'no such host'"),
        ({"face": "smileys"}, "no expressions 'smileys'; choose of: vrm, arkit"),
        ({"face": None}, "no expressions 'None'"),
    ],
)
def test_where_nothing_can_be_sent_to_is_told_of_and_the_session_goes_on(
    wrong: dict[str, object], told: str
) -> None:
    vmc = {"vmc": {"host": "127.0.0.1", "port": 39539, "mirror": True, **wrong}}
    heard, _ = ran([None], [vmc])
    assert told in heard.said("warning")[0]
    assert len(heard.frames) == 1


def test_prediction_is_over_the_latency_that_was_measured() -> None:
    _, live = ran([None] * 5, [{"predict": True}])
    assert live.aheads[0] == 0.0
    assert all(0.02 <= ahead < 0.2 for ahead in live.aheads[1:5])


def test_a_calibration_counts_down_and_its_end_is_told() -> None:
    heard, _ = ran([None] * 3, [{"calibrate": 0.02}])
    assert heard.said("calibrating")[-1] == 0.0


def test_a_reader_that_is_gone_ends_it() -> None:
    heard, live = Heard(), Scripted([None] * 1000)
    heard.over = True
    session = Session(live, Processor("cpu"), [heard])
    session.run(lambda: (), lambda: False)
    session.close()
    assert heard.frames == []


def test_what_a_provider_gives_up_for_is_told() -> None:
    heard, live, processor = Heard(), Scripted([None, None]), Processor("cpu")
    processor.warnings = ("cuda failed in pose_landmarks; from there on the CPU was used",)
    session = Session(live, processor, [heard])
    session.run(lambda: (), lambda: False)
    session.close()
    assert heard.said("warning") == list(processor.warnings)


def slow() -> int:
    time.sleep(0.2)
    return 7


def failing() -> int:
    raise BlazeRigError("no camera")


@pytest.mark.parametrize("error", [BlazeRigError("no camera"), TimeoutError("no answer")])
def test_what_long_work_fails_with_is_raised(error: Exception) -> None:
    def fails() -> None:
        raise error

    with pytest.raises(type(error), match=str(error)):
        unless(lambda: False, fails)


def test_long_work_is_waited_for_unless_it_is_over() -> None:
    assert unless(lambda: False, slow) == 7
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        unless(lambda: True, lambda: time.sleep(5.0))
    assert time.monotonic() - began < 1.0
