"""Varied motion for rendered people: random poses within the joints' ranges, joined smoothly; BVH; DeepMimic.

A motion is the world rotation of every bone from the rest pose, (F, B, 3, 3), for a figure that faces -Y with
its left on +X. Angles are in degrees.
"""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path

import make_clip
import numpy as np
from figures import Figure
from make_clip import axis_rot, limb_frame, swing, unit
from scipy.ndimage import gaussian_filter1d
from scipy.spatial.transform import Rotation, Slerp

X, Y, Z = np.eye(3)
DOWN = -Z
SIDES = (("Left", 1), ("Right", -1))
DEV_RANGES = {
    "cmu_02_01.bvh": (0.1, 2.8), "fair1_dab.bvh": (4.0, 7.0),
    "cmu_135_09_oiduki_punch.bvh": (2.0, 4.85), "cmu1_jumping_jacks.bvh": (0.4, 3.4),
}  # fmt: skip
"""Seconds of these motions that the clips in synth/dev show: they are left out."""
# Of a leg: mean or lowest and spread or highest of hip flexion, abduction, outward turn, knee flexion.
# (normal, mean, spread) or (uniform, low, high).
_LEGS = {
    "stand": (("n", 2, 7), ("n", -4, 5), ("n", 0, 10), ("a", 0, 10)),
    "wide": (("n", 3, 10), ("n", 16, 9), ("n", 5, 12), ("a", 0, 15)),
    "front": (("u", 20, 85), ("n", -3, 6), ("n", 0, 10), ("u", 10, 95)),
    "rear": (("u", -28, 0), ("n", -3, 6), ("n", 0, 10), ("u", 0, 90)),
    "squat": (("u", 30, 115), ("n", 5, 9), ("n", 5, 12), ("u", 40, 135)),
    "kneel": (("n", 5, 12), ("n", -2, 6), ("n", 0, 8), ("u", 80, 130)),
    "kneelsit": (("u", 30, 85), ("n", 0, 6), ("n", 0, 8), ("u", 115, 140)),
    "sit": (("u", 70, 100), ("n", 0, 10), ("n", 0, 12), ("u", 20, 110)),
    "kick": (("u", 30, 105), ("n", 5, 15), ("n", 5, 15), ("u", 0, 120)),
    "back": (("u", -20, 10), ("n", 3, 10), ("n", 0, 10), ("u", 20, 120)),
    "side": (("n", 5, 10), ("u", 20, 50), ("n", 5, 12), ("u", 0, 40)),
}
_FREE_FEET = ("kick", "back", "kneel", "kneelsit")
# Which stances go together, and how often.
_STANCES = {
    ("stand", "stand"): 6, ("wide", "wide"): 3, ("front", "rear"): 4, ("squat", "squat"): 4,
    ("front", "kneel"): 2, ("kneel", "kneel"): 1, ("kneelsit", "kneelsit"): 1, ("sit", "sit"): 3,
    ("kick", "stand"): 3,
    ("back", "stand"): 2, ("side", "stand"): 2, ("stand", "front"): 2, ("squat", "side"): 1,
}  # fmt: skip
# Of an arm: how often, direction of the upper arm (outwards, forwards, up; lowest and highest of each), and
# bend of the elbow beyond the rest pose's 39 degrees.
_ARMS = {
    "hang": (0.20, ((0.02, 0.35), (-0.2, 0.3), (-1, -1)), (-37, 20)),
    "any": (0.22, ((-0.4, 1), (-0.45, 1), (-1, 1)), (-35, 95)),
    "gesture": (0.18, ((0.05, 0.6), (-0.1, 0.7), (-0.85, -0.85)), (10, 100)),
    "front": (0.12, ((-0.3, 0.4), (1, 1), (-0.6, 0.6)), (-38, 40)),
    "up": (0.10, ((-0.1, 0.5), (-0.3, 0.6), (1, 1)), (-38, 60)),
    "side": (0.08, ((1, 1), (-0.4, 0.5), (-0.6, 0.6)), (-38, 70)),
    "hip": (0.05, ((0.6, 0.6), (-0.35, 0), (-0.75, -0.75)), (25, 55)),
    "face": (0.05, ((-0.1, 0.6), (0.2, 0.9), (-0.5, 0.3)), (60, 105)),
}
_STRETCHED = ("any", "front", "side", "up", "hang")
"""Arms that are straight as often as not."""
_Key = dict[str, np.ndarray]


def turn(axis: np.ndarray, degrees: float | np.ndarray) -> np.ndarray:
    return axis_rot(axis, np.radians(degrees))


