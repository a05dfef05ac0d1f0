"""Armatures are recognised by their bones, whatever else is in them; what cannot be is told why."""

from __future__ import annotations

import bpy
import numpy as np
import pytest
from blazerig.addon.character.armature import read_rig, recognise
from blazerig.addon.character.rig_file import families
from blazerig.errors import BlazeRigError
from blazerig.solver.humanoid import SIDES, finger_slots

WRITTEN_OUT = {
    "Mixamo": {
        "hips": "Hips",
        "upperChest": "Spine2",
        "leftLowerArm": "LeftForeArm",
        "rightUpperLeg": "RightUpLeg",
    },
    "Unreal 4": {"chest": "spine_02", "leftUpperArm": "upperarm_l", "rightToes": "ball_r"},
    "Unreal 5": {"spine": "spine_02", "chest": "spine_04", "upperChest": "spine_05"},
    "MakeHuman": {
        "hips": "root",
        "spine": "spine04",
        "leftHand": "wrist.L",
        "leftLittleDistal": "finger5-3.L",
    },
    "VRoid": {"hips": "J_Bip_C_Hips", "leftHand": "J_Bip_L_Hand", "rightThumbMetacarpal": "J_Bip_R_Thumb1"},
    "VRM humanoid": {"upperChest": "upperChest", "rightFoot": "rightFoot"},
    "Rigify metarig": {"hips": "spine", "head": "spine.006", "leftThumbDistal": "thumb.03.L"},
}
"""Bone names as the programs write them, by slot."""


def played(armature):
    return {slot: bones.bone for slot, bones in recognise(armature).played.items()}


@pytest.mark.parametrize(
    "file", [file for file in families() if file.family != "Rigify"], ids=lambda file: file.family
)
def test_every_family_is_told_from_all_others(file, build, names_of):
    family, names = file.family, names_of(file.family)
    match = recognise(build(names, extra=[name for name in file.requires if name not in names.values()]))
    assert match.file.family == family
    assert match.why == f"{family}, {len(names)} of {len(file.slots)} bones"
    assert {slot: bones.bone for slot, bones in match.played.items()} == names
    assert WRITTEN_OUT.get(family, {}).items() <= names.items()


def test_the_longer_spine_of_unreal_5_is_told_from_unreal_4(build, names_of):
    armature = build(names_of("Unreal 5"))
    bpy.ops.object.mode_set(mode="EDIT")
    for name in ("spine_01", "spine_03"):
        armature.data.edit_bones.new(name).tail = (0, 0, 1)
    bpy.ops.object.mode_set(mode="OBJECT")
    assert recognise(armature).file.family == "Unreal 5"


@pytest.mark.parametrize("prefix", ["mixamorig:", "mixamorig1:", "mixamorig_", "Character 7|", ""])
def test_mixamo_names_are_found_under_any_prefix(prefix, build, names_of):
    names = {slot: prefix + name for slot, name in names_of("Mixamo").items()}
    assert played(build(names)) == names


@pytest.mark.parametrize(
    "spell",
    [
        lambda name: f"Bip01 {name}",
        lambda name: f"Bip001_{name.replace(' ', '_')}",
        lambda name: f"bip02.{name.replace(' ', '.').lower()}",
    ],
)
def test_a_biped_is_found_in_every_spelling(spell, build, names_of):
    names = {slot: spell(name) for slot, name in names_of("3ds Max Biped").items()}
    armature = build(names)
    assert recognise(armature).file.family == "3ds Max Biped"
    assert played(armature) == names


def test_legs_that_hang_on_the_spine_leave_its_first_bone_at_rest(build, names_of):
    names = names_of("3ds Max Biped")
    armature = build(names)
    bpy.ops.object.mode_set(mode="EDIT")
    for side in SIDES:
        armature.data.edit_bones[names[f"{side}UpperLeg"]].parent = armature.data.edit_bones["Spine"]
    bpy.ops.object.mode_set(mode="OBJECT")
    found = played(armature)
    assert (found["hips"], found["spine"], found["chest"]) == ("Pelvis", "Spine1", "Spine2")
    assert "upperChest" not in found


def test_a_neck_that_carries_the_arms_is_the_chest(build, names_of):
    armature = build(names_of("Rigify metarig"))
    bpy.ops.object.mode_set(mode="EDIT")
    bones = armature.data.edit_bones
    over = bones.new("spine.005")
    over.parent, over.tail = bones["spine.004"], bones["spine.006"].head
    over.head = (bones["spine.004"].head + over.tail) / 2
    bones["spine.006"].parent = over
    for side in "LR":
        bones[f"shoulder.{side}"].parent = bones["spine.004"]
    bpy.ops.object.mode_set(mode="OBJECT")
    found = played(armature)
    assert (found["upperChest"], found["neck"], found["head"]) == ("spine.004", "spine.005", "spine.006")


def test_twist_bones_that_the_armature_has_are_told(build, names_of):
    extra = ["upperarm_twist_01_l", "lowerarm_twist_01_l", "lowerarm_twist_02_l"]
    match = recognise(build(names_of("Unreal 5"), extra=extra))
    assert match.twist == {
        "leftUpperArm": ("upperarm_twist_01_l",),
        "leftLowerArm": ("lowerarm_twist_02_l", "lowerarm_twist_01_l"),
    }


