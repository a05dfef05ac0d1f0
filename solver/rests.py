"""What else rests on the floor: hands, knees and the seat, of people who crawl, kneel or sit.

Only where it is clear: near the floor, slow, and for a while. docs/derivations.md, CONTACTS.
"""

from __future__ import annotations

import numpy as np

from ..take import Floats
from .contacts import CUTOFF, TOGETHER, Witness, lasting, velocity
from .landmarks import HIPS, KNEES, WRISTS
from .plant import ROOT
from .smooth import durations, smooth
from .viterbi import cheapest

POINTS = (*WRISTS, *KNEES, *HIPS)
HEIGHTS = np.array([0.05, 0.05, 0.06, 0.06, 0.10, 0.10])
"""Their height over the floor while palm, knee or seat lies on it, metres: half a limb's thickness."""
STILL = Witness(0.06, 0.60, 3)
"""Speed in space, m/s."""
LOW = Witness(0.05, 0.30, 1)
"""Distance from that height, metres, with the error of a floor that the feet tell."""
SELDOM = 2.0
"""Price of such a contact (natural logarithm): most people only stand."""
CHANGE = 3.0
"""Price of one that begins or ends."""
SEEN = 0.5
"""Trust above which a point is seen well enough."""
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
    columns = list(POINTS)
    speed = np.linalg.norm(velocity(smooth(paths[:, columns], times, CUTOFF), times), axis=-1)
    gain = STILL.ratio(speed) + LOW.ratio(height[:, columns] - HEIGHTS) - SELDOM
    gain = np.where(trust[:, columns] > SEEN, gain, -SELDOM) * durations(times)[:, None] / TOGETHER
    states = cheapest(np.stack([np.zeros_like(gain), -gain], axis=-1), CHANGE * (1.0 - np.eye(2)))
    rests = np.zeros((len(times), ROOT + 1))
    for column, state in zip(columns, states.T, strict=True):
        rests[:, column] = lasting(state > 0, times, SHORTEST)
    rests[:, ROOT] = rests[:, list(HIPS)].min(1)
    return rests
