"""Where to look in each frame of a clip that is known as a whole: regions smoothed in both directions."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from ..take import Floats
from .body import roi_of_body
from .people import Sighting
from .roi import Roi

_GAP = 0.5
_STEADY = 0.3
_BRIEF = 0.03
# The region of a frame whose neighbours on both sides are known need not leave as much room for motion
# as one that was foretold: landmarks lie nearer to the truth in a slightly smaller one.
_SNUG = 0.95


class Way:
    """Where a person's body is at any time of a clip.

    Between sightings the points that place the region are interpolated. Looked for in vain for more than half
    a second, the person is not there, from the first of those looks to the last.
    """

    def __init__(self, sightings: Sequence[Sighting], looks: Sequence[float]) -> None:
        """Of sightings in the order of time, from looks at these times, s."""
        times = np.array([sighting.time for sighting in sightings])
        places = np.array([sighting.aux.ravel() for sighting in sightings])
        at = np.searchsorted(looks, times)
        before, after = np.array([-math.inf, *looks])[at], np.array([*looks, math.inf])[at + 1]
        breaks = np.flatnonzero((np.diff(at) > 1) & (np.diff(times) > _GAP)) + 1
        self._parts = [
            (before[part[0]], after[part[-1]], times[part], smoothed(times[part], places[part], _STEADY))
            for part in np.split(np.arange(len(times)), breaks)
        ]

    def roi(self, time: float) -> Roi | None:
        """The region of the body at `time` s; None where the person is not there."""
        for before, after, times, places in self._parts:
            if before < time < after:
                aux = [np.interp(time, times, column) for column in places.T]
                roi = roi_of_body(np.reshape(aux, (2, 2)))
                return Roi(roi.x, roi.y, roi.size * _SNUG, roi.rotation)
        return None


def smoothed(times: Floats, values: Floats, width: float) -> Floats:
    """A mean over time, weighted by a bell, without lag.

    Args:
        times: Seconds, increasing. Shape (N,).
        values: Shape (N, D).
        width: Standard deviation of the bell, s.
    """
    step = float(np.median(np.diff(times))) if len(times) > 1 else math.inf
    reach = min(math.ceil(3.0 * width / max(step, 1e-3)), len(times) - 1)
    total = np.zeros_like(values)
    weights = np.zeros((len(times), 1))
    for offset in range(-reach, reach + 1):
        here = slice(max(0, -offset), len(times) - max(0, offset))
        there = slice(max(0, offset), len(times) - max(0, -offset))
        weight = np.exp(-0.5 * ((times[there] - times[here]) / width) ** 2)[:, None]
        total[here] += weight * values[there]
        weights[here] += weight
    return total / weights


def mean_roi(rois: Sequence[Roi | None], times: Sequence[float], index: int) -> Roi | None:
    """The region at `index`, calmed by those of the frames beside it; None where it has none.

    A small net that looks at each frame afresh places regions of hands and faces; neighbours count the
    less, the longer ago they are.

    Args:
        rois: Of a few frames in the order of time.
        times: Seconds of those frames.
        index: The frame asked for.
    """
    if rois[index] is None:
        return None
    found = [
        (math.exp(-0.5 * ((time - times[index]) / _BRIEF) ** 2), roi)
        for time, roi in zip(times, rois, strict=True)
        if roi is not None
    ]
    total = sum(weight for weight, _ in found)
    x, y, size, across, along = (
        sum(weight * value for (weight, _), value in zip(found, values, strict=True)) / total
        for values in zip(*(_parameters(roi) for _, roi in found), strict=True)
    )
    return Roi(x, y, math.exp(size), math.atan2(along, across))


def _parameters(roi: Roi) -> tuple[float, float, float, float, float]:
    """What of a region can be averaged."""
    return roi.x, roi.y, math.log(roi.size), math.cos(roi.rotation), math.sin(roi.rotation)
