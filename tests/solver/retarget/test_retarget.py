"""A pose on rigs of any rest pose, roll, size and axes: every body part ends up as the humanoid's."""

import numpy as np
import pytest
from blazerig.errors import BlazeRigError
from blazerig.solver import rotations
from blazerig.solver.humanoid import INDEX, joint_positions, rest_pose
from blazerig.solver.retarget import retarget
from scipy.spatial.transform import Rotation

Y_UP = np.array([[1.0, 0, 0], [0, 0, 1.0], [0, -1.0, 0]])
"""Armature axes of an FBX import: +Y up, facing +Z."""


A_POSE = {
    "leftUpperArm": (0, 45, 0), "rightUpperArm": (0, -45, 0),
    "leftLowerArm": (0, 0, -20), "rightLowerArm": (0, 0, 20),
    "leftUpperLeg": (-3, -5, 0), "rightUpperLeg": (-3, 5, 0),
    "leftLowerLeg": (6, 0, 0), "rightLowerLeg": (6, 0, 0),
    "leftFoot": (-3, 5, 0), "rightFoot": (-3, -5, 0),
    "leftIndexProximal": (0, 10, 0), "leftIndexIntermediate": (0, 15, 0),
}  # fmt: skip
RIGS = {
    "a T-pose": {},
    "an A-pose": {"turns": A_POSE},
    "other rolls": {"turns": A_POSE, "seed": 9},
    "a giant": {"turns": A_POSE, "scale": 100.0},
    "Y up": {"turns": A_POSE, "axes": Y_UP},
    "facing sideways": {"axes": np.array([[0.0, -1, 0], [1, 0, 0], [0, 0, 1]])},
    "turned askew": {"axes": Rotation.from_euler("z", 37, degrees=True).as_matrix()},
}


@pytest.mark.parametrize("name", RIGS)
def test_every_body_part_points_where_the_humanoids_does(humanoid_rig, compose, end_of, random_motion, name):
    options = RIGS[name]
    axes, scale = options.get("axes", np.eye(3)), options.get("scale", 1.0)
    pose = random_motion(1)
    rig = humanoid_rig(**options)
    posed = compose(rig, retarget(pose, rig))
    joints = joint_positions(pose.rotations, pose.hips, pose.rest)
    for slot in ("UpperArm", "LowerArm", "UpperLeg", "LowerLeg"):
        for side in ("left", "right"):
            bone = posed[side + slot][:, :3, 1] @ axes
            ahead = np.array(end_of(side + slot, rest_pose()) - rest_pose()[INDEX[side + slot]])
            expected = rotations.rotate(pose.rotations[:, INDEX[side + slot]], rotations.normalise(ahead))
            angle = np.arccos(np.clip((bone * expected).sum(-1), -1, 1))
            assert np.degrees(angle).max() < 0.1
    hips = posed["hips"][:, :3, 3] @ axes / scale
    np.testing.assert_allclose(np.diff(hips, axis=0), np.diff(joints[:, 0], axis=0), atol=0.003)


@pytest.mark.parametrize("name", RIGS)
def test_the_t_pose_straightens_the_limbs_and_stands_on_the_floor(humanoid_rig, compose, posed, name):
    options = RIGS[name]
    axes, scale = options.get("axes", np.eye(3)), options.get("scale", 1.0)
    rig = humanoid_rig(**options)
    pose = posed({}, rest_pose()[:1])
    result = compose(rig, retarget(pose, rig))
    for side, out in (("left", 1.0), ("right", -1.0)):
        for part in ("UpperArm", "LowerArm"):
            np.testing.assert_allclose(result[side + part][0, :3, 1] @ axes, [out, 0, 0], atol=1e-6)
        ankle = result[f"{side}Foot"][0, :3, 3] @ axes / scale
        resting = next(b for b in rig.bones if b.slot == f"{side}Foot").head @ axes / scale
        assert ankle[2] == pytest.approx(resting[2], abs=1e-4)


def test_bent_elbows_of_an_a_pose_bend_about_their_own_hinge(humanoid_rig, compose, random_motion):
    rig = humanoid_rig(A_POSE)
    pose = random_motion(2)
    posed = compose(rig, retarget(pose, rig))
    rest = {bone.slot: bone for bone in rig.bones}
    for side in ("left", "right"):
        upper, lower, hand = (f"{side}{part}" for part in ("UpperArm", "LowerArm", "Hand"))
        first = rest[lower].head - rest[upper].head
        hinge = np.cross(first, rest[hand].head - rest[lower].head)
        in_bone = rest[upper].rest[:3, :3].T @ rotations.normalise(hinge)
        axis = posed[upper][:, :3, :3] @ in_bone
        bend = rotations.normalise(np.cross(posed[upper][:, :3, 1], posed[lower][:, :3, 1]))
        assert np.degrees(np.arccos(np.clip((axis * bend).sum(-1), -1, 1))).max() < 1.0


@pytest.mark.parametrize(
    "without",
    [
        ("upperChest",),
        ("chest", "upperChest"),
        ("neck",),
        ("leftShoulder", "rightShoulder"),
        ("leftToes", "rightToes"),
    ],
)
def test_a_rig_that_lacks_bones_still_brings_the_rest_there(humanoid_rig, compose, random_motion, without):
    pose = random_motion(3)
    rig = humanoid_rig(A_POSE, without=without)
    whole = humanoid_rig(A_POSE)
    posed, expected = compose(rig, retarget(pose, rig)), compose(whole, retarget(pose, whole))
    for slot in ("head", "leftHand", "rightFoot", "leftUpperArm"):
        turned = rotations.angle_between(
            rotations.from_matrix(posed[slot][:, :3, :3] @ posed_rest(rig, slot).T),
            rotations.from_matrix(expected[slot][:, :3, :3] @ posed_rest(whole, slot).T),
        )
        assert np.degrees(turned).max() < 0.1


def posed_rest(rig, slot):
    return next(bone for bone in rig.bones if bone.slot == slot).rest[:3, :3]


def test_a_shorter_spine_takes_the_whole_bend(humanoid_rig, compose, random_motion):
    pose = random_motion(4)
    rig = humanoid_rig(without=("chest", "upperChest"))
    posed = compose(rig, retarget(pose, rig))
    turned = rotations.from_matrix(posed["spine"][:, :3, :3] @ posed_rest(rig, "spine").T)
    assert np.degrees(rotations.angle_between(turned, pose.rotations[:, INDEX["upperChest"]])).max() < 0.1


def test_a_rig_without_a_leg_is_refused_by_name(humanoid_rig, random_motion):
    rig = humanoid_rig(without=("leftLowerLeg", "leftFoot", "leftToes"))
    with pytest.raises(BlazeRigError, match="leftLowerLeg, leftFoot"):
        retarget(random_motion(0), rig)


def test_keys_do_not_jump_in_sign(humanoid_rig, random_motion):
    rig = humanoid_rig(A_POSE)
    keys = retarget(random_motion(5), rig)
    for name, rotation in keys.rotations.items():
        assert np.abs(np.diff(rotation, axis=0)).max() < 0.5, name
