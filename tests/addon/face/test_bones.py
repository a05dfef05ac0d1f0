"""Which bones show a face, and how they move."""

from __future__ import annotations

import numpy as np
import pytest
from blazerig.addon.face.bone_fit import BoneFit
from blazerig.addon.face.match import face_match
from blazerig.solver.face.gaze import REACH
from blazerig.solver.face.shapes import INDEX


@pytest.mark.parametrize(
    ("bones", "found"),
    [
        (["Head", "Jaw", "LeftEye", "RightEye"], {"Jaw", "LeftEye", "RightEye"}),
        (
            ["mixamorig:LeftEye", "mixamorig:RightEye", "mixamorig:Jaw"],
            {"mixamorig:LeftEye", "mixamorig:RightEye", "mixamorig:Jaw"},
        ),
        (["J_Adj_L_FaceEye", "J_Adj_R_FaceEye"], {"J_Adj_L_FaceEye", "J_Adj_R_FaceEye"}),
        (["eye.L", "eye.R", "eye.L_end", "eyebrow.L"], {"eye.L", "eye.R"}),
        (["DEF-jaw", "DEF-eye.L", "DEF-eye.R", "jaw", "eye.L", "eye.R"], {"jaw", "eye.L", "eye.R"}),
        (["jaw", "jaw_master", "LeftEye", "eye.L"], {"jaw", "LeftEye"}),
        (
            ["c_jawbone.x", "c_eye.l", "c_eye.r", "c_eyelid_top.l"],
            {"c_jawbone.x", "c_eye.l", "c_eye.r", "c_eyelid_top.l"},
        ),
    ],
)
def test_jaw_eyes_and_lids_are_found_by_their_names(bones: list[str], found: set[str]) -> None:
    assert {target.name for target in face_match([], bones).bones} == found


RIGIFY = ("jaw_master", "lid.T.{}.002", "lid.B.{}.002", "cheek.B.{}.001", "eye.{}", "MCH-eye.{}", "lip.T")


@pytest.mark.parametrize(
    ("eyes", "corners", "name"),
    [("master_eye.{}", "lips.{}", "Rigify face"), ("eye_master.{}", "lip_end.{}.001", "Rigify new face")],
)
def test_both_faces_of_rigify_are_told_apart(eyes: str, corners: str, name: str) -> None:
    bones = sorted({bone.format(side) for bone in (*RIGIFY, eyes, corners) for side in "LR"})
    match = face_match([], bones)
    assert {target.dialect for target in match.bones} == {name}
    assert match.eyes == (eyes.format("L"), eyes.format("R"))
    moved = {target.name: target for target in match.bones}
    assert moved["eye.L"].about == "MCH-eye.L"
    assert set(moved["lid.T.R.002"].span) == {"lid.T.R.002", "lid.B.R.002"}
    for shape, left in (("mouthLeft", 0.1), ("mouthRight", -0.1)):
        for bone in (corners.format("L"), corners.format("R"), "lip.T"):
            assert moved[bone].moves[shape][0] == left
    puffed = [moved[f"cheek.B.{side}.001"].moves["cheekPuff"][0] for side in "LR"]
    assert puffed[0] == -puffed[1] > 0.0


def test_a_control_is_carried_about_its_hinge_or_turns_where_it_stands_on_it() -> None:
    match = face_match([], ["c_jawbone.x", "jawbone.x"])
    hinge = np.eye(4)
    for off in (0.0, 0.1):
        control = np.eye(4)
        control[:3, 3] = [0.0, -off, 0.0]  # before the hinge
        fit = BoneFit(match, {"c_jawbone.x": control, "jawbone.x": hinge}, np.eye(3))
        open_jaw = np.eye(52)[[INDEX["jawOpen"]]]
        keys = fit(open_jaw, np.zeros(1))
        assert set(keys.rotations) == (set() if off else {"c_jawbone.x"})
        if off:
            down = [0.0, off * (1 - np.cos(np.radians(20))), -off * np.sin(np.radians(20))]
            np.testing.assert_allclose(keys.locations["c_jawbone.x"], [down], atol=1e-9)


def test_a_jaw_that_shape_keys_open_is_left_to_them() -> None:
    match = face_match(["mouthOpen", "blink"], ["Jaw", "LeftEye", "RightEye"])
    jaw = [target for target in match.bones if target.name == "Jaw"]
    assert all("jawOpen" not in target.turns for target in jaw)
    assert {"LeftEye", "RightEye"} <= {target.name for target in match.bones}


def test_character_creators_jaw_moves_beside_its_shape_keys() -> None:
    keys = ["Jaw_Open", "Eye_Blink_L", "Eye_Blink_R", "Mouth_Smile_L", "Mouth_Smile_R"]
    match = face_match(keys, ["CC_Base_JawRoot", "CC_Base_L_Eye", "CC_Base_R_Eye"])
    assert {target.name for target in match.bones} == {"CC_Base_JawRoot", "CC_Base_L_Eye", "CC_Base_R_Eye"}
    assert {target.name for target in match.shapes} == set(keys)


@pytest.mark.parametrize("bone", ["LeftEye", "c_eye.l", "CC_Base_L_Eye"])
def test_eyes_turn_as_far_as_the_solver_means(bone: str) -> None:
    needed = ["c_jawbone.x", "CC_Base_JawRoot"]
    target = next(one for one in face_match([], [bone, *needed]).bones if one.name == bone)
    for look, reach in REACH.items():
        assert np.linalg.norm(target.turns[f"eyeLook{look}Left"]) == pytest.approx(np.degrees(reach), abs=0.2)
