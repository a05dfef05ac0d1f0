"""Rigs made of the humanoid, and how Blender would compose what is keyed on them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from blazerig.solver import rotations
from blazerig.solver.humanoid import INDEX, PARENT_OF, SLOTS, joint_positions, rest_pose
from blazerig.solver.retarget import Keys
from blazerig.solver.rig import Rig, RigBone


def _end_of(slot, joints):
    """Where the body part of `slot` ends: its child's joint, a little further on for the last ones."""
    first = {
        "hips": "spine",
        "upperChest": "neck",
        "leftHand": "leftMiddleProximal",
        "rightHand": "rightMiddleProximal",
    }
    children = [first[slot]] if slot in first else [s for s, parent in PARENT_OF.items() if parent == slot]
    if children:
        return joints[INDEX[children[0]]]
    reach = joints[INDEX[slot]] - joints[INDEX[PARENT_OF[slot]]]
    return joints[INDEX[slot]] + 0.6 * reach


def _build(turns=None, *, scale=1.0, axes=None, seed=0, without=()):
    """A rig: the humanoid, posed by `turns` as its rest pose, with random rolls."""
    axes = np.eye(3) if axes is None else axes
    random = np.random.default_rng(seed)
    world = np.tile(rotations.IDENTITY, (1, len(SLOTS), 1))
    for slot in SLOTS[1:]:
        own = rotations.from_vector(np.radians((turns or {}).get(slot, (0.0, 0.0, 0.0))))
        world[:, INDEX[slot]] = rotations.multiply(world[:, INDEX[PARENT_OF[slot]]], own)
    rest = rest_pose()
    joints = joint_positions(world, rest[:1], rest)[0]
    tips = {slot: _end_of(slot, rest) for slot in SLOTS}
    bones = []
    for slot in SLOTS:
        if slot in without:
            continue
        head = joints[INDEX[slot]]
        tail = head + rotations.rotate(world[0, INDEX[slot]], tips[slot] - rest[INDEX[slot]])
        matrix = np.eye(4)
        along = axes @ (tail - head)
        matrix[:3, :3] = rotations.frame(along, random.normal(size=3))[:, [1, 0, 2]] * [1, 1, -1]
        matrix[:3, 3] = axes @ head * scale
        parent = PARENT_OF[slot]
        while parent in without:
            parent = PARENT_OF[parent]
        bones.append(RigBone(slot, f"b:{slot}", matrix, axes @ head * scale, axes @ tail * scale, parent))
    return Rig("test", tuple(bones))


def _compose(rig, keys):
    """Matrices (F, 4, 4) as Blender composes them: by slot, twist bones by name."""
    bones = {bone.slot: (bone.name, bone.rest, bone.inherits) for bone in rig.bones}
    carrier = {}
    for twist in rig.twists:
        slots = {bones[twist.slot][0]: twist.slot}
        for name, rest, above in zip(twist.names, twist.rests, twist.above, strict=True):
            bones[name] = (name, rest, slots.get(above, above))
        if twist.carry:
            carrier[twist.slot] = twist.names[-1]
    found = {}

    def matrix(key):
        if key not in found:
            name, rest, above = bones[key]
            basis = np.tile(np.eye(4), (len(keys.times), 1, 1))
            basis[:, :3, :3] = rotations.to_matrix(keys.rotations[name])
            basis[:, :3, 3] = keys.locations.get(name, np.zeros(3))
            above = carrier.get(above, above) if key in SLOTS else above
            carried = np.eye(4) if above is None else matrix(above) @ np.linalg.inv(bones[above][1])
            found[key] = carried @ rest @ basis
        return found[key]

    return {key: matrix(key) for key in bones}


@pytest.fixture(scope="session")
def humanoid_rig() -> Callable[..., Rig]:
    return _build


@pytest.fixture(scope="session")
def end_of() -> Callable[..., np.ndarray]:
    return _end_of


@pytest.fixture(scope="session")
def compose() -> Callable[[Rig, Keys], dict[str, np.ndarray]]:
    return _compose
