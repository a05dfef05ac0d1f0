"""Without one name, the shape of a skeleton tells hips, spine, head and all limbs, left and right."""

from __future__ import annotations

import numpy as np
import pytest
from blazerig.addon.character.guess import guess_match
from blazerig.addon.character.rig_file import REQUIRED
from blazerig.solver import humanoid, rotations
from blazerig.solver.humanoid import FINGERS, SLOTS

from .people import both, in_chain, palms, person, skeleton, strand, tips

SPINE = ("spine", "chest", "upperChest", "neck")
FINGER_SLOTS = tuple(
    slot.removeprefix("left") for slot in SLOTS if slot.startswith("left") and any(f in slot for f in FINGERS)
)


def check(bones, *, turn=None, scale=1.0, seed=0, found=()):
    """What is keyed is right, all that is required is keyed, and `found` as well."""
    made, names = skeleton(bones, turn=turn, scale=scale, seed=seed)
    match = guess_match(made)
    keyed = {slot: played.bone for slot, played in match.played.items()}
    truth = {slot: names[slot] for slot in SLOTS if slot in bones}
    wrong = {slot: bone for slot, bone in keyed.items() if truth.get(slot) != bone and slot not in SPINE}
    old = {new: name for name, new in names.items()}
    assert not {slot: old[bone] for slot, bone in wrong.items()}
    assert set(REQUIRED) <= set(keyed), f"missing: {set(REQUIRED) - set(keyed)}"
    assert set(found) <= set(keyed), f"not keyed: {set(found) - set(keyed)}"
    return match


@pytest.mark.parametrize("arms_down", [0.0, 30.0, 45.0, 70.0])
def test_a_person_is_found_whole_in_every_rest_pose(arms_down):
    match = check(person(arms_down=arms_down), found=SLOTS)
    assert min(match.certainty.values()) > 0.6


X, Y, Z = np.eye(3)
TURNS = {
    "y up": np.array([[1.0, 0, 0], [0, 0, 1], [0, -1, 0]]),
    "facing back": rotations.to_matrix(rotations.from_axis_angle(Z, np.pi)),
    "facing sideways": rotations.to_matrix(rotations.from_axis_angle(Z, np.pi / 2)),
    "askew": rotations.to_matrix(rotations.from_axis_angle([1.0, 2.0, 3.0], 1.0)),
}


@pytest.mark.parametrize("turn", TURNS.values(), ids=TURNS.keys())
@pytest.mark.parametrize("scale", [0.01, 100.0])
def test_neither_axes_nor_units_matter(turn, scale):
    check(person(arms_down=40.0), turn=turn, scale=scale, found=SLOTS)


@pytest.mark.parametrize(
    "without",
    [
        ("neck",),
        ("chest", "upperChest"),
        ("Toes",),
        ("Shoulder",),
        FINGER_SLOTS,
        tuple(slot for slot in FINGER_SLOTS if slot.startswith(("Ring", "Little"))),
        tuple(slot for slot in FINGER_SLOTS if slot.startswith("Little")),
        ("neck", "chest", "upperChest", "Shoulder", *FINGER_SLOTS),
    ],
    ids=["neck", "spine of one", "toes", "shoulders", "fingers", "two fingers", "a finger", "all but toes"],
)
def test_what_is_missing_is_not_made_up(without):
    bones = person(without=without, arms_down=20.0)
    match = check(bones)
    assert set(match.played) <= set(bones)


def test_where_nothing_tells_front_from_back_the_sides_are_in_doubt():
    made, _ = skeleton(person(without=("Toes", *FINGER_SLOTS)))
    match = guess_match(made)
    assert set(match.missing) == {slot for slot in REQUIRED if slot.startswith(humanoid.SIDES)}
    assert set(match.missing) <= set(match.doubtful)
    assert {"hips", "spine", "head"} <= set(match.played)


def dressed():
    bones = person(arms_down=30.0)
    both(bones, "Hair", "head", [0.06, 0.05, 0.1], [0.01, 0.02, -0.12], 6)
    both(bones, "Twintail", "head", [0.1, 0.02, 0.12], [0.06, 0.02, -0.2], 5)
    both(bones, "Eye", "head", [0.03, -0.08, 0.06], [0, -0.02, 0], 1)
    both(bones, "Ear", "head", [0.07, 0.0, 0.05], [0.02, 0, 0.02], 2)
    strand(bones, "jaw", "head", bones["head"][1] + [0, -0.03, -0.02], [0, -0.05, -0.02], 2)
    for angle in (20, 60, 120, 160):
        out = [0.12 * np.sin(np.radians(angle)), -0.12 * np.cos(np.radians(angle)), -0.02]
        both(bones, f"Skirt{angle}", "hips", out, [0.2 * out[0], 0.2 * out[1], -0.2], 4)
    both(bones, "Breast", "upperChest", [0.08, -0.08, 0.0], [0, -0.05, 0], 2)
    both(bones, "Wing", "upperChest", [0.05, 0.1, 0.1], [0.2, 0.08, 0.1], 4)
    strand(bones, "tail", "hips", bones["hips"][1] + [0, 0.08, 0.0], [0, 0.1, -0.08], 8)
    return bones


