"""Exports hold the motion: read back by Blender's importers, joints are where they were."""

from __future__ import annotations

import bpy
import numpy as np
import pytest
from blazerig.addon.animate.animate import animate
from blazerig.addon.export import check_export, export
from blazerig.errors import BlazeRigError

IMPORTERS = {
    ".bvh": lambda path: bpy.ops.import_anim.bvh(filepath=path, axis_forward="Y", axis_up="Z"),
    ".fbx": lambda path: bpy.ops.wm.fbx_import(filepath=path),
    ".glb": lambda path: bpy.ops.import_scene.gltf(filepath=path),
}
KINDS = [
    ".bvh",
    pytest.param(
        ".fbx", marks=pytest.mark.skipif(bpy.app.version < (4, 5), reason="no fbx_import before 4.5")
    ),
    ".glb",
]
JOINTS = ("Hips", "Head", "LeftHand", "RightFoot", "RightHandIndex2")


def places(armature, bones, frames):
    """World positions of joints (F, B, 3)."""
    found = []
    for frame in frames:
        bpy.context.scene.frame_set(frame)
        evaluated = armature.evaluated_get(bpy.context.evaluated_depsgraph_get())
        found.append([evaluated.matrix_world @ evaluated.pose.bones[name].head for name in bones])
    return np.array(found, float)


def imported(path):
    """The armature in an exported file, and the frames of its motion."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    bpy.context.scene.render.fps = 30
    IMPORTERS[path.suffix](str(path))
    armature = next(thing for thing in bpy.data.objects if thing.type == "ARMATURE")
    first, last = armature.animation_data.action.frame_range
    return armature, range(round(first), round(last) + 1)


@pytest.fixture
def animated(build, names_of, motion, scene):
    """A character with a body, in motion, at 30 frames per second."""
    scene.render.fps = 30
    armature = build(names_of("Mixamo"), a_pose=45.0, rolls=4, ground_bone="Root")
    mesh = bpy.data.meshes.new("Body")
    mesh.from_pydata([(0, 0, 0), (1, 0, 0), (0, 1, 0)], [], [(0, 1, 2)])
    body = bpy.data.objects.new("Body", mesh)
    scene.collection.objects.link(body)
    body.parent = armature
    body.modifiers.new("Armature", "ARMATURE").object = armature
    body.vertex_groups.new(name="Hips").add([0, 1, 2], 1.0, "REPLACE")
    animate(armature, motion(21, frames=20), scene=scene, name="clip")
    return armature


@pytest.mark.parametrize("kind", KINDS)
def test_an_export_read_back_shows_the_motion(kind, animated, tmp_path):
    frames = range(1, 21)
    expected = places(animated, JOINTS, frames)
    path = tmp_path / f"clip{kind}"
    before = bpy.context.scene.frame_start, bpy.context.scene.frame_end
    export(animated, path)
    assert (bpy.context.scene.frame_start, bpy.context.scene.frame_end) == before
    assert [path.name for path in tmp_path.iterdir()] == [path.name]
    armature, frames = imported(path)
    assert np.abs(places(armature, JOINTS, frames) - expected).max() < 2e-3
    meshes = [thing for thing in bpy.data.objects if thing.type == "MESH" and thing.parent == armature]
    assert (kind == ".bvh") or meshes


@pytest.mark.parametrize("kind", KINDS)
def test_a_rigify_human_exports_the_bones_that_deform_where_they_are(kind, rigify_human, motion, tmp_path):
    bpy.context.scene.render.fps = 30
    animate(rigify_human, motion(22, frames=5), scene=bpy.context.scene, name="clip")
    joints = ("DEF-hand.L", "DEF-foot.R", "DEF-spine.006")
    expected = places(rigify_human, joints, range(1, 6))
    path = tmp_path / f"clip{kind}"
    export(rigify_human, path)
    armature, frames = imported(path)
    assert np.abs(places(armature, joints, frames) - expected).max() < 2e-3


def refusal(call, *arguments):
    with pytest.raises(BlazeRigError) as caught:
        call(*arguments)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_exports_that_cannot_be_are_refused(animated, tmp_path):
    assert "the kinds are .bvh, .fbx, .glb" in refusal(check_export, tmp_path / "clip.obj")
    assert "No such file or directory" in refusal(check_export, tmp_path / "missing" / "clip.fbx")
    animated.animation_data_clear()
    assert "has no keys to export" in refusal(export, animated, tmp_path / "clip.fbx")
    bpy.context.scene.collection.objects.unlink(animated)
    assert not list(tmp_path.iterdir())
