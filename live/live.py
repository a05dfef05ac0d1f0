"""A camera's newest frame to the performer's pose, again and again."""

from __future__ import annotations

import time
from collections.abc import Iterator
from types import TracebackType

from ..models import performers
from ..models.camera.camera import Camera
from ..models.holistic import HolisticTracker, Performer
from ..models.machine import cores
from ..models.nets import Nets, Wanted, load_nets
from ..models.person import person
from ..models.recording import Recording
from ..models.sessions import Processor
from ..models.video import Frame
from ..solver.settings import DEFAULTS, Settings
from ..take import Take
from .frame import LiveFrame
from .looking import Looking
from .solvers import Solvers

PATIENCE = 0.5
"""Seconds that a frame is waited for before it is asked whether there are any more to come."""
_RUNS = 2
"""How often the nets see a person before they are at work."""


class Live:
    """Looks at a camera and tells where the performer is.

    Each step fetches the frame that is the newest then: what came while the nets were at work is dropped.

    Attributes:
        camera: That is looked through.
        solvers: Know the performer; they can be told to calibrate.
    """

    def __init__(
        self,
        camera: Camera,
        nets: Nets,
        settings: Settings = DEFAULTS,
        *,
        performer: str = performers.LARGEST,
        apart: bool = True,
    ) -> None:
        """See through `camera` with `nets`; hands `apart` have a core each, which is for the CPU."""
        self.camera = camera
        self._face = nets.face is not None
        self.solvers = Solvers(camera.size, settings, camera.focal, face=self._face)
        self._looking = Looking(camera, HolisticTracker(nets, performers.choice(performer), apart=apart))

    def __enter__(self) -> Live:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the camera."""
        self.camera.close()
        self._looking.close()

    @property
    def over(self) -> bool:
        """Whether the camera has ended, and its last frame was looked at."""
        return self._looking.over

    def __iter__(self) -> Iterator[LiveFrame]:
        """Frames until the camera has ended."""
        while True:
            live = self.step(PATIENCE)
            if live is not None:
                yield live
            elif self.over:
                return

    def step(self, timeout: float, ahead: float = 0.0) -> LiveFrame | None:
        """Pose and face of the newest frame; None where no new one comes within `timeout` s.

        `ahead` s of prediction, as `LiveSolver.step` takes it.
        """
        looked = self._looking.newest(timeout)
        if looked is None:
            return None
        seen = self._take(looked.frame, looked.performer)
        fetched = 1e3 * (time.perf_counter() - looked.at)
        solved = self.solvers.step(seen, ahead)
        stages = {**looked.stages, **solved.spent, "solve": solved.spent["solve"] + fetched}
        return LiveFrame(looked.frame, looked.performer, seen, solved.pose, stages, face=solved.face)

    def _take(self, frame: Frame, performer: Performer | None) -> Take:
        camera, recording = self.camera, Recording(face=self._face)
        recording.add(frame.time, performer)
        return recording.take(camera.name, camera.fps, camera.size, camera.focal)


def loaded(processor: Processor, wanted: Wanted, *, threads: int = 0) -> Nets:
    """The nets that are `wanted`, which have seen a person already: the first frame takes no longer.

    On the CPU they keep `threads` cores busy, 0 for all: all of them the body, half of them each hand, as
    both are seen at a time.

    Raises:
        BlazeRigError: A net is missing.
    """
    threads = threads or cores()
    nets = load_nets(processor, wanted, threads=threads, hand_threads=max(1, threads // 2), exact=False)
    tracker, picture = HolisticTracker(nets, apart=processor.provider == "cpu"), person()
    for i in range(_RUNS):
        tracker.step(picture, i / 30.0)
    return nets
