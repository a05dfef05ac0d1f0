"""The hand as a mechanism: a rigid palm, and five digits that bend about fixed hinges.

Everything is said for a left hand in the T-pose: x along the fingers, y from the index finger's knuckle
to the little finger's, z out of the back of the hand; a right hand is its mirror image. Lengths are in
palms: the distance between the landmarks of the wrist and of the middle knuckle.
docs/derivations.md, HAND.
"""

from __future__ import annotations

import numpy as np

from ..take import Floats
from . import rotations
from .humanoid import INDEX, rest_pose

PALM = (0, 1, 5, 9, 13, 17)
"""Landmarks that fingers do not move: the wrist, the root of the thumb, four knuckles."""
_PALM_SPOTS = np.array(
    [
        [-1.000, 0.032, -0.021],
        [-0.745, -0.220, -0.114],
        [-0.006, -0.200, -0.014],
        [0.000, 0.000, 0.000],
        [-0.051, 0.184, -0.003],
        [-0.155, 0.350, -0.019],
    ]
)
PALM_SHAPE: Floats = _PALM_SPOTS - _PALM_SPOTS.mean(0)
"""Where the net puts the landmarks of a palm, about their mean, palms (rendered hands). Shape (6, 3)."""
ROOTS: Floats = PALM_SHAPE[1:]
"""Where the digits begin, the thumb first. Shape (5, 3)."""
BONES = np.array(
    [[0.48, 0.37, 0.30], [0.47, 0.28, 0.19], [0.51, 0.33, 0.20], [0.47, 0.32, 0.20], [0.37, 0.22, 0.18]]
)
"""Of the digits, palms: shares of a hand's length (Buchholz et al. 1992), of which a palm is 0.52."""

KNUCKLE_LEAN = np.radians(12.0)
"""The knuckles' line leans by this, the index finger's being further ahead (joints of the humanoid)."""
THUMB_HINGE: Floats = rotations.normalise([0.55, -0.44, 0.71])
"""About this a thumb closes: across the palm to the root of the little finger (rendered hands)."""
FAN = np.radians([-12.0, 5.0, 17.0, 27.0])
"""How far the straight fingers point aside, towards the little finger (rendered hands)."""
THUMB_RESTS = np.radians([[13.0, 23.0, -14.0], [11.0, 11.5, -3.0], [18.0, 12.0, 11.5]])
"""Rotation vectors of a resting thumb's bones from the humanoid's T-pose (rendered hands)."""
END_SHARE = np.array([1.1, 0.67, 0.67, 0.67, 0.67])
"""An end joint bends with the middle one: fingers by two thirds (Rijpkema & Girard 1991), thumbs further."""


def _axes() -> Floats:
    """Of each digit as rows: where it points unbent, its hinge, and square to both. Shape (5, 3, 3)."""
    lean = KNUCKLE_LEAN
    ahead, hinge = np.array([np.cos(lean), np.sin(lean), 0.0]), np.array([-np.sin(lean), np.cos(lean), 0.0])
    finger = np.stack([ahead, hinge, np.cross(ahead, hinge)])
    along = _RESTING[0, 0] - (_RESTING[0, 0] @ THUMB_HINGE) * THUMB_HINGE
    along = rotations.normalise(along)
    thumb = np.stack([along, THUMB_HINGE, np.cross(along, THUMB_HINGE)])
    return np.stack([thumb, finger, finger, finger, finger])


def _rests() -> Floats:
    """Rotations of the bones of unbent digits from the T-pose. Shape (5, 3, 4)."""
    fans = rotations.from_axis_angle([0.0, 0.0, 1.0], np.repeat(FAN[:, None], 3, axis=1))
    return np.concatenate([rotations.from_vector(THUMB_RESTS)[None], fans])


def _directions() -> Floats:
    """Of the bones in the T-pose. Shape (5, 3, 3)."""
    joints = rest_pose()
    thumb = INDEX["leftThumbMetacarpal"]
    bones = np.diff(joints[thumb : thumb + 3], axis=0)
    along = np.tile([1.0, 0.0, 0.0], (4, 3, 1))
    return np.concatenate([rotations.normalise(bones[[0, 1, 1]])[None], along])


RESTS = _rests()
_RESTING = rotations.rotate(RESTS, _directions())
AXES = _axes()
_IN_AXES = np.einsum("dai,dbi->dba", AXES, _RESTING)
_LEAN = np.arcsin(_IN_AXES[..., 1])
_BENT = np.arctan2(-_IN_AXES[..., 2], _IN_AXES[..., 0])
"""Where the bones of unbent digits stand: out of their hinges' plane, and about the hinges. (5, 3) each."""
_FOLLOWS: Floats = np.stack([np.zeros(5), np.ones(5), 1.0 + END_SHARE], axis=-1)
"""How far the bend of the middle joint turns each bone; that of the root turns all alike. Shape (5, 3)."""


