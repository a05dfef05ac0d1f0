"""The processes that run nets and solver: Blender never waits, and a crash in a GPU driver stays outside.

Each is Blender's own Python, running a module of this very package, which it finds through its own
environment. It says how far it is in JSON, one object a line. Closing its standard input asks it to end
and to keep what it has, which works on every platform and also when Blender dies. One that does not
answer, as its driver hangs, is killed; what it had kept until then stays.
"""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Any

from ..errors import BlazeRigError
from . import preferences
from .takes.rescue import frames, rescue

PACKAGE = Path(__file__).resolve().parents[1]
NEEDED = ("onnxruntime", "cv2", "numpy")
ANSWER = 0.25
"""Seconds that a worker has to answer when it is asked to end."""
PATIENCE = 5.0
"""Seconds that it has to write what it has, once it has answered."""


class Died(BlazeRigError):  # noqa: N818 (what happened, not what is wrong)
    """A worker ended before it was done.

    Attributes:
        kept: Takes of what it had seen until then.
    """

    def __init__(self, message: str, kept: Sequence[Path]) -> None:
        self.kept = tuple(kept)
        if kept:
            message += f"; {_count(frames(kept[0]))} kept as a take: {kept[0]}"
        super().__init__(message)


@dataclass(frozen=True)
class Progress:
    """How far the worker is.

    Attributes:
        stage: `people` while people are looked for, then `tracking`; of a solve one of `solver.stages`.
        frame: Frames done in this stage.
        total: Frames of the footage, where it says.
        seconds_left: Estimated time to the end, where the total is known.
        frames_per_second: Pace.
        provider: What runs the nets.
        share: Of the whole work that is done, 0 to 1, of a solve.
    """

    stage: str
    frame: int = 0
    total: int | None = None
    seconds_left: float | None = None
    frames_per_second: float = 0.0
    provider: str = ""
    share: float = 0.0


class Worker:
    """One run of a module of ours; poll `running`, then ask for the `result`.

    Raises:
        BlazeRigError: Blender's Python, or what the nets need, is missing.
    """

    def __init__(self, module: str, arguments: Sequence[str], log: Path, take: Path | None = None) -> None:
        """Start it: `python -m module arguments`; what it says besides goes to `log`.

        It may be one that is to write `take`.
        """
        self.progress: Progress | None = None
        self._take = take
        self._began = time.time()
        self._last: dict[str, Any] = {}
        self._deadline: float | None = None
        self._log = log
        self._lines: SimpleQueue[str] = SimpleQueue()
        self._process = started(module, arguments, log, encoding="utf-8")
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Worker:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _read(self) -> None:
        """The thread's work, for reading a pipe may block; what a driver prints in between is not ours."""
        assert self._process.stdout
        for line in self._process.stdout:
            if line.startswith("{") and line.endswith("}\n"):
                self._lines.put(line)

    def running(self) -> bool:
        """Whether the worker is still at it; takes in what it said, never waits."""
        if self._deadline is not None and time.monotonic() > self._deadline:
            self._process.kill()
        ended = self._process.poll() is not None and not self._reader.is_alive()
        self._take_in()
        return not ended

    def _take_in(self) -> None:
        while True:
            try:
                message = json.loads(self._lines.get_nowait())
            except Empty:
                return
            if "stage" in message:
                self.progress = Progress(**message)
            elif "stopping" in message:
                self._deadline = time.monotonic() + PATIENCE
            else:
                self._last = message

    def stop(self) -> None:
        """Ask the worker to end with what it has seen; it is killed if it does not listen."""
        if self._deadline is None:
            self._deadline = time.monotonic() + ANSWER
            assert self._process.stdin
            self._process.stdin.close()

    def close(self) -> None:
        """End the worker in any case, and wait for it."""
        stopped = self.running()
        self.stop()
        while self.running():
            time.sleep(0.005)
        if stopped:
            self._rescued()

    def _rescued(self) -> tuple[Path, ...]:
        """Takes of what was seen, where the worker could not write them itself."""
        if self._deadline is not None and self.progress is None:
            forgive_providers(self._began)
        return rescue(self._take) if self._take else ()

    def result(self) -> dict[str, Any] | None:
        """What it said last, once it no longer runs; None where it was stopped before it had anything.

        Raises:
            BlazeRigError: The worker said why it could not, or died.
        """
        if self._last and "error" not in self._last:
            return self._last
        kept = self._rescued()
        if "error" in self._last:
            raise Died(self._last["error"], kept)
        if self._deadline is not None:
            return _result(kept) if kept else None
        raise Died(
            f"the worker process ended unexpectedly ({cause(self._process.returncode)}); "
            + "; ".join(["the scene is unchanged, try again", *last_words(self._log)]),
            kept,
        )