def test_the_thumbs_of_vrm_0_and_1_are_told_apart(build, names_of):
    names = names_of("VRM (Blender names)")
    older = dict(names)
    for side, mark in zip(SIDES, "LR", strict=True):
        first, second, third = finger_slots(side, "Thumb")
        older |= {
            first: f"thumb_proximal.{mark}",
            second: f"thumb_intermediate.{mark}",
            third: f"thumb_distal.{mark}",
        }
        names |= {first: f"thumb_metacarpal.{mark}", second: f"thumb_proximal.{mark}"}
    assert played(build(names)) == names
    assert played(build(older)) == older


def test_bones_that_nobody_asked_for_change_nothing(build, names_of):
    names = names_of("Mixamo")
    armature = build(names)
    bpy.ops.object.mode_set(mode="EDIT")
    for i, name in enumerate(("Root", "Tail", "LeftHandle", "HeadTop_End", "Hair")):
        bone = armature.data.edit_bones.new(name)
        bone.head, bone.tail = (i, 0, 0), (i, 0, 1)
    bpy.ops.object.mode_set(mode="OBJECT")
    assert played(armature) == names


def test_a_bone_inherits_from_the_nearest_mapped_bone_above(build, names_of):
    names = names_of("Mixamo")
    for slot in ("chest", "leftShoulder"):
        del names[slot]
    rig = read_rig(build(names))
    inherits = {bone.slot: bone.inherits for bone in rig.bones}
    assert inherits["hips"] is None
    assert inherits["upperChest"] == "spine"
    assert inherits["leftUpperArm"] == "upperChest"
    assert inherits["rightUpperArm"] == "rightShoulder"
    slots = [bone.slot for bone in rig.bones]
    assert all(above is None or slots.index(above) < slots.index(slot) for slot, above in inherits.items())


def test_the_last_bone_of_a_finger_lies_as_the_one_before_where_bones_point_sideways(build, names_of):
    rig = read_rig(build(names_of("Unreal 4"), sideways=True, a_pose=45.0))
    bones = {bone.slot: bone for bone in rig.bones}
    before, last = bones["leftIndexIntermediate"], bones["leftIndexDistal"]
    assert np.allclose(before.tail, last.head, atol=1e-6)
    along, further = before.tail - before.head, last.tail - last.head
    assert np.dot(further, along) > 0.999 * np.linalg.norm(further) * np.linalg.norm(along)


def refusal(armature):
    with pytest.raises(BlazeRigError) as caught:
        read_rig(armature)
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_an_armature_that_is_no_humanoid_is_told_what_is_missing(build):
    message = refusal(build({"hips": "Bone", "spine": "Bone.001"}))
    assert "no bone was found for hips, spine, head, leftUpperArm" in message
    assert "choose the bones in the bone map" in message


def test_an_armature_that_lacks_a_hand_is_told_which_part(build, names_of):
    names = {slot: "mixamorig:" + name for slot, name in names_of("Mixamo").items()}
    del names["leftHand"], names["rightFoot"]
    message = refusal(build(names))
    assert "no bone was found for leftHand, rightFoot; choose" in message


@pytest.mark.parametrize(("scale", "shown"), [((1.0, 1.0, 1.2), "1, 1, 1.2"), ((-2.0, 2.0, 2.0), "-2, 2, 2")])
def test_an_unevenly_scaled_or_mirrored_armature_is_refused_with_the_reason(scale, shown, build, names_of):
    armature = build(names_of("Mixamo"))
    armature.scale = scale
    assert f"scaled unevenly or mirrored ({shown})" in refusal(armature)
    armature.scale = (0.01, 0.01, 0.01)
    assert read_rig(armature).family == "Mixamo"


def test_an_armature_that_hangs_on_an_unevenly_scaled_object_is_refused_with_that_object(build, names_of):
    armature = build(names_of("Mixamo"))
    armature.parent = bpy.data.objects.new("Stage", None)
    armature.parent.scale = (1.0, 1.0, 2.0)
    assert "scaled unevenly or mirrored by 'Stage', on which it hangs (1, 1, 2)" in refusal(armature)


def test_what_is_no_armature_or_is_being_edited_is_refused(build, names_of):
    assert "'Lamp' is no armature" in refusal(bpy.data.objects.new("Lamp", None))
    armature = build(names_of("Mixamo"))
    bpy.ops.object.mode_set(mode="EDIT")
    assert "is in edit mode" in refusal(armature)
    bpy.ops.object.mode_set(mode="OBJECT")


def test_a_linked_armature_is_refused(build, names_of, tmp_path):
    build(names_of("Mixamo"))
    path = str(tmp_path / "library.blend")
    bpy.ops.wm.save_as_mainfile(filepath=path)
    bpy.ops.wm.read_factory_settings(use_empty=True)
    with bpy.data.libraries.load(path, link=True) as (_, wanted):
        wanted.objects = ["Armature"]
    assert "make a library override" in refusal(bpy.data.objects["Armature"])
