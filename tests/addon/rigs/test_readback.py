"""What is keyed is what Blender shows: every body part turns as the pose says, on every family of rigs."""

from __future__ import annotations

import json
from itertools import pairwise

import bpy
import numpy as np
import pytest
from blazerig.addon.animate.animate import animate
from blazerig.addon.character.armature import read_rig
from blazerig.addon.character.rig_file import families
from blazerig.addon.demo.rigify import enable_rigify
from blazerig.solver import humanoid, rotations
from blazerig.solver.humanoid import SIDES
from blazerig.solver.rest import character_axes
from blazerig.solver.soles import HEEL_BEHIND, TIP_AHEAD, lowest_sole

DIRECTION = 0.1
ORIENTATION = 0.5
"""Degrees."""
HIPS = 1e-3
"""Metres on a character of human size."""

FAMILIES = [file for file in families() if file.family != "Rigify"]
"""A generated Rigify has tests of its own."""
Y_UP = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, -1.0, 0.0]])
"""From Blender's axes to those of an FBX file: y up, z to the front."""

STRAIGHT = {
    "UpperArm": (1, 0, 0),
    "LowerArm": (1, 0, 0),
    "Hand": (1, 0, 0),
    "UpperLeg": (0, 0, -1),
    "LowerLeg": (0, 0, -1),
}
"""Where the left side's limbs point in the T-pose."""


def degrees_between(a, b):
    return np.degrees(2 * np.arctan2(np.linalg.norm(a - b, axis=-1), np.linalg.norm(a + b, axis=-1)))


def turns_from_first(matrices):
    """Rotations (F, 3, 3) of a bone from where it was in the first frame."""
    axes = matrices[:, :3, :3] / np.linalg.norm(matrices[:, :3, :3], axis=1, keepdims=True)
    return axes @ axes[0].T


TORSO = ("spine", "chest", "upperChest")


def bend_of(rig):
    """Whose turn the last bone of a shorter spine has; those below it share the way there."""
    torso = [slot for slot in TORSO if slot in {bone.slot for bone in rig.bones}]
    return dict.fromkeys(torso[:-1]) | {torso[-1]: TORSO[-1]} if len(torso) < len(TORSO) else {}


def check(armature, pose, read_back, *, shown=None, twisted=(), sharing=()):
    """Animate, read back, compare with the pose.

    Args:
        shown: The bone that shows a slot on screen, where it is not the keyed one.
        twisted: Slots whose shown bone has a twist of the rig's own making: of those the keyed
            bone is asked for its orientation, the shown one for its direction.
        sharing: Slots whose bone shares its twist with others: asked for its direction alone.
    """
    shown = shown or {}
    rig = read_rig(armature)
    bend = bend_of(rig)
    axes = character_axes({bone.slot: bone.head for bone in rig.bones})
    animate(armature, pose, scene=bpy.context.scene, name="motion", on_frames=False)
    names = [shown.get(bone.slot, bone.name) for bone in rig.bones]
    matrices = read_back(armature, names, pose.times)
    keyed = read_back(armature, [bone.name for bone in rig.bones], pose.times)
    for i, bone in enumerate(rig.bones):
        like = bend.get(bone.slot, bone.slot)
        if like is None:
            continue
        expected = axes @ rotations.to_matrix(pose.rotations[:, humanoid.INDEX[like]]) @ axes.T
        turned = turns_from_first((keyed if bone.slot in twisted else matrices)[:, i])
        off = np.degrees(
            rotations.angle_between(rotations.from_matrix(turned), rotations.from_matrix(expected))
        )
        if bone.slot not in sharing:
            assert off.max() < ORIENTATION, f"{bone.slot} is turned wrong by {off.max():.2f} degrees"
        along = turns_from_first(matrices[:, i]) @ matrices[0, i, :3, 1]
        wanted = expected @ matrices[0, i, :3, 1]
        length = np.linalg.norm(along, axis=-1, keepdims=True)
        off = degrees_between(along / length, wanted / length)
        assert off.max() < DIRECTION, f"{bone.slot} points off by {off.max():.2f} degrees"
    check_t_pose(rig, axes, matrices[0])
    check_hips(rig, axes, pose, matrices)
    return rig


