"""From a take to what the path fit needs: viewing rays, turned metres, trust, and a first guess."""

from __future__ import annotations

import numpy as np

from ..errors import BlazeRigError
from ..take import Floats, Take
from .camera import Camera, face_ray, place
from .landmarks import FITTED, HIPS
from .paths import Evidence
from .smooth import bridge

OUTSIDE = 0.1
"""Share of its visibility that a landmark outside the picture keeps: there it is a guess."""


def gather(take: Take, camera: Camera) -> tuple[Evidence, Floats]:
    """What the take says of the fitted landmarks, and where they were at first guess.

    Returns:
        The evidence, and positions of the landmarks and the root in camera axes. Shape (F, N+1, 3).

    Raises:
        BlazeRigError: The body was seen in no frame of the take.
    """
    image = np.asarray(take.body_image, float)[..., :2]
    metric = np.asarray(take.body_world, float)
    seen = np.isfinite(metric).all((1, 2)) & np.isfinite(image).all((1, 2))
    if not seen.any():
        raise BlazeRigError(f"nobody was seen in {take.source}: there is nothing to solve")
    slopes = camera.slopes(image)
    metric = face_ray(metric, slopes[:, list(HIPS)].mean(1))[:, FITTED]
    slopes, image = slopes[:, FITTED], image[:, FITTED]
    inside = ((image >= 0) & (image <= np.asarray(take.size))).all(-1)
    visibility = np.clip(np.nan_to_num(np.asarray(take.body_visibility, float)[:, FITTED]), 0.02, 1.0)
    trust = np.where(inside, visibility, OUTSIDE * visibility) * seen[:, None]

    root = bridge(place(np.nan_to_num(metric), np.nan_to_num(slopes), trust**2), take.times, seen)
    metric = bridge(metric, take.times, seen)
    slopes = bridge(slopes, take.times, seen)
    start = np.concatenate([metric + root[:, None], root[:, None]], axis=1)
    return Evidence(np.asarray(take.times, float), slopes, metric, trust), start
