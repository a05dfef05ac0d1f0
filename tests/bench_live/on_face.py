"""What one face costs Blender's main thread, on a mesh with all of ARKit's shape keys, in a bare Blender."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np

FRAMES = 600
VERTICES = 5000
_WAY = 0.4
"""How far weights go up and down, slowly, each at another time: every one of them changes in every frame."""


def lines() -> Iterator[str]:
    """Measure, in the scene that there is, and tell."""
    import bpy
    from blazerig.addon.animate.rig import keyed_rig
    from blazerig.addon.character.armature import match_of
    from blazerig.addon.live.face_drive import FaceDrive, shapes_of

    scene = bpy.context.scene
    armature = scene.blazerig.live.characters[0].armature
    mesh = _mesh(armature)
    rig = keyed_rig(armature, match_of(armature), scene=scene, controls="fk")
    drive = FaceDrive(armature, rig, shapes_of(armature), mirror=True)
    put, evaluated = list[float](), list[float]()
    for number in range(FRAMES):
        face = _face(number / 30.0)
        began = time.perf_counter()
        drive.put(armature, face)
        there = time.perf_counter()
        bpy.context.view_layer.update()
        put.append(1e3 * (there - began))
        evaluated.append(1e3 * (time.perf_counter() - there))
    bpy.data.objects.remove(mesh)
    rows = {
        "a face put on 52 shape keys, ms": put,
        f"  its mesh of {VERTICES} worked out, ms": evaluated,
    }
    for what, values in rows.items():
        p50, p95 = np.percentile(values, (50, 95))
        yield f"  {what:32}{p50:8.2f}{p95:8.2f}{max(values):8.2f}"


def _mesh(armature):
    """Points on an armature that each of the shapes moves."""
    import bpy
    from blazerig.solver.face.shapes import SHAPES

    places = np.random.default_rng(0).normal(size=(VERTICES, 3))
    mesh = bpy.data.meshes.new("Face")
    mesh.from_pydata(places.tolist(), [], [])
    thing = bpy.data.objects.new("Face", mesh)
    bpy.context.scene.collection.objects.link(thing)
    thing.parent = armature
    for name in ("Basis", *SHAPES):
        thing.shape_key_add(name=name, from_mix=False).data.foreach_set("co", 1.01 * places.ravel())
    return thing


def _face(at: float):
    """A face at some second."""
    from blazerig.solver import rotations
    from blazerig.solver.face.face_motion import FaceMotion

    weights = 0.5 + _WAY * np.sin(2.0 * at + np.arange(52.0))
    rest = rotations.IDENTITY[None], np.zeros((1, 3)), np.zeros((1, 2, 2)), np.ones(1)
    return FaceMotion(np.array([at]), weights[None], *rest)
