"""Standing feet are held: the root follows them first, the legs take what is left.

The step that a standing point makes is taken from its foot, so it stands exactly, while the
foot may roll from heel to toes and pivot on either. Between contacts the correction runs on
smoothly: a swing keeps its shape and a jump stays a jump. docs/derivations.md, LOCKING.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..take import Floats
from . import rotations
from .banded import PathEquations
from .flight import FREE_FALL, acceleration, in_flight
from .humanoid import INDEX, SIDES, joint_positions
from .limbs import bend_to
from .pose import Pose
from .rest import FORWARD, UP
from .runs import runs
from .smooth import bridge, durations
from .soles import HEEL_BEHIND

FLAT = np.radians(10.0)
"""A foot whose heel and ball stand is taken as flat if it is turned from that by less."""
KNEE_ERROR = np.radians(4.0)
"""How much a knee may bend or stretch for its foot's sake before the root moves instead."""
ROOT_ERROR = 0.05
"""Metres by which the root's path may be wrong, and how far feet may move against it."""
ROOT_CUTOFF = 3.0
"""Hertz: how fast the root follows feet that are wrong by `ROOT_ERROR`."""
FREE_FALL_ERROR = 2.0
"""m/s^2 by which the hips' acceleration in flight is not gravity's: they are not quite the centre of mass."""
DRIFT = 0.2
"""m/s: how fast what is added to the root's path may change; where no foot stands it hardly does."""
FAR = 10.0
"""Metres: what keeps the root where it was where nothing else does."""
STRAIGHT = 0.1
"""Sine of a knee's bend below which it counts as straight: there a knee's angle says all and nothing."""


@dataclass(frozen=True)
class Leg:
    """A leg of the solved humanoid; world, metres.

    Attributes:
        joints: Hip, knee, ankle and ball, where the toes begin. Shape (F, 4, 3).
        heel: Of the sole. Shape (F, 3).
        standing: Whether heel and ball stand. Shape (F, 2).
    """

    joints: Floats
    heel: Floats
    standing: NDArray[np.bool_]


def lock_feet(pose: Pose, standing: Floats) -> Pose:
    """The same motion on feet that stand where they stand, and nowhere under the floor.

    Without any contact the motion is left as it is.

    Args:
        pose: The motion.
        standing: How firmly left heel, left toes, right heel and right toes stand, 0 to 1. Shape (F, 4).
    """
    stands = standing.reshape(-1, 2, 2) > 0.5
    if not stands.any():
        return pose
    turned = pose.rotations.copy()
    for i, side in enumerate(SIDES):
        _hold_still(turned, side, stands[:, i].all(1), pose.times)
    held = replace(pose, rotations=turned)
    legs = [_leg(held, side, stands[:, i]) for i, side in enumerate(SIDES)]
    ball_height = pose.rest[INDEX["leftToes"], 2]
    shifts = [_shift(leg, ball_height) for leg in legs]
    root = _root_shift(legs, shifts, pose.hips, pose.times)
    for side, leg, shift in zip(SIDES, legs, shifts, strict=True):
        thigh, shin = INDEX[f"{side}UpperLeg"], INDEX[f"{side}LowerLeg"]
        goes = _relative(leg, shift, root, ball_height, pose.times)
        turned[:, thigh], turned[:, shin] = reach(
            turned[:, thigh], turned[:, shin], leg.joints, goes, FORWARD
        )
    return replace(pose, rotations=turned, hips=pose.hips + root)


def _hold_still(turned: Floats, side: str, flat: NDArray[np.bool_], times: Floats) -> None:
    """Do not let a foot turn while heel and ball stand; what that takes runs on between."""
    if not flat.any():
        return
    foot = turned[:, INDEX[f"{side}Foot"]]
    back = np.zeros((len(times), 3))
    for run in runs(flat):
        mean = _levelled(rotations.normalise(rotations.continuous(foot[run]).mean(0)))
        back[run] = rotations.to_vector(rotations.multiply(mean, rotations.inverse(foot[run])))
    turn = rotations.from_vector(bridge(back, times, flat))
    for slot in (INDEX[f"{side}Foot"], INDEX[f"{side}Toes"]):
        turned[:, slot] = rotations.multiply(turn, turned[:, slot])


def _levelled(foot: Floats) -> Floats:
    """A rotation of a foot (4,), flat on the floor where it nearly is."""
    level = rotations.multiply(rotations.shortest_arc(rotations.rotate(foot, UP), UP), foot)
    return level if rotations.angle_between(level, foot) < FLAT else foot


def _leg(pose: Pose, side: str, standing: NDArray[np.bool_]) -> Leg:
    slots = [INDEX[f"{side}{part}"] for part in ("UpperLeg", "LowerLeg", "Foot", "Toes")]
    joints = joint_positions(pose.rotations, pose.hips, pose.rest)[:, slots]
    _, _, ankle, ball = pose.rest[slots]
    heel = HEEL_BEHIND * (ankle - ball)
    heel[2] = -ankle[2]
    return Leg(joints, joints[:, 2] + rotations.rotate(pose.rotations[:, slots[2]], heel), standing)


