"""What is keyed through inverse kinematics shows what the same motion keyed joint by joint does."""

from __future__ import annotations

import bpy
import numpy as np
import pytest
from blazerig.addon.animate.animate import animate
from blazerig.errors import BlazeRigError
from blazerig.solver import rotations
from blazerig.solver.retarget import Options

PLACE = 5.0
"""Millimetres, of hands and feet."""
TURN = 1.0
"""Degrees."""
SIDES = {"left": "L", "right": "R"}
PARTS = {
    "UpperArm": "upper_arm",
    "LowerArm": "forearm",
    "Hand": "hand",
    "UpperLeg": "thigh",
    "LowerLeg": "shin",
    "Foot": "foot",
    "Toes": "toe",
}
FK, IK = Options(controls="fk"), Options(controls="ik")


def shown(armature, pose, options, bones, read_back):
    """Matrices (F, B, 4, 4) of bones with a motion keyed as asked."""
    animate(armature, pose, scene=bpy.context.scene, name=options.controls, options=options, on_frames=False)
    return read_back(armature, bones, pose.times)


def differences(one, other):
    """Millimetres (F, B) between bones' heads, degrees between their directions and between their turns."""
    away = 1000 * np.linalg.norm(one[..., :3, 3] - other[..., :3, 3], axis=-1)
    axes, others = (
        m[..., :3, :3] / np.linalg.norm(m[..., :3, :3], axis=-2, keepdims=True) for m in (one, other)
    )
    cosine = np.clip((axes[..., 1] * others[..., 1]).sum(-1), -1.0, 1.0)
    turned = rotations.angle_between(rotations.from_matrix(axes), rotations.from_matrix(others))
    return away, np.degrees(np.arccos(cosine)), np.degrees(turned)


def check_agreement(fk, ik, slots, *, title):
    """Hands and feet are where FK puts them and turned so, the parts before them point the same way."""
    for i, slot in enumerate(slots):
        away, aside, turned = (values[:, i] for values in differences(fk, ik))
        print(
            f"{title:24s} {slot:14s} mm {away.mean():6.3f} {away.max():6.3f}   direction {aside.mean():6.3f} "
            f"{aside.max():6.3f}   orientation {turned.mean():6.3f} {turned.max():6.3f}"
        )
        assert aside.max() < TURN, f"{slot} points off by {aside.max():.2f} degrees"
        if slot.endswith(("Hand", "Foot", "Toes")):
            assert away.max() < PLACE, f"{slot} is off by {away.max():.1f} mm"
            assert turned.max() < TURN, f"{slot} is turned wrong by {turned.max():.2f} degrees"


RIGIFY = {
    f"{side}{part}": f"ORG-{name}.{mark}" for side, mark in SIDES.items() for part, name in PARTS.items()
}


def test_rigify_keyed_through_ik_shows_what_its_fk_does(rigify_human, motion, read_back):
    pose = motion(21, frames=24)
    fk = shown(rigify_human, pose, FK, list(RIGIFY.values()), read_back)
    ik = shown(rigify_human, pose, IK, list(RIGIFY.values()), read_back)
    for mark in SIDES.values():
        for name in (f"upper_arm_parent.{mark}", f"thigh_parent.{mark}"):
            assert rigify_human.pose.bones[name]["IK_FK"] == 0.0
            assert rigify_human.pose.bones[name]["pole_vector"] is True
    check_agreement(fk, ik, list(RIGIFY), title="Rigify, random poses")


def test_ik_is_left_alone_by_what_an_animator_did_to_its_controls(rigify_human, motion, read_back):
    pose = motion(22)
    fk = shown(rigify_human, pose, FK, list(RIGIFY.values()), read_back)
    bones = rigify_human.pose.bones
    for name in ("foot_heel_ik.L", "foot_spin_ik.R", "upper_arm_ik.L", "thigh_ik.R", "toe_ik.L", "hand_ik.R"):
        bones[name].rotation_quaternion = (0.9, 0.3, 0.2, 0.1)
        bones[name].rotation_euler = (0.3, 0.3, 0.3)
        bones[name].location = (0.1, 0.1, 0.1)
    bones["thigh_parent.L"]["IK_parent"] = 4
    bones["upper_arm_parent.L"]["pole_parent"] = 7
    ik = shown(rigify_human, pose, IK, list(RIGIFY.values()), read_back)
    check_agreement(fk, ik, list(RIGIFY), title="Rigify, touched")


def test_a_linked_rigify_still_agrees_after_its_shot_was_opened_again(
    rigify_blend, motion, read_back, tmp_path
):
    with bpy.data.libraries.load(str(rigify_blend), link=True) as (_, wanted):
        wanted.objects = ["Rigify human"]
    armature = bpy.data.objects["Rigify human"].override_create(remap_local_usages=True)
    bpy.context.scene.collection.objects.link(armature)
    pose = motion(26, frames=6)
    fk = shown(armature, pose, FK, list(RIGIFY.values()), read_back)
    shown(armature, pose, IK, list(RIGIFY.values()), read_back)
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "shot.blend"))
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "shot.blend"))
    armature = next(thing for thing in bpy.context.scene.objects if thing.type == "ARMATURE")
    ik = read_back(armature, list(RIGIFY.values()), pose.times)
    check_agreement(fk, ik, list(RIGIFY), title="Rigify, linked")


