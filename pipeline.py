"""Footage to pose, without Blender: the one place where models and solver meet.

    frames --models--> landmarks --solver--> pose

The add-on takes it from there: `addon.animate` puts the pose on a rig.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from .models.track import Progress, track
from .solver.pose import Pose
from .solver.solve import solve
from .take import Take, load_take


def capture(source: Path, progress: Callable[[Progress], None] | None = None) -> Take:
    """The landmarks of `source`: a take as it was saved, or footage as the nets see it now.

    Raises:
        BlazeRigError: It cannot be read, or nobody is in it.
    """
    if source.suffix.lower() == ".npz":
        return load_take(source)
    return track(source, progress=progress).take


def pose_of(source: Path, progress: Callable[[Progress], None] | None = None) -> Pose:
    """How the performer of `source`, a take or footage, moves.

    Raises:
        BlazeRigError: It cannot be read, or nobody is in it.
    """
    return solve(capture(source, progress))
