"""What the nets saw in one frame, as lines and dots over the picture, coloured by their confidence."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ...solver.landmarks import (
    ANKLES,
    EARS,
    ELBOWS,
    EYES,
    FINGER_ROOTS,
    HAND_WRIST,
    HEELS,
    HIPS,
    KNEES,
    NOSE,
    SHOULDERS,
    TOES,
    WRISTS,
)
from ...take import Floats, Take
from .colours import colours

Bones = list[tuple[int, int]]

BODY: Bones = [
    SHOULDERS,
    HIPS,
    *((NOSE, eye) for eye in EYES),
    *zip(EYES, EARS, strict=True),
    *(
        bone
        for chain in ((SHOULDERS, ELBOWS, WRISTS), (SHOULDERS, HIPS, KNEES, ANKLES, HEELS, TOES, ANKLES))
        for upper, lower in pairwise(chain)
        for bone in zip(upper, lower, strict=True)
    ),
]
"""Lines of the body, between its landmarks."""
_ROOTS = list(FINGER_ROOTS.values())
HAND: Bones = [
    *((HAND_WRIST, root) for root in (_ROOTS[0], _ROOTS[1], _ROOTS[-1])),
    *pairwise(_ROOTS[1:]),
    *((root + i, root + i + 1) for root in _ROOTS for i in range(3)),
]
"""Lines of a hand."""


@dataclass(frozen=True)
class Drawing:
    """Lines and dots in pixels of the footage, x right, y down from the top left corner.

    Attributes:
        lines: Shape (N, 2, 2).
        line_colours: Shape (N, 4).
        dots: Shape (M, 2).
        dot_colours: Shape (M, 4).
    """

    lines: Floats
    line_colours: Floats
    dots: Floats
    dot_colours: Floats


def drawing(take: Take, frame: int) -> Drawing:
    """One frame of a take; what was not seen is left out."""
    body = np.asarray(take.body_image, float)[frame, :, :2]
    parts = [_lines(body, np.asarray(take.body_confidence, float)[frame], BODY)]
    for hand in (take.left, take.right):
        points = np.asarray(hand.image, float)[frame, :, :2]
        parts.append(_lines(points, np.full(len(points), float(hand.score[frame])), HAND))
    lines, shades = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    face = np.zeros((0, 2)) if take.face is None else np.asarray(take.face.image, float)[frame, :, :2]
    face = face[np.isfinite(face).all(-1)]
    score = 0.0 if take.face is None else float(take.face.score[frame])
    return Drawing(lines, shades, face, colours(np.full(len(face), score)))


def _lines(points: Floats, confidence: Floats, bones: Bones) -> tuple[Floats, Floats]:
    """Lines (N, 2, 2) between points that are there, and colours (N, 4): those of the less sure end."""
    lines, sure = points[np.array(bones)], confidence[np.array(bones)].min(-1)
    there = np.isfinite(lines).all((1, 2)) & np.isfinite(sure)
    return lines[there], colours(sure[there])
