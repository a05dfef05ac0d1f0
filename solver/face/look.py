"""One look at a face: where the head is, its points in the head's axes, and its irises."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...take import Floats
from .. import rotations
from ..camera import Camera
from .head import Stand, fit_head, in_head, on_plane, true_turn, turns
from .points import CORNERS, IRISES, RINGS, TEMPLES
from .table import Table

IRIS = 0.0117
"""Diameter of an iris, metres: 11.7 ± 0.5 mm (Rüfer et al., Cornea 24 (2005) 259)."""
IRIS_DEPTH = -0.0025
"""How far irises lie behind the middle of their lids' corners, metres."""
_ON_PLANES = np.concatenate([CORNERS.ravel(), IRISES, RINGS.ravel()])
SMALL, LARGE = 40.0, 60.0
"""Width of a face, temple to temple, px, below which it is not trusted and from which it is wholly."""


@dataclass(frozen=True)
class Look:
    """Faces of F frames that were seen, as if all were of the reference's size.

    Attributes:
        head: Rotations, camera axes. Shape (F, 4).
        turn: The same as fitted, before what the net gets wrong is taken out. Shape (F, 3, 3).
        place: Of the head's origin, metres, camera axes. Shape (F, 3).
        points: Landmarks in the head's axes, metres. Shape (F, 478, 3).
        angles: `head.turns`. Shape (F, P).
        eyes: How far each iris lies from the middle of its lids' corners, metres, x and y, without what
            the head's turning moves by itself. Shape (F, 2, 2).
        iris: Diameter of the irises, metres. Shape (F,).
        trust: 0 to 1, by the face's width. Shape (F,).
    """

    head: Floats
    turn: Floats
    place: Floats
    points: Floats
    angles: Floats
    eyes: Floats
    iris: Floats
    trust: Floats


def look_at(image: Floats, camera: Camera, table: Table, near: Stand | None = None) -> Look:
    """Landmarks (F, 478, 3) px, without gaps, seen by `camera`; `near` as in `fit_head`."""
    turn, place = fit_head(image, camera, table.reference, near)
    pixels = image[:, _ON_PLANES]
    depths = table.reference[CORNERS, 2]
    deep = depths.mean(1) + IRIS_DEPTH
    depths = np.concatenate([depths.ravel(), deep, np.repeat(deep, 4)])
    corners, middles, rings = np.split(on_plane(pixels, camera, turn, place, depths), [4, 6], axis=1)
    rings = rings.reshape(-1, 2, 4, 2)
    across = np.linalg.norm(rings[:, :, :2] - rings[:, :, 2:], axis=-1)
    width = np.linalg.norm(np.subtract(*table.reference[TEMPLES])) * camera.focal / place[:, 2]
    angles = turns(turn)
    return Look(
        head=true_turn(turn, angles, table),
        turn=turn,
        place=place,
        points=in_head(image, camera, turn, place),
        angles=angles,
        eyes=middles - corners.reshape(-1, 2, 2, 2).mean(2) - (angles @ table.eyes).reshape(-1, 2, 2),
        iris=across.mean((1, 2)),
        trust=np.clip((width - SMALL) / (LARGE - SMALL), 0.0, 1.0),
    )


def size_of(iris: Floats) -> float:
    """The performer's size against the reference's, from many frames' irises (F,).

    The root, since the net errs on irises about as much as people's faces differ.
    """
    seen = iris[np.isfinite(iris)]
    return float(np.sqrt(np.clip(IRIS / np.median(seen), 0.7, 1.4))) if len(seen) else 1.0


def straightness(head: Floats) -> Floats:
    """1 for a head (F, 4) that faces the camera, less for one that is turned."""
    return 1.0 / (1.0 + (rotations.to_vector(head)[..., :2] ** 2).sum(-1) / 0.25**2)
