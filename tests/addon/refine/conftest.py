"""A take and what a solver made of it, without solving anything."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import bpy
import numpy as np
import pytest
from blazerig.addon import session
from blazerig.addon.animate.apply import solver_settings
from blazerig.addon.takes.takes import add_take
from blazerig.solver.camera import camera_of
from blazerig.solver.humanoid import rest_pose
from blazerig.solver.motion import save_motion
from blazerig.solver.pose import Pose
from blazerig.solver.solution import Solution
from blazerig.take import Take, save_take

DEPTH = 4.0
"""Metres from the camera to all landmarks."""


def solved(take: Take) -> Solution:
    """A solution whose landmarks are where they were seen; the left foot stands for the first third."""
    frames = len(take)
    camera = camera_of(take.size)
    slopes = camera.slopes(np.asarray(take.body_image)[..., :2])
    landmarks = DEPTH * np.concatenate([slopes, np.ones((frames, 33, 1))], axis=-1)
    contacts = np.zeros((frames, 6))
    contacts[: frames // 3, 0] = 1.0
    rotations = np.tile([1.0, 0.0, 0.0, 0.0], (frames, 52, 1))
    pose = Pose(np.asarray(take.times), rotations, np.zeros((frames, 3)), rest_pose())
    return Solution(pose, camera, np.eye(3), np.zeros(3), np.full((frames, 33), 0.8), landmarks, contacts)


@pytest.fixture
def solve() -> Callable[[Take], Solution]:
    return solved


@pytest.fixture
def refined(
    switched_on: bpy.types.Scene, made: Callable[..., Take], tmp_path: Path
) -> Iterator[bpy.types.Scene]:
    """A scene of 30 frames a second whose take has 60 frames and is solved."""
    take, path = made(), tmp_path / "take.npz"
    save_take(take, path)
    switched_on.render.fps, switched_on.render.fps_base = 30, 1.0
    add_take(switched_on, path)
    motion = session.motion_file(path, solver_settings(switched_on))
    motion.parent.mkdir(parents=True, exist_ok=True)
    solution = solved(take)
    solution.trust[20:25] = 0.1
    solution.trust[50] = 0.3
    save_motion(solution, motion, source="clip.mp4", fps=30.0)
    yield switched_on
    motion.unlink()
    session.forget()
