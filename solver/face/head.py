"""Where the head is: the rigid fit of a reference face's steady points to their pixels, under perspective.

Head's axes: x to the performer's left, y down, z into the head; a head that faces the camera is turned by
nothing. docs/derivations.md, FACE.
"""

from __future__ import annotations

import numpy as np

from ...take import Floats
from .. import rotations
from ..camera import AHEAD, Camera
from .points import SEEN, STEADY
from .table import Table

STEPS = 3
"""Gauss-Newton steps from anywhere; from where the head was a frame before, one is enough."""
DEPTH = 0.5
"""What an error in the net's depth counts against one across: measured, see FACE."""
_STEADY = slice(len(STEADY))
_COUNTED = np.array([1.0, 1.0, np.sqrt(DEPTH)])
_ODD = ((0, 0, 2), (0, 0, 3), (0, 1, 2), (0, 1, 3), (2, 2, 2), (1, 1, 2))
_EVEN = ((0, 0, 1), (0, 2, 2), (0, 1, 1), (0, 3, 3), (0, 2, 3), (1, 1, 1), (1, 2, 2), (0, 0, 0))
_FACTORS = np.array(_ODD + _EVEN)
"""Of 1, pitch, yaw and roll, which are multiplied."""

Stand = tuple[Floats, Floats]
"""Rotations (F, 4) and places of the head's origin (F, 3), metres, from a camera that looks at the face."""


def seen_by(camera: Camera, image: Floats) -> tuple[Floats, Floats]:
    """`SEEN` as a camera sees them that looks straight at the face, since the net sees crops so.

    Args:
        camera: The footage's.
        image: Landmarks, px. Shape (F, 478, 3).

    Returns:
        x/z, y/z, and what they are deeper than the steady points, over the focal length. Shape (F, N, 3).
        The rotation from the footage's camera's axes to that one's. Shape (F, 4).
    """
    pixels = image.take(SEEN, 1)
    rays = np.ones(pixels.shape)
    rays[..., :2] = camera.slopes(pixels[..., :2])
    aim = _to_ahead(rays[:, _STEADY].sum(1))
    seen = rays @ rotations.to_matrix(aim).swapaxes(1, 2)
    seen[..., :2] /= seen[..., 2:]
    deep = pixels[..., 2] / camera.focal
    seen[..., 2] = deep - deep[:, _STEADY].sum(1, keepdims=True) / len(STEADY)
    return seen, aim


def _to_ahead(rays: Floats) -> Floats:
    """The shortest arc from rays (F, 3) before a camera to its axis. Shape (F, 4)."""
    aim = np.zeros((len(rays), 4))
    aim[:, 0] = np.sqrt(rotations.dot(rays, rays)) + rays[:, 2]
    aim[:, 1], aim[:, 2] = rays[:, 1], -rays[:, 0]
    return aim / rotations.length(aim)


def fit_head(seen: Floats, reference: Floats, near: Stand | None = None) -> Stand:
    """The rotation and place at which the reference lies on the landmarks, in each frame.

    Args:
        seen: As `seen_by` gives them. No frame may have gaps. Shape (F, N, 3).
        reference: The face at rest, metres, head's axes. Shape (478, 3).
        near: Where it was a moment before, if that is known: from there one step is enough.
    """
    steady, model = seen[:, _STEADY], reference[STEADY]
    head, place = _start(steady, model) if near is None else near
    sought = (steady * _COUNTED).swapaxes(1, 2)
    for _ in range(STEPS if near is None else 1):
        head, place = _step(head, place, sought, model.T)
    return head, place


def true_turn(head: Floats, angles: Floats, table: Table) -> Floats:
    """A head's fitted rotation (F, 4) without what the net gets wrong at `turns` (F, P). Shape (F, 4)."""
    return rotations.multiply(head, rotations.from_vector(angles @ -table.bias))


