"""A worker that needs no camera and no nets: it speaks as the real one does, and does as it is told."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import blazerig
import bpy
import pytest
from blazerig.addon import worker
from blazerig.addon.live import record_session, session

WORKER = Path(__file__).with_name("fake_worker.py")
SECONDS = 20.0
"""That anything here may take."""


@pytest.fixture(autouse=True)
def _fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "fake"
    package.mkdir()
    (package / "__init__.py").touch()
    root = str(Path(blazerig.__file__).parents[1])
    script = f"import sys\nsys.path.insert(0, {root!r})\n" + WORKER.read_text("utf-8")
    (package / "__main__.py").write_text(script, "utf-8")
    monkeypatch.setattr(worker, "PACKAGE", package)
    monkeypatch.setattr(worker.preferences, "cache_folder", lambda: tmp_path / "cache")


def _until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < deadline
        session.update()
        record_session.update()
        time.sleep(0.002)


@pytest.fixture
def until() -> Callable[[Callable[[], object]], None]:
    """Lets the session go on, as Blender's timer does, until something is true."""
    return _until


def _add_face(armature: bpy.types.Object, *names: str, called: str = "Face") -> bpy.types.Object:
    """A mesh on an armature: of each shape key the vertex of its number goes up by a metre."""
    mesh = bpy.data.meshes.new(called)
    mesh.from_pydata([(float(i), 0.0, 0.0) for i in range(len(names) + 1)], [], [])
    thing = bpy.data.objects.new(called, mesh)
    bpy.context.scene.collection.objects.link(thing)
    thing.parent = armature
    thing.shape_key_add(name="Basis")
    for place, name in enumerate(names):
        block = thing.shape_key_add(name=name, from_mix=False)
        block.data[place].co.z, block.value = 1.0, 0.0  # Blender 5 makes it with 1
    return thing


@pytest.fixture
def add_face() -> Callable[..., bpy.types.Object]:
    """Gives an armature a mesh with shape keys of these names."""
    return _add_face
