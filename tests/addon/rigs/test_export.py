"""Exports hold the motion: read back by Blender's importers, joints and limbs are where they were."""

from __future__ import annotations

import bpy
import numpy as np
import pytest
from blazerig.addon.animate.animate import animate
from blazerig.addon.animate.placement import Placement
from blazerig.addon.export import KINDS, check_export, export
from blazerig.errors import BlazeRigError
from blazerig.solver.humanoid import PARENT_OF, SLOTS

METRES = 1e-3
DEGREES = 0.5


def import_usd(path):
    bpy.ops.wm.usd_import(filepath=path, set_frame_range=False)


IMPORTERS = {
    ".bvh": lambda path: bpy.ops.import_anim.bvh(filepath=path, axis_forward="Y", axis_up="Z"),
    ".fbx": lambda path: bpy.ops.wm.fbx_import(filepath=path),
    ".glb": lambda path: bpy.ops.import_scene.gltf(filepath=path),
    ".usd": import_usd,
    ".usda": import_usd,
    ".usdc": import_usd,
}
EVERY_KIND = [
    pytest.param(
        kind,
        marks=pytest.mark.skipif(kind == ".fbx" and bpy.app.version < (4, 5), reason="no fbx_import"),
    )
    for kind in (".bvh", ".fbx", ".glb", ".usdc", ".usda")
]


def places(armature, bones, frames):
    """World positions of joints (F, B, 3)."""
    found = []
    for frame in frames:
        bpy.context.scene.frame_set(frame)
        evaluated = armature.evaluated_get(bpy.context.evaluated_depsgraph_get())
        found.append([evaluated.matrix_world @ evaluated.pose.bones[name].head for name in bones])
    return np.array(found, float)


