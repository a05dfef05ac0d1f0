"""What goes through the pipe where its reader is quick, slow or gone; and the commands that come back."""

from __future__ import annotations

import dataclasses
import os
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from blazerig.live.commands import Commands
from blazerig.live.face_outline import OUTLINE, lines
from blazerig.live.frame import LiveFrame
from blazerig.live.pipe import PAUSE, Pipe, seen
from blazerig.live.wire import Picture, Seen, messages
from blazerig.models.recording import Recording
from blazerig.models.video import Frame
from blazerig.solver.face.face_motion import at_rest
from blazerig.solver.live import LiveSolver
from blazerig.take import Face


@pytest.fixture(scope="module")
def live() -> Callable[[int, float], LiveFrame]:
    nobody = Recording(face=False)
    nobody.add(0.0, None)
    take = nobody.take("camera", 30.0, (1280, 720), None)
    pose = LiveSolver((1280, 720)).step(take)
    picture = np.full((720, 1280, 3), (10, 20, 200), np.uint8)
    return lambda index, captured: LiveFrame(Frame(index, captured, picture), None, take, pose, {})


def test_the_face_is_outlined_where_one_was_looked_for(live: Callable[[int, float], LiveFrame]) -> None:
    frame = live(0, 0.0)
    assert np.isnan(seen(frame, 1.0).outline).all()
    face = Face(np.full((1, 478, 3), (640.0, 180.0, 0.0)), np.ones(1))
    there = dataclasses.replace(frame, seen=dataclasses.replace(frame.seen, face=face))
    np.testing.assert_allclose(seen(there, 1.0).outline, np.full((36, 2), (0.5, 0.25)))
    assert {place for line in lines() for place in line} == set(range(len(OUTLINE))) == set(range(36))


def until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + 10.0
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.002)


def test_poses_pictures_and_notes_arrive(live: Callable[[int, float], LiveFrame]) -> None:
    reading, writing = os.pipe()
    got: list[object] = []
    with os.fdopen(reading, "rb") as source:
        reader = threading.Thread(target=lambda: got.extend(messages(source)))
        reader.start()
        with os.fdopen(writing, "wb") as out:
            pipe = Pipe(out)
            pipe.pictures = True
            pipe.note(ready={"fps": 24.0})
            for index in range(5):
                pipe.send(live(index, 100.0 + index * PAUSE / 2.0))
            pipe.close()
        reader.join()
    poses = [message for message in got if isinstance(message, Seen)]
    pictures = [message for message in got if isinstance(message, Picture)]
    assert [pose.number for pose in poses] == [0, 1, 2, 3, 4]
    assert {"ready": {"fps": 24.0}} in got
    assert [picture.number for picture in pictures] == [0, 2, 4]  # no more than fifteen a second
    assert pictures[0].pixels.shape == (180, 320, 3)
    assert tuple(pictures[0].pixels[90, 160]) == (200, 20, 10)  # RGB


def test_the_face_goes_with_the_pose_and_is_left_out_where_none_is_looked_for(
    live: Callable[[int, float], LiveFrame],
) -> None:
    without, face = live(0, 1.0), at_rest(1.0)
    assert seen(without, 1.1).face is None
    assert seen(replace(without, face=face), 1.1).face is face


def test_a_reader_that_is_busy_gets_all_notes_and_the_newest_pose(
    live: Callable[[int, float], LiveFrame],
) -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as source, os.fdopen(writing, "wb") as out:
        pipe = Pipe(out)
        began = time.monotonic()
        for index in range(60):
            pipe.send(live(index, float(index)))
            pipe.note(number=index)
        assert time.monotonic() - began < 5.0
        got: list[object] = []
        coming = messages(source)
        while {"number": 59} not in got:
            got.append(next(coming))
        pipe.close()
        numbers = [message.number for message in got if isinstance(message, Seen)]
        assert [message["number"] for message in got if isinstance(message, dict)] == list(range(60))
        newest = numbers + [message.number for message in [next(coming)] if isinstance(message, Seen)]
        assert newest[-1] == 59
        assert len(newest) < 60


def test_a_reader_that_is_gone_is_noticed(live: Callable[[int, float], LiveFrame]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    out = os.fdopen(writing, "wb")
    pipe = Pipe(out)
    pipe.send(live(0, 0.0))
    until(lambda: pipe.over)
    with pytest.raises(BrokenPipeError):
        out.close()


def test_commands_come_in_their_order_and_their_end_is_noticed() -> None:
    reading, writing = os.pipe()
    commands = Commands(reading)
    os.write(writing, b'{"calibrate": 2}\nno json\n[1]\n{"pict')
    os.write(writing, b'ure": true}\n{"lost": ')
    os.close(writing)
    until(lambda: commands.ended)
    assert list(commands.new()) == [{"calibrate": 2}, {"picture": True}]
    assert list(commands.new()) == []
    os.close(reading)


def test_a_file_of_commands_is_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "commands"
    path.write_bytes(b'{"predict": true}\n' * 2000)
    descriptor = os.open(path, os.O_RDONLY)
    commands = Commands(descriptor)
    until(lambda: commands.ended)
    assert len(list(commands.new())) == 2000
    os.close(descriptor)
