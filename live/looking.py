"""The nets at work on a camera's newest frame, in a thread of their own.

While a frame is solved and sent, the next one is looked at already: both take a core for a part of the time.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from ..models.camera.camera import Camera
from ..models.holistic import HolisticTracker, Performer
from ..models.video import Frame

_PATIENCE = 0.1
"""Seconds that a frame is waited for before it is asked whether the looking is over."""
_LEAVE = 2.0
"""Seconds that nets which are still at work get to come to an end."""
_LATE = 0.003
"""Seconds by which a frame may come later than it should."""
_NAME = "looking"
# Each hand and the face.
_SIDE_BY_SIDE = 3


@dataclass(frozen=True)
class Looked:
    """A frame with what the nets saw in it.

    Attributes:
        frame: As captured.
        performer: None where nobody was there.
        stages: Milliseconds: `wait` from the capture until the frame was fetched, and those of the tracker.
        at: When all that was done, seconds on the camera's clock.
    """

    frame: Frame
    performer: Performer | None
    stages: Mapping[str, float]
    at: float


class Looking:
    """Looks at a camera until it is closed. What was seen last waits to be fetched; it never queues."""

    def __init__(self, camera: Camera, tracker: HolisticTracker) -> None:
        """Begin."""
        self._ended = False
        self._camera, self._tracker = camera, tracker
        self._changed = threading.Condition()
        self._looked: Looked | None = None
        self._failure: BaseException | None = None
        self._closed = False
        self._thread = threading.Thread(target=self._run, name=_NAME, daemon=True)
        self._thread.start()

    @property
    def over(self) -> bool:
        """Whether the camera has ended and all that was seen was fetched."""
        return self._ended and self._looked is None

    def newest(self, timeout: float) -> Looked | None:
        """What was seen since this was called last; None where nothing is within `timeout` s.

        Raises:
            BlazeRigError: The camera can no longer be read.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._looked or self._failure, timeout)
            looked, self._looked = self._looked, None
            if looked is None and self._failure is not None:
                raise self._failure
            return looked

    def close(self) -> None:
        """Look no more; nets at work come to their end first, unless they hang."""
        self._closed = True
        self._thread.join(_LEAVE)

    def _run(self) -> None:
        """The thread's work; what it cannot go on from, a bug included, is raised where it is fetched."""
        last = -1
        try:
            with ThreadPoolExecutor(_SIDE_BY_SIDE) as pool:
                while not self._closed and not self._ended:
                    frame = self._fetched(last)
                    if frame is not None:
                        last = frame.index
                        self._put(self._look(frame, pool))
                    else:
                        self._ended = self._camera.condition().state == "ended"
        except BaseException as failure:
            with self._changed:
                self._failure = failure
                self._changed.notify_all()

    def _fetched(self, last: int) -> Frame | None:
        """The newest frame, or the next one where it comes sooner than this one came.

        Nets that are slower than the camera meet frames of any age up to the time from one to the next, half
        of it in the mean. Of that half a quarter is left; the nets wait for an eighth of that time.
        """
        frame = self._camera.newest(last, _PATIENCE)
        if frame is None or not self._camera.fps:
            return frame
        left = 1.0 / self._camera.fps - (time.perf_counter() - frame.time)
        if left > 0.5 / self._camera.fps:
            return frame
        return self._camera.newest(frame.index, max(left + _LATE, 0.0)) or frame

    def _look(self, frame: Frame, pool: ThreadPoolExecutor) -> Looked:
        fetched = time.perf_counter()
        performer = self._tracker.step(frame.picture, frame.time, pool)
        spent = {"wait": fetched - frame.time, **self._tracker.spent}
        stages = {stage: 1e3 * seconds for stage, seconds in spent.items()}
        return Looked(frame, performer, stages, time.perf_counter())

    def _put(self, looked: Looked) -> None:
        with self._changed:
            self._looked = looked
            self._changed.notify_all()


def hangs() -> bool:
    """Whether nets of this process have not come to an end: it cannot end by itself then."""
    return any(thread.name == _NAME for thread in threading.enumerate())
