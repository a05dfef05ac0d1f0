"""The worker: which Python it runs, in what environment, and how it ends."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest
from blazerig.addon import worker
from blazerig.errors import BlazeRigError


def finish(process: worker.Worker) -> None:
    deadline = time.monotonic() + 60
    while process.running():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_the_python_that_runs_is_taken() -> None:
    assert worker.blender_python() == Path(sys.executable)


def test_where_blender_itself_is_the_executable_its_python_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(Path(sys.base_prefix) / "bin" / "blender"))
    found = worker.blender_python()
    assert found.is_file()
    assert found.stem.startswith("python")


def test_a_blender_without_python_is_told_of(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "executable", "")
    monkeypatch.setattr(sys, "base_prefix", str(tmp_path))
    with pytest.raises(BlazeRigError, match="Python is not in"):
        worker.blender_python()


def test_the_users_python_settings_do_not_reach_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONHOME", "/nowhere")
    monkeypatch.setenv("PYTHONPATH", "/somewhere")
    monkeypatch.setenv("HARMLESS", "yes")
    environment = worker._environment()
    assert "PYTHONHOME" not in environment
    assert "/somewhere" not in environment["PYTHONPATH"].split(os.pathsep)
    assert environment["HARMLESS"] == "yes"


def test_a_missing_module_is_told_of_before_anything_starts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(worker, "NEEDED", ("no_such_module",))
    with pytest.raises(BlazeRigError, match="no_such_module is missing; install BlazeRig again"):
        worker.solve(tmp_path / "take.npz", tmp_path / "take.pose")


def test_what_the_worker_cannot_do_is_said_in_its_words(tmp_path: Path) -> None:
    with worker.solve(tmp_path / "nowhere.npz", tmp_path / "take.pose") as process:
        finish(process)
        with pytest.raises(BlazeRigError, match=r"nowhere\.npz does not exist"):
            process.result()


def test_a_bug_in_the_worker_is_told_with_its_last_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "PACKAGE", tmp_path / "no_such_package")
    with worker.solve(tmp_path / "a.npz", tmp_path / "a.pose") as process:
        finish(process)
        with pytest.raises(BlazeRigError, match=r"exit code 1.*it said last: .*no_such_package"):
            process.result()


def test_a_worker_that_is_left_alone_ends_with_its_block(tmp_path: Path) -> None:
    with worker.track(tmp_path / "nowhere.mp4", tmp_path / "take.npz") as process:
        pass
    assert process._process.returncode is not None


def test_a_worker_that_does_not_listen_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "deaf"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "solving.py").write_text("import time\ntime.sleep(600)\n")
    monkeypatch.setattr(worker, "PACKAGE", package)
    monkeypatch.setattr(worker, "PATIENCE", 0.2)
    with worker.solve(tmp_path / "a.npz", tmp_path / "a.pose") as process:
        assert process.running()
        process.stop()
        finish(process)
        assert process.result() is None


def test_lines_that_are_not_ours_are_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "noisy"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "solving.py").write_text(
        "import sys\n"
        "print('driver 12.3 says hello')\n"
        'print(\'{"stage": "people", "frame": 3, "total": null, \'\n'
        '\'"seconds_left": null, "frames_per_second": 20.0}\')\n'
        'print(\'{"pose": "there"}\')\n'
        'sys.stdout.write(\'{"frame": 4, "tot\')\n'
    )
    monkeypatch.setattr(worker, "PACKAGE", package)
    with worker.solve(tmp_path / "a.npz", tmp_path / "a.pose") as process:
        finish(process)
        assert process.result() == {"pose": "there"}
        assert process.progress == worker.Progress("people", 3, None, None, 20.0)
