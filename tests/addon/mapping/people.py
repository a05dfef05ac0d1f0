"""Skeletons of people without names, with what riggers add to them and leave out; no Blender."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from blazerig.addon.character.skeleton import Skeleton
from blazerig.solver import humanoid, rotations
from blazerig.solver.humanoid import FINGERS, PARENT_OF, SIDES, SLOTS, finger_slots

Bones = dict[str, tuple[str | None, np.ndarray]]
"""Name to the name of the parent and the head, parents before children; slots are named by themselves."""


def person(
    *, without: tuple[str, ...] = (), arms_down: float = 0.0, scales: Mapping[str, float] | None = None
) -> Bones:
    """A person 1.7 m tall, facing -Y.

    Args:
        without: Slots that are left out, without their side where that is both.
        arms_down: Degrees that the arms hang.
        scales: Lengths of slots' offsets from their parents, as in `humanoid.rest_pose`.
    """
    joints = dict(zip(SLOTS, humanoid.rest_pose(dict(scales or {})), strict=True))
    for side, sign in zip(SIDES, (1.0, -1.0), strict=True):
        shoulder, turn = (
            joints[f"{side}UpperArm"],
            rotations.from_axis_angle([0, sign, 0], np.radians(arms_down)),
        )
        joints[f"{side}LowerLeg"] = joints[f"{side}LowerLeg"] + [0.0, -0.01, 0.0]
        for slot in (slot for slot in SLOTS if f"{side}UpperArm" in ancestors(slot)):
            joints[slot] = shoulder + rotations.rotate(turn, joints[slot] - shoulder)
    kept = [
        slot for slot in SLOTS if not {slot, slot.removeprefix("left").removeprefix("right")} & set(without)
    ]
    bones: Bones = {}
    for slot in kept:
        above = next((one for one in ancestors(slot) if one in kept), None)
        bones[slot] = above, joints[slot]
    return bones


def ancestors(slot: str) -> list[str]:
    """The slots above, the nearest first."""
    above = PARENT_OF[slot]
    return [] if above is None else [above, *ancestors(above)]


def strand(bones: Bones, name: str, parent: str | None, start: object, step: object, count: int) -> None:
    """Add a chain of bones."""
    place = np.array(start, float)
    for i in range(count):
        bones[f"{name}{i}"] = parent, place
        parent, place = f"{name}{i}", place + np.array(step, float)


def both(bones: Bones, name: str, parent: str, start: object, step: object, count: int) -> None:
    """Add a chain on either side; `start` from the left parent, a slot perhaps without its side."""
    for side, sign in zip(SIDES, (1.0, -1.0), strict=True):
        above = parent if parent in bones else side + parent
        mirror = np.array([sign, 1.0, 1.0])
        strand(bones, f"{side}{name}", above, bones[above][1] + mirror * start, mirror * step, count)


def in_chain(bones: Bones, upper: str, lower: str) -> None:
    """Put a twist bone between two joints of either side."""
    for side in SIDES:
        head = (bones[side + upper][1] + bones[side + lower][1]) / 2
        bones[f"{side}{upper}Half"] = side + upper, head
        bones[side + lower] = f"{side}{upper}Half", bones[side + lower][1]


def palms(bones: Bones) -> None:
    """Give every finger but the thumb a bone in the palm."""
    for side in SIDES:
        for finger in FINGERS[1:]:
            first = finger_slots(side, finger)[0]
            hand = bones[f"{side}Hand"][1]
            bones[f"{side}{finger}Palm"] = f"{side}Hand", hand + 0.2 * (bones[first][1] - hand)
            bones[first] = f"{side}{finger}Palm", bones[first][1]


def tips(bones: Bones) -> None:
    """Let every finger, the toes and the head end in a bone."""
    for slot in [name for name in bones if name.endswith(("Distal", "Toes", "head"))]:
        parent, head = bones[slot]
        bones[f"{slot}End"] = slot, head + 0.8 * (head - bones[str(parent)][1])


def skeleton(
    bones: Bones, *, turn: np.ndarray | None = None, scale: float = 1.0, seed: int = 0
) -> tuple[Skeleton, dict[str, str]]:
    """The bones under names that say nothing; and the name of each.

    Tails all point up, as some importers leave them: they tell nothing.
    """
    order = sorted(bones, key=lambda name: depth(bones, name))
    numbers = np.random.default_rng(seed).permutation(len(order))
    names = {name: f"Bone.{numbers[i]:03}" for i, name in enumerate(order)}
    turn = np.eye(3) if turn is None else turn
    heads = scale * np.array([bones[name][1] for name in order]) @ turn.T
    parents = tuple(order.index(str(bones[name][0])) if bones[name][0] else -1 for name in order)
    made = Skeleton(tuple(names[name] for name in order), parents, heads, heads + scale * turn[:, 2] * 0.03)
    return made, names


def depth(bones: Bones, name: str) -> int:
    """How many bones are above one."""
    above = bones[name][0]
    return 0 if above is None else 1 + depth(bones, above)
