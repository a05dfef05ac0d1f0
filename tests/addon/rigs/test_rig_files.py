"""Rig files: all that come with BlazeRig load, and a wrong one is told what is wrong."""

from __future__ import annotations

import pytest
from blazerig.addon.character.rig_file import FOLDER, REQUIRED, families, load_rig_file
from blazerig.errors import BlazeRigError
from blazerig.solver.humanoid import SLOTS

MINIMAL = """
format = 1
name = "Test"
sides = { left = "L", right = "R" }
[middle]
hips = "hips"
spine = "spine"
head = "head"
[sided]
UpperArm = "arm.{side}"
LowerArm = "elbow.{side}"
Hand = "hand.{side}"
UpperLeg = "leg.{side}"
LowerLeg = "knee.{side}"
Foot = "foot.{side}"
"""


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.toml")), ids=lambda path: path.stem)
def test_every_rig_file_loads_and_names_every_bone_once(path):
    file = load_rig_file(path)
    assert set(REQUIRED) <= set(file.slots) <= set(SLOTS)
    taken = set()
    for names in file.slots.values():
        free = [name for name in names.bones if name not in taken]
        assert free, "a slot has no name of its own"
        taken.add(free[0])
    for slot, names in file.slots.items():
        if slot.startswith("left"):
            assert not set(names.bones) & set(file.slots["right" + slot[4:]].bones)


def test_families_have_names_of_their_own():
    names = [file.family for file in families()]
    assert len(set(names)) == len(names)
    assert {"Rigify", "Rigify metarig", "Mixamo", "VRoid", "Unreal 4", "Unreal 5", "MakeHuman"} <= set(names)


def load(tmp_path, text):
    path = tmp_path / "rig.toml"
    path.write_text(text, encoding="utf-8")
    return load_rig_file(path)


def test_the_side_is_filled_in_for_left_and_right(tmp_path):
    extra = 'at_rest = ["palm.{side}", "chest"]\n'
    file = load(tmp_path, extra + MINIMAL + '[properties]\n"arm.{side}" = { fk = 1 }')
    assert file.slots["leftHand"].bones == ("hand.L",)
    assert file.slots["rightHand"].bones == ("hand.R",)
    assert file.at_rest == ("palm.L", "palm.R", "chest")
    assert file.properties == {("arm.L", "fk"): 1.0, ("arm.R", "fk"): 1.0}


def test_ik_controls_are_kept_by_the_slots_that_they_move(tmp_path):
    text = """
[ik]
Hand = "hand_ik.{side}"
Foot = ["foot_ik.{side}", "foot.IK.{side}"]
Toes = "toe_ik.{side}"
Elbow = "elbow_pole.{side}"
at_rest = "heel.{side}"
[ik.properties]
"arm.{side}" = { fk = 0 }
"""
    ik = load(tmp_path, MINIMAL + text).ik
    assert ik.targets == {
        "leftHand": ("hand_ik.L",),
        "rightHand": ("hand_ik.R",),
        "leftFoot": ("foot_ik.L", "foot.IK.L"),
        "rightFoot": ("foot_ik.R", "foot.IK.R"),
    }
    assert ik.poles == {"leftUpperArm": ("elbow_pole.L",), "rightUpperArm": ("elbow_pole.R",)}
    assert ik.toes["leftToes"] == ("toe_ik.L",)
    assert ik.at_rest == ("heel.L", "heel.R")
    assert ik.properties == {("arm.L", "fk"): 0.0, ("arm.R", "fk"): 0.0}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[middle]", "[ik]\nArm = 1\n[middle]", "unknown entry 'Arm' of 'ik'; there are: Hand, Foot, Toes,"),
        ("[middle]", '[ik]\nHand = "hand_ik"\n[middle]', "'Hand' is the same bone left and right"),
        ("format = 1", "format = 2", "format is 2; this BlazeRig reads format 1"),
        ("format = 1", "", "format is None"),
        ("format = 1", "format = ", "line 2"),
        ('name = "Test"', "", "'name' is missing"),
        ('name = "Test"', 'name = "Test"\nprefix = true', "unknown entry 'prefix'; there are: any_prefix,"),
        ('sides = { left = "L", right = "R" }', 'sides = { left = "L" }', "'sides' must say"),
        ('hips = "hips"', 'hip = "hips"', "unknown slot 'hip'; the slots are: hips, spine,"),
        ('hips = "hips"', "", "no bone is given for: hips"),
        ('hips = "hips"', "hips = 3", "'hips' must be a bone name or a list"),
        ('hips = "hips"', 'hips = { joint = "a" }', "'hips' must have 'bone'"),
        ('hips = "hips"', 'hips = { bone = "a", joint = 1 }', "'joint' of 'hips' must be a bone name"),
        ('Hand = "hand.{side}"', 'Hand = "hand"', "'Hand' is the same bone left and right"),
        ('Foot = "foot.{side}"\n', 'Foot = "foot.{side}"\n[properties]\na = 1\n', "must be a table of names"),
        (
            'Foot = "foot.{side}"\n',
            'Foot = "foot.{side}"\n[properties]\na = { b = "c" }\n',
            "must be a number",
        ),
        ("[middle]", "middle = 1\n[middl]", "unknown entry 'middl'"),
        ("[middle]", 'loose = "yes"\n[middle]', "'loose' must be true or false"),
        ("[middle]", "deform_of = 1\n[middle]", "'deform_of' must be the name of a family"),
        (
            "[middle]",
            'like = "Rigfy"\n[middle]',
            "'like' names an unknown family 'Rigfy'; there are: Acclaim, Auto-Rig Pro",
        ),
        ("[middle]", '[twist]\nArm = "a"\n[middle]', "unknown slot 'Arm'"),
        ("[middle]", '[bones]\nFoot = "a"\n[middle]', "unknown slot 'Foot'"),
    ],
)
def test_a_wrong_rig_file_is_told_what_is_wrong_in_one_line(tmp_path, old, new, said):
    assert old in MINIMAL
    with pytest.raises(BlazeRigError) as caught:
        load(tmp_path, MINIMAL.replace(old, new))
    message = str(caught.value)
    assert said in message
    assert message.startswith("rig file rig.toml: ")
    assert "\n" not in message


def test_twist_bones_are_named_for_both_sides_or_for_one(tmp_path):
    text = MINIMAL + '[twist]\nLowerArm = ["a1.{side}", "a2.{side}"]\nleftUpperLeg = "b"\n'
    assert load(tmp_path, text).twist == {
        "leftLowerArm": ("a1.L", "a2.L"),
        "rightLowerArm": ("a1.R", "a2.R"),
        "leftUpperLeg": ("b",),
    }


def test_a_file_without_sides_names_every_bone_by_itself(tmp_path):
    bones = "".join(f'{slot} = "Bone {i}"\n' for i, slot in enumerate(REQUIRED))
    file = load(tmp_path, f'format = 1\nname = "Test"\nlike = "Rigify"\n[bones]\n{bones}')
    assert [names.bones[0] for names in file.slots.values()] == [f"Bone {i}" for i in range(len(REQUIRED))]
    rigify = next(file for file in families() if file.family == "Rigify")
    assert (file.properties, file.at_rest, file.ik) == (rigify.properties, rigify.at_rest, rigify.ik)


def test_a_rig_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(BlazeRigError, match=r"nowhere\.toml"):
        load_rig_file(tmp_path / "nowhere.toml")
