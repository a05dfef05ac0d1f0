"""A take's face over a whole clip: head, gaze and weights. The live clock of the same is `live.py`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...errors import BlazeRigError
from ...take import Floats, Take
from .. import rotations
from ..camera import Camera, camera_of
from ..causal.one_euro import Cutoff, OneEuro
from .face_motion import FaceMotion
from .gaze import gaze_of, looks_of
from .look import Look, look_at, straightness
from .neutral import eyes_at_rest, neutral_of, size_of
from .reach import peaks_of, scaled
from .shapes import INDEX
from .table import Table, load_table
from .weights import read_weights

LIDS = [INDEX["eyeBlinkLeft"], INDEX["eyeBlinkRight"]]
_BLINKS = np.isin(np.arange(len(INDEX)), LIDS)[:, None]
WEIGHTS = Cutoff(np.where(_BLINKS, 8.0, 2.0), np.where(_BLINKS, 5.0, 3.0))
HEAD, GAZE = Cutoff(2.0, 4.0), Cutoff(1.0, 3.0)
"""What smooths them, by hertz and speed: a blink of 0.1 s passes and ends in time, the net's flutter does
not pass."""
EASE = 0.15
"""Seconds in which a lost face goes most of the way to neutral."""


def solve_face(take: Take, camera: Camera | None = None) -> FaceMotion:
    """What the face does in a take.

    Args:
        take: With a face.
        camera: The footage's, as in `Solution`; from the take where it is not given.

    Raises:
        BlazeRigError: The take has no face, or none was seen in it.
    """
    if take.face is None:
        raise BlazeRigError("the take has no face: track the clip again with the face (--face)")
    image = np.asarray(take.face.image, float)
    seen = np.isfinite(image).all((1, 2))
    if not seen.any():
        raise BlazeRigError(
            "no face was seen in the take; the face has to be in the picture and face the camera"
        )
    camera = camera or camera_of(take.size, focal=take.focal)
    table, times = load_table(), np.asarray(take.times, float)
    look = look_at(image[seen], camera, table)
    trust = look.trust * np.clip(np.asarray(take.face.score, float)[seen], 0.0, 1.0)
    gaze, weights = _expression(look, trust * straightness(look.head) + 1e-6, table)
    return _whole(times, seen, look, trust, gaze, weights)


def face_where_seen(take: Take, camera: Camera) -> FaceMotion | None:
    """The same; None where the take has no face, or none was seen in it."""
    seen = take.face is not None and np.isfinite(take.face.image).all((1, 2)).any()
    return solve_face(take, camera) if seen else None


def _expression(look: Look, belief: Floats, table: Table) -> tuple[Floats, Floats]:
    """Gaze and weights relative to what this performer's face does over the clip."""
    away = look.points - neutral_of(look.points, belief)
    eyes = look.eyes - eyes_at_rest(look.eyes, belief)
    nothing = np.zeros((len(away), len(INDEX)))
    shut = read_weights(away, look.angles, nothing, table)[:, LIDS]
    gaze = gaze_of(eyes, shut, look.angles[:, 0])
    weights = read_weights(away, look.angles, looks_of(gaze), table)
    return gaze, scaled(weights, peaks_of(weights, belief), table)


def _whole(
    times: Floats, seen: NDArray[np.bool_], look: Look, trust: Floats, gaze: Floats, weights: Floats
) -> FaceMotion:
    """All frames: bridged, eased to neutral where the face is lost or small, and smoothed."""
    at = times[seen]
    believed = np.zeros(len(times))
    believed[seen] = trust
    ease = np.exp(-_away_from(times, at[trust > 0]) / EASE)
    size = size_of(np.where(trust * straightness(look.head) > 0.3, look.iris, np.nan))
    flat = gaze.reshape(len(gaze), -1)
    return FaceMotion(
        times=times,
        weights=np.clip(_calm(_bridged(times, at, weights) * ease[:, None], times, WEIGHTS), 0.0, 1.0),
        head=_calm_turns(_bridged_turns(times, at, look.head), times),
        place=_calm(_bridged(times, at, look.place * size), times, HEAD),
        gaze=_calm(_bridged(times, at, flat) * ease[:, None], times, GAZE).reshape(-1, 2, 2),
        trust=believed,
    )


def _away_from(times: Floats, known: Floats) -> Floats:
    """Seconds from each time to the nearest known one; endless where there is none."""
    if not len(known):
        return np.full(len(times), np.inf)
    after = np.clip(np.searchsorted(known, times), 1, max(len(known) - 1, 1))
    right = known[np.minimum(after, len(known) - 1)]
    return np.minimum(np.abs(times - known[after - 1]), np.abs(times - right))


def _bridged(times: Floats, at: Floats, values: Floats) -> Floats:
    return np.stack([np.interp(times, at, column) for column in values.T], axis=-1)


def _bridged_turns(times: Floats, at: Floats, turns: Floats) -> Floats:
    return rotations.normalise(_bridged(times, at, rotations.continuous(turns)))


def _calm(values: Floats, times: Floats, cutoff: Cutoff) -> Floats:
    """Smoothed forwards and backwards in time and both averaged, so that nothing is late. Shape (F, D)."""
    ahead = _filtered(values[..., None], times, cutoff, turning=False)
    back = _filtered(values[::-1, :, None], -times[::-1], cutoff, turning=False)[::-1]
    return (ahead + back)[..., 0] / 2.0


def _calm_turns(turns: Floats, times: Floats) -> Floats:
    ahead = _filtered(turns[:, None], times, HEAD, turning=True)[:, 0]
    back = _filtered(turns[::-1, None], -times[::-1], HEAD, turning=True)[::-1, 0]
    return rotations.interpolate(ahead, back, np.full(len(turns), 0.5))


def _filtered(values: Floats, times: Floats, cutoff: Cutoff, *, turning: bool) -> Floats:
    """A recurrence over time: frame by frame. Shape (F, N, D)."""
    smoother = OneEuro(cutoff, turning=turning)
    steps = np.diff(times, prepend=times[:1] - 1.0)
    return np.stack([smoother.step(value, float(step)) for value, step in zip(values, steps, strict=True)])
