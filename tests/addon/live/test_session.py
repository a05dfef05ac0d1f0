"""A character that follows: what is put on it, and that nothing else is touched."""

from __future__ import annotations

from collections.abc import Callable

import bpy
import numpy as np
from blazerig.addon.live import session

Until = Callable[[Callable[[], object]], None]


def test_a_pose_arrives_on_the_character(hero: bpy.types.Object, until: Until) -> None:
    before = [np.array(bone.matrix_basis) for bone in hero.pose.bones]
    assert bpy.ops.blazerig.live_start(source="moving") == {"FINISHED"}
    until(lambda: session.current().seen)
    now = [np.array(bone.matrix_basis) for bone in hero.pose.bones]
    assert not np.allclose(before, now)
    assert bpy.ops.blazerig.live_stop() == {"FINISHED"}
    assert np.array_equal(before, [np.array(bone.matrix_basis) for bone in hero.pose.bones])
