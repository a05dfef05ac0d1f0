"""Arms and legs of a skeleton by their shape alone. Nothing here needs Blender.

A limb is three joints of one branch: hip, knee, ankle or shoulder, elbow, wrist. Bones between
them (twist bones), above them (collars) and below them (fingers, toes) are told from them by
proportions, which vary far less between characters than names do.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from ...take import Floats
from .skeleton import Skeleton
from .symmetry import Mirror

# Proportions of people (Drillis & Contini, as in solver/humanoid.py), and how far characters
# stray from them: natural logarithms, one sigma.
UPPER_TO_LOWER = {"arm": (0.1, 0.25), "leg": (0.0, 0.25)}
ARM_TO_LEG = (-0.43, 0.4)
TORSO_TO_LEG = (-0.55, 0.5)
BEND = {"arm": math.radians(35), "leg": math.radians(25)}
"""How far the middle joint rests bent, radians, one sigma."""
OFF_LINE = 0.07
"""How far bones within a limb's part lie off its line, by its length, one sigma."""
LONG = 4.0
"""Weight of a limb's length: of nested limbs the longest is meant."""
TURNED = math.radians(35)
"""A foot turns off the line of the shin by more than this, a hand by less off that of the forearm."""
LEAD = 0.4
"""Collar or pelvis are no longer than this, by the limb's length."""
UNLIKE = 20.0
"""A penalty at which three joints are not looked at further."""
SHORTEST = 0.12
"""Branches that reach less far, by the size of the skeleton, are no limbs (faces have dozens)."""
KEPT = 8
"""How many of the best arms and legs are tried together."""


@dataclass(frozen=True, eq=False)
class Limb:
    """Three joints of a branch.

    Attributes:
        joints: Bones, from the body outwards; the partners of these are the other limb.
        length: From the first joint over the second to the third.
        penalty: By how much it is unlike the limb that it is taken for; 0 is alike.
        score: By which limbs are chosen.
    """

    joints: tuple[int, int, int]
    length: float
    penalty: float
    score: float


@dataclass(frozen=True, eq=False)
class Body:
    """The limbs that a skeleton stands on and reaches with, one side of each.

    Attributes:
        leg: Hip, knee, ankle.
        arm: Shoulder, elbow, wrist.
        up: Which way is up, unit. Shape (3,).
        penalty: By how much all of it is unlike a person.
    """

    leg: Limb
    arm: Limb
    up: Floats
    penalty: float


def find_body(skeleton: Skeleton, mirror: Mirror) -> Body | None:
    """The arms and legs that go together best; None where there are none."""
    legs, arms = (_best(skeleton, mirror, kind) for kind in ("leg", "arm"))
    bodies = [body for leg in legs for arm in arms if (body := _body(skeleton, mirror, leg, arm)) is not None]
    return max(bodies, key=lambda body: body.leg.score + body.arm.score - body.penalty, default=None)


def _body(skeleton: Skeleton, mirror: Mirror, leg: Limb, arm: Limb) -> Body | None:
    """A leg and an arm together, if the one is not part of the other and the arm is above the leg."""
    if set(skeleton.above(leg.joints[0])) & set(arm.joints) or set(skeleton.above(arm.joints[0])) & set(
        leg.joints
    ):
        return None
    hip, ankle, shoulder = (
        _between(skeleton, mirror, bone) for bone in (leg.joints[0], leg.joints[2], arm.joints[0])
    )
    height = _length(hip - ankle)
    if height < 0.5 * leg.length:
        return None
    up = (hip - ankle) / height
    torso = float((shoulder - hip) @ up)
    if torso < 0.1 * leg.length:
        return None
    sideways = _length(shoulder - hip - torso * up)
    penalty = (
        _stray(math.log(arm.length / leg.length), ARM_TO_LEG)
        + _stray(math.log(torso / leg.length), TORSO_TO_LEG)
        + (sideways / torso) ** 2 / 0.1
    )
    return Body(leg, arm, up, leg.penalty + arm.penalty + penalty)


def _between(skeleton: Skeleton, mirror: Mirror, bone: int) -> Floats:
    """The middle between a joint and its partner."""
    return (skeleton.heads[bone] + skeleton.heads[mirror.partner[bone]]) / 2


