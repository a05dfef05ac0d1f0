"""Where what a session gives goes to, be it Blender, a terminal or a window."""

from __future__ import annotations

from typing import Any, Protocol

from .frame import LiveFrame


class Outlet(Protocol):
    """Takes live frames and notes.

    Attributes:
        over: Whether nobody is there any more to take them: the session may end.
        pictures: Whether it wants the camera's pictures too.
    """

    over: bool
    pictures: bool

    def send(self, live: LiveFrame) -> None:
        """A frame; may wait for a moment."""
        ...

    def note(self, **note: Any) -> None:
        """What happened beside the frames, as `wire.NOTE` has it."""
        ...

    def idle(self) -> None:
        """To be called ten times a second or so, frames or not."""
        ...

    def close(self) -> None:
        """Nothing more comes."""
        ...
