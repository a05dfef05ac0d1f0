"""Cameras on the network, through PyAV: RTSP, HTTP, UDP, RTMP.

PyAV and not OpenCV's own FFmpeg: it gives up after a time that we choose also while it waits for a dead host,
and says why a stream cannot be opened.
"""

from __future__ import annotations

import errno
import time
from collections.abc import Generator, Iterator
from urllib.parse import SplitResult, urlsplit

import av
import av.error
from av.codec.context import Flags
from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from ...errors import BlazeRigError
from ..footage.colour import Converter, Transfer
from ..footage.orientation import Orientation
from ..roi import Picture
from .darkness import Darkness
from .feed import Captured, GoneError
from .lag import Lag

SCHEMES = ("rtsp", "rtsps", "http", "https", "udp", "rtmp", "rtmps", "tcp")
_OPENING, _READING = 10.0, 5.0
"""Seconds after which a host that does not answer, or a stream that stands still, is given up."""
_LOW_DELAY = {
    "fflags": "nobuffer",
    "flags": "low_delay",
    "probesize": "500000",
    "analyzeduration": "1000000",
    "max_delay": "100000",
    "rtsp_flags": "prefer_tcp",
    "overrun_nonfatal": "1",
}
"""FFmpeg holds back as little as it can and looks at a second at most (its own is five) before it begins.

RTSP goes over TCP where the camera can: over UDP and Wi-Fi pictures tear.
"""
_PROTOCOLS = "rtsp,rtsps,rtp,srtp,http,https,httpproxy,udp,tcp,tls,rtmp,rtmps,rtmpt,crypto,hls,data"
"""A stream may refer to others on the network, never to files of this machine."""
_BLACK = "the picture of {} is black: take off the camera's cover, or turn on a light"


class Stream:
    """A `Feed`: pictures from the network, stamped when they arrive here, before they are decoded."""

    def __init__(self, url: str, *, opening: float = _OPENING, reading: float = _READING) -> None:
        """Connect and find out what comes.

        Args:
            url: As people give it, with user and password in it where the camera wants them.
            opening: Seconds that connecting may take.
            reading: Seconds that the next picture may take.

        Raises:
            BlazeRigError: It cannot be opened.
        """
        self.name = stream_name(url)
        self._container = _open(url, self.name, opening, reading)
        self._video = _pictures_of(self._container, self.name)
        self._video.thread_type = "SLICE"  # threads for whole frames would hold frames back
        self._video.codec_context.flags |= Flags.low_delay
        self.fps = float(self._video.guessed_rate or self._video.average_rate or 0)
        self.focal: float | None = None
        self.trouble = ""
        self._dark = Darkness()
        self._pictures = self._arriving()

    def read(self) -> Captured | None:
        """The next picture."""
        return next(self._pictures)

    def close(self) -> None:
        """Hang up."""
        self._pictures.close()
        self._container.close()

    def _arriving(self) -> Generator[Captured, None, None]:
        lag, missed = Lag(), 0
        for packet, arrived, waited in self._packets():
            for frame in self._decoded(packet):
                behind = lag(arrived, waited)
                if behind.hopeless:
                    raise GoneError(
                        "stalled", f"{self.name} comes faster than it can be read; make its pictures smaller"
                    )
                if behind.skipped:
                    missed += 1
                    continue
                picture = _picture(frame, float(self._video.sample_aspect_ratio or 1))
                self.trouble = _BLACK.format(self.name) if self._dark(picture, arrived) else ""
                yield Captured(picture, arrived, missed)
                missed = 0

    def _packets(self) -> Iterator[tuple[Packet, float, float]]:
        """Each with the time at which it arrived, and how long it was waited for, s."""
        packets = self._container.demux(self._video)
        while True:
            asked = time.perf_counter()
            try:
                packet = next(packets, None)
            except (av.error.TimeoutError, av.error.ExitError):
                raise GoneError("stalled", f"{self.name} stands still; it is opened anew") from None
            except FFmpegError:
                packet = None
            arrived = time.perf_counter()
            if packet is None:
                raise GoneError("lost", f"{self.name} broke off; it is tried again until it is back")
            yield packet, arrived, arrived - asked

    def _decoded(self, packet: Packet) -> list[VideoFrame]:
        """Its frames; what came before the first whole picture, or damaged, gives none."""
        try:
            return self._video.decode(packet)
        except FFmpegError:
            return []


def stream_name(url: str) -> str:
    """The address without what is secret."""
    parts = urlsplit(url)
    return SplitResult(parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", "").geturl()


def _open(url: str, name: str, opening: float, reading: float) -> InputContainer:
    try:
        return av.open(
            url,
            timeout=(opening, reading),
            metadata_errors="replace",
            container_options={**_LOW_DELAY, "protocol_whitelist": _PROTOCOLS},
        )
    except FFmpegError as error:
        raise BlazeRigError(f"{name} cannot be opened: {_reason(error)}") from error


def _reason(error: FFmpegError) -> str:
    if isinstance(error, av.error.ConnectionRefusedError):
        return "its host is there but nothing answers; start the camera's sender and check the port"
    if isinstance(error, av.error.TimeoutError | av.error.ExitError):
        return (
            "nothing comes; see that the camera is on and sends, in the same network, and check the address"
        )
    if isinstance(error, av.error.HTTPUnauthorizedError | av.error.HTTPForbiddenError):
        return "it wants a name and a password; write them before the address: rtsp://NAME:PASSWORD@HOST/..."
    if isinstance(error, av.error.HTTPNotFoundError):
        return "its host knows no such page; check what comes after the host's name"
    if isinstance(error, av.error.InvalidDataError):
        return "what comes is no video; check the address, it must be that of the stream itself"
    if error.errno == errno.EIO:
        return "its host is not found; check its name, and that both are in the same network"
    return f"{error.strerror}; check the address"


def _pictures_of(container: InputContainer, name: str) -> VideoStream:
    stream = container.streams.best("video")
    if not isinstance(stream, VideoStream):
        container.close()
        raise BlazeRigError(f"{name} sends no pictures; check the address")
    if container.duration is not None and container.duration > 0:
        container.close()
        raise BlazeRigError(f"{name} is a video file and no camera; download it, and give the file")
    return stream


def _picture(frame: VideoFrame, aspect: float) -> Picture:
    """BGR and upright, with square pixels; its size may change in mid-stream."""
    convert = Converter(max(1, round(frame.width * aspect)), frame.height, Transfer.STANDARD)
    return Orientation.of(frame)(convert(frame))