def _best(skeleton: Skeleton, mirror: Mirror, kind: str) -> list[Limb]:
    limbs = [
        limb
        for one, _ in mirror.branches
        if _length(reach(skeleton, one)) > SHORTEST * skeleton.size
        for joints in _triples(skeleton, mirror, one)
        if (limb := _limb(skeleton, one, joints, kind)) is not None
    ]
    return sorted(limbs, key=lambda limb: -limb.score)[:KEPT]


def _triples(skeleton: Skeleton, mirror: Mirror, root: int) -> Iterator[tuple[int, int, int]]:
    """Three joints of one chain of a branch, each with a partner."""
    for end in skeleton.below(root):
        way = skeleton.path(root, end)[:-1]
        if len(way) >= 2 and all(mirror.partner[bone] >= 0 for bone in (*way, end)):
            for upper, middle in combinations(way, 2):
                yield upper, middle, end


def _limb(skeleton: Skeleton, root: int, joints: tuple[int, int, int], kind: str) -> Limb | None:
    """Three joints as a limb; None where they are nothing like one."""
    start, middle, end = skeleton.heads[list(joints)]
    upper, lower = middle - start, end - middle
    lengths = _length(upper), _length(lower)
    length, size = sum(lengths), skeleton.size
    if min(lengths) < 0.02 * size:
        return None
    proportion = _stray(math.log(lengths[0] / lengths[1]), UPPER_TO_LOWER[kind])
    bend = (angle(upper, lower) / BEND[kind]) ** 2
    if max(proportion, bend) > UNLIKE:
        return None
    penalty = proportion + bend + _lead(skeleton, root, joints[0], length)
    penalty += _off_line(skeleton, *joints[:2]) + _off_line(skeleton, *joints[1:])
    penalty += _end_penalty(skeleton, joints[2], lower, kind)
    return Limb(joints, length, penalty, LONG * math.log(length / size) - penalty)


def _lead(skeleton: Skeleton, root: int, joint: int, length: float) -> float:
    """Penalty for a limb that begins far out on its branch, where it is a part of a longer one."""
    way = skeleton.heads[skeleton.path(root, joint)]
    lead = float(np.linalg.norm(np.diff(way, axis=0), axis=1).sum()) / length
    return max(0.0, lead - LEAD) ** 2 / 0.05


def _off_line(skeleton: Skeleton, upper: int, lower: int) -> float:
    """Penalty for bones between two joints that do not lie between them, or that branch as palms do."""
    between = skeleton.path(upper, lower)[1:-1]
    branching = sum(len(skeleton.children[bone]) - 1 for bone in between)
    start, along = skeleton.heads[upper], skeleton.heads[lower] - skeleton.heads[upper]
    length = _length(along)
    within = skeleton.heads[between] - start
    if not between:
        return 0.0
    at = np.clip(within @ along / length**2, 0, 1)[:, None]
    off = np.linalg.norm(within - at * along, axis=1) / length
    return float(((off / OFF_LINE) ** 2).max(initial=0.0)) + min(2.0 * branching, 8.0)


def _end_penalty(skeleton: Skeleton, end: int, lower: Floats, kind: str) -> float:
    """A foot points off the shin and has few branches; a hand points along the forearm and has fingers."""
    further = reach(skeleton, end)
    length = _length(further)
    turned = length > 0 and angle(further, lower) > TURNED
    penalty = 0.0 if turned == (kind == "leg") else 1.5
    fingers = len(skeleton.children[end])
    if kind == "arm" and fingers < 3:
        penalty += 0.5
    too_long = length / _length(lower)
    return penalty + max(0.0, too_long - 1.0) ** 2 / 0.1


def reach(skeleton: Skeleton, bone: int) -> Floats:
    """From a joint to the farthest one below it; to the bone's tail where there is none."""
    below = skeleton.below(bone)[1:]
    ends = skeleton.heads[below] if below else skeleton.tails[[bone]]
    offsets = ends - skeleton.heads[bone]
    return offsets[np.argmax(np.linalg.norm(offsets, axis=1))]


def angle(one: Floats, other: Floats) -> float:
    """Between two directions, radians."""
    cosine = float(one @ other) / max(_length(one) * _length(other), 1e-12)
    return math.acos(min(max(cosine, -1.0), 1.0))


def _length(vector: Floats) -> float:
    """Of one vector, which NumPy takes ten times as long for."""
    return math.sqrt(vector @ vector)


def _stray(value: float, expected: tuple[float, float]) -> float:
    mean, sigma = expected
    return ((value - mean) / sigma) ** 2
