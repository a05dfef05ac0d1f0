"""Twist bones share a limb's twist, and everything below them is where it was."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from blazerig.solver import rotations
from blazerig.solver.humanoid import rest_pose, side_of
from blazerig.solver.retarget import retarget
from blazerig.solver.rig import TwistBones

PARTS = ("UpperArm", "LowerArm", "UpperLeg", "LowerLeg")


def with_twist_bones(rig, count, *, carry, rolls=5, aside=0.0):
    """`rig` with twist bones evenly along the parts of its limbs, in their chain or beside it.

    They lie `aside` metres off the line, in some direction.
    """
    random = np.random.default_rng(rolls)
    twists = []
    for bone in rig.bones:
        if bone.slot.removeprefix(side_of(bone.slot)) not in PARTS:
            continue
        names = tuple(f"{bone.name}:twist{i}" for i in range(1, count + 1))
        rests = np.tile(np.eye(4), (count, 1, 1))
        for i in range(count):
            rests[i, :3, :3] = rotations.to_matrix(rotations.normalise(random.normal(size=4)))
            rests[i, :3, 3] = bone.head + (bone.tail - bone.head) * (i + 1) / (count + 1)
            rests[i, :3, 3] += aside * random.normal(size=3)
        above = (bone.name, *names[:-1]) if carry else (bone.name,) * count
        twists.append(TwistBones(bone.slot, names, rests, above, carry))
    return replace(rig, twists=tuple(twists))


def turned_from_rest(matrices, rest):
    return rotations.from_matrix(matrices[:, :3, :3] @ rest[:3, :3].T)


@pytest.mark.parametrize("carry", [True, False])
@pytest.mark.parametrize("count", [1, 2, 3])
def test_joints_end_up_where_they_do_without_twist_bones(humanoid_rig, compose, random_motion, count, carry):
    plain = humanoid_rig()
    rig = with_twist_bones(plain, count, carry=carry, aside=0.03)
    pose = random_motion(3)
    expected, found = compose(plain, retarget(pose, plain)), compose(rig, retarget(pose, rig))
    for slot, matrices in expected.items():
        np.testing.assert_allclose(found[slot][:, :3, 3], matrices[:, :3, 3], atol=1e-9, err_msg=slot)
        if not carry or not slot.endswith(PARTS):
            np.testing.assert_allclose(found[slot], matrices, atol=1e-9, err_msg=slot)


@pytest.mark.parametrize("count", [1, 2])
def test_a_chain_of_twist_bones_turns_evenly_from_the_joint_above_to_the_one_below(
    humanoid_rig, compose, random_motion, count
):
    rig = with_twist_bones(humanoid_rig(), count, carry=True)
    bones = {bone.slot: bone for bone in rig.bones}
    keys = retarget(random_motion(4), rig)
    found = compose(rig, keys)
    largest = 0.0
    for twist in rig.twists:
        bone = bones[twist.slot]
        axis = rotations.normalise(bone.tail - bone.head)
        names = (bone.slot, *twist.names)
        rests = (bone.rest, *twist.rests)
        turns = [turned_from_rest(found[name], rest) for name, rest in zip(names, rests, strict=True)]
        steps = [rotations.multiply(rotations.inverse(one), other) for one, other in pairwise(turns)]
        angles = [rotations.twist_angle(step, axis) for step in steps]
        above = turned_from_rest(found[bone.inherits], bones[bone.inherits].rest)
        first = rotations.multiply(rotations.inverse(above), turns[0])
        if "Upper" in twist.slot:  # a lower part begins at the last twist bone above
            np.testing.assert_allclose(rotations.twist_angle(first, axis), angles[0], atol=1e-7)
        for step, angle in zip(steps, angles, strict=True):
            size = rotations.angle_between(step, rotations.IDENTITY)
            np.testing.assert_allclose(size, np.abs(angle), atol=1e-7)
            np.testing.assert_allclose(angle, angles[0], atol=1e-7)
        largest = max(largest, np.degrees(np.abs(angles)).max())
    assert largest > 5


def test_twist_bones_beside_a_forearm_lead_from_the_elbow_to_the_hand(humanoid_rig, compose, random_motion):
    rig = with_twist_bones(humanoid_rig(), 2, carry=False)
    bones = {bone.slot: bone for bone in rig.bones}
    found = compose(rig, retarget(random_motion(5), rig))
    twist = next(twist for twist in rig.twists if twist.slot == "leftLowerArm")
    hand, arm = bones["leftHand"], bones["leftLowerArm"]
    axis = rotations.normalise(arm.tail - arm.head)
    last = turned_from_rest(found[twist.names[-1]], twist.rests[-1])
    carried = rotations.multiply(rotations.inverse(last), turned_from_rest(found[hand.slot], hand.rest))
    np.testing.assert_allclose(rotations.twist_angle(carried, axis), 0.0, atol=1e-7)


def test_a_twist_beyond_half_a_turn_is_shared_without_a_jump(humanoid_rig, posed):
    turn = rotations.from_axis_angle([1.0, 0.0, 0.0], np.radians(np.linspace(0, 260, 27)))
    pose = posed({"leftUpperArm": turn}, np.tile(rest_pose()[0], (27, 1)))
    for carry in (True, False):
        keys = retarget(pose, with_twist_bones(humanoid_rig(), 1, carry=carry))
        for name, turned in keys.rotations.items():
            assert np.degrees(rotations.angle_between(turned[1:], turned[:-1])).max() < 10.5, name
