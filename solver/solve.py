"""Landmarks to the humanoid's motion: the whole way, in the order it is gone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..take import Floats, Take
from . import limbs, rotations
from .camera import Camera, camera_of
from .contacts import BY_FOOT, FOOT_POINTS
from .evidence import gather
from .face.face_motion import FaceMotion
from .face.solve import face_where_seen
from .face.turn_head import turn_head
from .fingers import fingers
from .fit.body import Body, Placed, place
from .fit.branches import choose
from .fit.fit import ROUGH, fit
from .fit.memory import keep_freed
from .fit.pace import between, thinned
from .fit.skeleton import ANGLES, NODE, SLOT_NODES
from .fit.start import start
from .fit.terms import Weights, weights_of
from .ground import Ground, find_ground, find_plants
from .hand_view import HandView, look, tell_apart
from .height import with_height
from .humanoid import INDEX, SIDES
from .ignored import without_ignored, without_ignored_hands
from .landmarks import TOES, WRISTS
from .lock import lock_feet
from .lock_hands import lock_hands
from .palm import Palms, arms, palm, wrist
from .performer import performer_rest
from .plant import Plant
from .pose import Pose
from .rest import FORWARD, UP
from .settings import DEFAULTS, Parts, Settings
from .sight import Sight
from .smooth import smooth
from .solution import Solution
from .stages import Told, untold
from .swaps import uncrossed

STANDING = [*np.array(FOOT_POINTS)[BY_FOOT], *WRISTS]
"""The landmarks of the columns of `Solution.contacts`."""
ENOUGH = 0.06
"""Radians that the equations may still ask for after the fit with standing feet: some feet are held far from
where they were seen."""
FOOT_CUTOFF = 6.0
"""Hertz: how fast the toes go flat."""


def solve(take: Take, settings: Settings = DEFAULTS, told: Told = untold) -> Solution:
    """The humanoid's motion from what was seen of a clip.

    Args:
        take: What was seen.
        settings: Known facts and choices.
        told: Called with each of `stages.BEHIND` as it begins.

    Raises:
        BlazeRigError: Nobody was seen in the take.
    """
    keep_freed()
    told("looking")
    camera = camera_of(take.size, settings.view_angle, take.focal)
    parts, weights = settings.parts, weights_of(settings)
    take = uncrossed(take) if parts.sides else take
    seen = gather(take, camera, corrected=parts.correction)
    sight = without_ignored(seen, settings.edits.ignore)
    take = without_ignored_hands(take, settings.edits.ignore)
    told("body")
    body = _first_fit(sight, parts, weights)
    told("hands")
    placed = place(body)
    views = look(tell_apart(take), placed.places[:, [NODE["leftWrist"], NODE["rightWrist"]], 2], camera)
    if parts.palms:
        sight, body = _with_palms(sight, views, body, placed)
    told("motion")
    body = fit(sight, body, weights, iterations=1, measure=False)

    told("floor")
    legs_seen = limbs.legs_seen(seen.trust, seen.times)
    rest = performer_rest(body.lengths, legs=bool(legs_seen.max() > 0.5))
    ground, plant = _stands(sight, place(body), rest, settings)
    told("feet")
    pinned = plant if settings.lock_feet else None
    body = fit(sight, body, weights, iterations=3, plant=pinned, measure=False, enough=ENOUGH)
    told("finishing")
    placed = place(body)
    turned = rotations.from_matrix(ground.world_from_camera() @ placed.turned[:, SLOT_NODES])
    face = _face(take, camera, turned, ground)
    for i, side in enumerate(SIDES):
        _rest_leg(turned, plant, legs_seen[:, i], side, sight.times)
        _close_fingers(turned, views[i], placed, sight.times)
    pose = Pose(sight.times, rotations.continuous(turned), body.root @ ground.world_from_camera().T, rest)
    solution = _on_floor(pose, placed, camera, ground, plant, sight, lock=settings.lock_feet)
    solution = replace(solution, face=face)
    return solution if settings.height is None else with_height(solution, settings.height)


def _first_fit(sight: Sight, parts: Parts, weights: Weights) -> Body:
    """The body and its lengths from a low rate of frames; nothing stands yet, and no palm was looked at."""
    few = thinned(sight)
    body = fit(few, start(few), weights, measure=parts.lengths, tolerance=ROUGH)
    if parts.branches:
        body = choose(few, body)
    return between(fit(few, body, weights, measure=parts.lengths), few.times, sight.times)


def _on_floor(
    pose: Pose, placed: Placed, camera: Camera, ground: Ground, plant: Plant, sight: Sight, *, lock: bool
) -> Solution:
    """The solution from a pose that is turned to the world but still has its origin in the camera.

    The floor comes to z = 0, the origin under the root of the first frame that was seen, and standing feet
    are held where `lock` says so.
    """
    contacts = plant.standing()[:, STANDING]
    first = int(np.argmax(sight.trust.any(1)))
    floor = [0.0, 0.0, -ground.height]
    locked = replace(pose, hips=pose.hips + floor)
    locked = lock_hands(lock_feet(locked, contacts[:, :4]), contacts[:, 4:]) if lock else locked
    eye = floor - locked.hips[first] * [1.0, 1.0, 0.0]
    turn = ground.world_from_camera()
    return Solution(
        replace(locked, hips=locked.hips + (eye - floor)),
        camera,
        turn,
        eye,
        trust=sight.trust,
        landmarks=placed.landmarks @ turn.T + eye,
        contacts=contacts,
    )


def _stands(sight: Sight, placed: Placed, rest: Floats, settings: Settings) -> tuple[Ground, Plant]:
    """The floor, and what stands on it when."""
    tracks = np.concatenate([placed.landmarks, placed.places[:, :1]], axis=1)
    seen = (sight.slopes, sight.trust, sight.times)
    ground = find_ground(tracks, *seen, rest[INDEX["hips"], 2], settings.pitch_angle)
    return ground, find_plants(tracks, *seen, ground, settings.edits.contacts)


def _face(take: Take, camera: Camera, turned: Floats, ground: Ground) -> FaceMotion | None:
    """What the face does, and the head turned as it is; None where none was seen."""
    face = face_where_seen(take, camera)
    if face is not None and take.face is not None:
        seen = np.isfinite(take.face.image).all((1, 2))
        turn_head(turned, face, seen, camera, ground.world_from_camera())
    return face


def _rest_leg(turned: Floats, plant: Plant, seen: Floats, side: str, times: Floats) -> None:
    """Let the toes lie flat while they stand, and a leg that is not `seen` (F,) stand under the pelvis."""
    standing = plant.standing()[:, TOES[SIDES.index(side)]]
    standing = np.clip(smooth(standing, times, FOOT_CUTOFF), 0.0, 1.0)
    turned[:, INDEX[f"{side}Toes"]] = limbs.toes(turned[:, INDEX[f"{side}Foot"]], standing)
    ahead = rotations.rotate(turned[:, INDEX["hips"]], FORWARD) * [1.0, 1.0, 0.0]
    upright = rotations.between_frames(UP, FORWARD, UP, ahead)
    for part in ("UpperLeg", "LowerLeg", "Foot", "Toes"):
        slot = INDEX[f"{side}{part}"]
        turned[:, slot] = rotations.interpolate(upright, turned[:, slot], seen)


def _with_palms(
    sight: Sight, views: tuple[HandView, HandView], body: Body, placed: Placed
) -> tuple[Sight, Body]:
    """With how the hands were turned, as far as the forearms allow, and the wrists turned so."""
    angles, beside = body.angles.copy(), arms(sight.metric)
    found: list[Palms] = []
    for i, view in enumerate(views):
        forearm = rotations.from_matrix(placed.turned[:, NODE[f"{view.side}Elbow"]])
        hand = palm(view, forearm, beside[:, i])
        columns = [ANGLES.index(f"{view.side}{name}") for name in ("Pronation", "Flexion", "Deviation")]
        turned = wrist(view.side, rotations.multiply(rotations.inverse(forearm), hand.turned))
        angles[:, columns] = np.where(view.seen[:, None], turned, angles[:, columns])
        found.append(hand)
    sight = replace(
        sight,
        hands=np.stack([hand.turned for hand in found], axis=1),
        hand_error=np.stack([hand.error for hand in found], axis=1),
    )
    return sight, replace(body, angles=angles)


def _close_fingers(turned: Floats, view: HandView, placed: Placed, times: Floats) -> None:
    """Fill in the fingers of a hand, on the hand as it was fitted."""
    seen = rotations.from_matrix(placed.turned[:, NODE[f"{view.side}Hand"]])
    hand = turned[:, INDEX[f"{view.side}Hand"]]
    for slot, finger in fingers(view, seen, times).items():
        turned[:, INDEX[slot]] = rotations.multiply(hand, finger)
