"""The user's own map: edited, mirrored, kept with the file, saved as a preset and recognised by it."""

from __future__ import annotations

import re

import blazerig
import bpy
import pytest
from blazerig.addon.character.armature import match_of, read_rig, skeleton_of
from blazerig.addon.character.bone_map import mirrored
from blazerig.addon.character.presets import preset_folder, preset_names
from blazerig.addon.character.vrm import vrm_match
from blazerig.errors import BlazeRigError
from blazerig.solver.humanoid import SIDES, SLOTS


@pytest.fixture(autouse=True)
def registered(empty_file):
    assert empty_file is None  # asked for first: it reads the settings anew
    blazerig.register()
    yield
    for path in preset_folder().glob("*.toml"):
        path.unlink()
    blazerig.unregister()


def lines(thing):
    return {line.name: line for line in thing.blazerig.slots}


def played(thing):
    return {slot: bones.bone for slot, bones in match_of(thing).played.items()}


def test_recognising_fills_a_line_for_every_slot(build, names_of):
    names = names_of("Mixamo")
    del names["neck"]
    thing = build(names)
    assert bpy.ops.blazerig.recognise() == {"FINISHED"}
    assert [line.name for line in thing.blazerig.slots] == list(SLOTS)
    assert {slot: line.bone for slot, line in lines(thing).items() if line.bone} == names
    assert (thing.blazerig.family, thing.blazerig.why) == ("Mixamo", "Mixamo, 51 of 52 bones")


def test_a_bone_that_the_user_chose_is_keyed_and_outlives_recognising(build, names_of):
    thing = build(names_of("Mixamo"), extra=["Other"])
    bpy.ops.blazerig.recognise()
    lines(thing)["chest"].bone = "Other"
    bpy.ops.blazerig.recognise(armature=thing.name)
    assert played(thing)["chest"] == "Other"
    assert match_of(thing).why == "Mixamo, 52 of 52 bones; 1 set by hand"
    assert {bone.slot: bone.name for bone in read_rig(thing).bones}["chest"] == "Other"
    bpy.ops.blazerig.restore_bones()
    assert played(thing)["chest"] == "Spine1"


def test_a_cleared_line_is_not_keyed_and_a_needed_one_is_told(build, names_of):
    thing = build(names_of("Mixamo"))
    bpy.ops.blazerig.recognise()
    lines(thing)["leftShoulder"].bone = ""
    assert not {"leftShoulder", "rightShoulder"} & set(played(thing))
    lines(thing)["head"].bone = ""
    with pytest.raises(BlazeRigError, match="no bone was found for head"):
        match_of(thing)


def test_an_edit_of_one_side_sets_the_other_where_that_is_wanted(build, names_of):
    thing = build(names_of("Mixamo"), extra=["LeftGlove", "RightGlove"])
    bpy.ops.blazerig.recognise()
    lines(thing)["rightHand"].bone = "RightGlove"
    assert lines(thing)["leftHand"].bone == "LeftGlove"
    thing.blazerig.both_sides = False
    lines(thing)["rightHand"].bone = "RightHand"
    assert lines(thing)["leftHand"].bone == "LeftGlove"


def test_a_bone_that_is_to_be_two_things_is_refused(build, names_of):
    thing = build(names_of("Mixamo"))
    bpy.ops.blazerig.recognise()
    lines(thing)["leftHand"].bone = "LeftForeArm"
    with pytest.raises(BlazeRigError, match="'LeftForeArm' of 'Armature' plays leftLowerArm and leftHand"):
        match_of(thing)


@pytest.mark.parametrize(
    ("bone", "other"),
    [
        ("hand.L", "hand.R"),
        ("DEF-upper_arm.L.001", "DEF-upper_arm.R.001"),
        ("mixamorig:LeftHand", "mixamorig:RightHand"),
        ("lHand", "rHand"),
        ("hand_l", "hand_r"),
        ("CC_Base_L_Hand", "CC_Base_R_Hand"),
        ("左手首", "右手首"),
        ("LeftLeg", "RightLeg"),
        ("spine", None),
        ("Bone.001", None),
    ],
)
def test_the_name_of_the_other_side(bone, other):
    names = {bone, other, "ReftReg", "spine", "hand.Left"}
    assert mirrored(bone, names) == other
    assert other is None or mirrored(other, names) == bone


def test_doubtful_bones_are_keyed_when_the_user_confirms_them(build):
    thing = build({slot: f"Bone.{i:03}" for i, slot in enumerate(SLOTS)})
    bpy.ops.blazerig.recognise()
    for slot in ("leftFoot", "rightHand", "leftToes"):
        lines(thing)[slot].certainty = 0.4
    with pytest.raises(BlazeRigError, match=r"in doubt are leftFoot \(Bone\.\d+\?\), rightHand"):
        match_of(thing)
    lines(thing)["leftFoot"].by_user = lines(thing)["rightHand"].by_user = True
    assert set(SLOTS) - set(played(thing)) == {"leftToes"}
    assert set(match_of(thing).doubtful) == {"leftToes"}


def test_a_preset_is_recognised_like_a_family(build):
    names = {slot: f"Knochen {i} ü" for i, slot in enumerate(SLOTS)}
    thing = build(names)
    bpy.ops.blazerig.recognise()
    assert bpy.ops.blazerig.save_bone_preset(name="Mein Wesen") == {"FINISHED"}
    assert preset_names() == ["Mein Wesen"]
    bpy.ops.wm.read_factory_settings(use_empty=True)
    thing = build(names)
    match = match_of(thing)
    assert (match.file.family, len(match.played)) == ("Mein Wesen", 52)
    assert bpy.ops.blazerig.delete_bone_preset(name="Mein Wesen") == {"FINISHED"}
    assert match_of(thing).file.family == "Unknown rig"


