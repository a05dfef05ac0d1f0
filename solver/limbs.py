"""Arms and legs: the swing of each segment is seen, the twist comes from the hinge of elbow or knee."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..take import Floats
from . import rotations
from .landmarks import ANKLES, KNEES
from .rest import ELBOW_HINGE, FORWARD, KNEE_HINGE, OUT, UP
from .smooth import smooth, smooth_angles

HINGE_SEEN = np.radians([10.0, 25.0])
"""The hinge is read off limbs that bend by more than this; faded in between the two."""
TWIST_CUTOFF = 3.0
"""Hertz: a limb's twist is held and turned slowly while its limb is straight."""
WIDEST_TWIST = np.radians(100.0)
"""A hinge further than this from where it rests is a mistake of depth, not a twist."""
SOLE_LINE = np.array([0.0, -0.165, -0.025])
"""From the heel's landmark to the toes' in the T-pose, metres: the heel's is higher (rendered clips)."""
TOE_RANGE = np.radians([0.0, 60.0])
"""Extension of the toes (AAOS: up to 70 degrees)."""
LEG_TRUST = (0.15, 0.35)
LEG_CUTOFF = 1.0
"""A leg whose knee or ankle is trusted less stands still instead; it gets there at this pace, hertz."""
FOOT_SAYS = 0.15
"""Weight of the foot's heading for the twist of the leg, against 1 of a bent knee."""


@dataclass(frozen=True)
class Limb:
    """World rotations of an upper and a lower segment. Shapes (F, 4)."""

    upper: Floats
    lower: Floats


def arm(side: str, joints: Floats, carried: Floats, times: Floats) -> Limb:
    """Upper and lower arm of `side` ("left", "right").

    Args:
        side: Which arm.
        joints: Shoulder, elbow, wrist, world. Shape (F, 3, 3).
        carried: The rotation that the arm gets from above. Shape (F, 4).
        times: Seconds. Shape (F,).
    """
    first, second = joints[:, 1] - joints[:, 0], joints[:, 2] - joints[:, 1]
    unseen = np.zeros(len(times))
    hanging = rotations.multiply(carried, rotations.shortest_arc(OUT[side], -UP))
    return _limb(first, second, hanging, times, OUT[side], ELBOW_HINGE[side], unseen[:, None] * first, unseen)


def leg(joints: Floats, toes_ahead: Floats, carried: Floats, times: Floats) -> Limb:
    """Upper and lower leg; the foot's heading tells the twist of a straight one.

    Args:
        joints: Hip, knee, ankle, world. Shape (F, 3, 3).
        toes_ahead: From heel to toes. Shape (F, 3).
        carried: The rotation of the pelvis. Shape (F, 4).
        times: Seconds. Shape (F,).
    """
    first, second = joints[:, 1] - joints[:, 0], joints[:, 2] - joints[:, 1]
    across = np.cross(rotations.normalise(toes_ahead), rotations.normalise(second))
    says = FOOT_SAYS * np.linalg.norm(across, axis=-1)
    return _limb(first, second, carried, times, -UP, KNEE_HINGE, across, says)


def legs_seen(trust: Floats, times: Floats) -> Floats:
    """How far the left and the right leg were seen, 0 to 1 (F, 2): knee and ankle both, smoothly.

    `trust` is that of the landmarks (F, 33).
    """
    least = np.minimum(trust[:, KNEES], trust[:, ANKLES])
    return np.clip(smooth(_fade(least, *LEG_TRUST), times, LEG_CUTOFF), 0.0, 1.0)


def toes(foot: Floats, standing: Floats) -> Floats:
    """Rotation of the toes: flat on the floor as far as they are `standing` (F,), else as the foot (F, 4)."""
    ahead = rotations.rotate(foot, FORWARD)[:, 2]
    drop = np.arcsin(np.minimum(np.maximum(-ahead, -1.0), 1.0))
    raised = standing * np.minimum(np.maximum(drop, TOE_RANGE[0]), TOE_RANGE[1])
    return rotations.multiply(foot, rotations.from_vector(-raised[:, None] * KNEE_HINGE))


def bend_to(start: Floats, middle: Floats, end: Floats, upper: float, lower: float) -> Floats:
    """The joint between two bones of known length that reaches from `start` to `end`.

    It lies in the plane of the three points, on the side of `middle` (law of cosines). An
    `end` out of reach gives the straight limb. Shapes (F, 3).
    """
    reach = end - start
    distance = rotations.length(reach)
    along = reach / np.maximum(distance, 1e-9)
    distance = np.minimum(np.maximum(distance, abs(upper - lower) + 1e-6), upper + lower)
    ahead = (distance**2 + upper**2 - lower**2) / (2 * distance)
    aside = middle - start
    aside = aside - rotations.dot(aside, along)[..., None] * along
    aside = aside / np.maximum(rotations.length(aside), 1e-9)
    return start + ahead * along + np.sqrt(np.maximum(upper**2 - ahead**2, 0.0)) * aside


def _limb(
    first: Floats,
    second: Floats,
    carried: Floats,
    times: Floats,
    along: Floats,
    hinge: Floats,
    witness: Floats,
    witness_weight: Floats,
) -> Limb:
    """Both segments' rotations from their directions (F, 3).

    `witness` (F, 3) is another sight of the hinge's direction, of weight `witness_weight` (F,).
    """
    normal = np.cross(rotations.normalise(first), rotations.normalise(second))
    swung = _swing(carried, along, first)
    resting = rotations.rotate(swung, hinge)
    bend = np.arctan2(np.linalg.norm(normal, axis=-1), _cosine(first, second))
    seen = _fade(bend, *HINGE_SEEN)
    angles = np.stack([rotations.angle_about(first, resting, axis) for axis in (normal, witness)])
    weights = np.stack([seen, witness_weight]) * (np.abs(angles) < WIDEST_TWIST)
    angles = np.nan_to_num(angles)
    mean = np.arctan2((weights * np.sin(angles)).sum(0), (weights * np.cos(angles)).sum(0))
    twist = smooth_angles(mean, times, TWIST_CUTOFF, weights.sum(0), 0.0)
    upper = rotations.multiply(rotations.from_axis_angle(first, twist), swung)

    wrong_way = (normal * rotations.rotate(upper, hinge)).sum(-1) < 0
    whole = (rotations.normalise(first) + rotations.normalise(second))[wrong_way]
    upper[wrong_way] = _swing(upper[wrong_way], along, whole)
    second = second.copy()
    second[wrong_way] = whole
    return Limb(upper, _swing(upper, along, second))


def _swing(carried: Floats, along: Floats, direction: Floats) -> Floats:
    """`carried`, then the shortest way on until `along` points in `direction`."""
    arc = rotations.shortest_arc(rotations.rotate(carried, along), direction)
    return rotations.multiply(arc, carried)


def _cosine(a: Floats, b: Floats) -> Floats:
    return (rotations.normalise(a) * rotations.normalise(b)).sum(-1)


def _fade(values: Floats, low: float, high: float) -> Floats:
    """0 up to `low`, 1 from `high`, smooth between (cubic)."""
    share = np.clip((values - low) / (high - low), 0.0, 1.0)
    return share * share * (3.0 - 2.0 * share)
