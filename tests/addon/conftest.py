"""Takes made of nothing, and an empty scene in which BlazeRig is switched on."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import blazerig
import bpy
import numpy as np
import pytest
from blazerig.addon.demo.rigify import human
from blazerig.addon.takes.folder import takes_folder
from blazerig.take import Face, Hand, Take, save_take


def make_take(frames: int = 60, *, fps: float = 30.0, first: float = 0.0, seed: int = 1) -> Take:
    """A take of a body that hardly moves, hands and face, all of them seen."""
    random = np.random.default_rng(seed)
    body = np.linspace(100.0, 500.0, 33)[None, :, None] + random.normal(0.0, 1.0, (frames, 33, 3))

    def hand() -> Hand:
        points = random.uniform(200.0, 300.0, (frames, 21, 3))
        return Hand(points, points / 1000.0, np.full(frames, 0.9))

    return Take(
        source="clip.mp4",
        fps=fps,
        times=first + np.arange(frames) / fps,
        size=np.array([640, 480]),
        body_image=body,
        body_world=random.normal(0.0, 0.5, (frames, 33, 3)),
        body_visibility=np.full((frames, 33), 0.9),
        body_confidence=np.full((frames, 33), 0.8),
        left=hand(),
        right=hand(),
        face=Face(random.uniform(0.0, 400.0, (frames, 478, 3)), np.full(frames, 0.7)),
    )


@pytest.fixture
def made() -> Callable[..., Take]:
    return make_take


@pytest.fixture
def switched_on() -> Iterator[bpy.types.Scene]:
    """The scene of an empty file that was never saved."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    blazerig.register()
    yield bpy.context.scene
    blazerig.unregister()
    bpy.ops.wm.read_factory_settings(use_empty=True)
    for file in takes_folder().glob("*.npz"):
        file.unlink()


@pytest.fixture
def take_path(tmp_path: Path) -> Path:
    path = tmp_path / "Tänze und mehr" / "a take.npz"
    path.parent.mkdir()
    save_take(make_take(), path)
    return path


@pytest.fixture(scope="session")
def character(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with a Rigify human."""
    path = tmp_path_factory.mktemp("character") / "human.blend"
    bpy.ops.wm.read_factory_settings(use_empty=True)
    human("Hero")
    bpy.ops.wm.save_as_mainfile(filepath=str(path), copy=True)
    return path


@pytest.fixture
def hero(character: Path) -> Iterator[bpy.types.Object]:
    """A Rigify human in a new file, BlazeRig switched on."""
    bpy.ops.wm.open_mainfile(filepath=str(character))
    blazerig.register()
    yield bpy.data.objects["Hero"]
    blazerig.unregister()
    shutil.rmtree(takes_folder(), ignore_errors=True)