def random_motion(random: np.random.Generator, figure: Figure, frames: int, fps: float) -> np.ndarray:
    """Through random poses, each held or left after 0.35 to 1.5 s, while the figure slowly turns."""
    times = np.arange(frames) / fps
    at, keys = [-0.3], [_key(random, figure)]
    while at[-1] < times[-1] + 0.1:
        at.append(at[-1] + random.uniform(0.35, 1.5))
        keys.append(_key(random, figure))
        if random.random() < 0.4:
            kept = ("Leg", "Foot", "Hips") if random.random() < 0.6 else ("Arm", "Hand", "Shoulder")
            keys[-1] |= {name: keys[-2][name] for name in keys[-1] if any(part in name for part in kept)}
    span = np.clip(np.searchsorted(at, times, side="right") - 1, 0, len(at) - 2)
    share = np.clip((times - np.take(at, span)) / np.diff(at)[span] * 1.15, 0, 1)
    when = span + share**2 * (3 - 2 * share)
    own = np.tile(np.eye(3), (frames, len(figure.names), 1, 1))
    for name in keys[0]:
        path = Rotation.from_matrix([key[name] for key in keys])
        own[:, figure.idx[name]] = Slerp(np.arange(len(keys)), path)(when).as_matrix()
    root = turn(Z, random.uniform(-30, 30) * times) @ own[:, 0]
    return smooth(chained(figure, np.concatenate([root[:, None], own[:, 1:]], axis=1)))


def chained(figure: Figure, own: np.ndarray) -> np.ndarray:
    """World rotations from those relative to the parent."""
    world = own.copy()
    for i, parent in enumerate(figure.parent):
        if parent >= 0:
            world[:, i] = world[:, parent] @ own[:, i]
    return world


def unchained(figure: Figure, world: np.ndarray) -> list[np.ndarray]:
    """Of each bone its rotation relative to the parent. (F, 3, 3) each."""
    turned = [world[:, i] for i in range(len(figure.names))]
    return [
        np.swapaxes(turned[parent], 1, 2) @ own if parent >= 0 else own
        for parent, own in zip(figure.parent, turned, strict=True)
    ]


def smooth(motion: np.ndarray) -> np.ndarray:
    """Blurred by one frame: means of matrices, brought back to rotations."""
    left, _, right = np.linalg.svd(gaussian_filter1d(motion, 1.0, axis=0, mode="nearest"))
    left[..., 2] *= np.linalg.det(left @ right)[..., None]
    return left @ right


def _key(random: np.random.Generator, figure: Figure) -> _Key:
    """One pose: rotation of each bone from its parent's."""
    stances = list(_STANCES)[
        random.choice(len(_STANCES), p=np.array([*_STANCES.values()]) / sum(_STANCES.values()))
    ]
    stances = stances[::-1] if random.random() < 0.5 else stances
    low = {"squat", "sit"} & set(stances)
    lean = random.uniform(0, 40) if low else random.normal(4, 8)
    key = {"Hips": turn(Z, random.normal(0, 12)) @ turn(X, lean) @ turn(Y, random.normal(0, 5))}
    bend = random.normal(8, 10) if random.random() < 0.75 else random.uniform(0, 80)
    side, twist = random.normal(0, 8), random.normal(0, 14)
    for name, share in (("Spine", 0.4), ("Spine1", 0.35), ("Spine2", 0.25)):
        key[name] = turn(X, share * bend) @ turn(Y, share * side) @ turn(Z, twist / 3)
    for name in ("Neck", "Head"):
        nod = np.clip(random.normal(-0.3 * bend, 16), -50, 45)
        shake = np.clip(random.normal(0, 25), -65, 65)
        key[name] = turn(Z, shake / 2) @ turn(X, nod / 2) @ turn(Y, random.normal(0, 4))
    alike = random.random() < 0.35 and stances[0] == stances[1]
    angles = [[_draw(random, *how) for how in _LEGS[stance]] for stance in stances]
    for (name, s), stance, leg in zip(SIDES, stances, (angles[0], angles[0 if alike else 1]), strict=True):
        flexion, abduction, outward, knee = leg
        level = random.normal(15, 15) if stance in _FREE_FEET else flexion - lean - knee
        key[f"{name}UpLeg"] = turn(Y, -s * abduction) @ turn(X, -flexion) @ turn(Z, s * outward)
        key[f"{name}Leg"] = turn(X, knee)
        key[f"{name}Foot"] = turn(X, np.clip(level, -35, 50))
    left = _arm(random, figure, "Left", 1)
    if random.random() < 0.25:
        flip = np.diag([-1.0, 1, 1])
        return key | left | {name.replace("Left", "Right"): flip @ one @ flip for name, one in left.items()}
    return key | left | _arm(random, figure, "Right", -1)


def _draw(random: np.random.Generator, kind: str, first: float, second: float) -> float:
    """Uniform from first to second, normal of that mean and spread, or the amount of that."""
    value = random.uniform(first, second) if kind == "u" else random.normal(first, second)
    return abs(value) if kind == "a" else value


