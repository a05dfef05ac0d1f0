"""BlazePose's 33 body landmarks and the 21 of a hand: which index is what.

Paired landmarks are given as (left, right), the performer's own sides.
"""

from __future__ import annotations

NOSE = 0
EYES = (2, 5)
EARS = (7, 8)
SHOULDERS = (11, 12)
ELBOWS = (13, 14)
WRISTS = (15, 16)
LITTLE_KNUCKLES = (17, 18)
INDEX_KNUCKLES = (19, 20)
HIPS = (23, 24)
KNEES = (25, 26)
ANKLES = (27, 28)
HEELS = (29, 30)
TOES = (31, 32)
"""Pairs are (left, right)."""

HAND_WRIST = 0
FINGER_ROOTS = {"Thumb": 1, "Index": 5, "Middle": 9, "Ring": 13, "Little": 17}
"""First landmark of each finger; its other three follow, the tip last."""

FITTED = (NOSE, *EARS, *SHOULDERS, *ELBOWS, *WRISTS, *HIPS, *KNEES, *ANKLES, *HEELS, *TOES)
"""The body landmarks whose paths are fitted as joints of the skeleton."""
COLUMN = {landmark: column for column, landmark in enumerate(FITTED)}
"""Where a landmark stands among the fitted ones."""

_SEGMENTS = (
    (SHOULDERS, ELBOWS),
    (ELBOWS, WRISTS),
    (HIPS, KNEES),
    (KNEES, ANKLES),
    (ANKLES, HEELS),
    (HEELS, TOES),
    (ANKLES, TOES),
    (SHOULDERS, HIPS),
    (SHOULDERS, HIPS[::-1]),
    ((NOSE, NOSE), EARS),
)
BONES = (
    *sorted({(a, b) for first, second in _SEGMENTS for a, b in zip(first, second, strict=True)}),
    SHOULDERS,
    HIPS,
    EARS,
)
"""Pairs of landmarks whose distance a performer keeps, the torso's only nearly."""
TORSO_BONES = frozenset(bone for bone in BONES if set(bone) <= set(SHOULDERS + HIPS))


def mirrored(landmark: int) -> int:
    """The same landmark on the other side."""
    if landmark == NOSE:
        return NOSE
    for left, right in (EARS, SHOULDERS, ELBOWS, WRISTS, HIPS, KNEES, ANKLES, HEELS, TOES):
        if landmark in (left, right):
            return right if landmark == left else left
    raise ValueError(f"landmark {landmark} has no fitted counterpart")
