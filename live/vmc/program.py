"""Another program's performer, in place of one before a camera."""

from __future__ import annotations

import time

import numpy as np

from ...models.camera.camera import Condition
from ...models.recording import Recording
from ...models.video import Frame
from ..frame import LiveFrame
from ..solvers import Solvers
from .address import SCHEME, address
from .receiver import VmcReceiver

_SIZE = (16, 9)
_LATE = 1.0
"""Seconds without a pose after which the program is said to be silent."""
_DARK = np.zeros((_SIZE[1], _SIZE[0], 3), np.uint8)


class Listening:
    """What can be said of a program that sends poses."""

    def __init__(self, place: str) -> None:
        """At the address `place`."""
        self.name, self.fps = f"VMC at {place}", 0.0
        self.size: tuple[int, int] = _SIZE
        self.last: float | None = None

    def condition(self) -> Condition:
        """Whether poses come."""
        if self.last is not None and time.perf_counter() - self.last < _LATE:
            return Condition("running")
        told = f"no poses come ({self.name}); switch on sending by VMC in the other program, to this port"
        return Condition("opening" if self.last is None else "stalled", told)


class Program:
    """A source of poses that another program sends by VMC. There is nothing to see of its performer.

    Attributes:
        camera: How the program is.
        solvers: Have nothing to do.
    """

    over = False

    def __init__(self, source: str) -> None:
        """Listen at `source`, vmc://HOST:PORT.

        Raises:
            BlazeRigError: It is written otherwise, or nobody can listen there.
        """
        host, port = address(source.removeprefix(SCHEME))
        self.camera = Listening(f"{host}:{port}")
        self.solvers = Solvers(_SIZE, face=False)
        self._receiver = VmcReceiver(port, host)
        self._count = 0

    def step(self, timeout: float, ahead: float = 0.0) -> LiveFrame | None:  # noqa: ARG002
        """The newest pose and face, as far ahead as the program has them; None where none comes in time."""
        received = self._receiver.newest(timeout)
        if received is None:
            return None
        pose = received.pose
        self.camera.last = pose.time
        frame = Frame(self._count, pose.time, _DARK)
        self._count += 1
        nobody = Recording(face=False)
        nobody.add(pose.time, None)
        take = nobody.take(self.camera.name, 0.0, _SIZE, None)
        stages = {"wait": 1e3 * (time.perf_counter() - pose.time)}
        return LiveFrame(frame, None, take, pose, stages, elsewhere=True, face=received.face)

    def close(self) -> None:
        """Listen no more."""
        self._receiver.close()
