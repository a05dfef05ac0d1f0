"""build.py: which Python it takes, what it makes anew, and what it says when something is wrong."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[1]
VERSION = "{}.{}".format(*sys.version_info)
BASE = getattr(sys, "_base_executable", sys.executable)
PINS = {
    ".venv": "requirements/development.txt",
    ".venv-reference": "tests/reference/requirements.txt",
    ".venv-bpy42": "requirements/blender-4.2.txt",
    ".venv-bpy45": "requirements/blender-4.5.txt",
    ".venv-bpy50": "requirements/blender-5.0.txt",
    ".venv-bpy52": "requirements/blender-5.2.txt",
}

posix = pytest.mark.skipif(os.name == "nt", reason="stands a shell script in for Python")


@pytest.fixture
def environments(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """The module that finds Pythons and makes environments, in an empty checkout without uv."""
    spec = importlib.util.spec_from_file_location("environments", ROOT / "requirements" / "environments.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    return module


def script(path: Path, text: str) -> Path:
    """An executable shell script."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


# --- which Python


def test_the_python_that_runs_is_taken_if_it_fits(environments: ModuleType) -> None:
    if VERSION not in environments.VERSIONS:
        pytest.skip(f"runs on {VERSION}")
    version, executable = environments.choose_python()
    assert version == VERSION
    assert Path(executable).resolve() == Path(BASE).resolve()