def add_ik(armature, names, *, pole_angle=None, copied=True, poles=True, held=False):
    """Give an armature of plain bones IK targets and poles, as riggers do with Blender's constraints.

    Args:
        armature: The object.
        names: Bones by slot.
        pole_angle: Of the constraints; None for what leaves the rest pose as it is.
        copied: Whether hands and feet copy their targets' rotation.
        poles: Whether there are poles.
        held: Whether the poles are children of the targets.
    """
    limbs = [
        (f"{side}Upper{limb}", f"{side}Lower{limb}", f"{side}{end}", ahead)
        for side in SIDES
        for limb, end, ahead in (("Arm", "Hand", 0.5), ("Leg", "Foot", -0.6))
    ]
    bpy.ops.object.mode_set(mode="EDIT")
    edit = armature.data.edit_bones
    for _, lower, end, ahead in limbs:
        target = edit.new(f"{end}_ik")
        hand = edit[names[end]]
        target.head, target.tail, target.roll = hand.head, hand.tail, hand.roll
        pole = edit.new(f"{end}_pole")
        pole.head = edit[names[lower]].head + type(hand.head)((0.0, ahead, 0.0))
        pole.tail = pole.head + type(hand.head)((0.0, 0.0, 0.1))
        pole.use_local_location = False
        pole.parent = target if held else None
    bpy.ops.object.mode_set(mode="POSE")
    for upper, lower, end, _ in limbs:
        constraint = armature.pose.bones[names[lower]].constraints.new("IK")
        constraint.target, constraint.subtarget = armature, f"{end}_ik"
        constraint.chain_count = 2
        if poles:
            constraint.pole_target, constraint.pole_subtarget = armature, f"{end}_pole"
            angle = rest_pole_angle(armature, names[upper], names[end], f"{end}_pole")
            constraint.pole_angle = angle if pole_angle is None else pole_angle
        if copied:
            copy = armature.pose.bones[names[end]].constraints.new("COPY_ROTATION")
            copy.target, copy.subtarget = armature, f"{end}_ik"
    bpy.ops.object.mode_set(mode="OBJECT")


def rest_pole_angle(armature, upper, end, pole):
    """The pole angle with which the rest pose stays as it is: from the upper bone's x axis to the pole."""
    bones = armature.data.bones
    rest = np.array(bones[upper].matrix_local)
    along = rotations.normalise(np.array(bones[end].head_local) - rest[:3, 3])
    to_pole = np.array(bones[pole].head_local) - rest[:3, 3]
    aside = to_pole - (to_pole @ along) * along
    return float(np.arctan2(aside @ rest[:3, 2], aside @ rest[:3, 0]))


@pytest.mark.parametrize(
    "made", [{}, {"pole_angle": 0.7}, {"copied": False}, {"poles": False}, {"held": True}], ids=str
)
def test_blenders_own_ik_constraints_are_found_and_keyed(made, build, names_of, motion, read_back):
    names = names_of("Mixamo")
    armature = build(names, a_pose=40.0, rolls=4)
    pose = motion(23, frames=24)
    slots = [f"{side}{part}" for side in SIDES for part in PARTS]
    bones = [names[slot] for slot in slots]
    fk = shown(armature, pose, FK, bones, read_back)
    add_ik(armature, names, **made)
    ik = shown(armature, pose, IK, bones, read_back)
    check_agreement(fk, ik, slots, title=f"constraints {made or ''}")


def test_auto_rig_pros_ik_controls_go_with_hands_and_feet(build, names_of, motion, read_back):
    names = names_of("Auto-Rig Pro")
    armature = build(names, a_pose=40.0)
    controls = {
        f"c_{what}_ik.{mark}": names[f"{side}{slot}"]
        for side, mark in (("left", "l"), ("right", "r"))
        for slot, what in (("Hand", "hand"), ("Foot", "foot"))
    }
    poles = [f"c_{limb}_pole.{mark}" for limb in ("arms", "leg") for mark in "lr"]
    bpy.ops.object.mode_set(mode="EDIT")
    edit = armature.data.edit_bones
    for name, end in (controls | dict.fromkeys(poles, "c_head.x")).items():
        bone = edit.new(name)
        bone.head, bone.tail, bone.roll = edit[end].head, edit[end].tail, 0.4
    bpy.ops.object.mode_set(mode="OBJECT")
    for name in controls:
        armature.pose.bones[name]["ik_fk_switch"] = 1.0
    for name in poles:
        armature.pose.bones[name]["pole_parent"] = 1
    bones = armature.data.bones
    moved = shown(armature, motion(27, frames=6), IK, [*controls, *controls.values()], read_back)
    for i, (name, end) in enumerate(controls.items()):
        control, hand = (
            moved[:, j] @ np.linalg.inv(np.array(bones[which].matrix_local))
            for j, which in ((i, name), (i + len(controls), end))
        )
        np.testing.assert_allclose(control, hand, atol=1e-4)
        assert armature.pose.bones[name]["ik_fk_switch"] == 0.0
    assert {armature.pose.bones[name]["pole_parent"] for name in poles} == {0}


def test_limbs_that_an_ik_constraint_holds_are_not_keyed_in_vain(build, names_of, motion):
    armature = build(names_of("Mixamo"))
    add_ik(armature, names_of("Mixamo"))
    with pytest.raises(BlazeRigError, match="follows its constraint 'IK', not its keys; choose IK controls"):
        animate(armature, motion(24), scene=bpy.context.scene, name="motion", options=FK)


def test_a_rig_without_ik_controls_says_so(build, names_of, motion):
    armature = build(names_of("Mixamo"))
    with pytest.raises(BlazeRigError, match="has no IK controls that BlazeRig knows"):
        animate(armature, motion(25), scene=bpy.context.scene, name="motion", options=IK)