def turns(head: Floats) -> Floats:
    """Products of the head's angles; those of the first six change sign in a mirror. (F, 4) to (F, 14)."""
    factors = np.ones((len(head), 4))
    factors[:, 1:] = rotations.to_vector(head)
    return factors[:, _FACTORS].prod(-1)


def _start(steady: Floats, model: Floats) -> Stand:
    """Kabsch's turn and scale of the points as if seen from far away, along the ray to their middle."""
    middle = steady.mean(1)
    mean = model.mean(0)
    u, s, vt = np.linalg.svd(np.swapaxes(steady - middle[:, None], 1, 2) @ (model - mean))
    mirrored = np.linalg.det(u @ vt) < 0
    u[mirrored, :, 2] *= -1.0
    s[mirrored, 2] *= -1.0
    scale = s.sum(-1) / ((model - mean) ** 2).sum()
    ray = middle * [1.0, 1.0, 0.0] + AHEAD
    turn = rotations.to_matrix(rotations.shortest_arc(AHEAD, ray)) @ u @ vt
    return rotations.from_matrix(turn), ray / scale[:, None] - turn @ mean


def _step(head: Floats, place: Floats, sought: Floats, model: Floats) -> Stand:
    """Two Gauss-Newton steps with one set of slopes, of u = x/z, v = y/z and the relative depth z/Z.

    Args:
        head: Rotations. Shape (F, 4).
        place: Shape (F, 3).
        sought: u, v, and the relative depth by the root of `DEPTH`. Shape (F, 3, L).
        model: Shape (3, L).
    """
    arm = rotations.to_matrix(head) @ model
    shown = _shown(arm, place)
    flat = _slopes(arm, place, shown).reshape(len(arm), 6, -1)
    back = np.linalg.solve(flat @ flat.swapaxes(1, 2), flat)
    head, place = _moved(head, place, back, sought - shown)
    return _moved(head, place, back, sought - _shown(rotations.to_matrix(head) @ model, place))


def _moved(head: Floats, place: Floats, back: Floats, missed: Floats) -> Stand:
    move = (back @ missed.reshape(len(missed), -1, 1))[..., 0]
    return rotations.multiply(rotations.from_vector(move[:, :3]), head), place + move[:, 3:]


def _shown(arm: Floats, place: Floats) -> Floats:
    """What is sought of points that lie at arms (F, 3, L) from a place (F, 3)."""
    far = place[:, 2:, None]
    shown = np.empty(arm.shape)
    shown[:, :2] = (arm[:, :2] + place[:, :2, None]) / (arm[:, 2:] + far)
    z = arm[:, 2]
    shown[:, 2] = (z - z.sum(-1, keepdims=True) / z.shape[-1]) * (_COUNTED[2] / place[:, 2:])
    return shown


def _slopes(arm: Floats, place: Floats, shown: Floats) -> Floats:
    """Of what is shown, by turning about each axis and by moving along it. Shape (F, 6, 3, L)."""
    rows = np.zeros((len(arm), 6, *arm.shape[1:]))
    x, y, z = arm[:, 0], arm[:, 1], arm[:, 2]
    flat = shown[:, :2]
    rows[:, 0, :2], rows[:, 1, :2] = -y[:, None] * flat, x[:, None] * flat
    rows[:, 0, 1] -= z
    rows[:, 1, 0] += z
    rows[:, 2, 0], rows[:, 2, 1] = -y, x
    rows[:, 3, 0] = rows[:, 4, 1] = 1.0
    rows[:, 5, :2] = -flat
    rows[:, :, :2] /= (z + place[:, 2:])[:, None, None]
    across = arm[:, :2] - arm[:, :2].sum(-1, keepdims=True) / arm.shape[-1]
    across *= _COUNTED[2] / place[:, 2:, None]
    rows[:, 0, 2], rows[:, 1, 2], rows[:, 5, 2] = across[:, 1], -across[:, 0], -shown[:, 2] / place[:, 2:]
    return rows
