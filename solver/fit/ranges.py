"""How far joints move and where they rest: soft limits, and what is taken where nothing is seen.

Ranges: American Academy of Orthopaedic Surgeons, Joint Motion (1965), in degrees, with the T-pose as zero
(palms down). Spreads are those of everyday poses about their rest. docs/derivations.md, LIMITS.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...take import Floats
from .. import rotations
from ..humanoid import SIDES
from ..rest import OUT, UP
from .skeleton import ANGLES, BALLS, FREEDOMS, angle_column, ball_columns


@dataclass(frozen=True)
class Range:
    """Of one degree of freedom, degrees: from `low` to `high`, resting at `rest` with a `spread`."""

    low: float
    high: float
    rest: float
    spread: float


_ANGLES = {
    "Protraction": Range(-20, 30, 0, 8),
    "Elevation": Range(-10, 40, 0, 8),
    "Elbow": Range(0, 150, 20, 90),
    "Pronation": Range(-90, 90, 0, 45),
    "Flexion": Range(-70, 80, 0, 25),
    "Deviation": Range(-20, 30, 0, 12),
    "Knee": Range(0, 150, 10, 90),
}
_BENDS = {
    "spine": (Range(-30, 80, 6, 20), Range(-35, 35, 0, 10), Range(-45, 45, 0, 15)),
    "neck": (Range(-45, 45, 0, 20), Range(-45, 45, 0, 12), Range(-60, 60, 0, 25)),
}
_FREE = Range(-360, 360, 0, 1e4)


def _table() -> list[Range]:
    rows = [_FREE] * FREEDOMS
    for side in SIDES:
        for name, span in _ANGLES.items():
            rows[angle_column(side + name)] = span
    for name, spans in _BENDS.items():
        rows[ball_columns(name)] = spans
    return rows


_RANGES = _table()
LOW, HIGH, REST, SPREAD = (
    np.radians([getattr(row, field) for row in _RANGES]) for field in ("low", "high", "rest", "spread")
)
"""Of every degree of freedom, radians. Each (FREEDOMS,)."""
assert len(ANGLES) == len(SIDES) * len(_ANGLES)

LIMBS = tuple(f"{side}{part}" for side in SIDES for part in ("UpperArm", "UpperLeg"))
"""Balls whose twist is seldom seen."""
LIMB_BALLS = [BALLS.index(name) for name in LIMBS]
FOOT_BALLS = [BALLS.index(f"{side}Foot") for side in SIDES]
"""Which of the balls they and the feet are."""


def columns_of(balls: list[int]) -> NDArray[np.intp]:
    """The degrees of freedom of some balls, one after the other."""
    return np.concatenate([np.r_[ball_columns(BALLS[ball])] for ball in balls])


ALONG = np.array([OUT[side] if "Arm" in name else -UP for side in SIDES for name in ("Arm", "Leg")])
"""Which way each of these limbs points in the T-pose. Shape (4, 3)."""
HANGING = rotations.shortest_arc(ALONG, -UP)
"""The turn from the T-pose to where each hangs: raised from there, forwards or sideways, it is not twisted.

Shape (4, 4).
"""
TWIST_SPREAD = np.radians([35.0, 15.0, 35.0, 15.0])
"""How far they usually twist, radians. Shape (4,)."""
FOOT_SPREAD: Floats = np.radians([25.0, 10.0, 10.0])
"""Of the foot against the shin: up and down, rolled, turned; radians. Shape (3,)."""
