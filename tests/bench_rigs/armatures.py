"""Armatures to recognise: files from beside the checkout, Blender's own, and some made of name lists."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import bpy
import numpy as np
from blazerig.addon.character.rig_file import RigFile
from blazerig.addon.demo.rigify import enable_rigify, human
from blazerig.addon.quiet import quiet
from blazerig.solver import humanoid, rotations
from mathutils import Matrix, Quaternion

METARIGS = ("human", "basic_human")
"""The humanoids among Rigify's metarigs."""


def add_armature(bones: Mapping[str, tuple[str | None, np.ndarray, np.ndarray]]) -> bpy.types.Object:
    """An armature of bones given as name: (name of the parent, head, tail)."""
    data = bpy.data.armatures.new("Armature")
    thing = bpy.data.objects.new("Armature", data)
    bpy.context.scene.collection.objects.link(thing)
    bpy.context.view_layer.objects.active = thing
    bpy.ops.object.mode_set(mode="EDIT")
    for name, (_, head, tail) in bones.items():
        bone = data.edit_bones.new(name)
        bone.head, bone.tail = head, tail
    for name, (parent, _, _) in bones.items():
        data.edit_bones[name].parent = data.edit_bones[parent] if parent else None
    bpy.ops.object.mode_set(mode="OBJECT")
    return thing


def from_mpfb(path: Path) -> bpy.types.Object:
    """A rig of MPFB from its JSON file."""
    content = json.loads(path.read_text("utf-8"))
    bones = content.get("bones", content)
    return add_armature(
        {
            name: (
                bone["parent"] or None,
                np.array(bone["head"]["default_position"]),
                np.array(bone["tail"]["default_position"]),
            )
            for name, bone in bones.items()
        }
    )


def from_bvh(path: Path) -> bpy.types.Object:
    """The skeleton of a BVH file, by Blender's importer; of its motion one frame is read."""
    text = path.read_text("utf-8")
    head, motion = text.split("MOTION", 1)
    lines = motion.strip().splitlines()
    with tempfile.TemporaryDirectory() as folder:
        short = Path(folder) / path.name
        short.write_text(head + "MOTION\nFrames: 1\n" + "\n".join(lines[1:3]) + "\n", "utf-8")
        with quiet():
            bpy.ops.import_anim.bvh(filepath=str(short))
    return bpy.context.object


def from_vrm(path: Path) -> bpy.types.Object:
    """The nodes of a VRM model (glTF, Y up) that stand above or play a bone of its humanoid."""
    content = _gltf(path)
    nodes = content["nodes"]
    parents = {child: i for i, node in enumerate(nodes) for child in node.get("children", ())}
    humanoid_bones = content["extensions"]["VRMC_vrm"]["humanoid"]["humanBones"].values()
    needed: list[int] = []
    for bone in humanoid_bones:
        way = [bone["node"]]
        while way[-1] in parents:
            way.append(parents[way[-1]])
        needed.extend(node for node in reversed(way) if node not in needed)
    matrices: dict[int, Matrix] = {}
    for i in needed:
        place = nodes[i].get("translation", (0, 0, 0)), nodes[i].get("rotation", (0, 0, 0, 1))
        x, y, z, w = place[1]
        local = Matrix.LocRotScale(place[0], Quaternion((w, x, y, z)), None)
        above = matrices[parents[i]] if i in parents else Matrix.Rotation(np.pi / 2, 4, "X")
        matrices[i] = above @ local
    heads = {i: np.array(matrix.translation) for i, matrix in matrices.items()}
    names = {i: nodes[i]["name"] for i in needed}
    above = {i: names[parents[i]] if i in parents else None for i in needed}
    return add_armature({names[i]: (above[i], heads[i], heads[i] + [0.0, 0.0, 0.02]) for i in needed})


def vrm_humanoid(path: Path) -> dict[str, str]:
    """The bones of a VRM 1 model by slot, as the model itself says."""
    content = _gltf(path)
    bones = content["extensions"]["VRMC_vrm"]["humanoid"]["humanBones"]
    return {slot: content["nodes"][bone["node"]]["name"] for slot, bone in bones.items()}


def _gltf(path: Path) -> dict[str, Any]:
    """The JSON chunk of a binary glTF file."""
    data = path.read_bytes()
    return json.loads(data[20 : 20 + int.from_bytes(data[12:16], "little")])


def metarig(kind: str) -> bpy.types.Object:
    """One of Rigify's metarigs."""
    enable_rigify()
    getattr(bpy.ops.object, f"armature_{kind}_metarig_add")()
    return bpy.context.object


