"""Motion capture (BVH) as a motion of the standard humanoid: poses that people really take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from blazerig.solver import rotations
from blazerig.solver.humanoid import INDEX, PARENTS, SIDES, SLOTS, joint_positions, rest_pose
from blazerig.solver.pose import Pose
from blazerig.solver.rest import ELBOW_HINGE, KNEE_HINGE, OUT, UP, character_axes, turns_to_t_pose
from scipy.spatial.transform import Rotation

_LIMB = ("Shoulder", "UpperArm", "LowerArm", "Hand", "UpperLeg", "LowerLeg", "Foot", "Toes")
_FAMILIES = (
    ("{}Collar", "{}Shoulder", "{}Elbow", "{}Wrist", "{}Hip", "{}Knee", "{}Ankle", "{}Toe"),
    ("{}Shoulder", "{}Arm", "{}ForeArm", "{}Hand", "{}UpLeg", "{}Leg", "{}Foot", "{}ToeBase"),
    ("{}clavicle", "{}humerus", "{}radius", "{}hand", "{}femur", "{}tibia", "{}foot", "{}toes"),
)
"""Names of `_LIMB` in CMU's and other files; the side is Left, Right or l, r."""
_TRUNK = {
    "hips": ("Hips", "pelvis"),
    "upperChest": ("Spine3", "Spine1", "Chest2", "thorax"),
    "head": ("Head", "head"),
}  # fmt: skip
BENT = np.radians([5.0, 20.0])
"""From the second on, the bend alone says how a limb is twisted; below the first, the capture does."""


@dataclass(frozen=True)
class Capture:
    """A BVH file: joints, parents before children.

    Attributes:
        names: Of J joints.
        heads: Joints at rest. Shape (J, 3).
        turned: World rotations from the rest pose, quaternions. Shape (F, J, 4).
        root: World position of the first joint. Shape (F, 3).
        step: Seconds from frame to frame.
    """

    names: Sequence[str]
    heads: np.ndarray
    turned: np.ndarray
    root: np.ndarray
    step: float


def read_bvh(path: Path) -> Capture:
    """A file without end sites; position channels count for the root alone."""
    hierarchy, motion = path.read_text().split("MOTION")
    words = hierarchy.split()
    names, parents, offsets, channels, stack = [], [], [], [], []
    for i, word in enumerate(words):
        if word in ("ROOT", "JOINT"):
            names.append(words[i + 1])
            parents.append(stack[-1] if stack else -1)
        elif word == "{":
            stack.append(len(names) - 1)
        elif word == "}":
            stack.pop()
        elif word == "OFFSET" and len(offsets) < len(names):
            offsets.append([float(number) for number in words[i + 1 : i + 4]])
        elif word == "CHANNELS":
            channels.append(words[i + 2 : i + 2 + int(words[i + 1])])
    numbers = motion.split()
    rows = np.array(numbers[5:], float).reshape(int(numbers[1]), -1)
    heads, turned, at, root = np.zeros((len(names), 3)), [], 0, rows[:, :3]
    for i, (parent, own) in enumerate(zip(parents, channels, strict=True)):
        values = dict(zip(own, rows[:, at : at + len(own)].T, strict=True))
        at += len(own)
        order = "".join(name[0] for name in own if name.endswith("rotation"))
        angles = np.stack([values[f"{axis}rotation"] for axis in order], axis=1)
        local = Rotation.from_euler(order, angles, degrees=True).as_quat()[:, [3, 0, 1, 2]]
        turned.append(local if parent < 0 else rotations.multiply(turned[parent], local))
        heads[i] = np.zeros(3) if parent < 0 else heads[parent] + offsets[i]
    return Capture(names, heads, np.stack(turned, axis=1), root, float(numbers[4]))


def humanoid(capture: Capture, *, start: float, seconds: float, fps: float = 30.0) -> Pose:
    """A stretch of the capture as a motion of the standard person, who faces the camera in its middle."""
    joint = _joints(capture.names)
    frames = np.round((start + np.arange(round(seconds * fps)) / fps) / capture.step).astype(int)
    frames = frames[frames < len(capture.root)]
    axes = character_axes({slot: capture.heads[i] for slot, i in joint.items()})
    heads = {slot: capture.heads[i] @ axes for slot, i in joint.items()}
    turns = turns_to_t_pose(heads, _tails(heads))
    basis = rotations.from_matrix(axes.T)
    turned = {
        slot: rotations.multiply(
            rotations.multiply(
                rotations.multiply(basis, capture.turned[frames, i]), rotations.inverse(basis)
            ),
            rotations.inverse(turns[slot]),
        )
        for slot, i in joint.items()
    }
    scale = _leg(rest := rest_pose()) / _leg_of(heads)
    hips = scale * capture.root[frames] @ axes
    return _settled(_whole(turned, len(frames)), hips, rest, np.arange(len(frames)) / fps)


