"""Where the head is: the rigid fit of a reference face's steady points to their pixels, under perspective.

Head's axes: x to the performer's left, y down, z into the head; a head that faces the camera is turned by
nothing. docs/derivations.md, FACE.
"""

from __future__ import annotations

import numpy as np

from ...take import Floats
from .. import rotations
from ..camera import Camera
from .points import STEADY
from .table import Table

STEPS, STEPS_ON = 3, 2
"""Gauss-Newton steps, from anywhere and from where the head was a frame before."""
DEPTH = 0.5
"""What an error in the net's depth counts against one across: measured, see FACE."""


Stand = tuple[Floats, Floats]
"""Rotation matrices (F, 3, 3) and places of the head's origin (F, 3), metres, camera axes."""


def fit_head(image: Floats, camera: Camera, reference: Floats, near: Stand | None = None) -> Stand:
    """The rotation and place at which the reference lies on the landmarks, in each frame.

    Args:
        image: Landmarks, pixels, z in pixels too. Shape (F, 478, 3). No frame may have gaps.
        camera: The footage's.
        reference: The face at rest, metres, head's axes. Shape (478, 3).
        near: Where it was a moment before, if that is known: from there two steps are enough.
    """
    steady, model = image[:, STEADY], reference[STEADY]
    slopes, sunk = camera.slopes(steady[..., :2]), steady[..., 2] / camera.focal
    sunk = sunk - sunk.mean(1, keepdims=True)
    turn, place = _start(slopes, sunk, model) if near is None else near
    for _ in range(STEPS if near is None else STEPS_ON):
        turn, place = _step(turn, place, slopes, sunk, model)
    return turn, place


def true_turn(turn: Floats, angles: Floats, table: Table) -> Floats:
    """The head's rotation without what the net gets wrong at `turns` (F, P). (F, 3, 3) to (F, 4)."""
    return rotations.multiply(rotations.from_matrix(turn), rotations.from_vector(-(angles @ table.bias)))


def turns(turn: Floats) -> Floats:
    """Products of the head's angles; those of the first six change sign in a mirror. (F, 3, 3) to (F, 14)."""
    pitch, yaw, roll = np.moveaxis(rotations.to_vector(rotations.from_matrix(turn)), -1, 0)
    odd = [yaw, roll, yaw * pitch, pitch * roll, yaw**3, pitch**2 * yaw]
    even = [pitch, yaw**2, pitch**2, roll**2, yaw * roll, pitch**3, yaw**2 * pitch, np.ones_like(yaw)]
    return np.stack(odd + even, axis=-1)


def in_head(image: Floats, camera: Camera, turn: Floats, place: Floats) -> Floats:
    """Landmarks of the face in the head's axes, metres, each as deep as the net says. Shape (F, L, 3)."""
    far = place[:, None, 2] * (
        1.0 + (image[..., 2] - image[:, STEADY, 2].mean(1, keepdims=True)) / camera.focal
    )
    slopes = camera.slopes(image[..., :2])
    points = np.concatenate([slopes * far[..., None], far[..., None]], axis=-1)
    return (points - place[:, None]) @ turn


def on_plane(image: Floats, camera: Camera, turn: Floats, place: Floats, depth: Floats) -> Floats:
    """Where pixels' rays meet planes at depths (L,) in the head: x and y there. Shape (F, L, 2)."""
    slopes = camera.slopes(image[..., :2])
    rays = np.concatenate([slopes, np.ones_like(slopes[..., :1])], axis=-1) @ turn
    eye = -(place[:, None] @ turn)
    share = (depth - eye[..., 2]) / rays[..., 2]
    return (eye + rays * share[..., None])[..., :2]


def _start(slopes: Floats, sunk: Floats, model: Floats) -> Stand:
    """Kabsch's turn and scale of the points as if seen from far away, along the ray to their middle."""
    middle = slopes.mean(1)
    seen = np.concatenate([slopes - middle[:, None], sunk[..., None]], axis=-1)
    mean = model.mean(0)
    u, s, vt = np.linalg.svd(np.swapaxes(seen, 1, 2) @ (model - mean))
    mirrored = np.linalg.det(u @ vt) < 0
    u[mirrored, :, 2] *= -1.0
    s[mirrored, 2] *= -1.0
    scale = s.sum(-1) / ((model - mean) ** 2).sum()
    ray = np.concatenate([middle, np.ones((len(middle), 1))], axis=-1)
    turn = rotations.to_matrix(rotations.shortest_arc([0.0, 0.0, 1.0], ray)) @ u @ vt
    return turn, ray / scale[:, None] - turn @ mean


def _step(turn: Floats, place: Floats, slopes: Floats, sunk: Floats, model: Floats) -> Stand:
    """One Gauss-Newton step of u = x/z, v = y/z and the relative depth z/Z of each point."""
    arm = model @ np.swapaxes(turn, 1, 2)
    at = arm + place[:, None]
    z = at[..., 2]
    by_place = np.zeros((*z.shape, 3, 3))
    by_place[..., 0, 0] = by_place[..., 1, 1] = 1.0 / z
    by_place[..., :2, 2] = -at[..., :2] / z[..., None] ** 2
    by_place[..., 2, 2] = 1.0 / place[:, None, 2]
    by_turn = rotations.cross(np.broadcast_to(arm[..., None, :], by_place.shape), by_place)
    rows = np.concatenate([by_turn, by_place], axis=-1)
    rows[..., 2, :] -= rows[..., 2, :].mean(1, keepdims=True)
    ahead = z / place[:, None, 2]
    missed = np.empty_like(at)
    missed[..., :2] = slopes - at[..., :2] / z[..., None]
    missed[..., 2] = sunk - (ahead - ahead.mean(1, keepdims=True))
    rows[..., 2, :] *= np.sqrt(DEPTH)
    missed[..., 2] *= np.sqrt(DEPTH)
    flat, left = rows.reshape(len(rows), -1, 6), missed.reshape(len(rows), -1, 1)
    across = np.swapaxes(flat, 1, 2)
    move = np.linalg.solve(across @ flat, across @ left)[..., 0]
    return rotations.to_matrix(rotations.from_vector(move[:, :3])) @ turn, place + move[:, 3:]
