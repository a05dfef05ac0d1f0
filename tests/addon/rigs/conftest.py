"""Armatures made from tables, motions that exercise them, and what Blender makes of their keys."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import bpy
import numpy as np
import pytest
from blazerig.addon.character.rig_file import families
from blazerig.addon.demo.rigify import human
from blazerig.solver import humanoid, rotations
from blazerig.solver.pose import Pose
from mathutils import Matrix

SHARED = Path(os.environ.get("BLAZERIG_SHARED", Path(__file__).parents[4] / "shared"))

LIMITS = {
    "Shoulder": 8,
    "UpperArm": 45,
    "LowerArm": 35,
    "Hand": 25,
    "UpperLeg": 35,
    "LowerLeg": 30,
    "Foot": 20,
}
"""How far a slot turns against the one above, degrees (one sigma about each axis)."""
TORSO_LIMIT = 8
FINGER_LIMIT = 20
MOTION_RATE = 30
"""Frames a second of the motions here, and of the scenes."""


@pytest.fixture(autouse=True)
def empty_file() -> None:
    bpy.ops.wm.read_factory_settings(use_empty=True)
    bpy.context.scene.render.fps = MOTION_RATE


@pytest.fixture(scope="session")
def shared() -> Path:
    return SHARED


@pytest.fixture
def scene() -> bpy.types.Scene:
    return bpy.context.scene


def _names(family: str) -> dict[str, str]:
    file = next(file for file in families() if file.family == family)
    found: dict[str, str] = {}
    for slot, names in file.slots.items():
        free = [name for name in names.bones if name not in found.values()]
        found |= {slot: free[0]} if free else {}
    return found


@pytest.fixture
def names_of() -> Callable[[str], dict[str, str]]:
    """The bone names of a family, by slot."""
    return _names


def _joints(a_pose: float) -> dict[str, np.ndarray]:
    """Joints of a person 1.7 m tall, arms `a_pose` degrees below the horizontal, joints a bit bent."""
    joints = dict(zip(humanoid.SLOTS, humanoid.rest_pose(), strict=True))
    for side, sign in (("left", 1.0), ("right", -1.0)):
        joints[f"{side}LowerArm"] = joints[f"{side}LowerArm"] + [0.0, 0.03, 0.0]
        joints[f"{side}LowerLeg"] = joints[f"{side}LowerLeg"] + [0.0, -0.02, 0.0]
        shoulder = joints[f"{side}UpperArm"]
        lower = rotations.from_axis_angle([0.0, sign, 0.0], np.radians(a_pose))
        arm = [slot for slot in joints if slot.startswith(side) and ("Arm" in slot or "Hand" in slot)]
        arm += [slot for finger in humanoid.FINGERS for slot in humanoid.finger_slots(side, finger)]
        for slot in arm:
            joints[slot] = shoulder + rotations.rotate(lower, joints[slot] - shoulder)
    return joints


def _build(
    names: Mapping[str, str],
    *,
    a_pose: float = 0.0,
    rolls: int | None = None,
    armature_from_character: np.ndarray | None = None,
    unit: float = 1.0,
    sideways: bool = False,
    ground_bone: str | None = None,
    extra: Iterable[str] = (),
) -> bpy.types.Object:
    """An armature object with a bone for each slot that is named.

    Args:
        names: Bone name by slot.
        a_pose: Degrees that the arms hang.
        rolls: Seed of random bone rolls; None for Blender's own.
        armature_from_character: Rotation (3, 3) of the armature's data, as importers turn it.
        unit: Length of a metre in the armature.
        sideways: Bones point off their body part, as in FBX files of other programs.
        ground_bone: Name of a bone on the ground above the hips.
        extra: Names of more bones, in the hips.
    """
    turn = np.eye(3) if armature_from_character is None else armature_from_character
    joints = {slot: unit * turn @ joint for slot, joint in _joints(a_pose).items()}
    data = bpy.data.armatures.new("Armature")
    thing = bpy.data.objects.new("Armature", data)
    bpy.context.scene.collection.objects.link(thing)
    bpy.context.view_layer.objects.active = thing
    bpy.ops.object.mode_set(mode="EDIT")
    random = np.random.default_rng(rolls)
    made: dict[str, bpy.types.EditBone] = {}
    root = None
    if ground_bone:
        root = data.edit_bones.new(ground_bone)
        root.tail = 0.2 * unit * turn[:, 2]
    for slot in (slot for slot in humanoid.SLOTS if slot in names):
        bone = data.edit_bones.new(names[slot])
        above = humanoid.PARENT_OF[slot]
        while above and above not in made:
            above = humanoid.PARENT_OF[above]
        bone.parent = made[above] if above else root
        bone.head = joints[slot]
        bone.tail = joints[slot] + unit * turn @ _along(slot, a_pose)
        if sideways:
            bone.matrix = bone.matrix @ Matrix.Rotation(np.pi / 2, 4, "X")
        if rolls is not None:
            bone.roll = random.uniform(-np.pi, np.pi)
        made[slot] = bone
    for name in extra:
        bone = data.edit_bones.new(name)
        bone.parent, bone.head, bone.tail = made["hips"], made["hips"].head, made["hips"].tail
    bpy.ops.object.mode_set(mode="OBJECT")
    return thing


def _along(slot: str, a_pose: float) -> np.ndarray:
    """From a slot's joint to the next one, or as the last bone but one points; the character's axes."""
    joints = _joints(a_pose)
    end = (
        humanoid.finger_slots("left", "Middle")[0].replace("left", slot[:-4])
        if slot.endswith("Hand")
        else None
    )
    end = end or next((below for below, above in humanoid.PARENT_OF.items() if above == slot), None)
    if end:
        return joints[end] - joints[slot]
    if slot.endswith("Toes"):
        return np.array([0.0, -0.06, 0.0])
    return 0.5 * (joints[slot] - joints[str(humanoid.PARENT_OF[slot])])


@pytest.fixture
def build() -> Callable[..., bpy.types.Object]:
    return _build


def _limit(slot: str) -> float:
    if slot == "hips":
        return 40.0
    part = slot.removeprefix("left").removeprefix("right")
    if part == slot:
        return TORSO_LIMIT
    return LIMITS.get(part, FINGER_LIMIT)


def _motion(seed: int, frames: int = 12) -> Pose:
    """The T-pose in the first frame, after it random poses within plausible limits, hips moved and turned."""
    random = np.random.default_rng(seed)
    turned = np.zeros((frames, len(humanoid.SLOTS), 4))
    for i, slot in enumerate(humanoid.SLOTS):
        local = rotations.from_vector(random.normal(0.0, np.radians(_limit(slot)), (frames, 3)))
        parent = humanoid.PARENTS[i]
        turned[:, i] = local if parent < 0 else rotations.multiply(turned[:, parent], local)
    turned[0] = rotations.IDENTITY
    rest = humanoid.rest_pose()
    hips = rest[0] + random.normal(0.0, 0.3, (frames, 3))
    hips[0] = rest[0]
    return Pose(np.arange(frames) / MOTION_RATE, turned, hips, rest)


@pytest.fixture
def motion() -> Callable[..., Pose]:
    return _motion


def _read_back(
    thing: bpy.types.Object, bones: list[str], times: np.ndarray, start: float = 1.0
) -> np.ndarray:
    """Matrices of pose bones as Blender shows them at the footage's times, armature space (F, B, 4, 4)."""
    scene = bpy.context.scene
    fps = scene.render.fps / scene.render.fps_base
    matrices = np.empty((len(times), len(bones), 4, 4))
    for i, frame in enumerate(start + times * fps):
        scene.frame_set(int(np.floor(frame)), subframe=float(frame % 1.0))
        evaluated = thing.evaluated_get(bpy.context.evaluated_depsgraph_get())
        matrices[i] = [np.array(evaluated.pose.bones[name].matrix) for name in bones]
    return matrices


@pytest.fixture
def read_back() -> Callable[..., np.ndarray]:
    return _read_back


@pytest.fixture(scope="session")
def rigify_blend(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with a generated Rigify human in it, which takes seconds to make."""
    path = tmp_path_factory.mktemp("rigify") / "human.blend"
    bpy.ops.wm.read_factory_settings(use_empty=True)
    human()
    bpy.ops.wm.save_as_mainfile(filepath=str(path), copy=True)
    return path


@pytest.fixture
def rigify_human(rigify_blend: Path) -> bpy.types.Object:
    bpy.ops.wm.open_mainfile(filepath=str(rigify_blend))
    bpy.context.scene.render.fps = MOTION_RATE
    return next(thing for thing in bpy.data.objects if thing.type == "ARMATURE")