def _result(kept: Sequence[Path]) -> dict[str, Any]:
    """What a worker would have said that could not any more."""
    names, count = [str(path) for path in kept], frames(kept[0])
    return {"take": names[0], "takes": names, "frames": count, "provider": "", "warnings": []}


def _count(number: int) -> str:
    return "1 frame is" if number == 1 else f"{number} frames are"


def forgive_providers(since: float) -> None:
    """A provider that was being tried when the user stopped is not at fault: it shall be tried again.

    Args:
        since: The clock's time at which the trying began; what is known from before stays.
    """
    for path in preferences.cache_folder().glob("providers-*.json"):
        if path.stat().st_mtime >= since:
            path.unlink(missing_ok=True)


def track(footage: Path, take: Path, arguments: Sequence[str] = ()) -> Worker:
    """Run the nets over `footage`; the result says `take`, `takes`, `frames`, `provider` and `warnings`.

    Args:
        footage: What is tracked.
        take: The file to write.
        arguments: Further ones of `blazerig track`.
    """
    chosen = preferences.choices()
    command = ["track", str(footage), "-o", str(take), *arguments, "--provider", chosen.provider]
    command += ["--threads", str(chosen.threads)] if chosen.threads else []
    return Worker(PACKAGE.name, [*command, "--progress", "json"], _log_beside(take), take)


def solve(take: Path, motion: Path, settings: Path) -> Worker:
    """Solve `take` as the file `settings` says; the result says `motion`, which is written."""
    return Worker(f"{PACKAGE.name}.solving", [str(take), str(motion), str(settings)], _log_beside(motion))


def doctor() -> Worker:
    """Look at machine, packages, nets and GPUs; the result says `problems` and the `lines` of the report."""
    folder = preferences.cache_folder()
    folder.mkdir(parents=True, exist_ok=True)
    return Worker(PACKAGE.name, ["doctor", "--json"], _log_beside(folder / "doctor"))


def _log_beside(path: Path) -> Path:
    return path.with_name("worker.log")


def started(
    module: str, arguments: Sequence[str], log: Path, encoding: str | None = None
) -> subprocess.Popen[Any]:
    """A process of `module`, its input and output piped, as text in `encoding` or else as bytes.

    What it says besides goes to the file `log`.

    Raises:
        BlazeRigError: Blender's Python, or what the nets need, is missing.
    """
    with log.open("wb") as file:
        return subprocess.Popen(
            [str(blender_python()), "-P", "-s", "-m", module, *arguments],
            env=_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=file,
            encoding=encoding,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )


def blender_python() -> Path:
    """The Python that runs in Blender, as a program of its own.

    Raises:
        BlazeRigError: Blender came without one.
    """
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    program = Path(sys.executable)
    folders = (Path(sys.base_prefix) / "bin", Path(sys.base_prefix))
    found = [program] if program.stem.startswith("python") else []
    found += [folder / file for folder in folders for file in (name, "python3", "python.exe")]
    for path in found:
        if path.is_file():
            return path
    raise BlazeRigError(f"Blender's Python is not in {folders[0]}; install Blender again")


def _environment() -> dict[str, str]:
    """The environment of Blender, but with no Python settings other than where our modules are."""
    folders: list[Path] = []
    for name in NEEDED:
        spec = importlib.util.find_spec(name)
        if spec is None or spec.origin is None:
            raise BlazeRigError(f"the module {name} is missing; install BlazeRig again, from its zip")
        folders.append(Path(spec.origin).parents[1])
    paths = dict.fromkeys([*folders, PACKAGE.parent])
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    ours = {"PYTHONPATH": os.pathsep.join(map(str, paths)), "PYTHONUTF8": "1", "OPENBLAS_NUM_THREADS": "1"}
    return kept | ours | {"BLAZERIG_CACHE": str(preferences.cache_folder())}


def cause(code: int) -> str:
    """What ended a process that returned `code`."""
    if code < 0:
        return signal.Signals(-code).name
    return f"exit code {code}"


def last_words(log: Path) -> list[str]:
    """The last line that a process wrote into its log, said as such; none where it wrote nothing."""
    said = log.read_text("utf-8", errors="replace").strip().splitlines()[-1:]
    return [f"it said last: {line}" for line in said]
