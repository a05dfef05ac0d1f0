"""One look at a face: where the head is, its points in the head's axes, and its irises."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from ...take import Floats
from .. import rotations
from ..camera import Camera
from .head import Stand, fit_head, seen_by, true_turn, turns
from .points import CORNERS, MEASURED, STEADY, TEMPLES
from .table import Table
from .within import within

IRIS_DEPTH = -0.0025
"""How far irises lie behind the middle of their lids' corners, metres."""
_POINTS = slice(len(STEADY), len(STEADY) + len(MEASURED))
"""Of `SEEN`; what comes behind lies on the planes of the irises and of the lids' corners."""
SMALL, LARGE = 40.0, 60.0
"""Width of a face, temple to temple, px, below which it is not trusted and from which it is wholly."""


@dataclass(frozen=True)
class Look:
    """Faces of F frames that were seen, as if all were of the reference's size.

    Attributes:
        head: Rotations, camera axes. Shape (F, 4).
        place: Of the head's origin, metres, camera axes. Shape (F, 3).
        stand: Both as `fit_head` gave them, before what the net gets wrong is taken out.
        points: `MEASURED` in the head's axes, metres. Shape (F, M, 3).
        angles: `head.turns`. Shape (F, P).
        eyes: How far each iris lies from the middle of its lids' corners, metres, x and y, without what
            the head's turning moves by itself. Shape (F, 2, 2).
        iris: Diameter of the irises, metres. Shape (F,).
        trust: 0 to 1, by the face's width. Shape (F,).
    """

    head: Floats
    place: Floats
    stand: Stand
    points: Floats
    angles: Floats
    eyes: Floats
    iris: Floats
    trust: Floats


def look_at(image: Floats, camera: Camera, table: Table, near: Stand | None = None) -> Look:
    """Landmarks (F, 478, 3) px, without gaps, seen by `camera`; `near` as in `fit_head`."""
    seen, aim = seen_by(camera, image)
    fitted, place = fit_head(seen, table.reference, near)
    turn = rotations.to_matrix(fitted)
    deep = place[:, 2:] * (1.0 + seen[:, _POINTS, 2])
    seen[..., 2] = 1.0
    rays, eye = seen @ turn, -(place[:, None] @ turn)
    flat = rays[:, _POINTS.stop :]
    across = (eye + flat * ((_depths(table) - eye[..., 2]) / flat[..., 2])[..., None])[..., :2]
    middles = across[:, 4:6] - (across[:, 0:4:2] + across[:, 1:4:2]) / 2.0
    rings = across[:, 6:].reshape(-1, 2, 4, 2)
    width = _width(table) * camera.focal / place[:, 2]
    angles = turns(fitted)
    return Look(
        head=rotations.multiply(rotations.inverse(aim), true_turn(fitted, angles, table)),
        place=(place[:, None] @ rotations.to_matrix(aim))[:, 0],
        stand=(fitted, place),
        points=eye + rays[:, _POINTS] * deep[..., None],
        angles=angles,
        eyes=middles - (angles @ table.eyes).reshape(-1, 2, 2),
        iris=rotations.length(rings[:, :, :2] - rings[:, :, 2:]).sum((1, 2, 3)) / 4.0,
        trust=within((width - SMALL) / (LARGE - SMALL), 0.0, 1.0),
    )


@cache
def _width(table: Table) -> float:
    """Of the face, temple to temple, metres."""
    return float(np.linalg.norm(np.subtract(*table.reference[TEMPLES])))


@cache
def _depths(table: Table) -> Floats:
    """Of the lids' corners, of the irises and of their rings, head's axes, metres. Shape (14,)."""
    corners = table.reference[CORNERS, 2]
    irises = corners.mean(1) + IRIS_DEPTH
    return np.concatenate([corners.ravel(), irises, irises.repeat(4)])


def straightness(head: Floats) -> Floats:
    """1 for a head (F, 4) that faces the camera, less for one that looks aside, up or down."""
    aside = head[..., 1:3]  # half of the angle's sine
    return 1.0 / (1.0 + rotations.dot(aside, aside) / 0.125**2)