def generated(kind: str) -> bpy.types.Object:
    """The rig that Rigify makes of a metarig."""
    if kind == "human":
        return human()
    thing = metarig(kind)
    with quiet():
        bpy.ops.pose.rigify_generate()
    rig = thing.data.rigify_target_rig
    bpy.data.armatures.remove(thing.data)
    return rig


def with_names(names: Mapping[str, str], *, a_pose: float = 0.0) -> bpy.types.Object:
    """A person's bones under a family's names: those of the slots that are named."""
    joints = humanoid_joints(a_pose)
    bones: dict[str, tuple[str | None, np.ndarray, np.ndarray]] = {}
    for slot in (slot for slot in humanoid.SLOTS if slot in names):
        above = humanoid.PARENT_OF[slot]
        while above and above not in names:
            above = humanoid.PARENT_OF[above]
        bones[names[slot]] = names[above] if above else None, joints[slot], joints[slot] + [0.0, 0.0, 0.03]
    for slot in names:
        children = [below for below in names if humanoid.PARENT_OF[below] == slot]
        parent, head, tail = bones[names[slot]]
        if len(children) == 1:
            tail = joints[children[0]]
        elif not children and parent:
            tail = head + 0.5 * (head - bones[parent][1])
        bones[names[slot]] = parent, head, tail
    return add_armature(bones)


def names_of(file: RigFile) -> dict[str, str]:
    """A family's names by slot: of each the first that no slot before it has."""
    names: dict[str, str] = {}
    for slot, choices in file.slots.items():
        free = [name for name in choices.bones if name not in names.values()]
        names |= {slot: free[0]} if free else {}
    return names


def from_names(file: RigFile, *, a_pose: float = 0.0) -> bpy.types.Object:
    """A person's bones under a family's names, with the bones that tell it from others."""
    thing = with_names(names_of(file), a_pose=a_pose)
    bpy.ops.object.mode_set(mode="EDIT")
    bones = thing.data.edit_bones
    hips = bones[names_of(file)["hips"]]
    for name in (name for name in file.requires if name not in bones):
        bone = bones.new(name)
        bone.head, bone.tail, bone.parent = hips.head, hips.tail, hips
    bpy.ops.object.mode_set(mode="OBJECT")
    return thing


def humanoid_joints(a_pose: float) -> dict[str, np.ndarray]:
    """Joints of a person 1.7 m tall, arms `a_pose` degrees below the horizontal, joints a bit bent."""
    joints = dict(zip(humanoid.SLOTS, humanoid.rest_pose(), strict=True))
    for side, sign in (("left", 1.0), ("right", -1.0)):
        joints[f"{side}LowerArm"] = joints[f"{side}LowerArm"] + [0.0, 0.03, 0.0]
        joints[f"{side}LowerLeg"] = joints[f"{side}LowerLeg"] + [0.0, -0.02, 0.0]
        shoulder = joints[f"{side}UpperArm"]
        lower = rotations.from_axis_angle([0.0, sign, 0.0], np.radians(a_pose))
        for slot in joints:
            hangs = slot.startswith(side) and _is_of_arm(slot.removeprefix(side))
            joints[slot] = (
                shoulder + rotations.rotate(lower, joints[slot] - shoulder) if hangs else joints[slot]
            )
    return joints


def _is_of_arm(part: str) -> bool:
    return part in ("LowerArm", "Hand") or part.startswith(humanoid.FINGERS)


def nameless(thing: bpy.types.Object) -> dict[str, str]:
    """Rename all bones to `Bone.001` ... in an order that says nothing; the old names by the new."""
    bones = sorted(thing.data.bones, key=lambda bone: hash_of(bone.name))
    old = [bone.name for bone in bones]
    for i, bone in enumerate(bones):
        bone.name = f"unnamed {i}"
    for i, bone in enumerate(bones):
        bone.name = f"Bone.{i + 1:03}"
    return {bone.name: name for bone, name in zip(bones, old, strict=True)}


def hash_of(text: str) -> int:
    """A number that depends on a text alone, in every run."""
    value = 0
    for letter in text:
        value = (value * 31 + ord(letter)) % 1_000_003
    return value


def files(folder: Path) -> Iterator[Path]:
    """The files of `folder` that hold rigs or skeletons."""
    yield from sorted(folder.glob("media/rigs/mpfb_cc0/*.json"))
    yield from sorted(folder.glob("media/rigs/vrm/*.vrm"))
    yield from sorted(folder.glob("media/mocap/bvh/*.bvh"))


def load(path: Path) -> bpy.types.Object:
    """An armature from one of `files`."""
    return {".json": from_mpfb, ".vrm": from_vrm, ".bvh": from_bvh}[path.suffix](path)
