"""What a user may say about a clip before it is solved; the defaults work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


def within(low: float, high: float, unit: str) -> Mapping[str, object]:
    """The metadata of a setting that is a number from `low` to `high`, in `unit`."""
    return {"range": (low, high), "unit": unit}


@dataclass(frozen=True)
class Settings:
    """Known facts and choices of one solve.

    Attributes:
        height: Of the performer, standing, in metres; None where nobody knows. A single camera
            cannot tell a small performer near by from a tall one far off.
        diagonal_view: Diagonal angle of view of the camera, degrees; None where nobody knows.
        pitch: Of the camera, degrees, positive where it looks down; None to find it.
        lock_feet: Whether standing feet are pinned to where they stand.
    """

    height: float | None = field(default=None, metadata=within(0.5, 2.5, "metres"))
    diagonal_view: float | None = field(default=None, metadata=within(5.0, 150.0, "degrees"))
    pitch: float | None = field(default=None, metadata=within(-90.0, 90.0, "degrees"))
    lock_feet: bool = True


DEFAULTS = Settings()
