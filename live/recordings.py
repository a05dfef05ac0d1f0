"""What a session records: one take after the other, each written while the next one already runs."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from ..errors import BlazeRigError
from ..solver.live import LiveSolver
from .frame import LiveFrame
from .recorder import Recorded, Recorder

Note = dict[str, Any]


class Recordings:
    """The recordings of one session. Nothing but `close` waits.

    To be told to whoever asked for them, as in a pipe's notes: {"recording": path} when one begins,
    {"recorded": {...}} when it is whole, or {"unrecorded": path, "warning": text} where that failed, without
    a warning where it was stopped before it began; {"warning": text} when nothing can be kept meanwhile.
    """

    def __init__(self, solver: LiveSolver) -> None:
        """Of frames that `solver` solves."""
        self._solver = solver
        self._running: list[Recorder] = []
        self._warned: set[str] = set()
        self._writing: list[tuple[Recorder, Future[Recorded]]] = []
        self._writer = ThreadPoolExecutor(1)
        self._notes: list[Note] = []

    def begin(self, path: Path, since: float, microphone: str | None = None) -> None:
        """Record frames captured from `since` s on into the take `path`; one that runs is stopped there.

        The sound of a `microphone` is recorded beside it, where that can be had.
        """
        self.stop(since)
        try:
            self._running.append(Recorder(path, since, self._solver, microphone))
        except BlazeRigError as error:
            self._notes.append({"unrecorded": str(path), "warning": str(error)})
        else:
            self._notes.append({"recording": str(path)})

    def stop(self, at: float) -> None:
        """Record no frame captured later than `at` s."""
        for recorder in self._running:
            recorder.stop(at)

    def add(self, live: LiveFrame) -> None:
        """One more frame."""
        for recorder in self._running:
            recorder.add(live)

    def notes(self) -> list[Note]:
        """What happened since this was asked last; to be asked now and then, also where no frames come."""
        for recorder in [one for one in self._running if one.over()]:
            self._write(recorder)
        for recorder in self._running:
            for trouble in (recorder.trouble, recorder.sound.problem if recorder.sound else ""):
                if trouble and trouble not in self._warned:
                    self._warned.add(trouble)
                    self._notes.append({"warning": trouble})
        for recorder, written in [one for one in self._writing if one[1].done()]:
            self._writing.remove((recorder, written))
            self._notes.append(_told(recorder, written))
        notes, self._notes = self._notes, []
        return notes

    def close(self) -> list[Note]:
        """End what still runs and wait until all is written; what happened since it was asked last."""
        for recorder in list(self._running):
            self._write(recorder)
        self._writer.shutdown()
        return self.notes()

    def _write(self, recorder: Recorder) -> None:
        self._running.remove(recorder)
        self._writing.append((recorder, self._writer.submit(recorder.end)))


def _told(recorder: Recorder, written: Future[Recorded]) -> Note:
    try:
        recorded = written.result()
    except BlazeRigError as error:
        unrecorded = {"unrecorded": str(recorder.path)}
        return unrecorded if recorder.never() else {**unrecorded, "warning": str(error)}
    sound = recorder.sound
    return {
        **({"warning": sound.problem} if sound and sound.problem else {}),
        "recorded": {
            "take": str(recorded.take),
            "motion": str(recorded.motion),
            "frames": recorded.frames,
            "began": recorded.began,
            "ended": recorded.ended,
            "sound": str(recorded.sound) if recorded.sound else None,
        },
    }
