"""The face by the names of other programs: what is sent of it, and what comes back."""

from __future__ import annotations

import numpy as np
import pytest
from blazerig.live.vmc.bones import ORIGIN
from blazerig.live.vmc.expressions import ARKIT, VRM, expressions_of, weights_of
from blazerig.live.vmc.eyes import EYES, eyes_of, gaze_told
from blazerig.solver.face.gaze import gaze_in, looks_of
from blazerig.solver.face.mirror import mirrored
from blazerig.solver.face.shapes import INDEX, SHAPES

PRESETS = ("A", "I", "U", "E", "O", "Fun", "Sorrow", "Angry", "Surprised", "Blink_L", "Blink_R")
LOOKS = ("LookUp", "LookDown", "LookLeft", "LookRight")


def face(**weights: float) -> np.ndarray:
    made = np.zeros(52)
    made[[INDEX[name] for name in weights]] = list(weights.values())
    return made


def largest(values: dict[str, float]) -> str:
    return max(values, key=values.__getitem__)


def test_perfect_sync_has_arkits_52_names_with_a_capital() -> None:
    sent = expressions_of(np.linspace(0.0, 1.0, 52), ARKIT)
    assert len(sent) == 52
    assert {"EyeBlinkLeft", "JawOpen", "BrowInnerUp", "TongueOut"} <= set(sent)
    assert sent["TongueOut"] == 1.0


def test_every_weight_comes_back_by_its_name() -> None:
    weights = np.random.default_rng(0).uniform(size=52)
    np.testing.assert_allclose(weights_of(expressions_of(weights, ARKIT)), weights)


def test_presets_are_named_as_the_protocol_wants_them() -> None:
    assert set(expressions_of(np.zeros(52), VRM)) == {*PRESETS, *LOOKS}
    assert not any(expressions_of(np.zeros(52), VRM).values())


@pytest.mark.parametrize("preset", [*PRESETS, *LOOKS])
def test_what_a_preset_looks_like_is_told_so_that_it_looks_so(preset: str) -> None:
    look = weights_of({preset: 0.8})
    np.testing.assert_allclose(weights_of(expressions_of(look)), look, atol=0.02)


@pytest.mark.parametrize("preset", sorted({*PRESETS, *LOOKS} - {"E"}))  # which is also some I, A and Fun
def test_what_a_preset_looks_like_is_told_as_that_preset_alone(preset: str) -> None:
    for value in (1.0, 0.5):
        look = weights_of({preset: value})
        assert look is not None
        sent = expressions_of(look)
        assert sent.pop(preset) == pytest.approx(value, abs=0.02)
        assert max(sent.values()) < 0.02


@pytest.mark.parametrize(
    ("seen", "preset"),
    [
        (face(jawOpen=0.6), "A"),
        (face(mouthPucker=0.8), "U"),
        (face(jawOpen=0.4, mouthFunnel=0.6), "O"),
        (face(jawOpen=0.3, mouthStretchLeft=0.5, mouthStretchRight=0.5), "I"),
        (face(mouthSmileLeft=0.7, mouthSmileRight=0.7), "Fun"),
        (face(browDownLeft=0.8, browDownRight=0.8), "Angry"),
        (face(mouthFrownLeft=0.8, mouthFrownRight=0.8), "Sorrow"),
    ],
)
def test_a_face_is_told_by_the_preset_that_people_would_name(seen: np.ndarray, preset: str) -> None:
    sent = expressions_of(seen)
    assert largest(sent) == preset
    assert sent[preset] > 0.4


def test_a_smile_does_not_open_the_mouth() -> None:
    sent = expressions_of(face(mouthSmileLeft=1.0, mouthSmileRight=0.6))
    assert max(sent[vowel] for vowel in "AIUEO") < 0.05


def test_lips_that_are_closed_over_an_open_jaw_are_no_vowel() -> None:
    sent = expressions_of(face(jawOpen=0.6, mouthClose=0.6))
    assert max(sent[vowel] for vowel in "AIUEO") < 0.02


