"""What else rests on the floor: hands, knees and the seat, of people who crawl, kneel or sit.

Only where it is clear: near the floor, slow, and for a while. docs/derivations.md, CONTACTS.
"""

from __future__ import annotations

import numpy as np

from ..take import Floats
from .contacts import CUTOFF, TOGETHER, Witness, best_sequence, lasting
from .landmarks import COLUMN, HIPS, KNEES, WRISTS
from .paths import ROOT
from .smooth import durations, smooth

POINTS = (*WRISTS, *KNEES, *HIPS)
HEIGHTS = np.array([0.05, 0.05, 0.06, 0.06, 0.10, 0.10])
"""Height of these points over the floor while palm, knee and seat lie on it, metres (half a limb's thickness)."""
STILL = Witness(0.06, 0.60, 3)
"""Speed in space, m/s."""
LOW = Witness(0.05, 0.30, 1)
"""Distance from that height, metres, with the error of a floor that the feet tell."""
SELDOM = 2.0
"""Price of such a contact (natural logarithm): most people only stand."""
CHANGE = 3.0
"""Price of one that begins or ends."""
SHORTEST = 0.3
"""Seconds that such a contact lasts at least: a hand that passes the floor does not rest on it."""


def find_rests(paths: Floats, trust: Floats, times: Floats, height: Floats) -> Floats:
    """Which of the fitted landmarks and the root rest on the floor, 0 or 1; the feet's are never among them.

    The root rests where both hips do. Shape (F, N+1).

    Args:
        paths: Camera axes. Shape (F, N+1, 3).
        trust: Of each landmark. Shape (F, N).
        times: Seconds. Shape (F,).
        height: Of all of them over the floor, metres. Shape (F, N+1).
    """
    columns = [COLUMN[i] for i in POINTS]
    points = smooth(paths[:, columns], times, CUTOFF)
    speed = np.linalg.norm(np.gradient(points, times, axis=0), axis=-1) if len(times) > 1 else np.zeros((1, len(columns)))
    gain = STILL.ratio(speed) + LOW.ratio(height[:, columns] - HEIGHTS) - SELDOM
    gain = np.where(trust[:, columns] > 0.5, gain, -SELDOM) * durations(times)[:, None] / TOGETHER
    rests = np.zeros((len(times), ROOT + 1))
    change = CHANGE * (1.0 - np.eye(2))
    for column, own in zip(columns, gain.T, strict=True):
        states = best_sequence(np.stack([np.zeros_like(own), own], axis=-1), change)
        rests[:, column] = lasting(states > 0, times, SHORTEST)
    rests[:, ROOT] = rests[:, [COLUMN[hip] for hip in HIPS]].min(1)
    return rests
