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
from .contacts import runs
from .humanoid import INDEX, SIDES, joint_positions
from .limbs import bend_to
from .pose import Pose
from .rest import FORWARD
from .smooth import bridge, durations

HEEL_BEHIND = 0.5
"""How far the heel is behind the ankle, as a share of how far the ball of the foot is ahead of it."""
KNEE_ERROR = np.radians(8.0)
"""How much a knee may bend or stretch for its foot's sake before the root moves instead."""
ROOT_ERROR = 0.05
"""Metres by which the root's path may be wrong, and how far feet may move against it."""
ROOT_CUTOFF = 3.0
"""Hertz: how fast the root follows feet that are wrong by `ROOT_ERROR`."""
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
    shifts = [_shift(leg, pose.rest[INDEX["leftToes"], 2], pose.times) for leg in legs]
    root = _root_shift(legs, shifts, pose.times)
    for side, leg, shift in zip(SIDES, legs, shifts, strict=True):
        _reach(turned, side, leg, shift - root)
    return replace(pose, rotations=turned, hips=pose.hips + root)


def _hold_still(turned: Floats, side: str, flat: NDArray[np.bool_], times: Floats) -> None:
    """Do not let a foot turn while heel and ball stand; what that takes runs on between."""
    if not flat.any():
        return
    foot = turned[:, INDEX[f"{side}Foot"]]
    back = np.zeros((len(times), 3))
    for run in runs(flat):
        mean = rotations.normalise(rotations.continuous(foot[run]).mean(0))
        back[run] = rotations.to_vector(rotations.multiply(mean, rotations.inverse(foot[run])))
    turn = rotations.from_vector(bridge(back, times, flat))
    for slot in (INDEX[f"{side}Foot"], INDEX[f"{side}Toes"]):
        turned[:, slot] = rotations.multiply(turn, turned[:, slot])


def _leg(pose: Pose, side: str, standing: NDArray[np.bool_]) -> Leg:
    slots = [INDEX[f"{side}{part}"] for part in ("UpperLeg", "LowerLeg", "Foot", "Toes")]
    joints = joint_positions(pose.rotations, pose.hips, pose.rest)[:, slots]
    _, _, ankle, ball = pose.rest[slots]
    heel = HEEL_BEHIND * (ankle - ball)
    heel[2] = -ankle[2]
    return Leg(joints, joints[:, 2] + rotations.rotate(pose.rotations[:, slots[2]], heel), standing)


def _shift(leg: Leg, ball_height: float, times: Floats) -> Floats:
    """What has to be added to the foot's path (F, 3) so that it stands on z = 0."""
    ball = leg.joints[:, 3] - [0.0, 0.0, ball_height]
    carrying = leg.standing.any(1)
    lowest = np.minimum(leg.heel[:, 2], ball[:, 2])
    shift = np.zeros_like(ball)
    if carrying.any():
        rolls = (leg.standing[1:] & leg.standing[:-1])[:, 1:]
        steps = np.where(rolls, np.diff(ball, axis=0), np.diff(leg.heel, axis=0))
        gone = np.concatenate([np.zeros((1, 3)), np.cumsum(steps, axis=0)])
        for run in runs(carrying):
            shift[run] = np.median(gone[run], axis=0) - gone[run]
        shift[:, 2] = -np.where(leg.standing[:, 1], ball[:, 2], leg.heel[:, 2])
        shift = bridge(shift, times, carrying)
    shift[:, 2] = np.maximum(shift[:, 2], -lowest)
    return shift


def _root_shift(legs: list[Leg], shifts: list[Floats], times: Floats) -> Floats:
    """The smooth path (F, 3) along which the root goes with the feet so that knees hardly change.

    A nearly straight knee changes a great deal for a little length: that is its weight.
    """
    equations = PathEquations(len(times), 1)
    held = durations(times)
    for leg, shift in zip(legs, shifts, strict=True):
        hip, knee, ankle = np.moveaxis(leg.joints[:, :3], 1, 0)
        along = rotations.normalise(ankle - hip)
        bent = np.linalg.norm(
            np.cross(knee - hip, ankle - knee), axis=-1
        )  # product of both bones and the sine
        bones = np.linalg.norm(knee - hip, axis=-1) * np.linalg.norm(ankle - knee, axis=-1)
        degrees = np.linalg.norm(ankle - hip, axis=-1) / np.maximum(bent, STRAIGHT * bones)  # radians a metre
        blocks = (degrees / KNEE_ERROR)[:, None, None] ** 2 * along[:, :, None] * along[:, None, :]
        blocks = held[:, None, None] * (blocks + np.eye(3) / ROOT_ERROR**2)
        equations.add_block(0, 0, blocks)
        equations.add_right(0, np.einsum("fab,fb->fa", blocks, shift))
    equations.add_accelerations(times, np.array([ROOT_ERROR**-2 / (2 * np.pi * ROOT_CUTOFF) ** 4]))
    return equations.solve()[:, 0]


def _reach(turned: Floats, side: str, leg: Leg, shift: Floats) -> None:
    """Turn a leg so that its foot moves by `shift` (F, 3) against the pelvis; the foot itself does not turn."""
    hip, knee, ankle = np.moveaxis(leg.joints[:, :3], 1, 0)
    thigh, shin = (float(np.linalg.norm(bone, axis=-1).mean()) for bone in (knee - hip, ankle - knee))
    ahead = rotations.rotate(turned[:, INDEX[f"{side}UpperLeg"]], FORWARD)
    goal = ankle + shift
    bent = bend_to(hip, knee + shift / 2 + 0.01 * ahead, goal, thigh, shin)
    reach = goal - hip
    far = np.linalg.norm(reach, axis=-1, keepdims=True)
    goal = hip + reach * np.minimum(1.0, (thigh + shin) / np.maximum(far, 1e-9))
    for part, before, after in (
        ("UpperLeg", knee - hip, bent - hip),
        ("LowerLeg", ankle - knee, goal - bent),
    ):
        slot = INDEX[f"{side}{part}"]
        turned[:, slot] = rotations.multiply(rotations.shortest_arc(before, after), turned[:, slot])