def test_each_eye_shuts_by_itself() -> None:
    sent = expressions_of(face(eyeBlinkLeft=0.9))
    assert (sent["Blink_L"], sent["Blink_R"]) == (0.9, 0.0)


def test_whatever_is_seen_values_stay_between_0_and_1() -> None:
    random = np.random.default_rng(1)
    for _ in range(50):
        values = np.array(list(expressions_of(random.uniform(size=52)).values()))
        assert (values >= 0.0).all()
        assert (values <= 1.0).all()


@pytest.mark.parametrize(
    ("told", "shape"),
    [
        ({"aa": 1.0}, "jawOpen"),
        ({"JAWOPEN": 1.0}, "jawOpen"),
        ({"blinkRight": 1.0}, "eyeBlinkRight"),
        ({"BLINK": 0.5}, "eyeBlinkLeft"),
        ({"happy": 1.0}, "mouthSmileLeft"),
        ({"MouthLeft": 1.0}, "mouthLeft"),
    ],
)
def test_names_of_either_vrm_and_in_any_case_are_understood(told: dict[str, float], shape: str) -> None:
    weights = weights_of(told)
    assert weights is not None
    assert weights[INDEX[shape]] > 0.4


def test_unknown_names_are_no_face_and_values_beyond_1_are_cut() -> None:
    assert weights_of({"Neutral": 1.0, "hat": 1.0}) is None
    weights = weights_of({"JawOpen": 7.0, "A": 1.0, "hat": 1.0})
    assert weights is not None
    assert weights.max() == weights[INDEX["jawOpen"]] == 1.0


@pytest.mark.parametrize("names", [VRM, ARKIT])
def test_a_mirrored_face_is_told_with_left_and_right_exchanged(names: str) -> None:
    random = np.random.default_rng(2)
    weights = random.uniform(size=52)
    pairs = [("Left", "Right"), ("Right", "Left"), ("_L", "_R"), ("_R", "_L")]
    sent, seen = expressions_of(weights, names), expressions_of(mirrored(weights[None])[0], names)
    for name, value in sent.items():
        other = next((name.removesuffix(a) + b for a, b in pairs if name.endswith(a)), name)
        assert seen[other] == pytest.approx(value, abs=1e-6)


@pytest.mark.parametrize("gaze", [[[0.3, 0.2], [0.25, 0.2]], [[-0.4, -0.3], [0.1, 0.5]], [[0.01, 0], [0, 0]]])
def test_eyes_come_back_from_their_bones(gaze: list[list[float]]) -> None:
    told = gaze_told(eyes_of(np.array(gaze)))
    assert told is not None
    np.testing.assert_allclose(told, gaze, atol=1e-9)


def test_eyes_turn_and_stand_as_unity_counts() -> None:
    left_eye = eyes_of(np.array([[0.2, 0.0], [0.2, 0.0]]))["LeftEye"]
    x, y, z, w = left_eye.rotation
    assert y < 0.0 < w  # about +Y a left hand's turn to the right is positive: this one is to the left
    assert abs(x) + abs(z) < 1e-9
    assert left_eye.position[0] < 0.0  # the left is at -X
    assert (left_eye.position[1:] > 0.0).all()  # above the joint of the head, and before it
    up = eyes_of(np.array([[0.0, 0.2], [0.0, 0.2]]))["LeftEye"]
    assert up.rotation[0] < 0.0  # about +X a turn from ahead, +Z, to up, +Y, is negative there


def test_eyes_that_are_not_told_or_never_turn_say_nothing_of_the_gaze() -> None:
    assert gaze_told({}) is None
    assert gaze_told(dict.fromkeys(EYES, ORIGIN)) is None


def test_looks_are_turned_back_into_the_gaze_that_they_came_from() -> None:
    gaze = np.array([[[0.3, 0.2], [0.25, 0.2]], [[-0.4, -0.3], [-0.5, -0.3]]])
    np.testing.assert_allclose(gaze_in(looks_of(gaze)), gaze)
    assert not gaze_in(np.zeros((1, len(SHAPES)))).any()
