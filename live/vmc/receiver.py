"""Poses and faces from another program."""

from __future__ import annotations

import select
import socket
import time
from dataclasses import dataclass, replace

import numpy as np
from pythonosc.osc_message import OscMessage

from ...errors import BlazeRigError
from ...solver.face.face_motion import FaceMotion, at_rest
from ...solver.face.gaze import gaze_in, looks_of
from ...solver.face.weights import LOOKS
from ...solver.live_pose import LivePose
from ...solver.pose import Pose
from .address import LOOPBACK
from .bones import ORIGIN, Placed, pose_of
from .expressions import weights_of
from .eyes import gaze_told
from .messages import APPLY, BLEND, BONE_AT, OK, ROOT_AT, TIME, placed, read, valued

SILENCE = 0.003
"""Seconds without a datagram after which a frame is whole: programs send all of one at once."""
FLOOD = 0.1
"""Seconds over its time after which a call returns though more comes without a pause."""
_BIGGEST = 65536
_MOST = 256
"""Bones that are kept, and expressions: more than any humanoid has."""


@dataclass(frozen=True)
class Received:
    """What a program told.

    Attributes:
        pose: Of its performer.
        face: As a motion of this one frame; None where it told of none. Where the head is it does not tell.
    """

    pose: LivePose
    face: FaceMotion | None


class VmcReceiver:
    """Listens at a port of this machine, and keeps nothing but the newest frame."""

    def __init__(self, port: int, host: str = LOOPBACK) -> None:
        """Listen at `port`; only to programs of this machine, unless `host` is another of its addresses.

        Raises:
            BlazeRigError: Somebody else listens there, or `host` is not this machine.
        """
        try:
            family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
            self._socket = socket.socket(family, socket.SOCK_DGRAM)
            self._socket.setblocking(False)
            self._socket.bind(address)
        except (OSError, UnicodeError) as error:
            reason = getattr(error, "strerror", None) or error
            raise BlazeRigError(
                f"cannot listen at {host}:{port}: {reason}; close what listens there, or choose another port"
            ) from error
        self._root = ORIGIN
        self._bones: dict[str, Placed] = {}
        self._told: dict[str, float] = {}
        self._expressions: dict[str, float] = {}
        self._fresh: set[str] = set()

    def newest(self, timeout: float) -> Received | None:
        """The newest frame that came since the last call; None where none comes within `timeout` seconds.

        Its time is that of its arrival, on the clock `time.perf_counter`. What a program leaves out stays as
        it was.
        """
        end = time.perf_counter() + timeout
        whole: Received | None = None
        while (datagram := self._datagram(0.0 if whole else self._patience(end))) is not None:
            for message in read(datagram):
                whole = self._take(message) or whole
            if time.perf_counter() > end + FLOOD:
                break
        return whole or (self._shown() if self._fresh else None)

    def close(self) -> None:
        """Listen no more."""
        self._socket.close()

    def _patience(self, end: float) -> float:
        return SILENCE if self._fresh else max(0.0, end - time.perf_counter())

    def _datagram(self, timeout: float) -> bytes | None:
        if not select.select([self._socket], [], [], timeout)[0]:
            return None
        try:
            return self._socket.recv(_BIGGEST)
        except OSError:  # Windows tells a receiver so of answers that nobody took
            return b""

    def _take(self, message: OscMessage) -> Received | None:
        """Keep what a message tells; the frame that it ends, where it ends one."""
        if message.address in (OK, TIME):
            return self._shown() if self._fresh else None
        if message.address in (BLEND, APPLY):
            self._take_expression(message)
            return None
        told = placed(message) if message.address in (ROOT_AT, BONE_AT) else None
        if told is None:
            return None
        name, place = told
        if message.address == ROOT_AT:
            self._root = place
            return None
        ended = self._shown() if name in self._fresh else None
        if name in self._bones or len(self._bones) < _MOST:
            self._bones[name] = place
            self._fresh.add(name)
        return ended

    def _take_expression(self, message: OscMessage) -> None:
        """Values count when they are said to: all of a face at a time."""
        if message.address == APPLY:
            self._expressions |= self._told
            self._told = {}
            self._fresh.add(APPLY)
        elif told := valued(message):
            name, value = told
            if name in self._expressions or len(self._expressions | self._told) < _MOST:
                self._told[name] = value

    def _shown(self) -> Received:
        self._fresh.clear()
        now = time.perf_counter()
        return Received(as_live(pose_of(self._bones, now, self._root)), self._face(now))

    def _face(self, now: float) -> FaceMotion | None:
        weights = weights_of(self._expressions)
        if weights is None:
            return None
        gaze = gaze_told(self._bones)
        if gaze is None:
            gaze = gaze_in(weights[None])[0]
        elif not weights[LOOKS].any():
            weights = weights + looks_of(gaze[None])[0]
        return replace(at_rest(now), weights=weights[None], gaze=gaze[None], trust=np.ones(1))


def as_live(pose: Pose) -> LivePose:
    """A motion of one frame as the live clock gives it: trusted, its landmarks and contacts unknown."""
    return LivePose(
        float(pose.times[0]),
        pose.rotations[0],
        pose.hips[0],
        pose.rest,
        np.ones(33),
        np.full((33, 3), np.nan),
        np.zeros(4),
    )
