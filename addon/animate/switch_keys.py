"""Keys of the properties that say what moves a rig (Rigify's `IK_FK`)."""

from __future__ import annotations

from collections.abc import Iterator

import bpy
import numpy as np

from ...solver.rig import Switches
from . import points
from .drawing import Drawn
from .present import Present
from .switches import held, switch_path


def drawn_switches(
    armature_object: bpy.types.Object, switches: Switches, first: float, present: Present | None
) -> Iterator[Drawn]:
    """Keys of the properties.

    A new Action holds them from its first frame on. In a range of the present one they go over to the new
    value while the ends are blended, and are what they were again at its end.
    """
    for (bone, name), value in switches.items():
        pose_bone = armature_object.pose.bones[bone]
        path, now = switch_path(pose_bone, name), held(pose_bone, name)
        if present is None:
            line = points.straight([first], [value], points.CONSTANT)
        else:
            line = _within(present, path, float(now), value, smooth=isinstance(now, float))
        yield Drawn(path, 0, bone, line, float(now))


def _within(present: Present, path: str, held: float, value: float, *, smooth: bool) -> points.Points:
    """Keys from what is there to `value` and back."""
    frames = present.frames
    before = present.values(path, np.array([held]))[[0, -1], 0]
    full = np.flatnonzero(present.share >= 1.0)
    if smooth and present.share[0] < 1.0 and len(full):
        at = frames[[0, full[0], full[-1], -1]]
        return points.straight(at, [before[0], value, value, before[1]])
    return points.straight(frames[[0, -1]], [value, before[1]], points.CONSTANT)