def check_t_pose(rig, axes, matrices):
    """In the first frame the limbs are straight, from joint to joint."""
    joints = {bone.slot: axes.T @ matrices[i, :3, 3] for i, bone in enumerate(rig.bones)}
    for side, sign in (("left", 1), ("right", -1)):
        chains = {"UpperArm": "LowerArm", "LowerArm": "Hand", "Hand": "MiddleProximal"}
        chains |= {"UpperLeg": "LowerLeg", "LowerLeg": "Foot"}
        for part, end in chains.items():
            if f"{side}{end}" not in joints:
                continue
            along = rotations.normalise(joints[f"{side}{end}"] - joints[f"{side}{part}"])
            straight = np.array(STRAIGHT[part]) * ([sign, 1, 1])
            assert degrees_between(along, straight) < DIRECTION, f"{side}{part} is not straight in the T-pose"


def check_hips(rig, axes, pose, matrices):
    """The middle between the hips goes where the performer's goes, and the soles are as high over the floor.

    Both by the length of the legs.
    """
    index = {bone.slot: i for i, bone in enumerate(rig.bones)}
    heads = {bone.slot: bone.head for bone in rig.bones}

    def leg(joints):
        upper, lower, foot = (joints[f"left{part}"] for part in ("UpperLeg", "LowerLeg", "Foot"))
        return np.linalg.norm(upper - lower) + np.linalg.norm(lower - foot)

    size = leg(heads) / leg(dict(zip(humanoid.SLOTS, pose.rest, strict=True)))
    places = matrices[..., :3, 3]
    middle = (places[:, index["leftUpperLeg"]] + places[:, index["rightUpperLeg"]]) / 2
    moved = (middle - middle[0]) @ axes
    off = np.linalg.norm((moved - size * (pose.hips - pose.hips[0]))[:, :2], axis=-1)
    assert off.max() / size < HIPS
    if "leftToes" in index:
        lowest = [
            soles(axes, matrices[:, index[f"{side}Foot"]], matrices[:, index[f"{side}Toes"]])
            for side in SIDES
        ]
        off = np.min(lowest, axis=0) - size * performers_soles(pose)
        assert np.abs(off).max() / size < HIPS


def soles(axes, foot, toes):
    """Height (F,) of the lowest of heel, ball and tip of a foot that stands in the first frame."""
    ankle, ball = (axes.T @ bone[0, :3, 3] for bone in (foot, toes))
    floor, ahead = np.array([1, 1, 0]), (ball - ankle) * [1, 1, 0]
    under = [
        (foot, ankle * floor - HEEL_BEHIND * ahead),
        (foot, ball * floor),
        (toes, ball * floor + TIP_AHEAD * ahead),
    ]
    heights = []
    for bone, point in under:
        placed = bone[:, :3, 3] + turns_from_first(bone) @ (axes @ point - bone[0, :3, 3])
        heights.append(placed @ axes[:, 2])
    return np.min(heights, axis=0)


def performers_soles(pose):
    rest = dict(zip(humanoid.SLOTS, pose.rest, strict=True))
    turned = {slot: pose.rotations[:, i] for i, slot in enumerate(humanoid.SLOTS)}
    return lowest_sole(turned, rest, rest) + pose.hips[:, 2] - rest["hips"][2]


def of_family(file, build, **options):
    """An armature of a family's bones, with what else tells it and the properties that it is switched by."""
    names = {}
    for slot, choices in file.slots.items():
        free = [name for name in choices.bones if name not in names.values()]
        names |= {slot: free[0]} if free else {}
    armature = build(names, **options)
    bpy.ops.object.mode_set(mode="EDIT")
    for name in {*file.requires, *(bone for bone, _ in file.properties)} - set(names.values()):
        bone = armature.data.edit_bones.new(name)
        bone.tail = (0.0, 0.0, 0.1)
    bpy.ops.object.mode_set(mode="OBJECT")
    for bone, name in file.properties:
        armature.pose.bones[bone][name] = 0.5
    return armature