def _joints(names: Sequence[str]) -> dict[str, int]:
    found = {
        slot: next(names.index(name) for name in choice if name in names) for slot, choice in _TRUNK.items()
    }
    for side in SIDES:
        called = [
            [part.format(prefix) for part in family]
            for family in _FAMILIES
            for prefix in (side.title(), side[0])
        ]
        family = next(family for family in called if set(family) <= set(names))
        found |= {f"{side}{slot}": names.index(name) for slot, name in zip(_LIMB, family, strict=True)}
    return {slot: found[slot] for slot in SLOTS if slot in found}


def _tails(heads: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Where each slot's body part ends: at the next joint, or as far on as it is long."""
    tails = {slot: head + UP * 0.1 for slot, head in heads.items()}
    for side in SIDES:
        for chain in (_LIMB[:4], _LIMB[4:]):
            for first, second in pairwise(chain):
                tails[side + first] = heads[side + second]
        tails[f"{side}Hand"] = 2 * heads[f"{side}Hand"] - heads[f"{side}LowerArm"]
        tails[f"{side}Toes"] = 2 * heads[f"{side}Toes"] - heads[f"{side}Foot"]
    return tails


def _whole(turned: dict[str, np.ndarray], frames: int) -> np.ndarray:
    """All slots (F, 52, 4): the spine's bend shared out, elbows and knees about their hinges."""
    hips, chest, head = turned["hips"], turned["upperChest"], turned["head"]
    for i, slot in enumerate(("spine", "chest"), start=1):
        turned[slot] = rotations.interpolate(hips, chest, np.full(frames, i / 3))
    turned["neck"] = rotations.interpolate(chest, head, np.full(frames, 0.5))
    for side in SIDES:
        _hinge(turned, f"{side}UpperArm", f"{side}LowerArm", OUT[side], ELBOW_HINGE[side])
        _hinge(turned, f"{side}UpperLeg", f"{side}LowerLeg", -UP, KNEE_HINGE)
        turned[f"{side}Hand"] = turned[f"{side}LowerArm"]
        turned[f"{side}Toes"] = turned[f"{side}Foot"]
    world = np.empty((frames, len(SLOTS), 4))
    for i, slot in enumerate(SLOTS):
        world[:, i] = turned.get(slot, world[:, PARENTS[i]])
    return world


def _hinge(
    turned: dict[str, np.ndarray], upper: str, lower: str, along: np.ndarray, hinge: np.ndarray
) -> None:
    """Make a limb bend about its hinge alone, and twist the upper part as the bend says."""
    first, second = (rotations.rotate(turned[slot], along) for slot in (upper, lower))
    across = np.cross(first, second)
    bend = np.arctan2(np.linalg.norm(across, axis=-1), (first * second).sum(-1))
    share = np.clip((bend - BENT[0]) / (BENT[1] - BENT[0]), 0.0, 1.0)[:, None]
    across = share * rotations.normalise(across + 1e-12 * hinge) + (1 - share) * rotations.rotate(
        turned[upper], hinge
    )
    turned[upper] = rotations.between_frames(along, hinge, first, across)
    turned[lower] = rotations.multiply(turned[upper], rotations.from_axis_angle(hinge, bend))


def _settled(world: np.ndarray, hips: np.ndarray, rest: np.ndarray, times: np.ndarray) -> Pose:
    """In the middle of the picture, facing the camera, the feet on the floor when they are lowest."""
    ahead = rotations.rotate(world[len(world) // 2, INDEX["hips"]], (0.0, -1.0, 0.0))
    turn = rotations.from_axis_angle(UP, np.arctan2(-ahead[0], -ahead[1]))
    hips = rotations.rotate(turn, hips - hips.mean(0))
    pose = Pose(times, rotations.multiply(turn, world), hips, rest)
    feet = [INDEX[side + part] for side in SIDES for part in ("Foot", "Toes")]
    height = (joint_positions(pose.rotations, hips, rest)[:, feet, 2] - rest[feet, 2]).min()
    return Pose(times, pose.rotations, hips - height * UP, rest)


def _leg(rest: np.ndarray) -> float:
    return _leg_of({slot: rest[INDEX[slot]] for slot in SLOTS})


def _leg_of(heads: Mapping[str, np.ndarray]) -> float:
    joints = [heads[f"left{part}"] for part in ("UpperLeg", "LowerLeg", "Foot")]
    return float(np.linalg.norm(joints[1] - joints[0]) + np.linalg.norm(joints[2] - joints[1]))
