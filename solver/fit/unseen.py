"""Limbs of which nothing is known come to rest: arms hang a little off the body, legs stand under the pelvis.

docs/derivations.md, HIDDEN.
"""

from __future__ import annotations

import numpy as np

from ...take import Floats
from .. import rotations
from ..rest import FORWARD
from .body import Body
from .ranges import HANGING, LIMB_BALLS, LIMBS, columns_of
from .skeleton import ANGLES, FREEDOMS, angle_column, ball_columns

SPREAD = np.radians(8.0)
"""How far limbs that nobody sees are from their rest."""
AWAY = np.radians(12.0)
"""From the body, of a hanging arm."""


def _resting() -> Floats:
    """Against what carries them. Shape (4, 4)."""
    away = np.array([("Arm" in limb) * (-1.0 if limb.startswith("left") else 1.0) for limb in LIMBS])
    return rotations.multiply(rotations.from_axis_angle(-FORWARD, AWAY * away), HANGING)


RESTING = _resting()
_BALL_COLUMNS = columns_of(LIMB_BALLS)
_ANGLE_COLUMNS = [angle_column(name) for name in ANGLES]
_AT_REST = np.radians([15.0 if "Elbow" in name else 3.0 if "Knee" in name else 0.0 for name in ANGLES])


def _moved() -> Floats:
    """Which degrees of freedom a limb has. Shape (4, FREEDOMS)."""
    found = np.zeros((len(LIMBS), FREEDOMS))
    for i, limb in enumerate(LIMBS):
        side = "left" if limb.startswith("left") else "right"
        found[i, ball_columns(limb)] = 1.0
        for name in ("Elbow", "Pronation", "Flexion", "Deviation") if "Arm" in limb else ("Knee",):
            found[i, angle_column(side + name)] = 1.0
    return found


_MOVED = _moved()


def pull(body: Body, hidden: Floats) -> tuple[Floats, Floats]:
    """Turns of limbs from their rest, radians, and their weights. Both (F, FREEDOMS).

    `hidden` says how far the body's parts have been out of sight, 0 to 1. Shape (F, `hidden.PARTS`).
    """
    residual = np.zeros((len(hidden), FREEDOMS))
    turned = rotations.multiply(rotations.inverse(RESTING), body.balls[:, LIMB_BALLS])
    residual[:, _BALL_COLUMNS] = rotations.to_vector(turned).reshape(len(hidden), -1)
    residual[:, _ANGLE_COLUMNS] = body.angles - _AT_REST
    return residual, hidden[:, : len(LIMBS)] @ _MOVED / SPREAD**2