@pytest.mark.parametrize("file", FAMILIES, ids=lambda file: file.family)
def test_a_rig_of_every_family_moves_as_the_pose_says(file, build, motion, read_back):
    armature = of_family(file, build, a_pose=45.0, rolls=3)
    assert check(armature, motion(1), read_back).family == file.family


PARTS = ("UpperArm", "LowerArm", "UpperLeg", "LowerLeg")


def add_twist_bones(armature, file, names, *, chain):
    """Twist bones evenly along the limbs: each carries the next and the last the joint, or beside."""
    bpy.ops.object.mode_set(mode="EDIT")
    bones = armature.data.edit_bones
    for slot, twists in file.twist.items():
        above = own = bones[names[slot]]
        head, whole = own.head.copy(), own.tail - own.head
        below = [child for child in own.children if child.name in names.values()]
        for i, name in enumerate(twists, start=1):
            bone = bones.new(name)
            bone.head = head + whole * i / (len(twists) + 1)
            bone.tail = bone.head + whole / (len(twists) + 1)
            bone.roll = 0.3 * i
            bone.parent = above
            above = bone if chain else own
        for child in below if chain else ():
            child.parent = above
    bpy.ops.object.mode_set(mode="OBJECT")


@pytest.mark.parametrize("chain", [True, False], ids=["in the chain", "beside it"])
@pytest.mark.parametrize("family", ["MakeHuman", "Daz Genesis 3 and 8", "Unreal 5", "Character Creator"])
def test_twist_bones_share_the_twist_and_all_below_is_as_the_pose_says(
    family, chain, build, motion, read_back
):
    file = next(file for file in families() if file.family == family)
    armature = of_family(file, build, a_pose=40.0)
    names = {bone.slot: bone.name for bone in read_rig(armature).bones}
    add_twist_bones(armature, file, names, chain=chain)
    pose = motion(31)
    rig = check(armature, pose, read_back, sharing=tuple(file.twist) if chain else ())
    rests = {bone.slot: bone for bone in rig.bones}
    for slot, twists in file.twist.items():
        matrices = read_back(armature, [names[slot], *twists], pose.times)
        turns = [rotations.from_matrix(turns_from_first(matrices[:, i])) for i in range(matrices.shape[1])]
        # before the first frame, the T-pose, limbs rest; their axes then are those of the turns
        axis = rotations.normalise(matrices[0, 0, :3, 1])
        steps = [rotations.multiply(rotations.inverse(one), other) for one, other in pairwise(turns)]
        angles = np.degrees([rotations.twist_angle(step, axis) for step in steps])
        sizes = np.degrees([rotations.angle_between(step, rotations.IDENTITY) for step in steps])
        np.testing.assert_allclose(sizes, np.abs(angles), atol=ORIENTATION, err_msg=slot)
        assert sizes.max() > 1 or not rests[slot].slot.endswith(PARTS), f"{slot} shares nothing"
        if chain:
            np.testing.assert_allclose(angles, np.tile(angles[0], (len(angles), 1)), atol=ORIENTATION)


@pytest.mark.parametrize("family", ["Mixamo", "Unreal 5"])
def test_a_plain_rig_in_a_t_pose_moves_as_the_pose_says(family, build, names_of, motion, read_back):
    armature = build(names_of(family), rolls=3)
    assert check(armature, motion(1), read_back).family == family


def test_a_rig_as_fbx_files_bring_it_moves_as_the_pose_says(build, names_of, motion, read_back):
    armature = build(names_of("Mixamo"), a_pose=30.0, armature_from_character=Y_UP, unit=100.0)
    armature.rotation_euler = (np.pi / 2, 0.0, 0.0)
    armature.scale = (0.01, 0.01, 0.01)
    check(armature, motion(2), read_back)