def _arm(random: np.random.Generator, figure: Figure, side: str, s: int) -> _Key:
    rates, ways, bends = zip(*_ARMS.values(), strict=True)
    kind = random.choice(len(rates), p=rates)
    out, ahead, up = (random.uniform(*way) for way in ways[kind])
    aim = unit(np.array([s * out, -ahead, up]))
    bend = random.uniform(*bends[kind])
    if list(_ARMS)[kind] in _STRETCHED and random.random() < 0.6:
        bend = random.uniform(-39, -22)
    upper, fore = figure.vec(f"{side}Arm", f"{side}ForeArm"), figure.vec(f"{side}ForeArm", f"{side}Hand")
    hinge = np.cross(upper, fore)
    raised = max(0.0, np.degrees(np.arcsin(aim[2])) + 15) / 4 + random.normal(0, 3)
    collar = turn(Y, -s * raised) @ turn(Z, s * random.normal(-3, 5))
    half = turn(fore, np.clip(random.normal(0, 35), -75, 75) / 2)
    deviation = turn(unit(np.cross(fore, hinge)), np.clip(random.normal(0, 22), -55, 55))
    return {
        f"{side}Shoulder": collar,
        f"{side}Arm": collar.T @ turn(aim, np.clip(random.normal(0, 30), -75, 75)) @ swing(upper, aim),
        f"{side}ForeArm": turn(hinge, bend) @ half,
        f"{side}Hand": half @ turn(hinge, random.normal(0, 12)) @ deviation,
    }


def bvh_motion(
    random: np.random.Generator, figure: Figure, frames: int, fps: float, path: Path
) -> np.ndarray | None:
    """A stretch of a BVH motion that no clip of synth/dev shows; None where there is too little of it."""
    bvh = make_clip.Bvh(path)
    end = len(bvh.data) * bvh.frame_time - 0.05
    first, last = DEV_RANGES.get(path.name, (0.0, 0.0))
    stretches = [(a, b) for a, b in ((0.0, first), (last, end)) if b - a > 0.3]
    if not stretches:
        return None
    lengths = np.array([b - a for a, b in stretches])
    low, high = stretches[random.choice(len(stretches), p=lengths / lengths.sum())]
    span = min(frames / fps * random.uniform(0.6, 1.15), high - low)
    times = random.uniform(low, high - span) + np.arange(frames) / frames * span
    with contextlib.redirect_stdout(io.StringIO()):
        return make_clip.retarget(figure, bvh, np.rint(times / bvh.frame_time).astype(int))[0]


def with_arms_of(figure: Figure, motion: np.ndarray, other: np.ndarray) -> np.ndarray:
    """A motion with the arms and the head of another."""
    own, others = (unchained(figure, world) for world in (motion, other))
    upper = ("Arm", "Hand", "Shoulder", "Neck", "Head")
    mixed = [
        others[i] if any(part in name for part in upper) else own[i] for i, name in enumerate(figure.names)
    ]
    return chained(figure, np.stack(mixed, axis=1))


def deepmimic_motion(
    random: np.random.Generator, figure: Figure, frames: int, fps: float, path: Path
) -> np.ndarray:
    """A stretch of a DeepMimic motion, back and forth (x forward, y up, z right; limbs hang at rest)."""
    rows = np.array(json.loads(path.read_text())["Frames"], float)
    starts = np.concatenate([[0.0], np.cumsum(rows[:-1, 0])])
    times = random.uniform(0, starts[-1]) + np.arange(frames) / fps * random.uniform(0.5, 1.0)
    times = starts[-1] - np.abs(times % (2 * starts[-1]) - starts[-1])
    rows = rows[np.searchsorted(starts, times, side="right") - 1]
    axes = np.array([[0.0, 0, -1], [-1, 0, 0], [0, 1, 0]])

    def ball(column: int) -> np.ndarray:
        return axes @ make_clip.from_quat(rows[:, column : column + 4]) @ axes.T

    def hinge(column: int) -> np.ndarray:
        return axes @ axis_rot(Z, rows[:, column]) @ axes.T

    world = {"Hips": ball(4)}
    world["Spine2"] = chest = world["Hips"] @ ball(8)
    for name, share in (("Spine", 1 / 3), ("Spine1", 2 / 3)):
        world[name] = make_clip.blend_rot(world["Hips"], chest, share)
    world["Head"] = chest @ ball(12)
    world["Neck"] = make_clip.blend_rot(chest, world["Head"], 0.5)
    for side, hip, shoulder in (("Right", 16, 25), ("Left", 30, 39)):
        for upper, lower, end, root, column, fold in (
            ("UpLeg", "Leg", "Foot", world["Hips"], hip, X), ("Arm", "ForeArm", "Hand", chest, shoulder, -X),
        ):  # fmt: skip
            first, second = figure.vec(side + upper, side + lower), figure.vec(side + lower, side + end)
            bend = np.cross(first, second)
            world[side + upper] = root @ ball(column)
            world[side + lower] = world[side + upper] @ hinge(column + 4)
            if upper == "UpLeg":
                world[side + end] = world[side + lower] @ ball(column + 5)
            hanging = limb_frame(DOWN, fold)
            world[side + upper] = world[side + upper] @ hanging @ limb_frame(first, bend).T
            world[side + lower] = world[side + lower] @ hanging @ limb_frame(second, bend).T
    motion = np.tile(np.eye(3), (frames, len(figure.names), 1, 1))
    for i, name in enumerate(figure.names):
        motion[:, i] = world.get(name, motion[:, figure.parent[i]])
    return smooth(motion)
