"""Where a session's poses come from, be it a camera that nets look through or another program."""

from __future__ import annotations

from typing import Protocol

from ..models.camera.camera import Condition
from .frame import LiveFrame
from .solvers import Solvers


class Watched(Protocol):
    """What a source is about.

    Attributes:
        name: For people.
        size: Width and height of the pictures, px.
        fps: Frames a second that it says it gives; 0 where it does not say.
    """

    name: str
    size: tuple[int, int]
    fps: float

    def condition(self) -> Condition:
        """How it is now."""
        ...


class Source(Protocol):
    """Gives live frames.

    Attributes:
        solvers: Know the performer, where nets look for one.
    """

    solvers: Solvers

    @property
    def camera(self) -> Watched:
        """What it is about."""
        ...

    @property
    def over(self) -> bool:
        """Whether no more will come."""
        ...

    def step(self, timeout: float, ahead: float = 0.0) -> LiveFrame | None:
        """The newest frame, `ahead` s later where that can be told; None where none comes in `timeout` s."""
        ...

    def close(self) -> None:
        """Give no more."""
        ...