def test_bones_that_point_off_their_limb_change_nothing(build, names_of, motion, read_back):
    armature = build(names_of("Unreal 4"), a_pose=45.0, sideways=True, rolls=5, ground_bone="root")
    check(armature, motion(3), read_back)


def test_where_the_object_stands_how_it_is_turned_and_scaled_changes_no_key(build, names_of, motion):
    def keys(armature):
        action = animate(armature, motion(4), scene=bpy.context.scene, name="motion").action
        curves = (
            action.layers[0].strips[0].channelbags[0].fcurves if hasattr(action, "layers") else action.fcurves
        )
        return np.array([point.co[1] for curve in curves for point in curve.keyframe_points])

    armature = build(names_of("Mixamo"), a_pose=45.0, rolls=1)
    before = keys(armature)
    armature.location, armature.rotation_euler, armature.scale = (3, -2, 1), (0.2, 0.4, 2.0), (2.5, 2.5, 2.5)
    assert np.array_equal(keys(armature), before)


def test_a_character_that_faces_another_way_in_its_armature_walks_its_own_way(
    build, names_of, motion, read_back
):
    back_to_front = np.diag([-1.0, -1.0, 1.0])
    check(build(names_of("VRoid"), armature_from_character=back_to_front), motion(5), read_back)


def test_a_bone_that_inherits_no_rotation_still_shows_the_pose(build, names_of, motion, read_back):
    armature = build(names_of("Mixamo"), a_pose=45.0)
    armature.data.bones["LeftArm"].use_inherit_rotation = False
    armature.data.bones["Head"].use_inherit_rotation = False
    check(armature, motion(6), read_back)


def test_hips_whose_location_is_not_local_still_go_where_the_pose_says(build, names_of, motion, read_back):
    armature = build(names_of("Mixamo"), rolls=8)
    armature.data.bones["Hips"].use_local_location = False
    check(armature, motion(7), read_back)


LACKING = {
    "neck": ("neck",),
    "all but one bone of the spine": ("chest", "upperChest"),
    "one bone of the spine": ("upperChest",),
    "two fingers": ("Ring", "Little"),
    "toes": ("Toes",),
    "shoulders": ("Shoulder",),
    "all that a humanoid may lack": (
        *("neck", "chest", "upperChest", "Shoulder", "Toes"),
        *humanoid.FINGERS,
    ),
}


@pytest.mark.parametrize("lacking", LACKING)
def test_a_rig_is_keyed_where_it_has_bones_without(lacking, build, names_of, motion, read_back):
    names = {
        slot: name
        for slot, name in names_of("Mixamo").items()
        if not any(part in slot for part in LACKING[lacking])
    }
    rig = check(build(names, a_pose=30.0), motion(8), read_back)
    assert {bone.slot for bone in rig.bones} == set(names)


RIGIFY_SHOWN = (
    {"hips": "DEF-spine", "spine": "DEF-spine.001", "chest": "DEF-spine.002", "upperChest": "DEF-spine.003"}
    | {"neck": "DEF-spine.004", "head": "DEF-spine.006"}
    | {
        f"{side}{part}": f"ORG-{name}.{mark}"
        for side, mark in (("left", "L"), ("right", "R"))
        for part, name in {
            "Shoulder": "shoulder",
            "UpperArm": "upper_arm",
            "LowerArm": "forearm",
            "Hand": "hand",
            "UpperLeg": "thigh",
            "LowerLeg": "shin",
            "Foot": "foot",
            "Toes": "toe",
        }.items()
    }
    | {
        slot: f"DEF-{name}.{joint:02d}.{mark}"
        for side, mark in (("left", "L"), ("right", "R"))
        for finger, name in zip(
            humanoid.FINGERS, ("thumb", "f_index", "f_middle", "f_ring", "f_pinky"), strict=True
        )
        for joint, slot in enumerate(humanoid.finger_slots(side, finger), start=1)
    }
)
RIGIFY_TWISTED = (
    "spine",
    "chest",
    *(humanoid.finger_slots(side, finger)[0] for side in humanoid.SIDES for finger in humanoid.FINGERS),
)
"""Rigify shares the twist of these out between the controls about them."""


