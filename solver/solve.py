"""Landmarks to the humanoid's motion: the whole way, in the order it is gone."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np

from ..take import Floats, Take
from . import hands, limbs, rotations, torso
from .camera import DIAGONAL_VIEW, Camera, camera_of, face_ray
from .evidence import gather
from .ground import Ground, find_ground, find_plants
from .hands import HAND_LENGTH
from .humanoid import INDEX, SIDES, SLOTS
from .landmarks import (
    ANKLES,
    COLUMN,
    EARS,
    ELBOWS,
    EYES,
    FITTED,
    HEELS,
    HIPS,
    INDEX_KNUCKLES,
    KNEES,
    LITTLE_KNUCKLES,
    NOSE,
    SHOULDERS,
    TOES,
    WRISTS,
)
from .lock import lock_feet
from .paths import ROOT, Plant, fit_paths
from .performer import performer_rest
from .pose import Pose
from .rest import FOREARM_SHARE, FORWARD, OUT, UP
from .settings import DEFAULTS, Settings
from .smooth import smooth, smooth_rotations
from .solution import Solution

HEAD_CUTOFF = 4.0
HAND_CUTOFF = 5.0
FINGER_CUTOFF = 5.0
"""Hertz: what is left of the faces' and hands' motion after smoothing."""
FOOT_CUTOFF = 6.0
"""Hertz: how fast the toes go flat."""
COARSE_HAND = 0.1
"""Weight of the body's own three points of a hand where the hand's net found none, or one that cannot be."""


def solve(take: Take, settings: Settings = DEFAULTS) -> Solution:
    """The humanoid's motion from what was seen of a clip.

    Raises:
        BlazeRigError: Nobody was seen in the take.
    """
    view = DIAGONAL_VIEW if settings.diagonal_view is None else np.radians(settings.diagonal_view)
    camera = camera_of(take.size, view)
    evidence, start = gather(take, camera)
    paths, lengths = fit_paths(evidence, start)
    legs_seen = limbs.legs_seen(evidence.trust, evidence.times)
    trunk = float(np.median(np.linalg.norm(_trunk(paths), axis=-1)))
    rest = performer_rest(lengths, trunk, legs=bool(legs_seen.max() > 0.5))
    seen = (evidence.slopes, evidence.trust, evidence.times)
    pitch = None if settings.pitch is None else np.radians(settings.pitch)
    ground = find_ground(paths, *seen, rest[INDEX["hips"], 2], pitch)
    plant = find_plants(paths, *seen, ground)
    if settings.lock_feet:
        paths, _ = fit_paths(evidence, paths, lengths=lengths, plant=plant)
    first = int(np.argmax(evidence.trust.any(1)))
    eye = _eye(paths, ground, first)
    joints = paths @ ground.world_from_camera().T + eye

    turned = np.empty((len(take), len(SLOTS), 4))
    body = _metric(take.body_world, camera.slopes(take.body_image[:, list(HIPS), :2]).mean(1), ground)
    _solve_torso(turned, joints, take, body)
    hand_size = camera.focal * HAND_LENGTH / paths[:, ROOT, 2]
    for i, side in enumerate(SIDES):
        _solve_leg(turned, joints, rest, plant, side, evidence.times)
        _stand(turned, side, legs_seen[:, i])
        _solve_arm(turned, joints, take, body, camera, ground, hand_size, side)
    contacts = plant.standing()[:, [COLUMN[i] for i in (HEELS[0], TOES[0], HEELS[1], TOES[1])]]
    pose = Pose(evidence.times, rotations.continuous(turned), joints[:, ROOT], rest)
    if settings.lock_feet:
        pose = lock_feet(pose, contacts)
        moved = (pose.hips - joints[:, ROOT])[first] * [1.0, 1.0, 0.0]
        pose, eye = replace(pose, hips=pose.hips - moved), eye - moved
        joints = joints - moved
    return Solution(
        pose,
        camera,
        ground.world_from_camera(),
        eye,
        trust=_all_landmarks(evidence.trust),
        landmarks=_all_landmarks(joints[:, :ROOT]),
        contacts=contacts,
    )


def _all_landmarks(fitted: Floats) -> Floats:
    """(F, N, *) of the fitted landmarks among all 33, NaN for the others."""
    every: Floats = np.full((len(fitted), 33, *fitted.shape[2:]), np.nan)
    every[:, FITTED] = fitted
    return every


def _trunk(points: Floats) -> Floats:
    """From the middle of the hips to that of the shoulders (F, 3)."""
    return points[:, _columns(SHOULDERS)].mean(1) - points[:, _columns(HIPS)].mean(1)


def _columns(pair: tuple[int, int]) -> list[int]:
    return [COLUMN[landmark] for landmark in pair]


def _eye(paths: Floats, ground: Ground, first: int) -> Floats:
    """Where the camera stands: floor at z = 0, origin under the root of frame `first`. Shape (3,)."""
    under = ground.world_from_camera() @ paths[first, ROOT]
    return np.array([-under[0], -under[1], -ground.height])


def _metric(points: Floats, slopes: Floats, ground: Ground) -> Floats:
    """Metric landmarks (F, N, 3) of a crop around `slopes` (F, 2), turned into world axes."""
    return face_ray(np.asarray(points, float), slopes) @ ground.world_from_camera().T


def _solve_torso(turned: Floats, joints: Floats, take: Take, body: Floats) -> None:
    """Fill in hips, spine, chest, upperChest, neck and head."""
    trunk = torso.torso(joints[:, _columns(HIPS)], joints[:, _columns(SHOULDERS)])
    for i, slot in enumerate(("hips", "spine", "chest", "upperChest")):
        turned[:, INDEX[slot]] = trunk[:, i]
    chest = trunk[:, -1]
    points = [NOSE, *EYES, *EARS]
    face = body[:, points]
    weights = np.nan_to_num(take.body_visibility[:, points].min(1))
    local = rotations.multiply(rotations.inverse(chest), torso.head(face))
    head = rotations.multiply(chest, _fill(local, take.times, HEAD_CUTOFF, weights))
    turned[:, INDEX["head"]] = head
    turned[:, INDEX["neck"]] = torso.neck(chest, head)


def _solve_leg(turned: Floats, joints: Floats, rest: Floats, plant: Plant, side: str, times: Floats) -> None:
    """Fill in a leg, so that the humanoid's ankle is where the performer's was."""
    i = SIDES.index(side)
    knee, ankle, heel, toes = (joints[:, COLUMN[pair[i]]] for pair in (KNEES, ANKLES, HEELS, TOES))
    slots = [INDEX[f"{side}{part}"] for part in ("UpperLeg", "LowerLeg", "Foot", "Toes")]
    pelvis = turned[:, INDEX["hips"]]
    hip = joints[:, ROOT] + rotations.rotate(pelvis, rest[slots[0]] - rest[INDEX["hips"]])
    thigh, shin = (float(np.linalg.norm(rest[b] - rest[a])) for a, b in pairwise(slots[:3]))
    knee = limbs.bend_to(hip, knee, ankle, thigh, shin)
    leg = limbs.leg(np.stack([hip, knee, ankle], axis=1), toes - heel, pelvis, times)
    foot = limbs.foot(toes - heel, leg.lower)
    standing = np.clip(smooth(plant.standing()[:, COLUMN[TOES[i]]], times, FOOT_CUTOFF), 0.0, 1.0)
    bent = limbs.toes(foot, standing)
    for slot, rotation in zip(slots, (leg.upper, leg.lower, foot, bent), strict=True):
        turned[:, slot] = rotation


def _stand(turned: Floats, side: str, seen: Floats) -> None:
    """Let a leg that is not `seen` (F,) stand under the pelvis."""
    ahead = rotations.rotate(turned[:, INDEX["hips"]], FORWARD) * [1.0, 1.0, 0.0]
    standing = rotations.between_frames(UP, FORWARD, UP, ahead)
    for part in ("UpperLeg", "LowerLeg", "Foot", "Toes"):
        slot = INDEX[f"{side}{part}"]
        turned[:, slot] = rotations.interpolate(standing, turned[:, slot], seen)


def _solve_arm(
    turned: Floats,
    joints: Floats,
    take: Take,
    body: Floats,
    camera: Camera,
    ground: Ground,
    hand_size: Floats,
    side: str,
) -> None:
    """Fill in a shoulder, an arm, a hand and its fingers."""
    i = SIDES.index(side)
    chest = turned[:, INDEX["upperChest"]]
    chain = joints[:, [COLUMN[pair[i]] for pair in (SHOULDERS, ELBOWS, WRISTS)]]
    limb = limbs.arm(side, chain, chest, take.times)
    seen = take.left if side == "left" else take.right
    points = _metric(seen.world, camera.slopes(seen.image[:, 0, :2]), ground)

    own = rotations.multiply(rotations.inverse(limb.lower), hands.hand(side, points))
    possible = hands.possible(side, own)
    palm = body[:, [WRISTS[i], INDEX_KNUCKLES[i], LITTLE_KNUCKLES[i]]]
    coarse = hands.coarse_hand(side, *np.moveaxis(palm, 1, 0))
    coarse = rotations.multiply(rotations.inverse(limb.lower), coarse)
    weights = np.where(possible, 1.0, COARSE_HAND * hands.possible(side, coarse))
    sureness = hands.sureness(hand_size)
    local = hands.towards(rotations.IDENTITY, np.where(possible[:, None], own, coarse), weights * sureness)
    local = smooth_rotations(local, take.times, HAND_CUTOFF)

    twist = rotations.from_axis_angle(OUT[side], FOREARM_SHARE * rotations.twist_angle(local, OUT[side]))
    hand = rotations.multiply(limb.lower, local)
    turned[:, INDEX[f"{side}Shoulder"]] = chest
    turned[:, INDEX[f"{side}UpperArm"]] = limb.upper
    turned[:, INDEX[f"{side}LowerArm"]] = rotations.multiply(limb.lower, twist)
    turned[:, INDEX[f"{side}Hand"]] = hand
    for slot, finger in hands.fingers(side, points).items():
        bent = hands.towards(hands.relaxed(side, slot), finger, np.where(possible, sureness, 0.0))
        bent = smooth_rotations(bent, take.times, FINGER_CUTOFF)
        turned[:, INDEX[slot]] = rotations.multiply(hand, bent)


def _fill(local: Floats, times: Floats, cutoff: float, weights: Floats) -> Floats:
    """`local` (F, 4) smoothed; with the parent where it was never seen."""
    filled = smooth_rotations(local, times, cutoff, weights)
    return np.where(np.isfinite(filled).all(-1, keepdims=True), filled, rotations.IDENTITY)