@posix
def test_a_shim_without_its_version_is_passed_over_for_what_pyenv_has(
    environments: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(environments, "running_version", lambda: "3.12")
    script(tmp_path / "path" / f"python{VERSION}", "echo 'pyenv: command not found' >&2; exit 127")
    real = script(tmp_path / "pyenv" / "versions" / f"{VERSION}.0" / "bin" / "python", f'exec "{BASE}" "$@"')
    assert real.exists()
    found = environments.find_python(VERSION)
    assert Path(found).resolve() == Path(BASE).resolve()


@posix
def test_a_python_of_another_version_than_its_name_is_not_taken(
    environments: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(environments, "running_version", lambda: "3.12")
    other = next(version for version in ("3.13", "3.11") if version != VERSION)
    script(tmp_path / "path" / f"python{other}", f'exec "{BASE}" "$@"')
    assert environments.find_python(other) is None


@posix
def test_uv_is_asked_for_its_pythons(
    environments: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(environments, "running_version", lambda: "3.12")
    script(
        tmp_path / "path" / "uv",
        f'case "$*" in *"python find"*" {VERSION}") echo "{BASE}";; *) exit 2;; esac',
    )
    assert Path(environments.find_python(VERSION)).resolve() == Path(BASE).resolve()


def test_without_a_python_that_fits_one_line_says_what_to_install(
    environments: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environments, "running_version", lambda: "3.12")
    with pytest.raises(
        environments.BuildError, match=r"^this is Python 3\.12.*install Python 3\.13"
    ) as caught:
        environments.choose_python()
    assert "\n" not in str(caught.value)


def test_an_unsupported_python_goes_on_with_the_environment_that_is_there(
    environments: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(environments, "running_version", lambda: "3.12")
    monkeypatch.setattr(environments, "find_python", {"3.11": "eleven", "3.13": "thirteen"}.get)
    assert environments.choose_python() == ("3.13", "thirteen")
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / environments.STAMP).write_text(f"3.11 {tmp_path}\nhash\n")
    assert environments.choose_python() == ("3.11", "eleven")


# --- what is made anew


class Installer:
    """Stands in for pip: notes what it was asked for, and fails when told to."""

    def __init__(self, error: type[Exception]) -> None:
        self.calls: list[list[str]] = []
        self.fails = False
        self._error = error

    def __call__(self, _python: Path, packages: list[str]) -> None:
        self.calls.append(packages)
        if self.fails:
            raise self._error("installing packages failed")


@pytest.fixture
def installer(environments: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Installer:
    stand_in = Installer(environments.BuildError)
    monkeypatch.setattr(environments, "install", stand_in)
    return stand_in


@pytest.fixture
def pins(tmp_path: Path) -> Path:
    path = tmp_path / "pins.txt"
    path.write_text("numpy==1.26.4\n")
    return path


def make(environments: ModuleType, pins: Path) -> Path:
    return environments.make_environment(".venv-side", VERSION, BASE, pins)


def test_a_new_environment_has_a_python_that_runs(
    environments: ModuleType, installer: Installer, pins: Path
) -> None:
    python = make(environments, pins)
    answer = subprocess.run([python, "-c", "import sys; print(sys.prefix)"], capture_output=True, text=True)
    assert Path(answer.stdout.strip()) == environments.ROOT / ".venv-side"
    assert installer.calls == [["-r", str(pins)]]


def test_a_complete_environment_is_left_as_it_is(
    environments: ModuleType, installer: Installer, pins: Path
) -> None:
    kept = make(environments, pins).parent / "kept"
    kept.touch()
    make(environments, pins)
    assert kept.exists()
    assert len(installer.calls) == 1


def test_an_environment_whose_making_was_interrupted_is_made_anew(
    environments: ModuleType, installer: Installer, pins: Path
) -> None:
    installer.fails = True
    with pytest.raises(environments.BuildError):
        make(environments, pins)
    half_made = environments.python_in(".venv-side").parent / "half-made"
    half_made.touch()
    installer.fails = False
    make(environments, pins)
    assert not half_made.exists()
    assert len(installer.calls) == 2


def test_changed_pins_are_installed_over_the_old_ones(
    environments: ModuleType, installer: Installer, pins: Path
) -> None:
    kept = make(environments, pins).parent / "kept"
    kept.touch()
    pins.write_text("numpy==2.3.5\n")
    make(environments, pins)
    assert kept.exists()
    assert len(installer.calls) == 2


def test_an_interrupted_change_of_pins_is_not_taken_for_complete(
    environments: ModuleType, installer: Installer, pins: Path
) -> None:
    make(environments, pins)
    pins.write_text("numpy==2.3.5\n")
    installer.fails = True
    with pytest.raises(environments.BuildError):
        make(environments, pins)
    pins.write_text("numpy==1.26.4\n")
    installer.fails = False
    make(environments, pins)
    assert len(installer.calls) == 3


def test_an_environment_that_came_along_with_a_copied_checkout_is_made_anew(
    environments: ModuleType,
    installer: Installer,
    pins: Path,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    make(environments, pins)
    copy = tmp_path / "copy"
    shutil.copytree(tmp_path / ".venv-side", copy / ".venv-side", symlinks=True)
    monkeypatch.setattr(environments, "ROOT", copy)
    python = environments.make_environment(
        ".venv-side", VERSION, BASE, Path(shutil.copy(pins, copy / "pins.txt"))
    )
    answer = subprocess.run([python, "-c", "import sys; print(sys.prefix)"], capture_output=True, text=True)
    assert Path(answer.stdout.strip()) == copy / ".venv-side"
    assert len(installer.calls) == 2


# --- the verbs


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """A checkout with nothing in it but build.py and the lists of packages."""
    folder = tmp_path / "checkout"
    folder.mkdir()
    shutil.copy(ROOT / "build.py", folder)
    shutil.copytree(
        ROOT / "requirements", folder / "requirements", ignore=shutil.ignore_patterns("__pycache__")
    )
    (folder / "tests" / "reference").mkdir(parents=True)
    shutil.copy(ROOT / "tests/reference/requirements.txt", folder / "tests/reference")
    return folder


@pytest.fixture
def ready(scratch: Path, environments: ModuleType) -> Path:
    """A checkout whose environments are complete; their Python notes how it is called and does nothing.

    It ends with the exit code in the file `fails`, where its arguments hold that file's first word.
    """
    for folder, pins in PINS.items():
        script(
            scratch / folder / "bin" / "python",
            'echo "$*" >> calls\n'
            'if [ -f fails ]; then read word code < fails; case "$*" in *"$word"*) exit $code;; esac; fi',
        )
        digest = environments.hashlib.sha256((ROOT / pins).read_bytes()).hexdigest()
        version = VERSION if folder == ".venv" else "3.13" if folder == ".venv-bpy52" else "3.11"
        (scratch / folder / "complete.txt").write_text(f"{version} {scratch}\n{digest}\n")
    return scratch


def build(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    answer = subprocess.run(
        [sys.executable, "-B", "build.py", *arguments],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
    )
    assert "Traceback" not in answer.stderr
    return answer


def files_in(folder: Path) -> set[Path]:
    return set(folder.rglob("*"))


@pytest.mark.parametrize(
    "arguments",
    [
        ["bogus"],
        ["--bogus"],
        ["setup", "more"],
        ["models", "--force"],
        ["reference", "3.12"],
        ["blenders", "4.1"],
        ["check", "solver"],
        ["zip", "--platform", "amiga"],
        ["zip", "--python", "2.7"],
        ["demo", "a.mp4", "b.mp4"],
        ["demo", "--seconds", "none"],
        ["demo", "--seconds", "-3"],
    ],
    ids=" ".join,
)
def test_a_wrong_command_line_gets_the_usage_and_changes_nothing(scratch: Path, arguments: list[str]) -> None:
    before = files_in(scratch)
    answer = build(scratch, *arguments)
    assert answer.returncode == 2
    assert answer.stderr.startswith("usage: build.py")
    assert "error: " in answer.stderr.splitlines()[-1]
    assert files_in(scratch) == before


@pytest.mark.parametrize("arguments", [[], ["--help"]], ids=["alone", "help"])
def test_build_py_alone_explains_itself(scratch: Path, arguments: list[str]) -> None:
    answer = build(scratch, *arguments)
    assert answer.returncode == 0
    for verb in ("demo", "setup", "models", "reference", "blenders", "test", "check", "zip"):
        assert f"\n    {verb}" in answer.stdout


@pytest.mark.parametrize("video", ["nowhere.mp4", "."])
def test_a_demo_of_no_video_is_refused_before_anything_is_set_up(scratch: Path, video: str) -> None:
    before = files_in(scratch)
    answer = build(scratch, "demo", video)
    assert answer.returncode == 1
    assert answer.stderr == f"build.py: {video} is no file; name a video that is there\n"
    assert files_in(scratch) == before


def test_a_setup_that_gets_no_packages_says_so_and_is_begun_anew(scratch: Path) -> None:
    if VERSION not in ("3.11", "3.13"):
        pytest.skip(f"runs on {VERSION}")
    offline = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "", "UV_OFFLINE": "1", "UV_NO_CACHE": "1"}
    for _ in range(2):
        answer = build(scratch, "setup", **offline)
        assert answer.returncode == 1
        assert answer.stderr.splitlines()[-1].startswith("build.py: installing packages failed (exit code ")
        assert "build.py: .venv: making it with Python" in answer.stdout
        assert not (scratch / ".venv" / "complete.txt").exists()


@posix
@pytest.mark.parametrize(
    ("verb", "word", "line"),
    [
        ("models", "blazerig.models.conversion", "making the weights failed (exit code 7; "),
        ("zip", "blazerig.release", "making the zip failed (exit code 7; "),
        ("test", "pytest", "testing failed (exit code 7; "),
        ("check", "basedpyright", "checking failed: types ("),
    ],
)
def test_a_step_that_fails_ends_the_verb_with_one_line(ready: Path, verb: str, word: str, line: str) -> None:
    (ready / "fails").write_text(f"{word} 7\n")
    answer = build(ready, verb)
    assert answer.returncode == 1
    (said,) = answer.stderr.splitlines()
    assert said.startswith(f"build.py: {line}")
    assert word in (ready / "calls").read_text().splitlines()[-1]


@posix
def test_a_failed_check_still_tells_of_the_others_and_runs_no_tests(ready: Path) -> None:
    (ready / "fails").write_text("ruff 1\n")
    answer = build(ready, "check")
    assert "checking failed: format, lint (" in answer.stderr
    calls = (ready / "calls").read_text()
    assert "basedpyright" in calls
    assert "-m pytest" not in calls


@posix
@pytest.mark.parametrize(
    ("arguments", "calls"),
    [
        (["models"], ["blazerig.models.conversion"]),
        (
            ["test", "-k", "hips", "-x"],
            ["blazerig.models.conversion", "pytest -k hips -x"],
        ),
        (
            ["zip", "--platform", "all", "--python", "3.13"],
            ["blazerig.models.conversion", "blazerig.release --platform all --python 3.13"],
        ),
        (
            ["demo", "build.py", "--out", "there", "--seconds", "2", "--no-render"],
            [
                "blazerig.models.conversion",
                "blazerig demo build.py --out there --no-render --seconds 2.0",
            ],
        ),
    ],
    ids=["models", "test", "zip", "demo"],
)
def test_a_verb_does_first_what_it_needs(ready: Path, arguments: list[str], calls: list[str]) -> None:
    answer = build(ready, *arguments)
    assert answer.returncode == 0, answer.stderr
    assert (ready / "calls").read_text().splitlines() == [f"-P -m {call}" for call in calls]


@posix
@pytest.mark.parametrize("verb", ["setup", "reference", "blenders"])
def test_what_is_ready_is_ready_at_once(ready: Path, verb: str) -> None:
    answer = build(ready, verb)
    assert answer.returncode == 0, answer.stderr
    assert not (ready / "calls").exists()
