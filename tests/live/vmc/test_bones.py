"""Bones within bones: Unity's names, and the same body in Unity's own kinematics."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from blazerig.live.vmc.axes import unity_points
from blazerig.live.vmc.bones import NAMES, Placed, bones_of, pose_of
from blazerig.solver import rotations
from blazerig.solver.humanoid import INDEX, PARENTS, SLOTS, joint_positions, rest_pose
from blazerig.solver.live_pose import LivePose, as_pose
from blazerig.solver.rotations import angle_between

Poses = Callable[..., LivePose]
UNITY = {
    "Hips Spine Chest UpperChest Neck Head",
    "Shoulder UpperArm LowerArm Hand UpperLeg LowerLeg Foot Toes",
    "Thumb Index Middle Ring Little",
}


def test_the_names_are_those_of_unitys_human_body_bones() -> None:
    middle, limbs, fingers = sorted(UNITY, key=lambda names: ("Hips" not in names, "Thumb" in names))
    expected = set(middle.split())
    for side in ("Left", "Right"):
        expected |= {side + limb for limb in limbs.split()}
        expected |= {
            side + finger + joint
            for finger in fingers.split()
            for joint in ("Proximal", "Intermediate", "Distal")
        }
    assert set(NAMES) == expected
    assert len(NAMES) == 52


def test_the_thumb_begins_at_its_metacarpal_under_unitys_name_of_its_first_joint() -> None:
    named = dict(zip(SLOTS, NAMES, strict=True))
    assert named["leftThumbMetacarpal"] == "LeftThumbProximal"
    assert named["leftThumbProximal"] == "LeftThumbIntermediate"
    assert named["rightIndexProximal"] == "RightIndexProximal"


@pytest.mark.parametrize("seed", range(5))
def test_unity_puts_every_joint_where_we_have_it(pose: Poses, seed: int) -> None:
    sent = as_pose(pose(seed))
    bones = list(bones_of(sent).values())
    turns, places = [], []
    for bone, parent in zip(bones, PARENTS, strict=True):
        turn, place = np.roll(bone.rotation, 1), bone.position
        if parent >= 0:
            place = places[parent] + rotations.rotate(turns[parent], place)
            turn = rotations.multiply(turns[parent], turn)
        turns.append(turn)
        places.append(place)
    expected = unity_points(joint_positions(sent.rotations, sent.hips, sent.rest)[0])
    np.testing.assert_allclose(places, expected, atol=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_bones_become_the_pose_that_they_came_from(pose: Poses, seed: int) -> None:
    sent = as_pose(pose(seed))
    got = pose_of(bones_of(sent), 5.0)
    assert angle_between(got.rotations, sent.rotations).max() < 1e-7
    np.testing.assert_allclose(got.hips, sent.hips, atol=1e-12)
    np.testing.assert_allclose(got.rest, sent.rest, atol=1e-12)


def test_in_the_t_pose_every_bone_is_unturned(pose: Poses) -> None:
    still = replace(pose(0), rotations=np.tile(rotations.IDENTITY, (52, 1)))
    for bone in bones_of(as_pose(still)).values():
        np.testing.assert_allclose(np.abs(bone.rotation), [0, 0, 0, 1], atol=1e-12)


def test_a_bone_that_is_not_told_moves_with_its_parent(pose: Poses) -> None:
    bones = bones_of(as_pose(pose(3)))
    del bones["UpperChest"]
    got = pose_of(bones, 0.0).rotations[0]
    np.testing.assert_allclose(got[INDEX["upperChest"]], got[INDEX["chest"]])


def test_a_stream_of_rotations_alone_keeps_a_body(pose: Poses) -> None:
    bones = {name: replace(bone, position=np.zeros(3)) for name, bone in bones_of(as_pose(pose(1))).items()}
    got = pose_of(bones, 0.0)
    np.testing.assert_allclose(got.rest, rest_pose())


def test_no_bones_at_all_are_the_t_pose_on_the_floor() -> None:
    got = pose_of({"Jaw": Placed(np.ones(3), np.array([0.0, 0, 0, 1]))}, 2.0)
    np.testing.assert_allclose(got.rotations[0], np.tile(rotations.IDENTITY, (52, 1)))
    np.testing.assert_allclose(joint_positions(got.rotations, got.hips, got.rest)[0], rest_pose())
    assert got.times.tolist() == [2.0]


def test_the_root_carries_the_whole_body(pose: Poses) -> None:
    bones = bones_of(as_pose(pose(2)))
    about_y = np.array([0.0, np.sin(np.radians(45)), 0.0, np.cos(np.radians(45))])
    moved = pose_of(bones, 0.0, Placed(np.array([1.0, 2.0, 3.0]), about_y))
    still = pose_of(bones, 0.0)
    quarter = rotations.from_axis_angle((0.0, 0.0, 1.0), np.radians(-90))
    there = joint_positions(moved.rotations, moved.hips, moved.rest)
    here = joint_positions(still.rotations, still.hips, still.rest)
    moved_by = np.array([-1.0, -3.0, 2.0])
    np.testing.assert_allclose(there, rotations.rotate(quarter, here) + moved_by, atol=1e-12)
