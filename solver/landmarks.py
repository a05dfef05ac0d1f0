"""BlazePose's 33 body landmarks and the 21 of a hand: which index is what.

Paired landmarks are given as (left, right), the performer's own sides.
"""

from __future__ import annotations

import numpy as np

NOSE = 0
EYES = (2, 5)
EARS = (7, 8)
SHOULDERS = (11, 12)
ELBOWS = (13, 14)
WRISTS = (15, 16)
HIPS = (23, 24)
KNEES = (25, 26)
ANKLES = (27, 28)
HEELS = (29, 30)
TOES = (31, 32)
"""Pairs are (left, right)."""

HAND_WRIST = 0
FINGER_ROOTS = {"Thumb": 1, "Index": 5, "Middle": 9, "Ring": 13, "Little": 17}
"""First landmark of each finger; its other three follow, the tip last."""

LANDMARKS = 33
MIRRORED = np.array(
    [0, 4, 5, 6, 1, 2, 3, 8, 7, 10, 9, *(i + 1 if i % 2 else i - 1 for i in range(11, LANDMARKS))], np.intp
)
"""The landmark on the other side of each of the body's. Shape (33,)."""