def test_a_generated_rigify_human_shows_the_pose(rigify_human, motion, read_back):
    rig = check(rigify_human, motion(9), read_back, shown=RIGIFY_SHOWN, twisted=RIGIFY_TWISTED)
    assert rig.family == "Rigify"
    assert len(rig.bones) == len(humanoid.SLOTS)


def test_a_rigify_human_that_was_posed_and_switched_to_ik_by_hand_shows_the_pose(
    rigify_human, motion, read_back
):
    bones = rigify_human.pose.bones
    for name in ("chest", "hips", "spine_fk.001", "f_index.01_master.L", "upper_arm_fk.L", "torso"):
        bones[name].rotation_quaternion = (0.9, 0.3, 0.2, 0.1)
        bones[name].location = (0.1, 0.1, 0.1)
    bones["upper_arm_parent.R"]["FK_limb_follow"] = 1.0
    check(rigify_human, motion(10), read_back, shown=RIGIFY_SHOWN, twisted=RIGIFY_TWISTED)


def test_a_rigify_human_without_its_switches_is_refused_by_name(rigify_human, motion):
    del rigify_human.pose.bones["thigh_parent.L"]["IK_FK"]
    with pytest.raises(Exception, match=r'"IK_FK" of thigh_parent.L'):
        animate(rigify_human, motion(11), scene=bpy.context.scene, name="motion")


def test_rigifys_metarig_shows_the_pose(motion, read_back):
    enable_rigify()
    bpy.ops.object.armature_human_metarig_add()
    assert check(bpy.context.object, motion(12), read_back).family == "Rigify metarig"


@pytest.mark.parametrize(
    ("file", "family"),
    [
        ("default", "MakeHuman"),
        ("default_no_toes", "MakeHuman, no toes"),
        ("game_engine", "Unreal 4"),
        ("mixamo", "Mixamo"),
        ("mixamo_unity", "Mixamo"),
        ("rigify_human_toes", "Rigify metarig"),
    ],
)
def test_the_rigs_of_mpfb_show_the_pose(file, family, shared, motion, read_back):
    path = shared / "media" / "rigs" / "mpfb_cc0" / f"rig.{file}.json"
    if not path.exists():
        pytest.skip(f"{path} is not here")
    armature = mpfb_armature(json.loads(path.read_text()))
    sharing = [f"{side}{part}" for side in SIDES for part in PARTS if "MakeHuman" in family]
    assert check(armature, motion(13), read_back, sharing=sharing).family == family


def mpfb_armature(content):
    """Build an armature from MPFB's description of a rig (names, parents, places, rolls)."""
    data = bpy.data.armatures.new("Armature")
    thing = bpy.data.objects.new("Armature", data)
    bpy.context.scene.collection.objects.link(thing)
    bpy.context.view_layer.objects.active = thing
    bpy.ops.object.mode_set(mode="EDIT")
    described = content.get("bones", content)
    for name, bone in described.items():
        made = data.edit_bones.new(name)
        made.head, made.tail = bone["head"]["default_position"], bone["tail"]["default_position"]
        made.roll = bone["roll"]
    for name, bone in described.items():
        made = data.edit_bones[name]
        made.parent = data.edit_bones.get(bone["parent"])
        made.use_connect = bone["use_connect"]
        made.use_inherit_rotation = bone["use_inherit_rotation"]
        made.use_local_location = bone["use_local_location"]
    bpy.ops.object.mode_set(mode="OBJECT")
    return thing


@pytest.mark.parametrize("name", ["woman", "man"])
def test_the_benchmarks_characters_show_the_pose(name, shared, motion, read_back):
    path = shared / "synth" / "characters" / f"{name}.blend"
    if not path.exists():
        pytest.skip(f"{path} is not here")
    bpy.ops.wm.open_mainfile(filepath=str(path))
    armature = next(thing for thing in bpy.data.objects if thing.type == "ARMATURE")
    assert check(armature, motion(14), read_back).family == "Mixamo"
