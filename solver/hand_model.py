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


def reach(angles: Floats, digits: slice = slice(None)) -> Floats:
    """From the root of each digit to the ends of its bones, and how that changes with the angles.

    Args:
        angles: Aside, bend of the root and of the middle joint, radians. Shape (*, D, 3).
        digits: Which of the five these are.

    Returns:
        In the axes of each digit, palms: the way, then its derivatives by the three angles.
        Shape (*, D, 3 bones, 3, 4).
    """
    aside = angles[..., 0, None] + _LEAN[digits]
    bend = angles[..., 1, None] + angles[..., 2, None] * _FOLLOWS[digits] + _BENT[digits]
    ca, sa, cb, sb = np.cos(aside), np.sin(aside), np.cos(bend), np.sin(bend)
    found = np.empty((*bend.shape, 3, 4))
    found[..., 0, 0], found[..., 1, 0], found[..., 2, 0] = ca * cb, sa, -ca * sb
    found[..., 0, 1], found[..., 1, 1], found[..., 2, 1] = -sa * cb, ca, sa * sb
    found[..., 0, 2], found[..., 1, 2], found[..., 2, 2] = -ca * sb, 0.0, -ca * cb
    found[..., 3] = found[..., 2] * _FOLLOWS[digits, :, None]
    return np.cumsum(found * BONES[digits, :, None, None], axis=-3)


def turns(angles: Floats) -> Floats:
    """Rotations of the digits' bones against the hand. Shape (F, 5, 3) to (F, 5, 3 bones, 4)."""
    bend = angles[..., 1, None] + angles[..., 2, None] * _FOLLOWS
    aside = rotations.from_axis_angle(AXES[:, 2], angles[..., 0])
    closed = rotations.from_axis_angle(AXES[:, None, 1], bend)
    return rotations.multiply(closed, rotations.multiply(aside[:, :, None], RESTS))
