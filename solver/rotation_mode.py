"""Rotations as the numbers that Blender's rotation modes hold: quaternions, Euler angles, axis and angle.

A rotation has many such numbers. Over time they are chosen to go without jumps, because between two keys
Blender interpolates the numbers and not the rotation.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..take import Floats
from . import rotations

_LOCKED = 1e-4
"""Cosine of the middle angle below which the other two cannot be told apart (gimbal lock)."""


def to_mode(q: ArrayLike, mode: str, near: ArrayLike | None = None) -> Floats:
    """Rotations (F, 4) as the values of a rotation mode, without jumps.

    Args:
        q: Rotations over frames. Shape (F, 4).
        mode: 'QUATERNION', 'AXIS_ANGLE' or the order of Euler angles, as `PoseBone.rotation_mode`.
        near: Values to which those of the first frame shall be as near as can be. Shape (C,).

    Returns:
        Shape (F, C), C = 4, of Euler angles 3.
    """
    if mode == "QUATERNION":
        values = rotations.continuous(q)
    elif mode == "AXIS_ANGLE":
        values = to_axis_angle(q)
    else:
        values = to_euler(q, mode)
    return values if near is None or not len(values) else moved_near(values, mode, np.asarray(near, float))


def from_mode(values: ArrayLike, mode: str) -> Floats:
    """Rotations (*, 4) of the values (*, C) of a rotation mode, as Blender reads them."""
    values = np.asarray(values, float)
    if mode == "QUATERNION":
        size = rotations.length(values)
        return np.where(size > 0.0, values / np.where(size > 0.0, size, 1.0), rotations.IDENTITY)
    if mode == "AXIS_ANGLE":
        still = rotations.length(values[..., 1:]) == 0.0
        axis = np.where(still, [0.0, 1.0, 0.0], values[..., 1:])
        return np.where(still, rotations.IDENTITY, rotations.from_axis_angle(axis, values[..., 0]))
    return from_euler(values, mode)


def moved_near(values: Floats, mode: str, near: Floats) -> Floats:
    """All frames (F, C) by other numbers for the same: those of which the first is nearest to `near`."""
    if mode == "QUATERNION":
        return values * (-1.0 if values[0] @ near < 0.0 else 1.0)
    twins = [values]
    if mode == "AXIS_ANGLE":
        twins.append(-values)
        turned = np.array([1.0, 0.0, 0.0, 0.0])
    else:
        second = "XYZ".index(mode[1])
        twins.append(np.where(np.arange(3) == second, np.pi - values, values + np.pi))
        turned = np.ones(3)
    turn = 2.0 * np.pi * turned
    twins = [twin + turn * np.round((near - twin[0]) / (2.0 * np.pi)) for twin in twins]
    return twins[int(np.argmin([np.abs(twin[0] - near).sum() for twin in twins]))]


def to_euler(q: ArrayLike, order: str) -> Floats:
    """Euler angles of the rotations `q`, each frame as near the one before as they can be.

    Args:
        q: Rotations over frames. Shape (F, 4).
        order: The axes in the order in which they are turned about, the armature's axes staying
            where they are: 'XYZ' turns about X first.

    Returns:
        Angles about x, y and z (not in turning order), radians, of any number of turns. Shape (F, 3).

    A rotation has two triples of angles within a turn. Between two frames the distances within and across the
    two pairs are the same from either, so whether to change over at a frame depends on no choice made before.
    Where the middle angle is a right one, the first angle is carried on from the frames about it.
    """
    i, j, k = ("XYZ".index(axis) for axis in order)
    sign = 1.0 if (j - i) % 3 == 1 else -1.0
    m = rotations.to_matrix(q)
    cosine = np.hypot(m[:, i, i], m[:, j, i])
    middle = np.arctan2(-sign * m[:, k, i], cosine)
    first = np.arctan2(sign * m[:, k, j], m[:, k, k])
    locked = cosine < _LOCKED
    if locked.any():
        first = _carried(first, locked)
    # the last angle from what is left once the first is undone: also where they cannot be told apart
    s, c = np.sin(first), np.cos(first)
    last = np.arctan2(sign * (s * m[:, i, k] * sign - c * m[:, i, j]), c * m[:, j, j] - sign * s * m[:, j, k])
    angles = np.stack([first, middle, last], axis=-1)
    angles = np.unwrap(_nearest(angles), axis=0)
    found = np.empty_like(angles)
    found[:, [i, j, k]] = angles
    return found


def _carried(angles: Floats, unknown: NDArray[np.bool_]) -> Floats:
    """Angles (F,) with the unknown ones between their neighbours; 0 where none is known."""
    frames = np.arange(len(angles))
    if unknown.all():
        return np.zeros_like(angles)
    return np.interp(frames, frames[~unknown], np.unwrap(angles[~unknown]))


def _nearest(angles: Floats) -> Floats:
    """Each frame's triple (F, 3) or its twin, whichever is nearer to the frame before."""
    twin = angles * [1.0, -1.0, 1.0] + np.pi
    across = _distance(twin[1:], angles[:-1]) < _distance(angles[1:], angles[:-1])
    changed = np.concatenate([[0], np.cumsum(across)]) % 2 == 1
    return np.where(changed[: len(angles), None], twin, angles)


def _distance(a: Floats, b: Floats) -> Floats:
    return np.abs((a - b + np.pi) % (2 * np.pi) - np.pi).sum(-1)


def from_euler(angles: ArrayLike, order: str) -> Floats:
    """Rotations (*, 4) of angles (*, 3) about x, y and z, turned about in `order`."""
    angles = np.asarray(angles, float)
    turned = np.broadcast_to(rotations.IDENTITY, (*angles.shape[:-1], 4))
    for axis in order:
        index = "XYZ".index(axis)
        turned = rotations.multiply(rotations.from_axis_angle(np.eye(3)[index], angles[..., index]), turned)
    return turned


def to_axis_angle(q: ArrayLike) -> Floats:
    """Angle, then axis, of rotations (F, 4), without jumps. Shape (F, 4).

    Half a turn about an axis is also half a turn back about its opposite, and no turn has any axis: the
    axis stays on the side where it was, a frame without one takes that of a frame near it, and the angle
    goes on past a full turn and below none.
    """
    q = rotations.continuous(q)
    sine = rotations.length(q[:, 1:])[:, 0]
    known = sine > 1e-6
    if not known.any():
        return np.broadcast_to([0.0, 0.0, 1.0, 0.0], q.shape).copy()
    frames = np.arange(len(q))
    near = np.maximum.accumulate(np.where(known, frames, -1))
    near = np.where(near < 0, np.argmax(known), near)
    axis = rotations.continuous(rotations.normalise(q[near, 1:]))
    angle = 2.0 * np.arctan2((q[:, 1:] * axis).sum(-1), q[:, 0])
    return np.concatenate([np.unwrap(angle)[:, None], axis], axis=-1)
