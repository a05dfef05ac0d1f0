"""From a take to what the fit needs: viewing rays, turned metres, trust, and how the hands were turned."""

from __future__ import annotations

import numpy as np

from ..errors import BlazeRigError
from ..take import Floats, Hand, Take
from . import hands, rotations
from .camera import Camera, face_ray
from .humanoid import SIDES
from .landmarks import HIPS, LANDMARKS
from .sight import Sight
from .smooth import bridge

OUTSIDE = 0.1
"""Share of its visibility that a landmark outside the picture keeps: there it is a guess."""
ACROSS = np.full(LANDMARKS, 0.010)
"""Standard error of the landmarks across the view, metres at the performer (rendered clips)."""
METRIC = np.tile([0.05, 0.05, 0.12], (LANDMARKS, 1))
"""Metres of the metric landmarks in x, y, z: depth is two to three times worse (design: 50, 58, 108 mm)."""
LEVEL = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, -1.0, 0.0]])
"""From camera axes to the world's of a level camera. Shape (3, 3)."""


def gather(take: Take, camera: Camera) -> Sight:
    """What the take says of the performer.

    Raises:
        BlazeRigError: The body was seen in no frame of the take.
    """
    image = np.asarray(take.body_image, float)[..., :2]
    metric = np.asarray(take.body_world, float)
    seen = np.isfinite(metric).all((1, 2)) & np.isfinite(image).all((1, 2))
    if not seen.any():
        raise BlazeRigError(f"nobody was seen in {take.source}: there is nothing to solve")
    slopes = camera.slopes(image)
    metric = face_ray(metric, slopes[:, list(HIPS)].mean(1))
    inside = ((image >= 0) & (image <= np.asarray(take.size))).all(-1)
    visibility = np.clip(np.nan_to_num(np.asarray(take.body_visibility, float)), 0.02, 1.0)
    trust = np.where(inside, visibility, OUTSIDE * visibility) * seen[:, None]
    palms = [_palm(side, hand, camera) for side, hand in zip(SIDES, (take.left, take.right), strict=True)]
    return Sight(
        np.asarray(take.times, float),
        bridge(slopes, take.times, seen),
        bridge(metric, take.times, seen),
        trust,
        ACROSS,
        METRIC,
        np.stack([turned for turned, _ in palms], axis=1),
        np.stack([error for _, error in palms], axis=1),
    )


def _palm(side: str, hand: Hand, camera: Camera) -> tuple[Floats, Floats]:
    """Rotation of a hand in camera axes (F, 4), and its standard error in radians (F,)."""
    points = face_ray(np.asarray(hand.world, float), camera.slopes(hand.image[:, 0, :2])) @ LEVEL.T
    turned = rotations.multiply(rotations.from_matrix(LEVEL.T), hands.hand(side, points))
    found = np.isfinite(turned).all(-1)
    size = np.linalg.norm(hand.image[:, 9, :2] - hand.image[:, 0, :2], axis=-1)
    error = np.where(found, 0.3 + 0.3 * (30.0 / np.maximum(np.nan_to_num(size), 1.0)) ** 2, np.inf)
    return np.where(found[:, None], turned, rotations.IDENTITY), error
