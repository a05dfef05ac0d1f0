"""What a report is made of: how sure each limb is, what was missed by how much, joint angles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..solver import rotations
from ..solver.camera import face_ray
from ..solver.humanoid import FINGERS, INDEX, SIDES, finger_slots, joint_positions
from ..solver.landmarks import FINGER_ROOTS, HAND_WRIST, HIPS, SHOULDERS
from ..solver.rest import OUT, UP
from ..solver.solution import Solution
from ..solver.swaps import uncrossed
from ..take import Floats, Hand, Take

SURE = 0.5
"""A limb is doubtful where it is less than even odds that it was seen right."""
TOLERANCE = 0.1
"""... or where it was solved farther from where it was seen than this share of the torso's length: the
distance within which `take.body_confidence` calls a landmark right (docs/confidence.md)."""
LIMBS: Mapping[str, tuple[int, ...]] = {
    "head": (0, 7, 8),
    "torso": (11, 12, 23, 24),
    "left arm": (13, 15),
    "right arm": (14, 16),
    "left leg": (25, 27),
    "right leg": (26, 28),
    "left foot": (29, 31),
    "right foot": (30, 32),
}
"""The landmarks of the body that tell of each limb."""
HANDS = ("left hand", "right hand")
PARTS: Mapping[str, tuple[str, ...]] = {
    "Head and torso": ("head", "torso"),
    "Arms": ("left arm", "right arm"),
    "Hands and fingers": HANDS,
    "Legs": ("left leg", "right leg"),
    "Feet": ("left foot", "right foot"),
}


@dataclass(frozen=True)
class Limb:
    """One limb over F frames.

    Attributes:
        sureness: How far it was believed, 0 to 1; 0 where it was not seen. Shape (F,).
        missed: Mean distance in the picture from where it was seen to where it was solved, px; NaN where it
            was not seen. Shape (F,).
        outside: Share of its landmarks that lie outside the picture; NaN where none was seen. Shape (F,).
        doubtful: Where it should not be trusted unseen. Shape (F,).
    """

    sureness: Floats
    missed: Floats
    outside: Floats
    doubtful: NDArray[np.bool_]


@dataclass(frozen=True)
class Measures:
    """A clip of F frames.

    Attributes:
        take: What was seen, with left and right put right where the nets had exchanged them.
        exchanged: Where they had. Shape (F,).
        times: Seconds. Shape (F,).
        limbs: By name, those of `LIMBS` and `HANDS`.
        pixels: From each landmark as seen to it as solved, in the picture. Shape (F, 33).
        millimetres: From each metric landmark to it as solved, both from between the hips. Shape (F, 33).
        tolerance: What is still near in the picture, px. Shape (F,).
        angles: Joint angles in degrees by name, left and right, or one that is not paired. Each (F,).
        contacts: As in `Solution`. Shape (F, 6).
    """

    take: Take
    exchanged: NDArray[np.bool_]
    times: Floats
    limbs: Mapping[str, Limb]
    pixels: Floats
    millimetres: Floats
    tolerance: Floats
    angles: Mapping[str, tuple[Floats, ...]]
    contacts: Floats


def measure(take: Take, solution: Solution, *, known_height: bool = False) -> Measures:
    """All figures of a solved take.

    Args:
        take: What was seen.
        solution: What was made of it.
        known_height: Whether the solution was scaled to a height, so that its metres are not the nets'.
    """
    crossed = np.asarray(take.body_image, float)[..., :2]
    take = uncrossed(take)
    seen = np.asarray(take.body_image, float)[..., :2]
    pixels = np.linalg.norm(project(solution, solution.landmarks) - seen, axis=-1)
    torso = seen[:, list(SHOULDERS)].mean(1) - seen[:, list(HIPS)].mean(1)
    lengths = np.linalg.norm(torso, axis=-1)
    longest = float(np.nanmax(lengths, initial=1.0))  # who bends towards the camera is no smaller
    tolerance = TOLERANCE * np.fmax(np.nan_to_num(lengths), longest / 2)
    trust = np.nan_to_num(solution.trust)
    outside = ((seen < 0) | (seen > np.asarray(take.size))).any(-1)
    outside = np.where(np.isfinite(seen).all(-1), outside, np.nan)
    limbs = {
        name: _limb(trust[:, landmarks].mean(1), pixels[:, landmarks], outside[:, landmarks], tolerance)
        for name, landmarks in ((name, list(points)) for name, points in LIMBS.items())
    }
    for name, side, hand in zip(HANDS, SIDES, (take.left, take.right), strict=True):
        limbs[name] = _hand(hand, side, solution, take.size, tolerance)
    millimetres = 1000.0 * metric_residuals(take, solution, known_height=known_height)
    return Measures(
        take,
        (np.isfinite(seen) & (seen != crossed)).any((1, 2)),
        solution.pose.times,
        limbs,
        pixels,
        millimetres,
        tolerance,
        joint_angles(solution),
        solution.contacts,
    )


def project(solution: Solution, points: Floats) -> Floats:
    """Where the camera sees points of the world. Shape (*, 3) to (*, 2), px."""
    seen = (points - solution.eye) @ solution.world_from_camera
    depth = np.where(seen[..., 2:] > 1e-3, seen[..., 2:], np.nan)
    return solution.camera.centre + solution.camera.focal * seen[..., :2] / depth


def joints(solution: Solution) -> Floats:
    """World positions of all joints (F, 52, 3)."""
    pose = solution.pose
    return joint_positions(pose.rotations, pose.hips, pose.rest)


def metric_residuals(take: Take, solution: Solution, *, known_height: bool) -> Floats:
    """Metres from the metric landmarks, turned to the camera's axes, to the solved ones (F, 33)."""
    slopes = solution.camera.slopes(np.asarray(take.body_image, float)[:, list(HIPS), :2]).mean(1)
    seen = face_ray(np.asarray(take.body_world, float), slopes)
    solved = solution.landmarks @ solution.world_from_camera
    seen, solved = (points - points[:, list(HIPS)].mean(1, keepdims=True) for points in (seen, solved))
    if known_height:
        both = np.isfinite(seen) & np.isfinite(solved)
        seen = seen * (seen[both] @ solved[both] / (seen[both] @ seen[both]))
    return np.linalg.norm(solved - seen, axis=-1)


