"""Moving pictures: videos and animated GIFs, decoded by FFmpeg through PyAV."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator
from functools import partial
from pathlib import Path
from typing import Literal, cast

import av
from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.stream import Disposition
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from ...errors import BlazeRigError
from ..roi import Picture
from .clock import Clock
from .colour import Converter, Transfer
from .deinterlace import progressive
from .orientation import Orientation
from .quicktime import focal_35mm
from .source import FPS, FPS_RANGE, Shot, Tally

_RUN_UP = 20.0
"""A jump goes so many frames farther back: frames are stored up to 16 before they are shown (H.264,
`max_num_reorder_frames`), and the deinterlacer looks at the frame before."""
_QUICKTIME = "mov,"
"""The container of QuickTime and MP4."""
_SEEKABLE = (_QUICKTIME, "matroska,")
"""Containers that stamp every frame and have an index: after a jump they give what reading on gives."""
_UNORDERED = "avi"
"""A container that knows when frames are decoded and not when they are shown; FFmpeg guesses the latter."""
_TEXT = "ansi"
"""The codec by which FFmpeg shows text files."""
_SLACK = 0.05
"""Share of the announced length that may be missing: sound often goes on longer than the pictures."""

_CONFINED = {"protocol_whitelist": "file"}
"""For the container alone: PyAV 16 crashes where decoders are given options in a file without header."""

_Threads = Literal["AUTO", "SLICE"]


class _TornEnd(Exception):  # noqa: N818 (no error: the end is read again)
    """The last packets cannot be decoded; frames before them may have been lost with them."""


class Moving:
    """A video or an animated GIF."""

    def __init__(self, path: Path) -> None:
        """Look into the file and decode its first frame.

        Raises:
            BlazeRigError: It is no video, or no frame of it can be decoded.
        """
        self.name = path.name
        self._path = path
        with _open(path) as container:
            stream = _pictures_of(container, path)
            self.fps = _rate(stream)
            self._frames = stream.frames or None
            self._duration = None if container.duration is None else container.duration / av.time_base
            self.focal_35mm = focal_35mm(path) if container.format.name.startswith(_QUICKTIME) else None
            self._seekable = container.format.name.startswith(_SEEKABLE)
            first = _first_frame(container, stream, path)
            self._convert = Converter(
                width=max(1, round(first.width * (stream.sample_aspect_ratio or 1))),
                height=first.height,
                transfer=Transfer.of(stream.color_trc),
            )
        self.count = self._frames
        if self.count is None and self._duration is not None:
            self.count = max(1, round(self._duration * self.fps))
        self._origin = _stamp(first) if math.isfinite(_stamp(first)) else 0.0
        self._upright = Orientation.of(first)
        size = self._convert.width, self._convert.height
        self.size = (size[1], size[0]) if self._upright.transposed else size

    def shots(self, start: float, tally: Tally) -> Generator[Shot, None, None]:
        """The shots from `start` s on; where the file allows, what is long before is not decoded.

        FFmpeg decodes several frames at once. Where the end is torn, PyAV drops those that were on their
        way with the broken one, so the end is read again by one thread.
        """
        reached = -math.inf
        readings: tuple[tuple[_Threads, Tally], ...] = (("AUTO", tally), ("SLICE", Tally()))
        for threads, losses in readings:
            try:
                for shot in self._reading(max(start, reached), threads, losses, jump=self._seekable):
                    if shot.time > reached:
                        reached = tally.end = shot.time
                        tally.decoded += 1
                        yield shot
            except _TornEnd:
                continue
            return

    def cut_short(self, tally: Tally) -> bool:
        """Whether both the number of frames and the time of the last are below what the file announces.

        Either alone is no sign: files that were trimmed without encoding count frames that are not shown,
        and the last frame may be shown for long.
        """
        if self._duration is None or (self._frames and tally.decoded >= self._frames - 1):
            return False
        slack = max(2.0 / self.fps, _SLACK * self._duration)
        return tally.end + 1.0 / self.fps + slack < self._duration

    def _reading(
        self, start: float, threads: _Threads, tally: Tally, *, jump: bool
    ) -> Generator[Shot, None, None]:
        """The shots of one way through the file, read from its beginning unless it may `jump`."""
        with _open(self._path) as container:
            stream = _pictures_of(container, self._path)
            stream.thread_type = threads
            target = start - _RUN_UP / self.fps
            arrived = not (jump and target > 0.0 and _seek(container, stream, self._origin + target))
            clock = Clock(self.fps, self._origin)
            for frame in progressive(_frames(container, stream, tally)):
                stamp = _stamp(frame)
                arrived = arrived or stamp - self._origin < start
                if not arrived:
                    break
                time = clock(stamp)
                if time >= start:
                    yield Shot(time, partial(self._picture, frame))
        if not arrived:
            yield from self._reading(start, threads, tally, jump=False)

    def _picture(self, frame: VideoFrame) -> Picture:
        return self._upright(self._convert(frame))


def _open(path: Path) -> InputContainer:
    """The file and no other: what only refers to files elsewhere is not followed."""
    try:
        return av.open(f"file:{path}", metadata_errors="replace", container_options=_CONFINED)
    except FFmpegError as error:
        raise BlazeRigError(
            f"{path} cannot be opened: it is damaged or not a video; convert it to H.264 in an .mp4 file"
        ) from error


def _pictures_of(container: InputContainer, path: Path) -> VideoStream:
    """The stream of moving pictures; a cover picture of music is none."""
    stream = container.streams.best("video")
    if not isinstance(stream, VideoStream) or Disposition.attached_pic in stream.disposition:
        raise BlazeRigError(
            f"{path} holds no moving pictures; give a video, a picture or a folder of pictures"
        )
    codec = cast(VideoCodecContext | None, stream.codec_context)
    if codec is None:
        raise BlazeRigError(f"the codec of {path} is not known; convert it to H.264 in an .mp4 file")
    if codec.name == _TEXT:
        raise BlazeRigError(f"{path} is a text and no video; give a video, a picture or a folder of pictures")
    return stream


def _rate(stream: VideoStream) -> float:
    fps = float(stream.guessed_rate or stream.average_rate or 0)
    return fps if FPS_RANGE[0] <= fps <= FPS_RANGE[1] else FPS


def _first_frame(container: InputContainer, stream: VideoStream, path: Path) -> VideoFrame:
    try:
        return next(_frames(container, stream, Tally()))
    except (_TornEnd, StopIteration):
        raise BlazeRigError(
            f"no frame of {path} can be decoded: it is damaged or not a video; "
            "convert it to H.264 in an .mp4 file"
        ) from None


def _seek(container: InputContainer, stream: VideoStream, stamp: float) -> bool:
    """Go to the last frame before `stamp` s that can be decoded without others; whether that was possible."""
    if stream.time_base is None:
        return False
    try:
        container.seek(int(stamp / stream.time_base), stream=stream)
    except FFmpegError:
        return False
    return True


def _frames(container: InputContainer, stream: VideoStream, tally: Tally) -> Iterator[VideoFrame]:
    """All that can be decoded from here on.

    Raises:
        _TornEnd: What came last could not be decoded.
    """
    packets = _packets(container, stream)
    unordered = container.format.name == _UNORDERED
    torn = False
    while True:
        try:
            packet = next(packets, None)
            if packet is None:
                break
            decoded = stream.decode(packet)
            torn = False
        except FFmpegError:
            tally.lost += 1
            torn = True
            continue
        for frame in decoded:
            if frame.pts is None or unordered:
                frame.pts = frame.dts
            yield frame
    if torn:
        raise _TornEnd


def _packets(container: InputContainer, stream: VideoStream) -> Iterator[Packet]:
    try:
        yield from container.demux(stream)
    except IndexError:  # at the very end PyAV 16 stumbles over streams that began in mid-file
        return


def _stamp(frame: VideoFrame) -> float:
    """The frame's time stamp in seconds, NaN where it has none."""
    return math.nan if frame.pts is None or frame.time_base is None else float(frame.pts * frame.time_base)
