"""Poses to another program."""

from __future__ import annotations

import socket
from collections.abc import Callable

from ...errors import BlazeRigError
from ...solver.face.face_motion import FaceMotion
from ...solver.face.mirror import mirrored_face
from ...solver.live_pose import LivePose, as_pose
from ...solver.mirror import mirrored
from .bones import bones_of
from .expressions import SETS, VRM, expressions_of
from .eyes import eyes_of
from .messages import datagrams


class VmcSender:
    """Sends poses and faces; who listens, and whether anybody does, is the network's business."""

    def __init__(
        self, host: str, port: int, *, mirror: bool, warn: Callable[[str], None], face: str = VRM
    ) -> None:
        """Prepare to send to `host`, a name or a number.

        Args:
            host: Of the program's machine.
            port: That the program listens at.
            mirror: Left and right exchanged.
            warn: Is told, once, why poses do not arrive. Sending goes on: the program may start later, and
                the network come back.
            face: Which of the `SETS` of names the face is told in.

        Raises:
            BlazeRigError: There is no machine of this name, or no such set.
        """
        if face not in SETS:
            raise BlazeRigError(f"there are no expressions '{face}'; choose of: {', '.join(SETS)}")
        try:
            self._family, _, _, _, self._address = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
        except (OSError, UnicodeError) as error:
            raise BlazeRigError(
                f"cannot find '{host}' to send poses to; check its name, or give its number"
            ) from error
        self._to = f"{host}:{port}"
        self._mirror, self._names = mirror, face
        self._warn: Callable[[str], None] | None = warn
        self._socket: socket.socket | None = None
        self._began: float | None = None

    def send(self, live: LivePose, face: FaceMotion | None = None) -> None:
        """Send a pose and its face, or lose them where the network is busy or away. Never waits."""
        self._began = live.time if self._began is None else self._began
        pose, expressions = as_pose(live), None
        if self._mirror:
            pose, face = mirrored(pose), face and mirrored_face(face)
        bones = bones_of(pose)
        if face is not None:
            bones |= eyes_of(face.gaze[0])
            expressions = expressions_of(face.weights[0], self._names)
        seen = bool(live.trust.any())
        frame = datagrams(bones, live.time - self._began, seen=seen, expressions=expressions)
        try:
            if self._socket is None:
                self._socket = self._connected()
            for datagram in frame:
                self._socket.send(datagram)
        except BlockingIOError:
            return
        except OSError as error:
            self.close()  # the next pose gets a new socket: the way to the host may be another by then
            self._tell(error)

    def close(self) -> None:
        """Send no more, for now."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _connected(self) -> socket.socket:
        """A socket that is told when nobody listens, as far as the network tells."""
        made = socket.socket(self._family, socket.SOCK_DGRAM)
        made.setblocking(False)
        try:
            made.connect(self._address)
        except OSError:
            made.close()
            raise
        return made

    def _tell(self, error: OSError) -> None:
        if self._warn is None:
            return
        away = isinstance(error, ConnectionRefusedError | ConnectionResetError)
        reason = "nothing listens there yet" if away else error.strerror or "the network is away"
        self._warn(f"poses do not reach {self._to} ({reason}); switch on receiving there, or check the port")
        self._warn = None
