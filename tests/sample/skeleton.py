"""The performer's skeleton: forward kinematics, two-bone limbs, and the clip's motion on it.

A bone's turn is a world rotation from its rest orientation: posed = turn @ rest. World axes are
Blender's; the character rests facing -Y with its left on +X.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from choreography import (
    DIP_KEYS,
    TIMES,
    TURN_KEYS,
    Floats,
    arm_channel,
    eased,
    foot_track,
    hand_channel,
)

PREFIX = "mixamorig:"
SIDES = {"Left": 1.0, "Right": -1.0}
"""Side of the body to the sign of its x."""


@dataclass(frozen=True)
class Skeleton:
    """Rest pose: bone name (without prefix) to head, tail (3,), axes (3, 3) and parent."""

    head: dict[str, Floats]
    tail: dict[str, Floats]
    axes: dict[str, Floats]
    parent: dict[str, str | None]


@dataclass
class Motion:
    """Turns of the bones (F, 3, 3) and heads (F, 3), filled from the hips outwards."""

    rest: Skeleton
    turn: dict[str, Floats]
    head: dict[str, Floats]

    def place(self, bone: str, turn: Floats) -> None:
        """Turn a bone whose parent is placed already."""
        parent = self.rest.parent[bone]
        assert parent is not None
        offset = self.rest.head[bone] - self.rest.head[parent]
        self.turn[bone] = turn
        self.head[bone] = self.head[parent] + self.turn[parent] @ offset

    def follow(self, bone: str, local: Floats | None = None) -> None:
        """Turn a bone with its parent, and by `local` (F, 3, 3) before that."""
        parent = self.rest.parent[bone]
        assert parent is not None
        self.place(bone, self.turn[parent] if local is None else self.turn[parent] @ local)


def unit(vectors: Floats) -> Floats:
    """Unit vectors along the last axis."""
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)


def rotation(axis: Floats, degrees: Floats | float) -> Floats:
    """Rotation matrices about `axis` (*, 3) by `degrees` (*); Rodrigues. Shape (*, 3, 3)."""
    axis, angle = np.broadcast_arrays(unit(np.asarray(axis, float)), np.radians(degrees)[..., None])
    x, y, z = np.moveaxis(axis, -1, 0)
    zero = np.zeros_like(x)
    cross = np.stack([zero, -z, y, z, zero, -x, -y, x, zero], -1).reshape(*x.shape, 3, 3)
    angle = angle[..., :1, None]
    return np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross


def frame(along: Floats, across: Floats) -> Floats:
    """Orthonormal axes: the first along `along`, the second nearest to `across`. Shape (*, 3, 3)."""
    along, across = np.broadcast_arrays(unit(along), across)
    across = unit(across - along * (along * across).sum(-1, keepdims=True))
    return np.stack([along, across, np.cross(along, across)], -1)


def carry(rest_along: Floats, rest_across: Floats, along: Floats, across: Floats) -> Floats:
    """The turn that brings one pair of directions onto another."""
    return frame(along, across) @ np.swapaxes(frame(rest_along, rest_across), -1, -2)


def two_bone(root: Floats, goal: Floats, pole: Floats, first: float, second: float) -> tuple[Floats, Floats]:
    """Middle joint (F, 3) of a limb that reaches for `goal`, bent towards `pole`, and the hinge axis."""
    reach = goal - root
    distance = np.clip(np.linalg.norm(reach, axis=-1, keepdims=True), 1e-6, 0.999 * (first + second))
    along = unit(reach)
    aside = unit(pole - along * (along * pole).sum(-1, keepdims=True))
    cosine = np.clip((first**2 + distance**2 - second**2) / (2 * first * distance), -1, 1)
    middle = root + first * (cosine * along + np.sqrt(1 - cosine**2) * aside)
    return middle, np.cross(aside, along)


def smoothed(values: Floats, sigma: float) -> Floats:
    """Gaussian over frames, ends held. Shape kept."""
    reach = int(3 * sigma) + 1
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    weights /= weights.sum()
    padded = np.pad(values, [(reach, reach)] + [(0, 0)] * (values.ndim - 1), mode="edge")
    return sum(w * padded[i : i + len(values)] for i, w in enumerate(weights))  # type: ignore[return-value]


def perform(rest: Skeleton) -> Motion:
    """The whole clip on this skeleton."""
    motion = Motion(rest, {}, {})
    feet = {side: foot_track(side) for side in SIDES}
    _place_trunk(motion, feet)
    for side in SIDES:
        _place_leg(motion, side, *feet[side])
        _place_arm(motion, side)
        _place_fingers(motion, side)
    return motion


def _place_trunk(motion: Motion, feet: dict[str, tuple[Floats, Floats, Floats]]) -> None:
    rest = motion.rest
    (left, left_up, _), (right, right_up, _) = feet["Left"], feet["Right"]
    loads = np.stack([0.5 - 4 * left_up, 0.5 - 4 * right_up]).clip(0.22, 1)
    loads = smoothed((loads / loads.sum(0)).T, 2.5)
    ground = smoothed(loads[:, :1] * left + loads[:, 1:] * right, 2.5)
    yaw = smoothed(eased(TURN_KEYS), 1.5)
    breath = 0.004 * np.sin(2 * np.pi * 0.4 * TIMES)
    tilt = 5 * (loads[:, 0] - loads[:, 1])
    z, y, x = np.eye(3)[[2, 1, 0]]
    hips = rotation(z, yaw) @ rotation(y, 0.7 * tilt)
    low = eased(DIP_KEYS) - breath
    motion.turn["Hips"] = hips
    motion.head["Hips"] = np.column_stack([ground, rest.head["Hips"][2] - low]) + np.array([0, 0.012, 0])
    lead = np.gradient(yaw) * 1.6
    bow = 10 * (eased(DIP_KEYS) - 0.02) / 0.1 + 1.0
    for share, bone in ((0.3, "Spine"), (0.35, "Spine1"), (0.35, "Spine2")):
        bend = rotation(x, share * bow) @ rotation(y, -share * 1.1 * tilt) @ rotation(z, share * lead)
        motion.follow(bone, bend)
    look = rotation(z, -0.28 * yaw) @ rotation(x, -0.35 * bow + 3 * np.sin(2 * np.pi * 0.7 * TIMES))
    motion.follow("Neck", look)
    motion.follow("Head", look)


def _place_leg(motion: Motion, side: str, ground: Floats, height: Floats, yaw: Floats) -> None:
    rest = motion.rest
    hip, knee, ankle, ball = (rest.head[side + part] for part in ("UpLeg", "Leg", "Foot", "ToeBase"))
    turned = rotation(np.array([0.0, 0, 1]), yaw)
    pitch = rotation(np.array([1.0, 0, 0]), 260 * np.roll(height, -3).clip(0, 0.07))
    heading = turned @ pitch
    goal = np.column_stack([ground, height]) + (heading @ (ankle - ball * [1, 1, 0]))
    goal += turned @ ((ball - ankle) * [1, 1, 0])
    motion.follow(side + "UpLeg")
    pole = unit(turned[:, :, 1] + motion.turn["Hips"][:, :, 1]) * -1.0
    first, second = np.linalg.norm(knee - hip), np.linalg.norm(ankle - knee)
    middle, hinge = two_bone(motion.head[side + "UpLeg"], goal, pole, float(first), float(second))
    forward = np.array([1.0, 0, 0])
    motion.turn[side + "UpLeg"] = carry(knee - hip, forward, middle - motion.head[side + "UpLeg"], hinge)
    motion.place(side + "Leg", carry(ankle - knee, forward, goal - middle, hinge))
    motion.place(side + "Foot", heading)
    motion.place(side + "ToeBase", turned @ rotation(forward, 100 * np.roll(height, -3).clip(0, 0.07)))


def _place_arm(motion: Motion, side: str) -> None:
    rest, sign = motion.rest, SIDES[side]
    shoulder, elbow, wrist = (rest.head[side + part] for part in ("Arm", "ForeArm", "Hand"))
    own_to_world = motion.turn["Spine2"] @ np.diag([sign, -1.0, 1.0])

    def world(part: str) -> Floats:
        return np.einsum("fij,fj->fi", own_to_world, arm_channel(side, part))

    raised = (arm_channel(side, "wrist")[:, 2] + 0.9).clip(0, None)
    motion.follow(side + "Shoulder", rotation(np.array([0.0, -sign, 0]), 7 * raised))
    motion.follow(side + "Arm")
    root = motion.head[side + "Arm"]
    first, second = (float(np.linalg.norm(bone)) for bone in (elbow - shoulder, wrist - elbow))
    goal = root + (first + second) * world("wrist")
    middle, hinge = two_bone(root, goal, world("elbow"), first, second)
    rest_hinge = np.cross(elbow - shoulder, wrist - elbow)
    motion.turn[side + "Arm"] = carry(elbow - shoulder, rest_hinge, middle - root, hinge)
    straight = carry(wrist - elbow, rest_hinge, goal - middle, hinge)
    fingers, palm = rest_palm(rest, side)
    hand = carry(fingers, palm, world("fingers"), world("palm"))
    motion.place(side + "ForeArm", _twisted_towards(straight, hand, unit(goal - middle)))
    motion.place(side + "Hand", hand)


def _twisted_towards(arm: Floats, hand: Floats, along: Floats) -> Floats:
    """`arm` turned about `along` by most of the way that the hand is turned about it."""
    between = hand @ np.swapaxes(arm, -1, -2)
    trace = np.trace(between, axis1=-2, axis2=-1)
    skew = np.stack([between[:, i, j] - between[:, j, i] for i, j in ((2, 1), (0, 2), (1, 0))], -1)
    twist = 2 * np.arctan2((skew * along).sum(-1), 1 + trace)
    return rotation(along, 0.65 * np.degrees(np.unwrap(twist))) @ arm


def rest_palm(rest: Skeleton, side: str) -> tuple[Floats, Floats]:
    """Where the fingers and the palm of a resting hand point."""
    fingers = unit(rest.head[side + "HandMiddle1"] - rest.head[side + "Hand"])
    to_thumb = rest.head[side + "HandIndex1"] - rest.head[side + "HandPinky1"]
    return fingers, unit(SIDES[side] * np.cross(fingers, to_thumb))


def _place_fingers(motion: Motion, side: str) -> None:
    rest = motion.rest
    fingers, palm = rest_palm(rest, side)
    to_thumb = SIDES[side] * np.cross(palm, fingers)
    spread = hand_channel(side, "spread")
    for place, finger in enumerate(("Index", "Middle", "Ring", "Pinky")):
        curl = hand_channel(side, "index" if finger == "Index" else "others")
        for joint, closed in zip("123", (78, 92, 62), strict=True):
            bone = f"{side}Hand{finger}{joint}"
            axis = np.cross(unit(rest.tail[bone] - rest.head[bone]), palm)
            bend = rotation(axis, -8 + (closed + 8) * curl)
            if joint == "1":
                bend = rotation(palm, SIDES[side] * (1.2 - place) * 7 * spread) @ bend
            motion.follow(bone, bend)
    curl = hand_channel(side, "thumb")
    for joint, closed in zip("123", (28, 38, 45), strict=True):
        bone = f"{side}HandThumb{joint}"
        axis = np.cross(unit(rest.tail[bone] - rest.head[bone]), 0.7 * palm - 0.7 * to_thumb)
        motion.follow(bone, rotation(axis, -10 + (closed + 10) * curl))
