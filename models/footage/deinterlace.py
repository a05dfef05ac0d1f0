"""Interlaced frames made whole: each becomes one frame as of its first field, the rest is interpolated.

The filter is FFmpeg's bwdif, which looks one frame back and one ahead.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from av.error import BlockingIOError, EOFError
from av.filter import Graph
from av.video.frame import VideoFrame


def progressive(frames: Iterable[VideoFrame]) -> Iterator[VideoFrame]:
    """The frames, those flagged as interlaced deinterlaced; the others are untouched.

    Args:
        frames: In the order of time; their times are kept.
    """
    fields: _Deinterlacer | None = None
    for frame in frames:
        if fields is not None and not fields.takes(frame):
            yield from fields(None)
            fields = None
        if not frame.interlaced_frame:
            yield frame
            continue
        if fields is None:
            fields = _Deinterlacer(frame)
        yield from fields(frame)
    if fields is not None:
        yield from fields(None)


class _Deinterlacer:
    """Interlaced frames of one size and format in, as many whole ones out, one frame later."""

    def __init__(self, first: VideoFrame) -> None:
        self._kind = _kind(first)
        self._graph = Graph()
        source = self._graph.add_buffer(
            width=first.width, height=first.height, format=first.format, time_base=first.time_base
        )
        bwdif = self._graph.add("bwdif", mode="send_frame")
        self._graph.link_nodes(source, bwdif, self._graph.add("buffersink")).configure()

    def takes(self, frame: VideoFrame) -> bool:
        """Whether `frame` goes on where the others ended."""
        return frame.interlaced_frame and _kind(frame) == self._kind

    def __call__(self, frame: VideoFrame | None) -> Iterator[VideoFrame]:
        """What is ready once `frame` is known; all the rest where it is None."""
        self._graph.vpush(frame)
        while True:
            try:
                yield self._graph.vpull()
            except (BlockingIOError, EOFError):
                return


def _kind(frame: VideoFrame) -> tuple[int, int, str]:
    return frame.width, frame.height, frame.format.name
