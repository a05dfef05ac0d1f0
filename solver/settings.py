"""What a user may say about a clip before it is solved; the defaults work."""

from __future__ import annotations

from dataclasses import dataclass


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

    height: float | None = None
    diagonal_view: float | None = None
    pitch: float | None = None
    lock_feet: bool = True


DEFAULTS = Settings()
