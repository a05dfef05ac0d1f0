"""What every running camera gives, be it plugged in, on the network or a file that is played."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from ..video import Frame


@dataclass(frozen=True)
class Condition:
    """How a camera is.

    Attributes:
        state: `opening` until the first frame; `running`; `stalled` where frames no longer come though it
            is there; `lost` while it is unplugged or the stream is gone, and looked for; `ended` when a file
            that is not looped is over.
        message: For people: what is wrong and what to do; empty while all is well.
    """

    state: Literal["opening", "running", "stalled", "lost", "ended"]
    message: str = ""


class Camera(Protocol):
    """A camera that runs in a thread of its own and hands over its newest frame; it never queues.

    Attributes:
        name: For people.
        size: Width and height of the pictures, px; they stay, also when it comes back after it was lost.
        fps: Frames a second that it says it gives; 0 where it does not say.
        focal: Focal length in pixels; None where it is not known.
    """

    name: str
    size: tuple[int, int]
    fps: float
    focal: float | None

    def newest(self, after: int, timeout: float) -> Frame | None:
        """The newest frame whose index is larger than `after`; None where none comes within `timeout` s.

        Its `index` counts all frames that were captured, from 0, so that a gap tells how many were dropped.
        Its `time` is that of its capture on the clock `time.perf_counter`, which all processes share.
        """
        ...

    def condition(self) -> Condition:
        """How it is now."""
        ...

    def close(self) -> None:
        """Let go of it; returns at once, also where a driver hangs."""
        ...
