import importlib
import json
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from blazerig.__main__ import answer, parser
from blazerig.errors import BlazeRigError
from blazerig.models import choice, doctor, machine, person
from blazerig.models.providers import CHOICES


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(machine, "cache_folder", lambda: tmp_path / "cache")
    monkeypatch.setattr(machine, "data_folder", lambda: tmp_path / "data")
    return tmp_path / "cache"


@pytest.fixture
def weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Small nets with their stamp, in the place of the real ones."""
    folder = tmp_path / "weights"
    folder.mkdir()
    for name in ("hand_recrop.onnx", "stamp.json"):
        shutil.copy(doctor._weights_folder() / name, folder)
    stamp = json.loads((folder / "stamp.json").read_text())
    kept = {name: value for name, value in stamp["sha256"].items() if name == "hand_recrop"}
    (folder / "stamp.json").write_text(json.dumps({"sha256": kept}))
    monkeypatch.setattr(doctor, "_weights_folder", lambda: folder)
    return folder


@pytest.fixture
def no_trials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_providers", lambda: ())


def told(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, str]:
    """Exit code and output of the command."""
    code = answer(parser().parse_args(["doctor", *options]))
    captured = capsys.readouterr()
    assert captured.err == ""
    return code, captured.out


def test_where_tracking_works_the_doctor_says_on_what_and_why_on_nothing_else(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out = told(capsys, "--json")
    report = json.loads(out)
    assert code == 0
    assert report["problems"] == []
    assert {entry["name"] for entry in report["providers"]} == set(CHOICES[1:])
    assert sum(entry["taken"] for entry in report["providers"]) == 1
    assert all(bool(entry["trouble"]) is (entry["milliseconds"] is None) for entry in report["providers"])
    assert set(report["weights"].values()) == {"whole"}
    assert report["cores"] >= 1
    assert "libavcodec" in report["packages"]["cv2"]


@pytest.mark.usefixtures("no_trials")
def test_the_report_for_people_holds_what_the_one_for_programs_does(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out = told(capsys)
    assert code == 0
    for part in (
        "machine",
        "processor",
        "packages",
        "onnxruntime",
        "nets",
        "pose_landmarks",
        "caches",
        "takes",
    ):
        assert part in out


@pytest.mark.usefixtures("no_trials")
@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (lambda folder: (folder / "hand_recrop.onnx").unlink(), "the net hand_recrop is missing"),
        (lambda folder: (folder / "hand_recrop.onnx").write_bytes(b""), "the net hand_recrop is damaged"),
        (lambda folder: shutil.rmtree(folder), "there are no nets in"),
    ],
)
def test_nets_that_are_not_whole_are_a_problem_and_what_to_do_is_said(
    damage, problem: str, weights: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert told(capsys)[0] == 0
    damage(weights)
    code, out = told(capsys)
    assert code == 1
    assert f"problem: {problem}" in out
    assert "build.py models" in out
    assert "tracking works" not in out


@pytest.mark.usefixtures("no_trials")
@pytest.mark.parametrize("stamp", [None, b"", b"[]", b'{"sha256": 3}', b'{"other": {}}'])
def test_nets_without_a_stamp_are_not_called_whole(
    stamp: bytes | None, weights: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (weights / "stamp.json").unlink()
    if stamp is not None:
        (weights / "stamp.json").write_bytes(stamp)
    code, out = told(capsys)
    assert code == 0
    assert "unknown  hand_recrop" in out
    assert "whole" not in out


@pytest.mark.usefixtures("no_trials", "weights")
def test_nets_that_the_user_added_are_told_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "data" / "nets").mkdir(parents=True)
    (tmp_path / "data" / "nets" / "pose_landmarks_heavy.onnx").write_bytes(b"")
    code, out = told(capsys)
    assert code == 0
    assert "added  pose_landmarks_heavy" in out
    assert "whole  hand_recrop" in out


def test_a_package_that_cannot_be_loaded_is_a_problem_of_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    load = importlib.import_module

    def refuse(name: str) -> ModuleType:
        if name == "onnxruntime":
            raise ImportError("DLL load failed while importing it\nwith a long explanation")
        return load(name)

    monkeypatch.setattr(importlib, "import_module", refuse)
    code, out = told(capsys)
    assert code == 1
    assert "problem: onnxruntime-webgpu cannot be loaded (DLL load failed while importing it); install" in out


def test_pyav_is_no_necessity(monkeypatch: pytest.MonkeyPatch) -> None:
    load = importlib.import_module

    def refuse(name: str) -> ModuleType:
        if name == "av":
            raise ImportError(name)
        return load(name)

    monkeypatch.setattr(importlib, "import_module", refuse)
    assert doctor._packages()[1] == []
    assert doctor._ffmpeg()["av"].startswith("not there")


def test_nets_that_run_but_see_nobody_are_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(person, "PICTURE", tmp_path / "none.jpg")
    code, out = told(capsys)
    assert code == 1
    assert "problem: " in out
    assert "none.jpg is missing or damaged; install BlazeRig again" in out
    monkeypatch.setattr(choice, "see", lambda _: choice.Seen(None, 1.0))
    with pytest.raises(BlazeRigError, match="the nets see nobody"):
        choice.try_all()


@pytest.mark.usefixtures("no_trials")
def test_a_cache_folder_that_cannot_be_made_is_told_and_no_problem(
    cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cache.write_text("no folder")
    code, out = told(capsys)
    assert code == 0
    assert "caches   none: cannot write" in out


@pytest.mark.parametrize("package", ["onnxruntime", "cv2"])
def test_the_command_comes_to_its_answer_without_the_package_that_is_missing(package: str) -> None:
    program = (
        f"import sys; sys.modules[{package!r}] = None; sys.argv = ['blazerig', 'doctor']; "
        "from blazerig.__main__ import main; main()"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "")
    assert "problem: " in done.stdout
    assert "cannot be loaded" in done.stdout
