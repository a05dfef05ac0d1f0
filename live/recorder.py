"""Records live frames: the take, as the nets saw it, and the motion, as it was shown."""

from __future__ import annotations

import math
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ..errors import BlazeRigError
from ..models.recording import Recording
from ..output import check_writable
from ..solver.live import LiveSolver
from ..solver.live_motion import LiveMotion
from ..solver.motion import motion_beside, save_motion
from ..take import Take, kept_beside, save_take
from .frame import LiveFrame
from .sound import Sound

PAUSE = 2.0
"""Seconds from one keeping to the next."""
SHARE = 20.0
"""The pause is so many times what the keeping took, at least: it may cost a twentieth of the time."""
LATE = 3.0
"""Seconds after the stop up to which frames are waited for that were captured before it."""
NOMINAL = 30.0
"""Frames per second where neither the camera says them nor two frames tell."""


@dataclass(frozen=True)
class Recorded:
    """What was recorded.

    Attributes:
        take: Its file; times from 0 at the first frame.
        motion: The file of the motion beside it, at the same times.
        frames: How many there are.
        began: When the first frame was captured, seconds on the clock `time.perf_counter`.
        ended: When the last one was.
        sound: The microphone's, from the first frame to the last; None where there is none.
    """

    take: Path
    motion: Path
    frames: int
    began: float
    ended: float
    sound: Path | None = None


class Recorder:
    """Records the frames that were captured between two moments. Nothing but `end` takes time.

    What there is is kept beside both files every other second, in a thread of its own, until they are whole.

    Attributes:
        path: The take's file.
        trouble: Why nothing could be kept the last time; empty while all is well.
        sound: What is recorded beside it; None for nothing.
    """

    def __init__(self, path: Path, began: float, solver: LiveSolver, microphone: str | None = None) -> None:
        """Of frames that were captured at `began` s or later and that `solver` solves, into the take `path`.

        The sound of a `microphone` goes into a WAV beside it: its source or its name, empty for the first.

        Raises:
            BlazeRigError: Nothing can be written there.
        """
        check_writable(path)
        self.path, self.trouble = path, ""
        self.sound = None if microphone is None else Sound(microphone, path.with_suffix(".wav"))
        self._began, self._until = began, math.inf
        self._solver, self._motion = solver, LiveMotion()
        self._seen: Recording | None = None
        self._like: Take | None = None
        self._first = self._last = -math.inf
        self._passed = False
        self._ended = threading.Event()
        self._keeper = threading.Thread(target=self._keep, daemon=True)
        self._keeper.start()

    def add(self, live: LiveFrame) -> None:
        """One more frame, if it was captured in time."""
        captured = live.frame.time
        self._passed |= captured > self._until
        if not max(self._began, self._last) <= captured <= self._until or captured == self._last:
            return
        if self._seen is None:
            self._first, self._like = captured, live.seen
            self._seen = Recording(face=live.seen.face is not None)
        self._motion.add(replace(live.pose, time=captured - self._first), live.face)
        self._seen.add(captured - self._first, live.performer)
        self._last = captured

    def stop(self, at: float) -> None:
        """Of frames captured later than `at` s none is recorded any more; those before may still come."""
        self._until = min(at, self._until)

    def over(self) -> bool:
        """Whether it was stopped and no frame from before that can come any more."""
        return self._passed or time.perf_counter() > self._until + LATE

    def never(self) -> bool:
        """Whether it was stopped before it began."""
        return self._until <= self._began

    def end(self) -> Recorded:
        """Write both files, which takes a second or so where they are long; another thread may do it.

        Raises:
            BlazeRigError: Nobody was seen, or they cannot be written: what was kept beside stays then.
        """
        self._ended.set()
        self._keeper.join()
        if self._seen is None or not self._seen.seen:
            if self.sound:
                self.sound.discard()
            raise BlazeRigError("nobody was seen while recording: there is no take; step before the camera")
        self._write(self.path, motion_beside(self.path))
        for path in (self.path, motion_beside(self.path)):
            kept_beside(path).unlink(missing_ok=True)
        sound = self.sound.end(self._first, self._last) if self.sound else None
        motion = motion_beside(self.path)
        return Recorded(self.path, motion, len(self._motion), self._first, self._last, sound)

    def _keep(self) -> None:
        """The keeper's work."""
        pause = PAUSE
        while not self._ended.wait(pause):
            began = time.monotonic()
            if self._seen is not None and self._seen.seen:
                try:
                    self._write(kept_beside(self.path), kept_beside(motion_beside(self.path)))
                    self.trouble = ""
                except BlazeRigError as error:  # a full disk, say: room may be made meanwhile
                    self.trouble = str(error)
            pause = max(PAUSE, SHARE * (time.monotonic() - began))

    def _write(self, take_path: Path, motion_path: Path) -> None:
        assert self._seen is not None
        assert self._like is not None
        like, solver = self._like, self._solver
        take = self._seen.take(like.source, like.fps, (int(like.size[0]), int(like.size[1])), like.focal)
        if not take.fps:
            take = replace(take, fps=_rate(take))
        save_take(take, take_path)
        motion = self._motion.solution(solver.camera, solver.world_from_camera, solver.eye)
        save_motion(motion, motion_path, source=take.source, fps=take.fps)


def _rate(take: Take) -> float:
    """Frames per second as they came."""
    return 1.0 / float(np.median(np.diff(take.times))) if len(take) > 1 else NOMINAL
