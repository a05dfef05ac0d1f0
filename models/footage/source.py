"""What every source of pictures gives: shots in the order of time."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Protocol

from ..roi import Picture

FPS = 30.0
"""Frames per second where nobody says."""
FPS_RANGE = (0.1, 1000.0)
"""What is credible as such."""


@dataclass(frozen=True)
class Shot:
    """A frame whose picture is not made yet, as long as nobody wants it.

    Attributes:
        time: Seconds since the first frame of the footage.
        picture: Makes the picture, BGR and upright; None where it cannot be decoded.
    """

    time: float
    picture: Callable[[], Picture | None]


@dataclass
class Tally:
    """What came of one reading of the footage, counted while it goes on.

    Attributes:
        decoded: Frames that came out.
        lost: Frames that could not be decoded.
        end: Time of the last frame, s.
    """

    decoded: int = 0
    lost: int = 0
    end: float = 0.0


class Source(Protocol):
    """Footage that can be read any number of times.

    Attributes:
        name: The file's, folder's or pattern's name.
        size: Width and height of the upright pictures, px.
        fps: Nominal frames per second.
        count: Frames in all, as far as the footage says; None where it does not.
        focal_35mm: Focal length of the camera in 35 mm equivalents, mm, likewise.
    """

    name: str
    size: tuple[int, int]
    fps: float
    count: int | None
    focal_35mm: float | None

    def shots(self, start: float, tally: Tally) -> Generator[Shot, None, None]:
        """The shots from `start` s on; closing the iterator lets go of the file."""
        ...

    def cut_short(self, tally: Tally) -> bool:
        """Whether a reading from the first frame to the end brought less than the footage announces."""
        ...
