"""From a take to what the fit needs: viewing rays, turned metres, trust, but for the hands.

docs/derivations.md, CAMERA, ERRORS.
"""

from __future__ import annotations

import numpy as np

from ..errors import BlazeRigError
from ..take import Floats, Take
from . import rotations
from .camera import Camera, face_ray
from .correction import correct
from .hidden import hidden, points_hidden, with_hips
from .landmarks import HIPS, LANDMARKS, WRISTS
from .noise import noise
from .sight import Sight
from .smooth import bridge, smooth

OUTSIDE = 0.1
"""Share of its visibility that a landmark outside the picture keeps: there it is a guess."""
ACROSS = np.full(LANDMARKS, 0.010)
"""Standard error of the landmarks across the view, metres at the performer (rendered clips)."""
PERSISTENT = np.full((LANDMARKS, 1), 1.5)
"""The metric landmarks' errors last: frames one after the other are not as many witnesses as they seem.

Hands move most, and their errors last least.
"""
PERSISTENT[WRISTS[0] : HIPS[0]] = 1.0
CHANGING = 2.0
"""Hertz: errors that the nets always make change no faster than poses do; what noise makes of them does."""
LEVEL = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, -1.0, 0.0]])
"""From camera axes to the world's of a level camera. Shape (3, 3)."""


def gather(take: Take, camera: Camera, *, corrected: bool = True) -> Sight:
    """What the take says of the performer; `corrected` by what rendered truth taught.

    Raises:
        BlazeRigError: The body was seen in no frame of the take.
    """
    seen = np.isfinite(take.body_world).all((1, 2)) & np.isfinite(take.body_image[..., :2]).all((1, 2))
    if not seen.any():
        raise BlazeRigError(f"nobody was seen in {take.source}: there is nothing to solve")
    slopes, metric, visible, trust = first_look(take, camera)
    trust = trust * seen[:, None]
    steady, steady_slopes = (smooth(values, take.times, CHANGING, seen) for values in (metric, slopes))
    better = correct(steady, steady_slopes, np.asarray(take.body_visibility, float))
    lost = hidden(trust, take.times)
    trust *= 1.0 - points_hidden(lost)
    share = noise(metric, slopes, visible)
    if corrected:  # what is exact needs no correction
        metric += share * smooth(better.metric - steady, take.times, CHANGING, seen)
        slopes += share * smooth(better.slopes - steady_slopes, take.times, CHANGING, seen)
    metric = with_hips(metric, lost)
    return Sight(
        np.asarray(take.times, float),
        bridge(slopes, take.times, seen),
        bridge(metric, take.times, seen),
        trust,
        np.tile(ACROSS, (len(take), 1)),
        PERSISTENT * bridge(better.error, take.times, seen),
        np.tile(rotations.IDENTITY, (len(take), 2, 1)),
        np.full((len(take), 2), np.inf),
        1.0 - (1.0 - share) * trust,
        lost,
    )


def first_look(take: Take, camera: Camera) -> tuple[Floats, Floats, Floats, Floats]:
    """What each frame says by itself, as the nets have it.

    Returns:
        x/z and y/z of the viewing rays (F, 33, 2), metres turned by the hips' ray (F, 33, 3), both NaN where
        nobody was seen; the nets' visibility, 0 outside the picture, and the trust in them, 0 to 1 (F, 33).
    """
    image = np.asarray(take.body_image, float)[..., :2]
    slopes = camera.slopes(image)
    metric = face_ray(np.asarray(take.body_world, float), (slopes[:, HIPS[0]] + slopes[:, HIPS[1]]) / 2.0)
    inside = ((image >= 0) & (image <= np.asarray(take.size))).all(-1)
    confidence = np.where(np.isfinite(take.body_confidence), take.body_confidence, take.body_visibility)
    trust = np.where(np.isfinite(confidence), np.minimum(np.maximum(confidence, 0.02), 1.0), 0.02)
    visibility = np.asarray(take.body_visibility, float)
    visible = np.where(inside & np.isfinite(visibility), visibility, 0.0)
    return slopes, metric, visible, np.where(inside, trust, OUTSIDE * trust)
