"""`blazerig live` as a process: how it ends, whatever happens to it."""

from __future__ import annotations

import json
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from blazerig.live.wire import Seen, messages
from blazerig.solver.motion import load_motion, motion_beside
from blazerig.take import kept_beside, load_take

SAMPLE = Path(__file__).resolve().parents[1] / "sample" / "steps.mp4"
PATIENCE = 60.0
"""Seconds that anything may take on a machine that is busy."""
ENDING = 5.0
"""Seconds that the end may take."""

Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts `blazerig live` with the sample, looped, its errors in a file; none is left behind."""
    running: list[subprocess.Popen[bytes]] = []

    def begin(*arguments: str | Path, source: str | Path = SAMPLE, **how: Any) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-P", "-m", "blazerig", "live", source, "--loop", "--no-hands", *arguments]
        with (tmp_path / "errors").open("wb") as errors:
            process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, **how
            )
        running.append(process)
        return process

    yield begin
    for process in running:
        process.kill()
        process.wait()
        process.stdout.close()
    said = (tmp_path / "errors").read_text() if running else ""
    assert "Traceback" not in said, said


def poses(process: subprocess.Popen[bytes], count: int) -> list[dict[str, Any]]:
    """Read so many poses; the notes that came with them."""
    notes: list[dict[str, Any]] = []
    for message in messages(process.stdout):
        if isinstance(message, dict):
            notes.append(message)
        elif isinstance(message, Seen):
            count -= 1
            if not count:
                return notes
    raise AssertionError(f"it ended; it said {notes}")


def rest(process: subprocess.Popen[bytes]) -> list[dict[str, Any]]:
    """The notes up to the end."""
    return [message for message in messages(process.stdout) if isinstance(message, dict)]


def tell(process: subprocess.Popen[bytes], **command: object) -> None:
    process.stdin.write(json.dumps(command).encode() + b"\n")
    process.stdin.flush()


def test_the_end_of_its_input_ends_it_with_the_recording_written(start: Start, tmp_path: Path) -> None:
    process, take = start("--pipe"), tmp_path / "take.npz"
    notes = poses(process, 3)
    tell(process, record=str(take), **{"from": time.perf_counter()})
    notes += poses(process, 10)
    process.stdin.close()
    notes += rest(process)
    assert process.wait(ENDING) == 0
    assert [note["ready"]["provider"] for note in notes if "ready" in note] == ["cpu"]
    (recorded,) = (note["recorded"] for note in notes if "recorded" in note)
    assert recorded["frames"] == len(load_take(take)) > 0
    assert not kept_beside(take).exists()


def test_with_the_face_poses_and_the_recorded_motion_have_it(
    start: Start, tmp_path: Path, footage: Path
) -> None:
    take, figures = tmp_path / "take.npz", tmp_path / "figures.json"
    process = start("--pipe", "--face", "--record", take, "--json", figures, source=footage)
    faces = []
    for message in messages(process.stdout):
        if isinstance(message, Seen):
            assert message.face is not None
            faces.append(message.face)
            if len(faces) == 15:
                break
    process.stdin.close()
    (recorded,) = (note["recorded"] for note in rest(process) if "recorded" in note)
    assert process.wait(ENDING) == 0
    assert min(face.trust[0] for face in faces) > 0.5
    assert np.ptp([face.gaze for face in faces]) > 0.01
    face = load_motion(motion_beside(take)).face
    assert face is not None
    shown = faces[-1]
    at = np.abs(recorded["began"] + face.times - shown.times[0]).argmin()
    np.testing.assert_allclose(face.weights[at], shown.weights[0], rtol=1e-6)
    assert load_take(take).face is not None
    found = json.loads(figures.read_text())
    assert found["face"]["seen"] == 1.0
    assert {"wait", "body", "face", "solve", "expression"} == set(found["stages_ms"])


def test_a_nap_of_the_machine_is_slept_through(start: Start) -> None:
    process = start("--pipe")
    poses(process, 3)
    process.send_signal(signal.SIGSTOP)
    time.sleep(2.0)
    process.send_signal(signal.SIGCONT)
    woken = time.perf_counter()
    coming = (message for message in messages(process.stdout) if isinstance(message, Seen))
    late = [time.perf_counter() - next(coming).captured for _ in range(25)]
    assert time.perf_counter() - woken < PATIENCE
    assert late[-1] < 1.0  # it goes on with what is seen now, and catches nothing up
    process.stdin.close()
    assert process.wait(ENDING) == 0


def test_a_reader_that_goes_away_ends_it(start: Start) -> None:
    process = start("--pipe")
    poses(process, 2)
    process.stdout.close()
    assert process.wait(ENDING) == 0


def test_killed_it_leaves_what_it_had_recorded(start: Start, tmp_path: Path) -> None:
    process, take = start("--pipe"), tmp_path / "take.npz"
    poses(process, 1)
    tell(process, record=str(take), **{"from": time.perf_counter()})
    deadline = time.monotonic() + PATIENCE
    while not kept_beside(take).exists():
        assert time.monotonic() < deadline
        poses(process, 1)
    process.kill()
    rest(process)
    assert process.wait(ENDING) == -signal.SIGKILL
    assert len(load_take(kept_beside(take))) > 0
    assert not take.exists()


def test_a_full_disk_is_told_of_and_the_poses_go_on(start: Start, tmp_path: Path) -> None:
    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

    process = start("--pipe", preexec_fn=little_room)
    poses(process, 1)
    tell(process, record=str(tmp_path / "take.npz"), **{"from": time.perf_counter()})
    notes = poses(process, 5)
    tell(process, record_end=time.perf_counter())
    deadline = time.monotonic() + PATIENCE
    while not any("unrecorded" in note for note in notes):
        assert time.monotonic() < deadline
        notes += poses(process, 1)
    assert any("cannot write" in note.get("warning", "") for note in notes)
    poses(process, 2)
    process.stdin.close()
    assert process.wait(ENDING) == 0


def test_a_camera_that_is_not_there_is_one_line_and_one_note(start: Start, tmp_path: Path) -> None:
    process = start("--pipe", source=tmp_path / "gone.mp4")
    (note,) = rest(process)
    assert "gone.mp4" in note["error"]
    assert process.wait(ENDING) == 1
    assert (tmp_path / "errors").read_text().count("\n") == 1


def test_it_can_be_given_up_before_it_has_begun(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        process = start("--pipe", source=f"http://127.0.0.1:{silent.getsockname()[1]}/")
        connection, _ = silent.accept()
        with connection:
            process.stdin.close()
            assert rest(process) == []
            assert process.wait(ENDING) == 130


def test_ctrl_c_keeps_the_recording_and_says_how_it_went(start: Start, tmp_path: Path) -> None:
    take, figures = tmp_path / "take.npz", tmp_path / "figures.json"
    process = start("--record", take, "--json", figures)
    deadline = time.monotonic() + PATIENCE
    while "on cpu" not in (tmp_path / "errors").read_text():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    time.sleep(1.0)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=ENDING)
    assert process.returncode == 130
    assert len(load_take(take)) > 0
    found = json.loads(figures.read_text())
    assert set(found) == {"fps", "latency_ms", "dropped", "stages_ms", "rss_mb"}
    assert set(found["stages_ms"]) == {"wait", "body", "solve"}
    assert b"latency" in out


def test_it_ends_by_itself_after_the_seconds_that_it_was_given(start: Start) -> None:
    process = start("--seconds", "0.5")
    out, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    assert b"poses" in out
