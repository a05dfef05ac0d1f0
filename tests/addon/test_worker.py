"""The worker: which Python it runs, in what environment, and how it ends."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest
from blazerig.addon import worker
from blazerig.addon.preferences import Choices
from blazerig.addon.preferences_page import PROVIDERS
from blazerig.addon.takes.rescue import rescue
from blazerig.errors import BlazeRigError
from blazerig.models.providers import CHOICES
from blazerig.take import load_take

SAMPLE = Path(__file__).parents[1] / "sample" / "steps.mp4"
SETTINGS = Path(__file__).parents[2] / "docs" / "settings.toml"


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
        worker.solve(tmp_path / "take.npz", tmp_path / "motion.npz", tmp_path / "settings.toml")


def test_what_the_worker_cannot_do_is_said_in_its_words(tmp_path: Path) -> None:
    with worker.solve(tmp_path / "nowhere.npz", tmp_path / "motion.npz", SETTINGS) as process:
        finish(process)
        with pytest.raises(BlazeRigError, match=r"nowhere\.npz does not exist"):
            process.result()


def test_a_bug_in_the_worker_is_told_with_its_last_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "PACKAGE", tmp_path / "no_such_package")
    with worker.solve(tmp_path / "a.npz", tmp_path / "motion.npz", SETTINGS) as process:
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
    monkeypatch.setattr(worker, "ANSWER", 0.2)
    with worker.solve(tmp_path / "a.npz", tmp_path / "motion.npz", SETTINGS) as process:
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
    with worker.solve(tmp_path / "a.npz", tmp_path / "motion.npz", SETTINGS) as process:
        finish(process)
        assert process.result() == {"pose": "there"}
        assert process.progress == worker.Progress("people", 3, None, None, 20.0)


def until(process: worker.Worker, stage: str, frame: int) -> None:
    deadline = time.monotonic() + 60
    while process.progress is None or process.progress.stage != stage or process.progress.frame < frame:
        assert process.running()
        assert time.monotonic() < deadline
        time.sleep(0.005)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(("stage", "frame"), [("people", 20), ("tracking", 20)])
def test_a_worker_that_is_stopped_ends_within_half_a_second_and_keeps_what_it_saw(
    tmp_path: Path, stage: str, frame: int
) -> None:
    with worker.track(SAMPLE, tmp_path / "take.npz") as process:
        until(process, stage, frame)
        process.stop()
        begun = time.monotonic()
        finish(process)
        assert time.monotonic() - begun < 0.5
        told = process.result()
    assert told is not None
    assert told["frames"] == len(load_take(tmp_path / "take.npz")) > 1
    assert names(tmp_path) == ["take.npz", "worker.log"]


def test_a_worker_that_is_stopped_before_it_saw_anything_ends_at_once_and_leaves_nothing(
    tmp_path: Path,
) -> None:
    for wait in (0.0, 0.3):
        with worker.track(SAMPLE, tmp_path / "take.npz") as process:
            time.sleep(wait)
            process.stop()
            begun = time.monotonic()
            finish(process)
            assert time.monotonic() - begun < 0.5
            assert process.result() is None
    assert names(tmp_path) == ["worker.log"]


def test_a_worker_that_is_killed_keeps_what_it_saw_and_says_where(tmp_path: Path) -> None:
    with worker.track(SAMPLE, tmp_path / "take.npz") as process:
        deadline = time.monotonic() + 60
        while not (tmp_path / "take.kept.npz").is_file():
            assert process.running()
            assert time.monotonic() < deadline
            time.sleep(0.005)
        process._process.kill()
        finish(process)
        with pytest.raises(worker.Died, match=r"SIGKILL.*kept as a take: .*take\.npz") as caught:
            process.result()
    assert caught.value.kept == (tmp_path / "take.npz",)
    assert len(load_take(tmp_path / "take.npz")) > 0
    assert names(tmp_path) == ["take.npz", "worker.log"]


HUNG = """
import json, shutil, sys, time
shutil.copy({take!r}, {kept!r})
open({half!r}, "w").write("half")
told = dict(stage="tracking", frame=3, total=9, seconds_left=1.0, frames_per_second=3.0)
print(json.dumps(told), flush=True)
time.sleep(600)
"""


def test_where_a_driver_hangs_what_was_kept_before_becomes_the_take(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with worker.track(SAMPLE, tmp_path / "seen.npz") as process:
        until(process, "tracking", 5)
        process.stop()
        finish(process)
    package = tmp_path / "hung"
    package.mkdir()
    (package / "__init__.py").touch()
    paths = {"take": "seen.npz", "kept": "take.kept.npz", "half": "take.kept.unfinished.npz"}
    script = HUNG.format(**{name: str(tmp_path / path) for name, path in paths.items()})
    (package / "__main__.py").write_text(script)
    monkeypatch.setattr(worker, "PACKAGE", package)
    with worker.track(SAMPLE, tmp_path / "take.npz") as process:
        until(process, "tracking", 3)
        process.stop()
        begun = time.monotonic()
        finish(process)
        assert time.monotonic() - begun < 0.5
        told = process.result()
    assert told is not None
    assert told["takes"] == [str(tmp_path / "take.npz")]
    assert told["frames"] == len(load_take(tmp_path / "seen.npz"))
    assert [name for name in names(tmp_path) if name.startswith("take")] == ["take.npz"]


def test_the_takes_of_several_performers_are_rescued_and_whole_ones_stay(tmp_path: Path) -> None:
    for name in ("a.0.npz", "a.0.kept.npz", "a.1.kept.npz", "a.1.unfinished.npz", "a-2.kept.npz", "ab.npz"):
        (tmp_path / name).write_text(name)
    assert [path.name for path in rescue(tmp_path / "a.npz")] == ["a.0.npz", "a.1.npz"]
    assert names(tmp_path) == ["a-2.kept.npz", "a.0.npz", "a.1.npz", "ab.npz"]
    assert (tmp_path / "a.0.npz").read_text() == "a.0.npz"
    assert (tmp_path / "a.1.npz").read_text() == "a.1.kept.npz"


def test_a_provider_that_was_tried_while_the_user_stopped_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker.preferences, "cache_folder", lambda: tmp_path)
    for name, age in (("providers-old.json", -60.0), ("providers-new.json", 1.0), ("motion.npz", 1.0)):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (time.time() + age,) * 2)
    worker.forgive_providers(time.time())
    assert names(tmp_path) == ["motion.npz", "providers-old.json"]


def test_the_users_choices_reach_the_worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[list[str]] = []
    monkeypatch.setattr(worker, "Worker", lambda _module, arguments, *_rest: seen.append(list(arguments)))
    monkeypatch.setattr(worker.preferences, "choices", lambda: Choices("cpu", 3, str(tmp_path)))
    worker.track(SAMPLE, tmp_path / "take.npz", ["--face"])
    text = " ".join(seen[0])
    assert "--provider cpu" in text
    assert "--threads 3" in text
    assert worker._environment()["BLAZERIG_CACHE"] == str(tmp_path / "blazerig_cache")


def test_the_preferences_offer_every_provider_that_there_is() -> None:
    assert tuple(name for name, _, _ in PROVIDERS) == CHOICES
