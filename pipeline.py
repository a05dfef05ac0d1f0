"""Footage to pose, without Blender: the one place where models and solver meet.

    frames --models--> landmarks --solver--> pose

    tracked = capture(footage)
    pose = solve(tracked.take).pose

The add-on takes it from there: `addon.animate` puts the pose on a rig.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from .models.nets import Wanted
from .models.track import Progress, Tracked, track
from .solver.solve import solve
from .take import load_take

__all__ = ["capture", "solve"]


def capture(
    source: Path,
    *,
    face: bool = False,
    seconds: float | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Tracked:
    """What is seen of the performer of `source`: footage is tracked, a take is read as it was saved.

    Args:
        source: Footage or a take (.npz).
        face: The face is looked for in footage, too.
        seconds: Only the first seconds of footage.
        progress: Called after every frame that is tracked.

    Raises:
        BlazeRigError: It cannot be read, or nobody is in it.
    """
    if source.suffix.lower() == ".npz":
        return Tracked({0: load_take(source)}, provider="none", warnings=())
    return track(source, end=seconds, wanted=Wanted(face=face), progress=progress)
