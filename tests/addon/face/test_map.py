"""The user's own map of a face: what he says of shape keys and bones, kept and recognised again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from blazerig.addon.character.guess import KEYED
from blazerig.addon.face.dialect import Dialect, dialects, load_dialect
from blazerig.addon.face.face_map import Line, bone_lines, edited, preset_of, shape_lines, to_toml
from blazerig.addon.face.guess import guess
from blazerig.addon.face.match import FaceMatch, face_match
from blazerig.addon.face.vocabulary import (
    formula,
    look_of,
    looks_offered,
    of_other_side,
    parts_called,
    parts_offered,
)
from blazerig.errors import BlazeRigError
from blazerig.solver.face.shapes import SHAPES

NAMES = ["blink_L", "blink_R", "blink", "Grumpy 7", "mouthOpen", "smile_fix"]
BONES = ["Jaw", "LeftEye", "RightEye", "Bone.004"]


def lines(names: list[str] = NAMES, bones: list[str] = BONES) -> tuple[dict[str, Line], dict[str, Line]]:
    match = face_match(names, bones)
    return {line.name: line for line in shape_lines(match, names)}, {x.name: x for x in bone_lines(match)}


def of(shapes: dict[str, Line], bones: dict[str, Line]) -> FaceMatch:
    parts = {name: {name: 1.0} for name in NAMES}
    return edited(face_match(NAMES, BONES), shapes.values(), bones.values(), parts, BONES)


def test_every_shape_key_has_a_line_known_or_not() -> None:
    shapes, bones = lines()
    assert set(shapes) == set(NAMES)
    assert set(bones) == {"Jaw", "LeftEye", "RightEye"}
    assert shapes["mouthOpen"].use
    assert not shapes["blink"].use  # as both of its halves follow
    assert shapes["Grumpy 7"].says == ""
    assert shapes["smile_fix"].certainty < KEYED


def test_an_untouched_map_is_what_was_recognised() -> None:
    recognised, kept = face_match(NAMES, BONES), of(*lines())
    assert [one.name for one in kept.shapes] == [one.name for one in recognised.shapes]
    assert [dict(one.look) for one in kept.shapes] == [dict(one.look) for one in recognised.shapes]
    assert [(x.name, x.turns, x.moves) for x in kept.bones] == [
        (x.name, x.turns, x.moves) for x in recognised.bones
    ]
    assert (kept.unshown, kept.why) == (recognised.unshown, recognised.why)


def test_what_is_in_doubt_follows_on_the_users_word_only() -> None:
    shapes, bones = lines()
    assert "smile_fix" not in {one.name for one in of(shapes, bones).shapes}
    shapes["smile_fix"] = replace(shapes["smile_fix"], by_user=True)
    assert "mouthSmileLeft" in of(shapes, bones).shown


def test_a_shape_key_that_nobody_knows_shows_what_the_user_says() -> None:
    shapes, bones = lines()
    shapes["Grumpy 7"] = Line("Grumpy 7", "angry", by_user=True)
    shapes["mouthOpen"] = Line("mouthOpen", "0.6 jawOpen + mouthFunnel", by_user=True)
    looks = {one.name: dict(one.look) for one in of(shapes, bones).shapes}
    assert looks["Grumpy 7"]["browDownLeft"] == 1.0
    assert looks["mouthOpen"] == {"jawOpen": 0.6, "mouthFunnel": 1.0}
    shapes["mouthOpen"] = Line("mouthOpen", "", by_user=True)
    assert "mouthOpen" not in {one.name for one in of(shapes, bones).shapes}


def test_names_that_are_gone_and_words_that_say_nothing_are_left_out() -> None:
    shapes, bones = lines()
    shapes["gone"] = Line("gone", "jawOpen")
    shapes["blink"] = Line("blink", "no such thing", by_user=True)
    bones["Jaw"] = replace(bones["Jaw"], says="elbow")
    bones["no bone"] = Line("no bone", "jaw")
    match = of(shapes, bones)
    assert {one.name for one in match.shapes} == {"blink_L", "blink_R", "mouthOpen"}
    assert {one.name for one in match.bones} == {"LeftEye", "RightEye"}


def test_a_bone_has_a_gain_and_moves_beside_shape_keys_if_it_shall() -> None:
    shapes, bones = lines()
    jaw = next(one for one in of(shapes, bones).bones if one.name == "Jaw")
    assert "jawOpen" not in jaw.turns  # which a shape key shows
    bones["Jaw"] = replace(bones["Jaw"], beside=True, gain=2.0)
    jaw = next(one for one in of(shapes, bones).bones if one.name == "Jaw")
    assert jaw.turns["jawOpen"] == (40.0, 0.0, 0.0)
    bones["Bone.004"] = Line("Bone.004", "upperLid_Left", by_user=True)
    for shut_by_bone in (False, True):
        shapes["blink_L"] = replace(shapes["blink_L"], use=not shut_by_bone)
        lid = next(one for one in of(shapes, bones).bones if one.name == "Bone.004")
        assert ("eyeBlinkLeft" in lid.turns) == shut_by_bone


@pytest.fixture
def own(tmp_path: Path):
    """A preset of a map that the user made, read from its file."""
    shapes, bones = lines()
    shapes["Grumpy 7"] = Line("Grumpy 7", "0.8 browDownLeft + browDownRight", by_user=True)
    shapes["mouthOpen"] = replace(shapes["mouthOpen"], use=False)
    bones["Jaw"] = replace(bones["Jaw"], gain=3.0, beside=True)
    match = of(shapes, bones)
    path = tmp_path / "Mine.toml"
    path.write_text(to_toml(preset_of("Mine", match, face_match(NAMES, BONES))), encoding="utf-8")
    return match, load_dialect(path)


def test_a_preset_recognises_a_character_of_the_same_names(own) -> None:
    match, preset = own
    found = face_match([*NAMES, "hat"], [*BONES, "Hips"], own=[preset])
    assert {one.name: dict(one.look) for one in found.shapes} == {
        one.name: dict(one.look) for one in match.shapes
    }
    assert {one.name for one in found.bones} == {one.name for one in match.bones}
    jaw = next(one for one in found.bones if one.name == "Jaw")
    assert jaw.turns["jawOpen"] == (20.0, 0.0, 0.0)  # gains are of one character
    assert "Mine" in found.why
    again = list(bone_lines(found))
    assert {line.name: line.says for line in again}["Jaw"] == "jaw"
    assert next(line for line in again if line.name == "Jaw").beside
    told = {line.name: line for line in shape_lines(found, NAMES)}
    assert told["Grumpy 7"].says == "0.8 browDownLeft + browDownRight"
    assert not told["mouthOpen"].use


@pytest.mark.parametrize("family", [one for one in dialects() if one.bones], ids=lambda one: one.name)
def test_a_preset_of_any_familys_bones_moves_them_as_the_family_does_also_when_it_is_edited(
    family: Dialect, tmp_path: Path
) -> None:
    named = {name for one in family.bones for name in (one.bone, one.about, *one.span) if name}
    bones = sorted({*named, *family.requires, *family.eyes})
    match = face_match([], bones)
    path = tmp_path / "Mine.toml"
    path.write_text(to_toml(preset_of("Mine", match, match)), encoding="utf-8")
    found = face_match([], bones, own=[load_dialect(path)])
    assert {one.dialect for one in found.bones} == {"Mine"}
    again = edited(found, [], bone_lines(found), {}, bones)
    expected = {one.name: (one.turns, one.moves, one.about, one.span) for one in match.bones}
    for kept in (found, again):
        assert {one.name: (one.turns, one.moves, one.about, one.span) for one in kept.bones} == expected


def test_a_preset_leaves_characters_alone_that_lack_a_name_or_can_do_more(own) -> None:
    _, preset = own
    for names in (NAMES[1:], [*NAMES, *SHAPES]):
        assert "Mine" not in face_match(names, BONES, own=[preset]).why


def test_a_map_of_nothing_is_no_preset() -> None:
    nothing = face_match([], [])
    with pytest.raises(BlazeRigError, match="nothing in it follows"):
        preset_of("Mine", nothing, nothing)


def test_all_words_that_are_offered_say_something_and_each_once() -> None:
    assert all(look_of(word) is not None for word in looks_offered())
    assert len({word.casefold() for word in looks_offered()}) == len(looks_offered())
    assert set(SHAPES) <= set(looks_offered())
    assert {"aa", "happy", "blink", "viseme_O"} <= set(looks_offered())
    assert {"jaw", "LeftEye", "RightEye", "upperLid_Left"} <= set(parts_offered())
    assert all(parts_called(part) for part in parts_offered())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("eyeBlinkLeft", "eyeBlinkRight"),
        ("0.5 browDownLeft + jawOpen", "0.5 browDownRight + jawOpen"),
        ("lookLeft", "lookRight"),
        ("upperLid_Left", "upperLid_Right"),
        ("blink", "blink"),
        ("", ""),
    ],
)
def test_what_is_said_of_one_side_is_said_of_the_other(one: str, other: str) -> None:
    assert of_other_side(one) == other
    assert of_other_side(other) == one


def test_a_formula_says_its_look_again() -> None:
    for dialect in dialects():
        for look in dialect.shapes.values():
            said = look_of(formula(look))
            assert said is not None
            assert said[0] == pytest.approx(dict(look))


@pytest.mark.parametrize(
    ("name", "shapes", "sure"),
    [
        ("Mouth_Open_01", {"jawOpen"}, True),
        ("EXP_eyelid_close_L", {"eyeBlinkLeft"}, True),
        ("BS_Face.Brows_Raise", {"browInnerUpLeft", "browInnerUpRight", "browOuterUpLeft"}, True),
        ("smile big", {"mouthSmileLeft", "mouthSmileRight"}, False),
        ("jaw_left", {"jawLeft"}, True),
        ("looking left", set(), False),
        ("Fcl_EYE_Joy_R", set(), False),
        ("Fcl_MTH_SkinFung_L", set(), False),
        ("Jaw_Mouth_Open", {"jawOpen"}, True),
        ("open_jacket", set(), False),
        ("Breast_up", set(), False),
    ],
)
def test_words_in_a_name_say_what_it_shows(name: str, shapes: set[str], *, sure: bool) -> None:
    found = guess(name)
    assert shapes <= set(found.look if found else ())
    assert (found is not None) == bool(shapes)
    assert found is None or (found.certainty >= KEYED) == sure
