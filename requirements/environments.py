"""The Pythons that are there, and the environments made of them. Standard library only, Python 3.8 and later.

An environment holds exactly what its list beside this file names. It gets its stamp when it is
complete, so one whose making was interrupted is known and made anew.
"""

from __future__ import annotations

import functools
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MAIN = ".venv"
VERSIONS = ("3.13", "3.11")
"""The Pythons for which Blender's module exists, the preferred first."""
STAMP = "complete.txt"

QUESTION = """
import sys, sysconfig, venv
fits = (
    "{}.{}".format(*sys.version_info) == sys.argv[1]
    and sys.implementation.name == "cpython"
    and sys.maxsize > 2**32
    and not sysconfig.get_config_var("Py_GIL_DISABLED")
)
print(sys.executable if fits else "")
"""


class BuildError(Exception):
    """A step that cannot be done, in one line: what, why, what to do."""


def say(line: str) -> None:
    """One line of progress."""
    print(f"build.py: {line}", flush=True)


def run(command: list[str | Path], what: str) -> None:
    """Run a step to its end, its output shown.

    Raises:
        BuildError: It ended with another exit code than 0; its own words stand above.
    """
    try:
        code = subprocess.run([str(part) for part in command]).returncode
    except OSError as error:
        raise BuildError(f"{what} failed: {command[0]} does not start ({error.strerror})") from error
    if code:
        raise BuildError(f"{what} failed (exit code {code}; the reason stands above)")


def ask(command: list[str]) -> str:
    """What a short command prints, stripped; nothing where it fails or does not start."""
    speech = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    try:
        answer = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60, env=speech)
    except (OSError, UnicodeDecodeError, subprocess.TimeoutExpired):
        return ""
    return answer.stdout.strip() if answer.returncode == 0 else ""


def running_version() -> str:
    """The Python that runs this: "3.12"."""
    return "{}.{}".format(*sys.version_info)


def candidates(version: str) -> Iterator[list[str]]:
    """Commands that may start Python `version`, the likeliest first."""
    if version == running_version():
        yield [getattr(sys, "_base_executable", None) or sys.executable]
    named = shutil.which("python" + version)
    if named:
        yield [named]
    launcher = shutil.which("py") if os.name == "nt" else None
    if launcher:
        yield [launcher, "-" + version]
    uv = shutil.which("uv")
    if uv:
        found = ask([uv, "python", "find", "--no-project", "--no-python-downloads", version])
        if found:
            yield [found]
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    for pattern in ("versions/{}.*/bin/python", "pyenv-win/versions/{}.*/python.exe"):
        for path in sorted(pyenv.glob(pattern.format(version))):
            yield [str(path)]


@functools.lru_cache(maxsize=None)
def find_python(version: str) -> str | None:
    """Path of a 64-bit CPython `version`; None where there is none.

    Each candidate is asked: a shim of pyenv's is on the path even where its version is not.
    """
    for command in candidates(version):
        executable = ask([*command, "-c", QUESTION, version])
        if executable:
            return executable
    return None


def choose_python() -> tuple[str, str]:
    """Version and path for the main environment: the running Python, else what it has, else what is there.

    Raises:
        BuildError: No Python fits.
    """
    made_for = stamp_of(MAIN)[:1]
    for version in [running_version(), *(line.split(" ")[0] for line in made_for), *VERSIONS]:
        executable = find_python(version) if version in VERSIONS else None
        if executable:
            return version, executable
    raise BuildError(
        f"this is Python {running_version()}, Blender's module needs 3.13 or 3.11, and neither was found;"
        " install Python 3.13 (64-bit) and run this again"
    )


def python_in(folder: str) -> Path:
    """Where an environment has its Python."""
    return ROOT / folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def stamp_of(folder: str) -> list[str]:
    """What a complete environment was made for (Python, place) and what it holds: two lines, or none."""
    try:
        return (ROOT / folder / STAMP).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return []


def make_environment(folder: str, version: str, executable: str, pins: Path) -> Path:
    """An environment with the packages of `pins`; its Python's path.

    One that was interrupted, moved here from elsewhere or has another Python is made anew. Where
    only the pins changed, they are installed over the old ones. The main one holds BlazeRig too.

    Raises:
        BuildError: It cannot be made.
    """
    python, stamp = python_in(folder), ROOT / folder / STAMP
    made_for, holds = f"{version} {ROOT}", hashlib.sha256(pins.read_bytes()).hexdigest()
    known = stamp_of(folder)
    if known == [made_for, holds] and python.exists():
        return python
    start = time.monotonic()
    if known[:1] != [made_for] or not python.exists():
        say(f"{folder}: making it with Python {version} ({executable})")
        remove(ROOT / folder)
        create(folder, executable)
    say(
        f"{folder}: installing {pins.relative_to(ROOT).as_posix()} (hundreds of MB where they are not cached)"
    )
    remove(stamp)
    install(python, ["-r", str(pins)])
    if folder == MAIN:
        install(python, ["--no-build-isolation", "-e", str(ROOT)])
    stamp.write_text(f"{made_for}\n{holds}\n", encoding="utf-8")
    say(f"{folder}: ready after {time.monotonic() - start:.0f} s")
    return python


def remove(path: Path) -> None:
    """Delete what an earlier run left, where it left something.

    Raises:
        BuildError: Something in it is in use or belongs to another user.
    """
    try:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(str(path))
        elif path.exists() or path.is_symlink():
            path.unlink()
    except OSError as error:
        raise BuildError(
            f"cannot remove {path}: {error.strerror}; close what uses it and run this again"
        ) from error


def create(folder: str, executable: str) -> None:
    """An empty environment; only the main one has pip, which serves the others too."""
    uv = shutil.which("uv")
    if uv:
        seed = ["--seed"] if folder == MAIN else []
        run([uv, "venv", "--quiet", *seed, "--python", executable, ROOT / folder], f"making {folder}")
    else:
        bare = [] if folder == MAIN else ["--without-pip"]
        run([executable, "-m", "venv", *bare, ROOT / folder], f"making {folder}")


def install(python: Path, packages: list[str]) -> None:
    """Install exactly `packages`: the lists are complete, so nothing is resolved and nothing else built."""
    uv = shutil.which("uv")
    if uv:
        command: list[str | Path] = [uv, "pip", "install", "--python", python, "--no-deps", *packages]
    else:
        elsewhere: list[str | Path] = [] if python == python_in(MAIN) else ["--python", python]
        command = [python_in(MAIN), "-m", "pip", *elsewhere, "--disable-pip-version-check"]
        command += ["install", "--no-deps", "--no-compile", *packages]
    run(command, "installing packages")
