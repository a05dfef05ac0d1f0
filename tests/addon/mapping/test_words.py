"""Bones that are called by any usual words are found by them, whatever the skeleton looks like."""

from __future__ import annotations

import re

import numpy as np
import pytest
from blazerig.addon.character.guess import KEYED, guess_match
from blazerig.addon.character.rig_file import REQUIRED
from blazerig.addon.character.skeleton import Skeleton
from blazerig.addon.character.words import guess_by_words, read
from blazerig.solver.humanoid import SIDES, SLOTS

from .people import person, skeleton


def cut(slot):
    """Side and words of a slot: `leftUpperArm` is left, upper, arm."""
    side = next((side for side in SIDES if slot.startswith(side)), "")
    return side, re.findall(r"[A-Z]?[a-z]+", slot.removeprefix(side))


def spelled(slot, style):
    side, words = cut(slot)
    capital = [word.capitalize() for word in words]
    letter = side[:1]
    return {
        "Left Upper Arm": " ".join([side.capitalize(), *capital]).strip(),
        "LeftUpperArm": side.capitalize() + "".join(capital),
        "upper_arm.L": "_".join(map(str.lower, words)) + (f".{letter.upper()}" if side else ""),
        "upper_arm_l": "_".join(map(str.lower, words)) + (f"_{letter}" if side else ""),
        "UpperArm_Left": "".join(capital) + (f"_{side.capitalize()}" if side else ""),
        "lUpperArm": letter + "".join(capital),
        "L_UpperArm": (f"{letter.upper()}_" if side else "") + "".join(capital),
        "rig:b_l_upperarm_jnt": f"rig:b_{letter + '_' if side else ''}{''.join(words).lower()}_jnt",
        "UPPER-ARM-L": "-".join([*map(str.upper, words), *([letter.upper()] if side else [])]),
    }[style]


STYLES = (
    "Left Upper Arm", "LeftUpperArm", "upper_arm.L", "upper_arm_l", "UpperArm_Left", "lUpperArm",
    "L_UpperArm", "rig:b_l_upperarm_jnt", "UPPER-ARM-L",
)  # fmt: skip


def renamed(bones, name_of):
    """A skeleton whose shape tells nothing, all heads in a heap, with names."""
    made, names = skeleton(bones)
    slot_of = {new: slot for slot, new in names.items()}
    called = tuple(name_of(slot_of[name]) for name in made.names)
    heap = np.random.default_rng(1).normal(size=made.heads.shape)
    return Skeleton(called, made.parents, heap, heap), slot_of, made


@pytest.mark.parametrize("style", STYLES)
def test_the_slots_are_read_in_every_spelling(style):
    made, _, _ = renamed(person(), lambda slot: spelled(slot, style))
    found = guess_by_words(made)
    assert {slot: made.names[bone] for slot, bone in found.bones.items()} == {
        slot: spelled(slot, style) for slot in SLOTS
    }


WORDS = {
    "clavicle, upper arm": ("clavicle", "upperarm", "forearm", "hand", "thigh", "calf", "foot", "ball"),
    "collar, shoulder": ("collar", "shoulder", "elbow", "wrist", "hip", "knee", "ankle", "toe"),
    "shoulder, arm": ("shoulder", "arm", "forearm", "hand", "upleg", "leg", "foot", "toebase"),
    "leg and shin": ("shoulder", "arm", "forearm", "hand", "leg", "shin", "foot", "toebase"),
    "leg and knee": ("shoulder", "arm", "elbow", "wrist", "leg", "knee", "ankle", "toe"),
    "bones of anatomy": ("clavicle", "humerus", "radius", "hand", "femur", "tibia", "foot", "toes"),
}
PARTS = ("Shoulder", "UpperArm", "LowerArm", "Hand", "UpperLeg", "LowerLeg", "Foot", "Toes")


@pytest.mark.parametrize("words", WORDS.values(), ids=WORDS.keys())
def test_one_word_for_two_parts_is_settled_by_the_others(words):
    def name_of(slot):
        side = next((side for side in SIDES if slot.startswith(side)), "")
        return f"{side}_{dict(zip(PARTS, words, strict=True)).get(slot.removeprefix(side), slot)}"

    made, _, _ = renamed(person(), name_of)
    found = guess_by_words(made).bones
    for side in SIDES:
        for part, word in zip(PARTS, words, strict=True):
            assert made.names[found[f"{side}{part}"]] == f"{side}_{word}"


def test_a_hip_joint_over_the_hip_is_not_the_thigh():
    names = ("Hips", "LHipJoint", "LeftHip", "LeftKnee", "LeftAnkle")
    made = Skeleton(names, (-1, 0, 1, 2, 3), np.zeros((5, 3)), np.zeros((5, 3)))
    assert made.names[guess_by_words(made).bones["leftUpperLeg"]] == "LeftHip"


@pytest.mark.parametrize(
    ("name", "side", "meanings"),
    [
        ("mixamorig:LeftForeArm", "left", {"lower", "arm"}),
        ("lShldrBend", "left", {"shoulder"}),
        ("CC_Base_R_UpperarmTwist01", "right", {"upper", "arm", "twist"}),
        ("左足首", "left", {"foot"}),
        ("足ＩＫ.R", "right", {"leg", "other"}),
        ("rfemur", "right", {"upper leg"}),
        ("lowerback", None, {"lower", "spine"}),
        ("LFingers", "left", {"finger"}),
        ("Glass", None, set()),
    ],
)
def test_names_are_cut_into_words(name, side, meanings):
    assert (read(name).side, read(name).meanings) == (side, frozenset(meanings))


def test_where_names_and_shape_disagree_nothing_is_keyed_silently():
    made, names = skeleton(person(arms_down=30.0))
    slot_of = {new: slot for slot, new in names.items()}
    swapped = {"leftFoot": "leftLowerLeg", "leftLowerLeg": "leftFoot"}
    called = tuple(swapped.get(slot_of[name], slot_of[name]) for name in made.names)
    match = guess_match(Skeleton(called, made.parents, made.heads, made.tails))
    doubted = {slot for slot in SLOTS if match.certainty.get(slot, 0.0) < KEYED}
    assert "leftLowerLeg" in doubted
    assert "leftLowerLeg" in match.missing


def test_names_and_shape_together_are_surer_than_either():
    made, names = skeleton(person(arms_down=30.0))
    slot_of = {new: slot for slot, new in names.items()}
    named = Skeleton(tuple(slot_of[name] for name in made.names), made.parents, made.heads, made.tails)
    both, alone = guess_match(named), guess_match(made)
    assert all(both.certainty[slot] > alone.certainty[slot] for slot in REQUIRED)
