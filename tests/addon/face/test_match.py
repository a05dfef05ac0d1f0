"""Which shape keys show a face, whatever they are called, and how much of each."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace as Kept

import numpy as np
import pytest
from blazerig.addon.face.dialect import BASIS
from blazerig.addon.face.looks import vector
from blazerig.addon.face.match import FaceMatch, face_match
from blazerig.addon.face.targets import ShapeFit, smoothed, spread
from blazerig.addon.face.vrm import expressions
from blazerig.solver.face.shapes import INDEX, SHAPES

VRM_0 = ["A", "I", "U", "E", "O", "Blink", "Blink_L", "Blink_R", "Joy", "Angry", "Sorrow", "Fun"]
SPELLINGS: dict[str, Callable[[str], str]] = {
    "as Apple": lambda name: name,
    "capital": lambda name: name[0].upper() + name[1:],
    "snake": lambda name: "".join(f"_{c.lower()}" if c.isupper() else c for c in name),
    "letters for sides": lambda name: name.replace("Left", "_L").replace("Right", "_R"),
    "words for sides": lambda name: name.replace("Left", "_Left").replace("Right", "_Right"),
    "dotted": lambda name: name.replace("Left", ".l").replace("Right", ".r"),
    "of Maya": lambda name: f"blendShape1.{name}",
    "with a prefix": lambda name: f"ARKit.{name}",
    "shouted": str.upper,
    "numbered": lambda name: f"A{len(name):02d}_{name}",
    "twice": lambda name: f"{name}.001",
    "of Genesis": lambda name: f"facs_bs_{name[0].upper()}{name[1:]}_div2",
}


def face(**weights: float) -> np.ndarray:
    """One frame; a name without its side means both."""
    row = np.zeros((1, 52))
    for name, weight in weights.items():
        for shape in [name] if name in INDEX else [f"{name}Left", f"{name}Right"]:
            row[0, INDEX[shape]] = weight
    return row


def targets(
    match: FaceMatch, weights: np.ndarray, gains: dict[str, float] | None = None
) -> dict[str, np.ndarray]:
    """Values of shape keys by name."""
    return spread(match, ShapeFit(match)(weights, gains))


def shown(names: list[str], **weights: float) -> dict[str, float]:
    values = targets(face_match(names), face(**weights))
    return {name: round(float(value[0]), 2) for name, value in values.items() if value[0] > 0.05}


@pytest.mark.parametrize("spelling", SPELLINGS.values(), ids=SPELLINGS)
def test_arkits_shapes_are_followed_one_to_one_in_every_spelling(spelling: Callable[[str], str]) -> None:
    weights = np.random.default_rng(0).uniform(size=(20, 52))
    names = {spelling(shape): shape for shape in SHAPES}
    match = face_match(["Basis", *names, "Breasts", "hat_on"])
    values = targets(match, weights)
    assert set(values) == set(names)
    assert match.unshown == ()
    for name, shape in names.items():
        np.testing.assert_allclose(values[name], weights[:, INDEX[shape]], atol=2e-3)


def test_with_all_of_arkits_shapes_no_vowel_no_mood_and_no_bone_adds_to_them() -> None:
    match = face_match([*SHAPES, *VRM_0, "viseme_aa", "mouthOpen"], ["Jaw", "LeftEye", "RightEye"])
    assert {target.name for target in match.shapes} == set(SHAPES)
    assert match.bones == ()


def test_what_is_shown_alone_is_exact_and_what_is_mixed_is_not() -> None:
    assert len(face_match(SHAPES).exact) == 52
    vowels = face_match([*VRM_0, "browInnerUpLeft", "browInnerUpRight"], ["Jaw", "LeftEye", "RightEye"])
    assert {"eyeBlinkLeft", "eyeBlinkRight", "browInnerUp", "eyeLookOutLeft"} <= set(vowels.exact)
    assert "mouthFunnel" in vowels.shown
    assert "mouthFunnel" not in vowels.exact
    assert set(vowels.shown) | set(vowels.unshown) == set(SHAPES)
    both = face_match(["blink"])
    assert both.exact == ()
    assert "of 52 shapes, by" in both.why


def test_three_plain_shapes_show_what_they_can() -> None:
    plain = ["Basis", "mouthOpen", "blink", "smile"]
    assert shown(plain, jawOpen=0.8) == {"mouthOpen": 1.0}
    assert shown(plain, eyeBlink=1.0) == {"blink": 1.0}
    assert shown(plain, mouthSmile=0.5) == {"smile": 0.5}
    assert shown(plain, browInnerUp=1.0, noseSneer=1.0) == {}


def test_lids_that_are_there_one_by_one_need_no_common_blink() -> None:
    names = {target.name for target in face_match(VRM_0).shapes}
    assert {"Blink_L", "Blink_R"} <= names
    assert "Blink" not in names
    assert shown(VRM_0, eyeBlinkLeft=1.0) == {"Blink_L": 1.0}


@pytest.mark.parametrize(
    ("names", "opened", "pursed", "glad"),
    [
        (VRM_0, "A", "O", "Joy"),
        (["aa", "ih", "ou", "ee", "oh", "happy", "angry", "sad", "blink"], "aa", "oh", "happy"),
        (
            ["viseme_aa", "viseme_E", "viseme_O", "viseme_U", "mouthSmile"],
            "viseme_aa",
            "viseme_O",
            "mouthSmile",
        ),
        (["vrc.v_aa", "vrc.v_e", "vrc.v_oh", "vrc.v_ou", "smile"], "vrc.v_aa", "vrc.v_oh", "smile"),
        (["Fcl_MTH_A", "Fcl_MTH_O", "Fcl_MTH_U", "Fcl_MTH_Fun"], "Fcl_MTH_A", "Fcl_MTH_O", "Fcl_MTH_Fun"),
        (["あ", "い", "う", "え", "お", "smile"], "あ", "お", "smile"),
    ],
)
def test_vowels_and_moods_are_mixed_to_the_nearest_face(
    names: list[str], opened: str, pursed: str, glad: str
) -> None:
    wide = shown(names, jawOpen=1.0)
    assert max(wide, key=wide.__getitem__) == opened
    round_lips = shown(names, jawOpen=0.45, mouthFunnel=0.8)
    assert round_lips[pursed] > 0.9
    assert round_lips.get(opened, 0.0) < 0.2
    laugh = shown(names, mouthSmile=1.0, cheekSquint=0.5, eyeSquint=0.3)
    assert max(laugh, key=laugh.__getitem__) == glad
    assert shown(names) == {}


def test_lips_that_are_closed_over_an_open_jaw_stay_closed() -> None:
    for names in (["mouthOpen", "blink"], VRM_0):
        assert shown(names, jawOpen=0.6, mouthClose=0.58) == {}
    assert shown(["jawOpen", "mouthClose"], jawOpen=0.6, mouthClose=0.5) == {
        "jawOpen": 0.6,
        "mouthClose": 0.5,
    }


def test_values_are_the_best_that_there_are_between_0_and_1() -> None:
    fit = ShapeFit(face_match(VRM_0))
    weights = np.random.default_rng(1).uniform(size=(50, 52))
    weights[:, INDEX["mouthClose"]] = 0.0
    values = np.column_stack(list(fit(weights).values()))
    looks = np.array([vector(target.look) for target in face_match(VRM_0).shapes])
    wanted = weights @ np.array([vector({shape: 1.0}) for shape in SHAPES])

    seen = np.array([2.0 if shape.startswith("jawOpen") else 1.0 for shape in BASIS])

    def error(tried: np.ndarray) -> np.ndarray:
        return ((seen * (tried @ looks - wanted)) ** 2).sum(-1)

    assert (values >= 0).all()
    assert (values <= 1).all()
    for column in range(values.shape[1]):
        for step in (-0.1, 0.1):
            tried = values.copy()
            tried[:, column] = np.clip(tried[:, column] + step, 0, 1)
            assert (error(tried) > error(values) - 0.02).all()


def test_a_batch_is_its_frames_one_by_one() -> None:
    fit = ShapeFit(face_match(VRM_0))
    weights = np.random.default_rng(2).uniform(size=(5, 52))
    whole = fit(weights)
    for frame in range(5):
        for name, value in fit(weights[frame : frame + 1]).items():
            assert value[0] == pytest.approx(whole[name][frame], abs=1e-2)


def test_a_gain_makes_more_of_a_shape_but_never_more_than_all() -> None:
    match, weights = face_match(["blink", "smile"]), face(eyeBlink=0.6, mouthSmile=0.3)
    values = targets(match, weights, {"blink": 3.0, "smile": 0.5})
    assert values["blink"][0] == 1.0
    assert values["smile"][0] == pytest.approx(0.15, abs=1e-3)


def test_smoothing_is_for_the_shapes_that_ask_for_it() -> None:
    times = np.arange(90) / 30.0
    flutter = 0.5 + 0.2 * np.sin(2 * np.pi * 10 * times)
    calm = smoothed({"a": flutter, "b": flutter}, times, {"a": 2.0, "b": 0.0})
    assert np.ptp(calm["a"][10:-10]) < 0.1
    np.testing.assert_array_equal(calm["b"], flutter)


def test_both_halves_of_a_shape_follow_it_whole() -> None:
    names = [*(shape for shape in SHAPES if shape != "browInnerUp"), "browInnerUp_L", "browInnerUp_R"]
    values = shown(names, browInnerUp=0.7)
    assert values == {"browInnerUp_L": 0.7, "browInnerUp_R": 0.7}


def test_the_same_expression_of_several_meshes_is_shown_whole_by_each() -> None:
    assert shown(["smile", "Smile", "blink"], mouthSmile=0.8) == {"smile": 0.8, "Smile": 0.8}


def test_expressions_that_somebody_put_together_move_all_of_their_shape_keys() -> None:
    made = {
        "aa": {"Mouth_1": 1.0},
        "oh": {"Mouth_1": 0.4, "Mouth_2": 0.6},
        "ou": {"Mouth_2": 1.0},
        "blink": {"Lids": 0.9},
    }
    values = targets(face_match(["Mouth_1", "Mouth_2", "Lids", "Hair"], (), made), face(eyeBlink=1.0))
    assert set(values) == {"Mouth_1", "Mouth_2", "Lids"}
    assert values["Lids"][0] == pytest.approx(0.9, abs=2e-3)
    pursed = targets(face_match([], (), made), face(jawOpen=0.45, mouthFunnel=0.8))
    assert pursed["Mouth_1"][0] == pytest.approx(0.4, abs=0.1)
    assert pursed["Mouth_2"][0] == pytest.approx(0.6, abs=0.1)


def test_the_vrm_add_ons_expressions_are_read() -> None:
    def binds(**shares: float) -> list[Kept]:
        return [Kept(index=name, weight=share) for name, share in shares.items()]

    preset = Kept(aa=Kept(morph_target_binds=binds(A=1.0)), blink_left=Kept(morph_target_binds=binds(L=0.8)))
    custom = [Kept(custom_name="jawOpen", morph_target_binds=binds(A=0.5, B=0.5))]
    newer = Kept(spec_version="1.0", vrm1=Kept(expressions=Kept(preset=preset, custom=custom)))
    assert expressions(Kept(vrm_addon_extension=newer)) == {
        "aa": {"A": 1.0},
        "blinkLeft": {"L": 0.8},
        "jawOpen": {"A": 0.5, "B": 0.5},
    }
    groups = [
        Kept(preset_name="a", name="A", binds=binds(Open=1.0)),
        Kept(preset_name="unknown", name="tongueOut", binds=binds(Tongue=1.0)),
        Kept(preset_name="joy", name="Joy", binds=[]),
    ]
    older = Kept(spec_version="0.0", vrm0=Kept(blend_shape_master=Kept(blend_shape_groups=groups)))
    assert expressions(Kept(vrm_addon_extension=older)) == {"a": {"Open": 1.0}, "tongueOut": {"Tongue": 1.0}}
    assert expressions(Kept()) == {}


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        ([f"Facial_Blends.{x}" for x in ("Blink_Left", "Smile_Right", "MouthOpen")], {"eyeBlinkLeft"}),
        (["EyeClosedLeft", "MouthClosed", "LipSuckUpperLeft", "LipSuckUpperRight"], {"mouthRollUpper"}),
        (["Eye_Left_Left", "Eye_Right_Left", "Mouth_Pout"], {"eyeLookOutLeft", "eyeLookInRight"}),
        (["head.eCTRLEyesClosedL", "head.eCTRLMouthOpen", "head.eCTRLvOW"], {"eyeBlinkLeft", "jawOpen"}),
        (["まばたき", "困る", "あ", "にやり"], {"eyeBlinkLeft", "browInnerUp", "mouthSmileRight"}),
    ],
)
def test_families_are_understood_by_their_own_names(names: list[str], shown: set[str]) -> None:
    match = face_match(names)
    assert shown <= set(match.shown)
    assert {target.name for target in match.shapes} == set(names)


def test_parts_of_one_shape_are_all_moved_and_wholes_only_once() -> None:
    parts = [f"Mouth_Pucker_{where}_{side}" for where in ("Up", "Down") for side in "LR"]
    assert shown(parts, mouthPucker=0.6) == dict.fromkeys(parts, 0.6)
    twice = face_match(["viseme_aa", "vrc.v_aa", "viseme_O", "viseme_U"])
    assert len([one for one in twice.shapes if one.name.endswith("aa")]) == 1


def test_a_winks_plainer_shape_is_taken() -> None:
    found = {target.name for target in face_match(["あ", "い", "ウィンク", "ウィンク２", "まばたき"]).shapes}
    assert "ウィンク２" in found
    assert "ウィンク" not in found


def test_a_few_letters_alone_are_no_vowels() -> None:
    assert face_match(["A", "B", "Key 1", "Hat_A", "size"]).shapes == ()


def test_nothing_shows_nothing() -> None:
    match = face_match([], [])
    assert targets(match, face(jawOpen=1.0)) == {}
    assert match.unshown == SHAPES
    assert match.why == "0 of 52 shapes, by nothing"