def test_a_preset_of_a_family_keeps_its_switches_and_joints(rigify_human):
    before = match_of(rigify_human)
    bpy.ops.blazerig.recognise(armature=rigify_human.name)
    lines(rigify_human)["leftToes"].bone = ""
    bpy.ops.blazerig.save_bone_preset(name="Without toes", armature=rigify_human.name)
    bpy.ops.blazerig.restore_bones(armature=rigify_human.name)
    match = match_of(rigify_human)
    assert match.file.family == "Without toes"
    assert match.file.properties == before.file.properties
    assert match.file.ik == before.file.ik
    assert match.played == {slot: play for slot, play in before.played.items() if "Toes" not in slot}


def test_a_preset_is_loaded_onto_an_armature_and_tells_what_it_lacks(build, names_of):
    thing = build(names_of("Mixamo"))
    bpy.ops.blazerig.save_bone_preset(name="One")
    thing = build({slot: name for slot, name in names_of("Mixamo").items() if slot != "leftHand"})
    assert bpy.ops.blazerig.load_bone_preset(name="One", armature=thing.name) == {"FINISHED"}
    with pytest.raises(BlazeRigError, match="no bone was found for leftHand"):
        match_of(thing)
    other = build(names_of("VRoid"))
    with pytest.raises(RuntimeError, match="none of the bones that the preset 'One' names"):
        bpy.ops.blazerig.load_bone_preset(name="One", armature=other.name)
    assert not other.blazerig.slots


@pytest.mark.parametrize("name", ["", "a/b", "..", " x", "a:b"])
def test_a_name_that_no_file_can_have_is_refused(name, build, names_of):
    build(names_of("Mixamo"))
    with pytest.raises(RuntimeError, match="cannot be a preset's name"):
        bpy.ops.blazerig.save_bone_preset(name=name)
    assert preset_names() == []


def test_a_preset_that_is_not_there_is_told_with_those_that_are(build, names_of):
    build(names_of("Mixamo"))
    bpy.ops.blazerig.save_bone_preset(name="One")
    for operator in (bpy.ops.blazerig.load_bone_preset, bpy.ops.blazerig.delete_bone_preset):
        with pytest.raises(RuntimeError, match="there are: One"):
            operator(name="Two")


def test_a_broken_preset_is_passed_over_until_it_is_chosen(build, names_of):
    thing = build(names_of("Mixamo"))
    preset_folder().mkdir(parents=True, exist_ok=True)
    (preset_folder() / "Broken.toml").write_text("format = 7", "utf-8")
    assert match_of(thing).file.family == "Mixamo"
    with pytest.raises(RuntimeError, match="format is 7"):
        bpy.ops.blazerig.load_bone_preset(name="Broken")


def test_the_map_is_kept_with_the_file_also_of_a_linked_character(build, names_of, tmp_path):
    build(names_of("Mixamo"))
    library, shot = str(tmp_path / "library.blend"), str(tmp_path / "shot ü.blend")
    bpy.ops.wm.save_as_mainfile(filepath=library)
    bpy.ops.wm.read_factory_settings(use_empty=True)
    with bpy.data.libraries.load(library, link=True) as (_, wanted):
        wanted.objects = ["Armature"]
    thing = bpy.data.objects["Armature"].override_create(remap_local_usages=True)
    bpy.context.scene.collection.objects.link(thing)
    bpy.context.view_layer.objects.active = thing
    assert bpy.ops.blazerig.recognise() == {"FINISHED"}
    lines(thing)["leftToes"].bone = ""
    bpy.ops.wm.save_as_mainfile(filepath=shot)
    bpy.ops.wm.open_mainfile(filepath=shot)
    thing = next(thing for thing in bpy.data.objects if thing.override_library)
    assert len(thing.blazerig.slots) == 52
    assert set(SLOTS) - set(played(thing)) == {"leftToes", "rightToes"}


class Kept:
    """Attributes under dotted paths, as the VRM add-on hangs them on an armature."""

    def __init__(self, **attributes):
        self.__dict__.update(attributes)


def test_the_map_of_the_vrm_add_on_is_believed(build):
    names = {slot: f"Bone.{i:03}" for i, slot in enumerate(SLOTS)}
    skeleton = skeleton_of(build(names))
    node = {slot: Kept(node=Kept(bone_name=name)) for slot, name in names.items()}
    snake = {re.sub("(?=[A-Z])", "_", slot).lower(): bone for slot, bone in node.items()}
    newer = Kept(spec_version="1.0", vrm1=Kept(humanoid=Kept(human_bones=Kept(**snake))))
    old_names = {"ThumbMetacarpal": "ThumbProximal", "ThumbProximal": "ThumbIntermediate"}
    parts = [Kept(bone=rename(slot, old_names), node=bone.node) for slot, bone in node.items()]
    older = Kept(spec_version="0.0", vrm0=Kept(humanoid=Kept(human_bones=parts)))
    for kept in (newer, older):
        match = vrm_match(Kept(vrm_addon_extension=kept), skeleton)
        assert {slot: play.bone for slot, play in match.played.items()} == names
    assert vrm_match(Kept(vrm_addon_extension=Kept(spec_version="1.0")), skeleton) is None
    assert vrm_match(Kept(), skeleton) is None


def rename(slot, names):
    side = next((side for side in SIDES if slot.startswith(side)), "")
    return side + names.get(slot.removeprefix(side), slot.removeprefix(side))
