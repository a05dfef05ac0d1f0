"""The humanoid in a skeleton by hierarchy and geometry alone. Nothing here needs Blender or names.

The two sides mirror each other; of the branches that do, those proportioned like legs and arms are
taken. Where both hang together are the hips; up from there to the arms goes the spine, and above
them the head. Feet, face and knees tell front from back, and with it left from right.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from ...solver.humanoid import SIDES, finger_slots
from ...take import Floats
from .hands import finger_bones, toe_bone
from .limbs import Body, Limb, find_body, reach
from .skeleton import Skeleton
from .symmetry import Mirror, find_mirror

HEAD_OVER_SHOULDERS = (0.38, 0.15)
"""Height of the head's joint over the shoulders by the length of the torso, and one sigma of it."""
SURE = 0.9
"""The most that shape alone can be sure of."""
TOLERANT = 12.0
"""The penalty at which a body is e times less sure."""


@dataclass(frozen=True)
class Guess:
    """Bones by slot and how sure each is, 0 to 1; how sure the sides are that they were given."""

    bones: Mapping[str, int]
    certainty: Mapping[str, float]
    sided: float = 1.0


def guess_by_shape(skeleton: Skeleton) -> Guess:
    """The slots that the skeleton's shape tells; none where it is no humanoid."""
    mirror = find_mirror(skeleton)
    body = mirror and find_body(skeleton, mirror)
    if mirror is None or body is None:
        return Guess({}, {})
    hips = common(skeleton, body.leg.joints[0], body.arm.joints[0])
    if hips is None:
        return Guess({}, {})
    sure = SURE * float(np.exp(-body.penalty / TOLERANT))
    arm = body.arm.joints[0]
    head = _head(skeleton, mirror, body, hips)
    torso = torso_bones(skeleton, hips, (arm, mirror.partner[arm]), head)
    forward, faced = _forward(skeleton, mirror, body, torso.get("head"))
    bones, certainty = dict(torso), dict.fromkeys(torso, sure)
    left = np.cross(body.up, forward)
    for side, limbs in _sides(skeleton, mirror, body, left):
        for slot, bone, factor in _limb_slots(skeleton, mirror, limbs, forward):
            bones[f"{side}{slot}"] = bone
            certainty[f"{side}{slot}"] = sure * factor * faced
    return Guess(bones, certainty, faced)


def common(skeleton: Skeleton, one: int, other: int) -> int | None:
    """The lowest bone above both."""
    above = set(skeleton.above(one))
    return next((bone for bone in skeleton.above(other) if bone in above), None)


def torso_bones(
    skeleton: Skeleton, hips: int, arms: tuple[int, int], head: int | None, above: int | None = None
) -> dict[str, int]:
    """Hips, spine, neck and head: what lies between the hips and where arm and head part.

    The spine begins over `above` where that is another bone than the hips (it carries the legs). Of more
    than three bones in the spine the first, the one nearest the middle and the last are taken.
    """
    top = common(skeleton, arms[0], arms[1] if head is None else head)
    found = {"hips": hips}
    spine = skeleton.path(hips if above is None else above, top)[1:] if top is not None else []
    if len(spine) > 3:
        heights = np.linalg.norm(skeleton.heads[spine] - skeleton.heads[spine[0]], axis=1)
        middle = 1 + int(np.argmin(np.abs(heights[1:-1] - heights[-1] / 2)))
        spine = [spine[0], spine[middle], spine[-1]]
    found |= dict(zip(("spine", "chest", "upperChest"), spine, strict=False))
    if head is not None and top is not None:
        between = skeleton.path(top, head)[1:-1]
        found |= {"neck": between[0], "head": head} if between else {"head": head}
    return found


def _head(skeleton: Skeleton, mirror: Mirror, body: Body, hips: int) -> int | None:
    """Of the bones in the middle over the shoulders the one at the height of a head's joint."""
    shoulder, hip = (
        (skeleton.heads[bone] + skeleton.heads[mirror.partner[bone]]) / 2
        for bone in (body.arm.joints[0], body.leg.joints[0])
    )
    torso = float((shoulder - hip) @ body.up)
    mean, sigma = HEAD_OVER_SHOULDERS
    arms = {*skeleton.below(body.arm.joints[0]), *skeleton.below(body.leg.joints[0])}

    def score(bone: int) -> float:
        offset = (skeleton.heads[bone] - shoulder) / torso
        height = float(offset @ body.up)
        aside = float(np.linalg.norm(offset - height * body.up))
        face = 1.5 if any(mirror.partner[child] >= 0 for child in skeleton.children[bone]) else 0.0
        return face - ((height - mean) / sigma) ** 2 - (aside / 0.25) ** 2

    found = [
        bone
        for bone in skeleton.below(hips)[1:]
        if mirror.partner[bone] < 0
        and bone not in arms
        and (skeleton.heads[bone] - shoulder) @ body.up > 0.02 * torso
    ]
    head = max(found, key=score, default=None)
    while head is not None and _same_place(skeleton, head, skeleton.parents[head], torso):
        head = skeleton.parents[head]
    return head


