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
    before: VideoFrame | None = None
    for frame in frames:
        if fields is not None and not fields.takes(frame):
            yield from fields(None)
            fields = before = None
        if fields is None and frame.interlaced_frame:
            fields = _Deinterlacer(frame, before)
        if fields is None:
            yield frame
            before = frame
        else:
            yield from fields(frame)
    if fields is not None:
        yield from fields(None)


class _Deinterlacer:
    """Frames of one size and format in, the same number out, one frame later."""

    def __init__(self, first: VideoFrame, before: VideoFrame | None) -> None:
        """A filter for `first` and those that follow; `before` is what it sees ahead of it."""
        self._kind = _kind(first)
        graph = Graph()
        source = graph.add_buffer(
            width=first.width, height=first.height, format=first.format, time_base=first.time_base
        )
        bwdif = graph.add("bwdif", mode="send_frame", deint="interlaced")
        graph.link_nodes(source, bwdif, graph.add("buffersink")).configure()
        self._graph = graph
        self._unwanted = 0
        if before is not None and self.takes(before):
            self._unwanted = 1
            graph.vpush(before)

    def takes(self, frame: VideoFrame) -> bool:
        """Whether `frame` is of the size and format that the filter was made for."""
        return _kind(frame) == self._kind

    def __call__(self, frame: VideoFrame | None) -> Iterator[VideoFrame]:
        """What is ready once `frame` is known; all the rest where it is None."""
        self._graph.vpush(frame)
        while True:
            try:
                ready = self._graph.vpull()
            except (BlockingIOError, EOFError):
                return
            if self._unwanted:
                self._unwanted -= 1
            else:
                yield ready


def _kind(frame: VideoFrame) -> tuple[int, int, str]:
    return frame.width, frame.height, frame.format.name