def reach(angles: Floats) -> Floats:
    """From the root of each digit to the ends of its bones, and how that changes with the angles.

    Args:
        angles: Aside, bend of the root and of the middle joint, radians. Shape (*, 5, 3).

    Returns:
        In the axes of each digit, palms: the way, then its derivatives by the three angles.
        Shape (*, 5, 3 bones, 3, 4).
    """
    turned = (angles[..., None, :] @ _TURNED)[..., 0, :] + _UNBENT
    waves = np.concatenate([np.cos(turned), np.sin(turned)], axis=-1)
    by_digit = waves.reshape(-1, *waves.shape[-2:]).swapaxes(0, 1) @ _REACHED
    return by_digit.swapaxes(0, 1).reshape(*angles.shape[:-1], 3, 3, 4)


def _reached() -> tuple[Floats, Floats, Floats]:
    """`reach` as sums of sines and cosines of what is linear in the angles.

    A bone that stands at a out of its hinge's plane and at b about the hinge points along
    (cos a cos b, sin a, -cos a sin b), and 2 cos a cos b = cos(a - b) + cos(a + b), and so on.

    Returns:
        From the angles to a - b, a + b and a of the three bones (5, 3, 9), these of unbent digits (5, 9), and
        what their cosines, then their sines, add to the ways and their derivatives (5, 18, 36).
    """
    aside, bent = np.zeros((5, 3, 3)), np.zeros((5, 3, 3))
    aside[:, 0], bent[:, 1], bent[:, 2] = 1.0, 1.0, _FOLLOWS
    turned = np.concatenate([aside - bent, aside + bent, aside], axis=-1)
    unbent = np.concatenate([_LEAN - _BENT, _LEAN + _BENT, _LEAN], axis=-1)
    # x, y and z of the way of cos(a - b), cos(a + b), cos a, sin(a - b), sin(a + b) and sin a
    half = np.array([[1, 1, 0, 0, 0, 0], [0, 0, 0, 0, 0, 2], [0, 0, 0, 1, -1, 0]]) / 2.0
    slope = np.zeros((6, 6))  # of each of the six by its own argument
    slope[3:, :3], slope[:3, 3:] = -np.eye(3), np.eye(3)
    by_aside, by_bent = slope, np.diag([-1.0, 1.0, 0.0] * 2) @ slope
    waves = np.zeros((5, 6, 3, 3, 3, 4))  # digit, wave, its bone; bone, x y z, way and derivatives
    for bone in range(3):
        way = BONES[:, bone, None, None] * half.T
        own = [way, by_aside @ way, by_bent @ way, _FOLLOWS[:, bone, None, None] * (by_bent @ way)]
        waves[:, :, bone, bone:] = np.stack(own, axis=-1)[:, :, None]
    return turned, unbent, waves.reshape(5, 18, 36)


_TURNED, _UNBENT, _REACHED = _reached()


def turns(angles: Floats) -> Floats:
    """Rotations of the digits' bones against the hand. Shape (F, 5, 3) to (F, 5, 3 bones, 4)."""
    half = (angles[..., None, :] @ _HALVES)[..., 0, :]
    waves = np.stack([np.cos(half), np.sin(half)], axis=-1)
    both = waves[..., 1:, :, None] * waves[..., :1, None, :]
    return (both.reshape(*angles.shape, 1, 4) @ _TURNS)[..., 0, :]


def _turns() -> tuple[Floats, Floats]:
    """`turns` as sums of products of sines and cosines: a bone is bent, then turned aside, then unbent.

    Returns:
        From the angles to half the turn aside and half the bends of the three bones (5, 3, 4), and what the
        products of their cosines and sines add to the quaternions (5, 3 bones, 4, 4).
    """
    halves, still = np.zeros((5, 3, 4)), rotations.IDENTITY
    halves[:, 0, 0], halves[:, 1, 1:], halves[:, 2, 1:] = 0.5, 0.5, 0.5 * _FOLLOWS
    bent, aside = (np.insert(AXES[:, axis], 0, 0.0, axis=-1)[:, None] for axis in (1, 2))
    ways = [
        rotations.multiply(first, rotations.multiply(second, RESTS))
        for first in (still, bent)
        for second in (still, aside)
    ]
    return halves, np.stack(ways, axis=-2)


_HALVES, _TURNS = _turns()