def _shift(leg: Leg, ball_height: float) -> Floats:
    """What has to be added to a standing foot's path so that it stays on z = 0; 0 elsewhere. Shape (F, 3).

    While the ball stands its steps are taken back, else the heel's: so a foot that rolls does not jump.
    """
    ball = leg.joints[:, 3] - [0.0, 0.0, ball_height]
    rolls = (leg.standing[1:] & leg.standing[:-1])[:, 1:]
    steps = np.where(rolls, np.diff(ball, axis=0), np.diff(leg.heel, axis=0))
    gone = np.concatenate([np.zeros((1, 3)), np.cumsum(steps, axis=0)])
    shift = np.zeros_like(ball)
    for run in runs(leg.standing.any(1)):
        shift[run] = np.median(gone[run], axis=0) - gone[run]
        shift[run, 2] = -np.minimum(ball[run, 2], leg.heel[run, 2])
    return shift


def _root_shift(legs: list[Leg], shifts: list[Floats], hips: Floats, times: Floats) -> Floats:
    """The smooth path (F, 3) along which the root goes with the standing feet so that knees hardly change.

    A nearly straight knee changes a great deal for a little length: that is its weight. In flight
    the root falls freely.
    """
    equations = PathEquations(len(times), 1)
    held = durations(times)[:, None, None]
    for leg, shift in zip(legs, shifts, strict=True):
        block = held * leg.standing.any(1)[:, None, None] * (_knee_stiffness(leg) + np.eye(3) / ROOT_ERROR**2)
        equations.add_block(0, 0, block)
        equations.add_right(0, np.einsum("fab,fb->fa", block, shift))
    equations.add_block(0, 0, held * np.eye(3) / FAR**2)
    standing = np.stack([leg.standing.any(1) for leg in legs], axis=1)
    flies = in_flight(standing, hips[:, 2], times)
    drifts = ~(flies[1:] | flies[:-1]) / (DRIFT**2 * np.diff(times))
    equations.add_steps(drifts[:, None])
    error = np.where(flies[1:-1], FREE_FALL_ERROR, ROOT_ERROR * (2 * np.pi * ROOT_CUTOFF) ** 2)
    stray = flies[1:-1, None] * (FREE_FALL - acceleration(hips, times))
    equations.add_accelerations(times, error[:, None] ** -2.0, stray[:, None])
    return equations.solve()[:, 0]


def _knee_stiffness(leg: Leg) -> Floats:
    """How much the knee bends, in units of `KNEE_ERROR`, when the ankle moves, squared. Shape (F, 3, 3).

    By the law of cosines an angle of the knee changes by reach / (thigh shin sin) a metre of reach.
    """
    hip, knee, ankle = np.moveaxis(leg.joints[:, :3], 1, 0)
    thigh, shin, reach = knee - hip, ankle - knee, ankle - hip
    bones = np.linalg.norm(thigh, axis=-1) * np.linalg.norm(shin, axis=-1)
    bent = np.maximum(np.linalg.norm(np.cross(thigh, shin), axis=-1), STRAIGHT * bones)
    change = reach / bent[:, None] / KNEE_ERROR
    return change[:, :, None] * change[:, None, :]


def _relative(leg: Leg, shift: Floats, root: Floats, ball_height: float, times: Floats) -> Floats:
    """How a foot moves against the pelvis (F, 3): between contacts on smoothly, and never under the floor."""
    standing = leg.standing.any(1)
    if not standing.any():
        return np.zeros_like(shift)
    relative = bridge(shift - root, times, standing)
    lowest = np.minimum(leg.heel[:, 2], leg.joints[:, 3, 2] - ball_height) + root[:, 2]
    relative[:, 2] = np.maximum(relative[:, 2], -lowest)
    return relative


def reach(
    upper: Floats, lower: Floats, joints: Floats, shift: Floats, bends: Floats
) -> tuple[Floats, Floats]:
    """Turn the two bones of limbs so that their ends move by `shift` against their roots.

    Args:
        upper: Rotations of thighs or upper arms. Shape (F, 4).
        lower: Of shins or forearms. Shape (F, 4).
        joints: Hip, knee, ankle, ..., or shoulder, elbow, wrist, ... Shape (F, 3 or more, 3).
        shift: Metres. Shape (F, 3).
        bends: Where the middle joint goes when the limb bends, in the T-pose. Shape (3,).
    """
    hip, ankle = joints[:, 0], joints[:, 2]
    bones = joints[:, 1:3] - joints[:, :2]
    thigh, shin = (float(size) for size in rotations.length(bones)[..., 0].mean(0))
    ahead = rotations.rotate(upper, bends)
    goal = ankle + shift
    bent = bend_to(hip, joints[:, 1] + shift / 2 + 0.01 * ahead, goal, thigh, shin)
    way = goal - hip
    goal = hip + way * np.minimum(1.0, (thigh + shin) / np.maximum(rotations.length(way), 1e-9))
    ways = np.stack([bent - hip, goal - bent], axis=1)
    turned = rotations.multiply(rotations.shortest_arc(bones, ways), np.stack([upper, lower], axis=1))
    return turned[:, 0], turned[:, 1]