def _same_place(skeleton: Skeleton, one: int, other: int, torso: float) -> bool:
    return other >= 0 and float(np.linalg.norm(skeleton.heads[one] - skeleton.heads[other])) < 0.01 * torso


def _forward(skeleton: Skeleton, mirror: Mirror, body: Body, head: int | None) -> tuple[Floats, float]:
    """Which way the body faces, unit, and how sure that is: all that tells it, in parts of 1.

    Feet say most; then the face, which is in front of the head's joint, and thumbs; the bend at which
    knees and elbows rest says least.
    """
    forward = np.cross(mirror.across, body.up)
    forward /= np.linalg.norm(forward)

    def ahead(offset: Floats) -> float:
        return float(forward @ offset) / max(float(np.linalg.norm(offset)), 1e-12)

    foot = reach(skeleton, body.leg.joints[2])
    votes = ahead(foot) + _bent(skeleton, body.leg, forward) - _bent(skeleton, body.arm, forward)
    pairs = [child for child in skeleton.children[head] if mirror.partner[child] >= 0] if head else []
    if head is not None and pairs:
        votes += 0.3 * ahead(skeleton.heads[pairs].mean(axis=0) - skeleton.heads[head])
    fingers, sure = finger_bones(skeleton, body.arm.joints[2])
    if fingers:
        offset = skeleton.heads[fingers["Thumb"][-1]] - skeleton.heads[body.arm.joints[2]]
        votes += 0.5 * sure * ahead(offset)
    return (forward if votes >= 0 else -forward), float(np.clip(3 * abs(votes), 0.3, 1.0))


def _bent(skeleton: Skeleton, limb: Limb, forward: Floats) -> float:
    """How far the middle joint of a limb lies before its ends, -0.2 to 0.2."""
    start, middle, end = skeleton.heads[list(limb.joints)]
    return float(np.clip(4 * forward @ (middle - (start + end) / 2) / limb.length, -0.2, 0.2))


def _sides(
    skeleton: Skeleton, mirror: Mirror, body: Body, left: Floats
) -> Iterator[tuple[str, tuple[tuple[int, ...], tuple[int, ...]]]]:
    """Leg and arm of the left and of the right side."""
    limbs: dict[str, list[tuple[int, ...]]] = {side: [] for side in SIDES}
    for joints in (body.leg.joints, body.arm.joints):
        partners = tuple(mirror.partner[bone] for bone in joints)
        ends = skeleton.heads[joints[2]] - skeleton.heads[partners[2]]
        ones = (joints, partners) if ends @ left > 0 else (partners, joints)
        for side, one in zip(SIDES, ones, strict=True):
            limbs[side].append(one)
    for side, (leg, arm) in limbs.items():
        yield side, (leg, arm)


def _limb_slots(
    skeleton: Skeleton, mirror: Mirror, limbs: tuple[tuple[int, ...], tuple[int, ...]], forward: Floats
) -> Iterator[tuple[str, int, float]]:
    """Slots without their side, bones, and how sure each is against the body."""
    leg, arm = limbs
    yield from zip(("UpperLeg", "LowerLeg", "Foot"), leg, (1.0,) * 3, strict=True)
    yield from zip(("UpperArm", "LowerArm", "Hand"), arm, (1.0,) * 3, strict=True)
    toes = toe_bone(skeleton, leg[2], forward)
    if toes is not None:
        yield "Toes", toes, 0.9
    shoulder = skeleton.parents[arm[0]]
    if mirror.partner[shoulder] >= 0:
        yield "Shoulder", shoulder, 0.9
    fingers, sure = finger_bones(skeleton, arm[2])
    for finger, bones in fingers.items():
        for slot, bone in zip(finger_slots("", finger), bones, strict=False):
            yield slot, bone, sure
