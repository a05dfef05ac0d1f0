"""The process that runs the nets: Blender never waits, and a crash in a GPU driver stays outside of it.

It is Blender's own Python, running the command line of this very package, which it finds through its own
environment. It says how far it is in JSON, one object a line. Closing its standard input asks it to
stop and to keep what it has seen, which works on every platform and also when Blender dies.
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
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from types import TracebackType

from ..errors import BlazeRigError

PACKAGE = Path(__file__).resolve().parents[1]
NEEDED = ("onnxruntime", "cv2", "numpy")
PATIENCE = 5.0
"""Seconds that a worker has to write its take after it was asked to stop."""


@dataclass(frozen=True)
class Progress:
    """How far the worker is.

    Attributes:
        frame: Frames done.
        total: Frames of the footage, where it says.
        seconds_left: Estimated time to the end, where the total is known.
        frames_per_second: Pace.
    """

    frame: int
    total: int | None
    seconds_left: float | None
    frames_per_second: float


@dataclass(frozen=True)
class Captured:
    """What the worker left: a take, how many frames are in it, and what ran the nets."""

    take: Path
    frames: int
    provider: str
    warnings: tuple[str, ...]


class Worker:
    """One run of the nets over `footage`; poll `running`, then ask for the `result`.

    Raises:
        BlazeRigError: Blender's Python, or what the nets need, is missing.
    """

    def __init__(self, footage: Path, take: Path) -> None:
        self.progress: Progress | None = None
        self._last: dict[str, object] = {}
        self._deadline: float | None = None
        self._log = take.with_name("tracking.log")
        self._lines: SimpleQueue[str] = SimpleQueue()
        command = [str(blender_python()), "-P", "-s", "-m", PACKAGE.name]
        command += ["track", str(footage), "-o", str(take), "--progress", "json"]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                command,
                env=_environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                encoding="utf-8",
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Worker:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _read(self) -> None:
        """The thread's work: lines wait here, for reading a pipe may block."""
        assert self._process.stdout
        for line in self._process.stdout:
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
            if "frame" in message:
                self.progress = Progress(**message)
            else:
                self._last = message

    def stop(self) -> None:
        """Ask the worker to end with what it has seen; it is killed if it does not listen."""
        if self._deadline is None:
            self._deadline = time.monotonic() + PATIENCE
            assert self._process.stdin
            self._process.stdin.close()

    @property
    def stopping(self) -> bool:
        """Whether the worker was asked to stop."""
        return self._deadline is not None

    def close(self) -> None:
        """End the worker in any case, and wait for it."""
        self.stop()
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def result(self) -> Captured | None:
        """What came of it, once it no longer runs; None where it was stopped before it saw anybody.

        Raises:
            BlazeRigError: The worker said why it could not, or died.
        """
        if "take" in self._last:
            return Captured(
                Path(str(self._last["take"])),
                int(str(self._last["frames"])),
                str(self._last["provider"]),
                tuple(self._last.get("warnings", ())),  # pyright: ignore[reportArgumentType]
            )
        if self.stopping:
            return None
        if "error" in self._last:
            raise BlazeRigError(str(self._last["error"]))
        raise BlazeRigError(
            f"the tracking process ended unexpectedly ({_cause(self._process.returncode)}); "
            f"the scene is unchanged, try again (log: {self._log})"
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
    return kept | {"PYTHONPATH": os.pathsep.join(map(str, paths)), "PYTHONUTF8": "1"}


def _cause(code: int) -> str:
    if code < 0:
        return signal.Signals(-code).name
    return f"exit code {code}"
