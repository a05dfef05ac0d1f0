"""Where a camera's pictures come from while it is open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from ...errors import BlazeRigError
from ..roi import Picture


class GoneError(BlazeRigError):
    """Pictures no longer come, but may come again: it is to be opened anew.

    Attributes:
        state: As in a camera's condition: `stalled` while it is there, `lost` where it is not.
    """

    def __init__(self, state: Literal["stalled", "lost"], message: str) -> None:
        super().__init__(message)
        self.state: Literal["stalled", "lost"] = state


@dataclass(frozen=True)
class Captured:
    """A picture with the time of its capture.

    Attributes:
        picture: BGR and upright.
        time: On the clock `time.perf_counter`, s.
        missed: Frames before it of which no picture was made, as they came too late.
    """

    picture: Picture
    time: float
    missed: int = 0


class Feed(Protocol):
    """An open device, stream or file, used by one thread alone.

    Attributes:
        fps: Frames a second that it says it gives; 0 where it does not say.
        focal: Focal length in pixels; None where it is not known.
        trouble: What the user should know while pictures come all the same, and what to do; else empty.
    """

    fps: float
    focal: float | None
    trouble: str

    def read(self) -> Captured | None:
        """The next picture, waited for; None at the end of a file.

        Raises:
            GoneError: None comes for now.
        """
        ...

    def close(self) -> None:
        """Let go of it."""
        ...
