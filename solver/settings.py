"""What a user may say about a clip before it is solved; the defaults work."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from .edits import Edits


def within(low: float, high: float, unit: str) -> Mapping[str, object]:
    """The metadata of a setting that is a number from `low` to `high`, in `unit`."""
    return {"range": (low, high), "unit": unit}


@dataclass(frozen=True)
class Parts:
    """The solver's parts, each of which can be switched off to see what it is worth.

    Attributes:
        sides: Left and right are put right where the nets exchanged them.
        correction: Landmarks are put right by what rendered truth taught.
        lengths: The performer's bones are measured; otherwise they are the standard person's.
        branches: Arms that may point to the camera or away from it are decided over the whole clip.
        palms: Hands are turned as their own nets saw them.
        limits: Joints stay within their ranges.
        rests: What is not seen stays at rest.
        smooth: Accelerations are of their usual size.
    """

    sides: bool = True
    correction: bool = True
    lengths: bool = True
    branches: bool = True
    palms: bool = True
    limits: bool = True
    rests: bool = True
    smooth: bool = True


@dataclass(frozen=True)
class Settings:
    """Known facts and choices of one solve.

    Attributes:
        height: Of the performer, standing, in metres; None where nobody knows. A single camera
            cannot tell a small performer near by from a tall one far off.
        diagonal_view: Diagonal angle of view of the camera, degrees; None for what the footage says, or else
            the usual one.
        pitch: Of the camera, degrees, positive where it looks down, with a level horizon; None to find
            both.
        lock_feet: Whether standing feet are pinned to where they stand.
        smoothing: How calm the motion is: 1 as measured on people, 0 as jittery as it was seen.
        edits: What is said of stretches of the clip by hand.
        parts: Which of its parts the solver uses.
    """

    height: float | None = field(default=None, metadata=within(0.5, 2.5, "metres"))
    diagonal_view: float | None = field(default=None, metadata=within(5.0, 150.0, "degrees"))
    pitch: float | None = field(default=None, metadata=within(-90.0, 90.0, "degrees"))
    lock_feet: bool = True
    smoothing: float = field(default=1.0, metadata=within(0.0, 10.0, "a factor"))
    edits: Edits = field(default_factory=Edits)
    parts: Parts = Parts()

    @property
    def view_angle(self) -> float | None:
        """Diagonal angle of view in radians; None where nobody says it."""
        return None if self.diagonal_view is None else math.radians(self.diagonal_view)

    @property
    def pitch_angle(self) -> float | None:
        """Pitch of the camera in radians; None to find it."""
        return None if self.pitch is None else math.radians(self.pitch)


DEFAULTS = Settings()