def joint_angles(solution: Solution) -> dict[str, tuple[Floats, ...]]:
    """Angles that an animator looks at, degrees."""
    points, turned = joints(solution), solution.pose.rotations

    def inner(side: str, *parts: str) -> Floats:
        first, middle, last = (points[:, INDEX[side + part]] for part in parts)
        return _degrees_between(first - middle, last - middle)

    def raised(side: str, trunk: str, upper: str, lower: str) -> Floats:
        down = rotations.rotate(turned[:, INDEX[trunk]], -UP)
        return _degrees_between(points[:, INDEX[side + lower]] - points[:, INDEX[side + upper]], down)

    def wrist(side: str) -> Floats:
        hand, forearm = (
            rotations.rotate(turned[:, INDEX[side + slot]], OUT[side]) for slot in ("Hand", "LowerArm")
        )
        return _degrees_between(hand, forearm)

    def paired(angle: object, *names: str) -> tuple[Floats, ...]:
        return tuple(angle(side, *names) for side in SIDES)  # pyright: ignore[reportCallIssue]

    neck = rotations.angle_between(turned[:, INDEX["head"]], turned[:, INDEX["upperChest"]])
    return {
        "elbow": paired(inner, "UpperArm", "LowerArm", "Hand"),
        "shoulder": paired(raised, "upperChest", "UpperArm", "LowerArm"),
        "wrist": paired(wrist),
        "knee": paired(inner, "UpperLeg", "LowerLeg", "Foot"),
        "hip": paired(raised, "hips", "UpperLeg", "LowerLeg"),
        "neck": (np.degrees(neck),),
    }


def _limb(sureness: Floats, pixels: Floats, outside: Floats, tolerance: Floats) -> Limb:
    missed, out = _mean(pixels), _mean(outside)
    doubtful = (sureness < SURE) | (np.nan_to_num(missed) > tolerance)
    return Limb(sureness, missed, out, doubtful)


def _hand(hand: Hand, side: str, solution: Solution, size: NDArray[Any], tolerance: Floats) -> Limb:
    """A hand, by its wrist and the joints of its fingers."""
    slots, landmarks = [f"{side}Hand"], [HAND_WRIST]
    for finger in FINGERS:
        slots.extend(finger_slots(side, finger))
        landmarks.extend(FINGER_ROOTS[finger] + i for i in range(3))
    seen = np.asarray(hand.image, float)[:, landmarks, :2]
    solved = project(solution, joints(solution)[:, [INDEX[slot] for slot in slots]])
    outside = ((seen < 0) | (seen > size)).any(-1)
    found = np.isfinite(seen).all((1, 2))
    out = np.where(found[:, None], outside, np.nan)
    sureness = np.where(found, np.nan_to_num(hand.score), 0.0)
    return _limb(sureness, np.linalg.norm(solved - seen, axis=-1), out, tolerance)


def _mean(values: Floats) -> Floats:
    """Mean over the last axis of what is no NaN; NaN where all is."""
    there = np.isfinite(values)
    total = np.where(there, values, 0.0).sum(-1)
    return np.where(there.any(-1), total / np.maximum(there.sum(-1), 1), np.nan)


def _degrees_between(a: Floats, b: Floats) -> Floats:
    across = np.linalg.norm(np.cross(a, b), axis=-1)
    return np.degrees(np.arctan2(across, (a * b).sum(-1)))