def imported(path):
    """The armature in an exported file."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    bpy.context.scene.render.fps = 30
    IMPORTERS[path.suffix](str(path))
    return next(thing for thing in bpy.data.objects if thing.type == "ARMATURE")


def check(armature, names, expected, frames):
    """Joints of an imported armature (names by slot) are where they were, and so the limbs between them."""
    first = round(armature.animation_data.action.frame_range[0])  # some importers shift the motion
    found = places(armature, list(names.values()), [frame - frames[0] + first for frame in frames])
    off = np.linalg.norm(found - expected, axis=-1)
    assert off.max() < METRES, f"{list(names)[int(off.max(axis=0).argmax())]} is off by {off.max():.4f} m"
    slots = list(names)
    for i, slot in enumerate(slots):
        above = PARENT_OF[slot]
        if above in names:
            j = slots.index(above)
            way, was = found[:, i] - found[:, j], expected[:, i] - expected[:, j]
            cosine = (way * was).sum(-1) / np.linalg.norm(way, axis=-1) / np.linalg.norm(was, axis=-1)
            assert np.degrees(np.arccos(np.clip(cosine, -1, 1))).max() < DEGREES, f"{above} to {slot}"
    return found


@pytest.fixture
def animated(build, names_of, motion, scene):
    """A character with a body, in motion, at 30 frames per second."""
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


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_an_export_read_back_shows_the_motion(kind, animated, names_of, tmp_path):
    names = names_of("Mixamo")
    frames = range(1, 21, 3)
    expected = places(animated, list(names.values()), frames)
    path = tmp_path / f"clip{kind}"
    export(animated, path)
    assert [path.name for path in tmp_path.iterdir()] == [path.name]
    armature = imported(path)
    check(armature, names, expected, frames)
    meshes = [thing for thing in bpy.data.objects if thing.type == "MESH" and thing.find_armature()]
    assert (kind == ".bvh") or len(meshes) == 1


RIGIFY = {
    "hips": "DEF-spine",
    "chest": "DEF-spine.002",
    "head": "DEF-spine.006",
    "leftUpperArm": "DEF-upper_arm.L",
    "leftLowerArm": "DEF-forearm.L",
    "leftHand": "DEF-hand.L",
    "rightUpperLeg": "DEF-thigh.R",
    "rightLowerLeg": "DEF-shin.R",
    "rightFoot": "DEF-foot.R",
    "leftIndexProximal": "DEF-f_index.01.L",
    "leftIndexIntermediate": "DEF-f_index.02.L",
}


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_a_rigify_human_exports_the_bones_that_deform_where_they_are(kind, rigify_human, motion, tmp_path):
    animate(rigify_human, motion(22, frames=5), scene=bpy.context.scene, name="clip")
    frames = range(1, 6)
    expected = places(rigify_human, list(RIGIFY.values()), frames)
    path = tmp_path / f"clip{kind}"
    export(rigify_human, path)
    armature = imported(path)
    names = {slot: slot for slot in RIGIFY} if kind == ".bvh" else RIGIFY
    if kind.startswith(".usd"):  # USD's names have neither dots nor dashes
        names = {slot: name.replace("-", "_").replace(".", "_") for slot, name in names.items()}
    check(armature, names, expected, frames)


def test_the_bvh_of_a_rig_with_controls_has_the_slots_for_bones(rigify_human, motion, tmp_path):
    animate(rigify_human, motion(22, frames=5), scene=bpy.context.scene, name="clip")
    before = {thing.name for thing in bpy.data.objects}, len(bpy.data.armatures)
    export(rigify_human, tmp_path / "clip.bvh")
    assert ({thing.name for thing in bpy.data.objects}, len(bpy.data.armatures)) == before
    armature = imported(tmp_path / "clip.bvh")
    assert {bone.name for bone in armature.data.bones} == set(SLOTS)
    assert all(
        (bone.parent.name if bone.parent else None) == PARENT_OF[bone.name] for bone in armature.data.bones
    )


@pytest.mark.parametrize("kind", [".fbx", ".glb", ".usdc"])
def test_a_strip_of_the_nla_is_exported_as_it_plays(kind, build, names_of, motion, scene, tmp_path):
    if kind == ".fbx" and bpy.app.version < (4, 5):
        pytest.skip("no fbx_import")
    names = names_of("Mixamo")
    armature = build(names)
    animate(armature, motion(23, frames=8), scene=scene, name="clip", placement=Placement("strip"))
    expected = places(armature, list(names.values()), range(1, 9))
    path = tmp_path / f"clip{kind}"
    export(armature, path)
    check(imported(path), names, expected, range(1, 9))


@pytest.mark.parametrize("kind", [".bvh", ".usdc"])
def test_a_motion_that_starts_late_is_exported_from_there(kind, build, names_of, motion, scene, tmp_path):
    names = names_of("Mixamo")
    armature = build(names)
    animate(armature, motion(24, frames=6), scene=scene, name="clip", start=40.0)
    expected = places(armature, list(names.values()), range(40, 46))
    path = tmp_path / f"clip{kind}"
    export(armature, path)
    check(imported(path), names, expected, range(40, 46))


def test_the_scene_is_afterwards_as_it_was(animated, tmp_path):
    scene, layer = bpy.context.scene, bpy.context.view_layer
    other = bpy.data.objects.new("Lamp", None)
    scene.collection.objects.link(other)
    for thing in layer.objects:
        thing.select_set(thing == other)
    layer.objects.active = animated
    bpy.ops.object.mode_set(mode="POSE")
    scene.frame_set(7)
    scene.frame_start, scene.frame_end = 3, 9

    def state():
        return (
            animated.mode,
            layer.objects.active,
            [thing.name for thing in layer.objects.selected],
            (scene.frame_start, scene.frame_end, scene.frame_current),
            sorted(thing.name for thing in bpy.data.objects),
            animated.animation_data.action,
            len(bpy.data.actions),
        )

    before = state()
    for kind in KINDS:
        export(animated, tmp_path / f"clip{kind}")
        assert state() == before, kind
    with pytest.raises(BlazeRigError):
        export(animated, tmp_path / "missing" / "clip.fbx")
    assert state() == before


def refusal(call, *arguments):
    with pytest.raises(BlazeRigError) as caught:
        call(*arguments)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_exports_that_cannot_be_are_refused(animated, tmp_path):
    assert "the kinds are .bvh, .fbx, .glb, .usd" in refusal(check_export, tmp_path / "clip.obj")
    assert "No such file or directory" in refusal(check_export, tmp_path / "missing" / "clip.fbx")
    animated.hide_set(True)
    assert "is hidden; show it to export it" in refusal(export, animated, tmp_path / "clip.fbx")
    animated.hide_set(False)
    animated.animation_data_clear()
    assert "has no keys to export; animate it first" in refusal(export, animated, tmp_path / "clip.fbx")
    assert not list(tmp_path.iterdir())
