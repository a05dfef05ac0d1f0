"""The humanoid as bones within bones, which is how the protocol tells it, and back.

A bone's local rotation is the identity in the T-pose, as in every VRM character. The hips lie in the root,
which stays at the world's origin, so the hips' position is where they are in the world.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...solver import rotations
from ...solver.humanoid import ANKLE_HEIGHT, OFFSETS, PARENTS, SIDES, SLOTS, rest_pose
from ...solver.pose import Pose
from ...take import Floats
from .axes import unity_points, unity_rotations, world_points, world_rotations

ROOT = "root"
"""The protocol's name of what carries the hips."""


def unity_name(slot: str) -> str:
    """What `HumanBodyBones` calls a slot: the same but for its first letter, and the joints of the thumb."""
    if "Thumb" in slot:  # named from the metacarpal on here, from the proximal phalanx on there
        slot = slot.replace("Proximal", "Intermediate").replace("Metacarpal", "Proximal")
    return slot[0].upper() + slot[1:]


def _levels() -> list[NDArray[np.intp]]:
    """The slots below the hips by how many bones they are away from them, the nearest first."""
    away = [0] * len(PARENTS)
    for i, parent in enumerate(PARENTS):
        away[i] = away[parent] + 1 if parent >= 0 else 0
    return [np.flatnonzero(np.equal(away, count)) for count in range(1, max(away) + 1)]


NAMES = tuple(unity_name(slot) for slot in SLOTS)
_PARENTS = np.array(PARENTS)
_LEVELS = _levels()
_NAME = dict(zip(SLOTS[1:], NAMES[1:], strict=True))  # of what has a length: all but the hips
_LENGTHS = {slot: float(np.linalg.norm(offset)) for slot, offset in zip(SLOTS, OFFSETS, strict=True)}
_LEGS = [f"{side}{part}" for side in SIDES for part in ("LowerLeg", "Foot")]


@dataclass(frozen=True)
class Placed:
    """Where a bone is in its parent, in Unity's axes.

    Attributes:
        position: Metres. Shape (3,).
        rotation: Quaternion (x, y, z, w). Shape (4,).
    """

    position: Floats
    rotation: Floats


ORIGIN = Placed(np.zeros(3), np.array([0.0, 0.0, 0.0, 1.0]))


def bones_of(pose: Pose) -> dict[str, Placed]:
    """The bones of a motion of one frame, by Unity's names, parents before children."""
    turned, rest = pose.rotations[0], pose.rest
    local = turned.copy()
    local[1:] = rotations.multiply(rotations.inverse(turned[_PARENTS[1:]]), turned[1:])
    positions = rest.copy()
    positions[0] = pose.hips[0]
    positions[1:] -= rest[_PARENTS[1:]]
    placed = map(Placed, unity_points(positions), unity_rotations(local))
    return dict(zip(NAMES, placed, strict=True))


def pose_of(bones: Mapping[str, Placed], time: float, root: Placed = ORIGIN) -> Pose:
    """A motion of one frame of bones that another program sent.

    Args:
        bones: By Unity's names. One that is missing moves with its parent; names that are no slots (eyes,
            jaw) are ignored.
        time: Of the frame, seconds.
        root: What carries the hips.

    The bones' lengths are those of the sender's character; the directions of its T-pose and the height of
    its ankles are taken to be the standard person's. A length that is not told is in proportion to the legs.
    """
    base = world_rotations(root.rotation)
    world = world_rotations([bones.get(name, ORIGIN).rotation for name in NAMES])
    world[0] = rotations.multiply(base, world[0])
    for level in _LEVELS:
        world[level] = rotations.multiply(world[_PARENTS[level]], world[level])
    rest = _rest(bones)
    hips = rest[0] if (sent := bones.get(NAMES[0])) is None else world_points(sent.position)
    hips = world_points(root.position) + rotations.rotate(base, hips)
    return Pose(np.array([time]), rotations.normalise(world)[None], hips[None], rest)


def _rest(bones: Mapping[str, Placed]) -> Floats:
    """Joints in the T-pose of a character with bones of these lengths. Shape (52, 3)."""
    lengths = {slot: np.linalg.norm(bones[name].position) for slot, name in _NAME.items() if name in bones}
    scales = {slot: float(length) / _LENGTHS[slot] for slot, length in lengths.items() if length > 0}
    legs = [scales[slot] for slot in _LEGS if slot in scales]
    usual = float(np.mean(legs)) if legs else 1.0
    return rest_pose({slot: scales.get(slot, usual) for slot in _NAME}, ANKLE_HEIGHT * usual)