def test_hair_skirts_wings_and_tails_are_no_limbs():
    check(dressed())


def rigged():
    bones = person(arms_down=45.0)
    for upper, lower in (("UpperArm", "LowerArm"), ("LowerArm", "Hand"), ("UpperLeg", "LowerLeg")):
        in_chain(bones, upper, lower)
    both(bones, "ArmTwist", "UpperArm", [0.1, 0, -0.1], [0.05, 0, -0.05], 2)
    both(bones, "ShinTwist", "LowerLeg", [0.0, 0, -0.1], [0.0, 0, -0.1], 1)
    both(bones, "Heel", "Foot", [0.0, 0.05, -0.05], [0, 0.02, 0], 1)
    palms(bones)
    tips(bones)
    return {"root": (None, np.zeros(3)), **bones, "hips": ("root", bones["hips"][1])}


def test_twist_bones_palms_tips_and_heels_are_passed_over():
    check(rigged(), found=SLOTS)


def test_ik_bones_beside_the_skeleton_are_no_limbs():
    bones = rigged()
    for side in humanoid.SIDES:
        for part in ("Hand", "Foot"):
            strand(bones, f"{side}{part}Ik", "root", bones[side + part][1], [0, -0.1, 0], 2)
        for part, ahead in (("LowerArm", 0.4), ("LowerLeg", -0.5)):
            strand(bones, f"{side}{part}Pole", None, bones[side + part][1] + [0, ahead, 0], [0, 0, 0.1], 1)
    check(bones, found=SLOTS)


def test_a_sword_in_one_hand_changes_nothing():
    bones = person(arms_down=60.0)
    strand(bones, "sword", "rightHand", bones["rightHand"][1] + [-0.05, -0.02, -0.05], [0, -0.3, 0], 3)
    check(bones)


PARTS = (
    "spine",
    "chest",
    "upperChest",
    "neck",
    "head",
    "Shoulder",
    "UpperArm",
    "LowerArm",
    "Hand",
    "LowerLeg",
    "Foot",
    "Toes",
)


@pytest.mark.parametrize("seed", range(12))
def test_people_of_all_proportions_are_found(seed):
    random = np.random.default_rng(seed)
    factors = {part: float(np.exp(random.normal(0.0, 0.15))) for part in PARTS}
    scales = {slot: factors.get(slot.removeprefix("left").removeprefix("right"), 1.0) for slot in SLOTS}
    check(person(arms_down=float(random.uniform(0, 60)), scales=scales), seed=seed)


def test_a_stocky_cartoon_is_found():
    legs = dict.fromkeys([f"{side}{part}" for side in humanoid.SIDES for part in ("LowerLeg", "Foot")], 0.45)
    arms = dict.fromkeys([f"{side}{part}" for side in humanoid.SIDES for part in ("LowerArm", "Hand")], 0.6)
    check(person(arms_down=30.0, scales={**legs, **arms}))


@pytest.mark.parametrize("count", [0, 1, 5])
def test_what_is_no_person_is_not_taken_for_one(count):
    bones = {}
    strand(bones, "rope", None, [0, 0, 0], [0, 0, 0.2], count)
    match = guess_match(skeleton(bones)[0]) if bones else None
    assert match is None or not match.played
    assert match is None or set(match.missing) == set(REQUIRED)


def test_a_dog_is_not_keyed_silently():
    bones = {}
    strand(bones, "back", None, [0, 0.3, 0.5], [0, -0.15, 0.01], 5)
    both(bones, "Hind", "back0", [0.08, 0.0, -0.05], [0.0, 0.02, -0.14], 4)
    both(bones, "Fore", "back4", [0.08, 0.0, -0.05], [0.0, 0.0, -0.14], 4)
    strand(bones, "neck", "back4", [0, -0.35, 0.6], [0, -0.08, 0.08], 3)
    assert guess_match(skeleton(bones)[0]).missing
