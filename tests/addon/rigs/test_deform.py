"""Deform bones are keyed where nothing else moves them, and refused with the reason where something does."""

from __future__ import annotations

from itertools import pairwise

import bpy
import numpy as np
import pytest
from blazerig.addon.animate.animate import animate
from blazerig.errors import BlazeRigError
from blazerig.solver import humanoid, rotations
from blazerig.solver.retarget import Options

DEFORM = Options(controls="deform")


def refusal(armature, pose):
    with pytest.raises(BlazeRigError) as caught:
        animate(armature, pose, scene=bpy.context.scene, name="motion", options=DEFORM)
    return str(caught.value)


def test_bones_that_deform_the_mesh_themselves_are_keyed_as_ever(build, names_of, motion, read_back):
    armature, pose = build(names_of("Mixamo"), a_pose=40.0), motion(1)
    bones = list(names_of("Mixamo").values())
    shown = []
    for options in (Options(), DEFORM):
        animate(armature, pose, scene=bpy.context.scene, name="motion", options=options)
        shown.append(read_back(armature, bones, pose.times))
    np.testing.assert_allclose(*shown, atol=1e-6)


def test_deform_bones_of_rigify_follow_its_controls_and_are_not_keyed_in_vain(rigify_human, motion):
    said = refusal(rigify_human, motion(2))
    assert "'DEF-" in said
    assert "follows its constraint" in said
    assert said.endswith("key its controls, exporters write the deform bones as they move")
    assert rigify_human.animation_data.action is None


def test_controls_are_no_deform_bones(build, names_of, motion):
    armature = build(names_of("Mixamo"))
    for bone in armature.data.bones:
        bone.use_deform = False
    assert "is a control" in refusal(armature, motion(3))


def test_rigifys_deform_bones_made_a_game_rig_are_keyed_beside_its_controls(rigify_human, motion, read_back):
    bpy.context.view_layer.objects.active = rigify_human
    bpy.ops.object.mode_set(mode="EDIT")
    bones = rigify_human.data.edit_bones
    for bone in (bone for bone in bones if bone.name.startswith("DEF-")):
        above = (parent.name.replace("ORG-", "DEF-") for parent in bone.parent_recursive)
        bone.parent = next((bones[name] for name in above if name in bones and name != bone.name), None)
    spine = ["DEF-spine", *(f"DEF-spine.{i:03}" for i in range(1, 7))]
    for lower, upper in pairwise(spine):
        bones[upper].parent = bones[lower]
    bpy.ops.object.mode_set(mode="OBJECT")
    for bone in (bone for bone in rigify_human.pose.bones if bone.name.startswith("DEF-")):
        bone.lock_location = bone.lock_rotation = (False, False, False)
        bone.lock_rotation_w = False
        for constraint in bone.constraints:
            constraint.mute = True
    pose = motion(4)
    action = animate(
        rigify_human, pose, scene=bpy.context.scene, name="motion", options=DEFORM, on_frames=False
    ).action
    slots = {
        "leftHand": "DEF-hand.L",
        "rightFoot": "DEF-foot.R",
        "head": "DEF-spine.006",
        "hips": "DEF-spine",
    }
    matrices = read_back(rigify_human, list(slots.values()), pose.times)
    for i, slot in enumerate(slots):
        axes = matrices[:, i, :3, :3]
        turned = rotations.from_matrix(axes @ np.swapaxes(axes[:1], -1, -2))
        off = rotations.angle_between(turned, pose.rotations[:, humanoid.INDEX[slot]])
        assert np.degrees(off).max() < 0.5, slot
    assert action.name == "motion"
