"""How far the joints that turn freely do turn: shoulders and hips in cones and with a twist, feet in a box.

A limb may point anywhere within an elliptic cone about the middle of its range, and may be twisted there
within limits; see docs/derivations.md, LIMITS. Ranges: American Academy of Orthopaedic Surgeons, Joint Motion
(1965); Boone and Azen, J. Bone Joint Surg. 61-A (1979) 756.
"""

from __future__ import annotations

import numpy as np

from ...take import Floats
from .. import rotations
from ..rest import FORWARD, OUT, UP
from .body import Body
from .ranges import ALONG, FOOT_BALLS, HANGING, LIMB_BALLS, LIMBS, columns_of
from .skeleton import FREEDOMS

_MIDDLES = {"UpperArm": (45.0, -25.0), "UpperLeg": (80.0, -40.0)}
"""Degrees forward of sideways and above level: where shoulders and hips are at the middle of their range."""
_WIDTHS = {"UpperArm": (115.0, 105.0), "UpperLeg": (75.0, 50.0)}
"""Degrees from there to the border of the cone, up or down and sideways.

A shoulder goes 180 up, 62 behind, 45 backward and 140 inward at shoulder height; a hip 125 forward, 25 back,
46 out and 27 in with the leg straight.
"""
_TWISTS = {"UpperArm": (-100.0, 75.0), "UpperLeg": (-47.0, 47.0)}
"""Degrees outward and inward from how the limb comes to the middle of its range from where it hangs."""
_FOOT = np.radians([[-40.0, -20.0, -30.0], [55.0, 35.0, 40.0]])
"""Of the foot against the shin, up to down, outward to inward roll, inward to outward turn, of the left one.

Up as far as under the body's weight (Bennell et al., Aust. J. Physiother. 44 (1998) 175); the turn is that
of a shin whose knee is bent (Norkin and White, Measurement of Joint Motion).
"""


def _of(table: dict[str, tuple[float, float]]) -> Floats:
    """Rows (4, 2) for `LIMBS`, radians."""
    return np.radians([table[limb.removeprefix("left").removeprefix("right")] for limb in LIMBS])


def _middles() -> Floats:
    forward, above = _of(_MIDDLES).T[..., None]
    out = np.stack([OUT["left" if limb.startswith("left") else "right"] for limb in LIMBS])
    return np.cos(above) * (np.cos(forward) * out + np.sin(forward) * FORWARD) + np.sin(above) * UP


_SIGN = np.array([1.0 if limb.startswith("left") else -1.0 for limb in LIMBS])
_MIDDLE = _middles()
_AIMED = rotations.multiply(rotations.shortest_arc(-UP, _MIDDLE), HANGING)
"""Limbs in the middle of their ranges, not twisted."""
_LEVEL = rotations.normalise(np.cross(_MIDDLE, UP))
_AXES = np.stack([_LEVEL, np.cross(_LEVEL, _MIDDLE)], axis=1)
"""About these they swing up or down, and sideways. Shape (4, 2, 3)."""
_WIDTH = _of(_WIDTHS)
_LOW, _HIGH = np.sort(_SIGN * _of(_TWISTS).T, axis=0)
_FOOT_LOW, _FOOT_HIGH = np.sort(np.stack([_FOOT, _FOOT * [1.0, -1.0, -1.0]], axis=1), axis=0)
_COLUMNS = columns_of(LIMB_BALLS + FOOT_BALLS)


def beyond(body: Body) -> Floats:
    """Turns of the balls from the nearest that their limits allow, rotation vectors. Shape (F, FREEDOMS)."""
    turned = body.balls[:, LIMB_BALLS]
    limbs = rotations.to_vector(rotations.multiply(rotations.inverse(allowed(turned)), turned))
    feet = rotations.to_vector(body.balls[:, FOOT_BALLS])
    feet = feet - np.clip(feet, _FOOT_LOW, _FOOT_HIGH)
    found = np.zeros((len(turned), FREEDOMS))
    found[:, _COLUMNS] = np.concatenate([limbs, feet], axis=1).reshape(len(turned), -1)
    return found


def allowed(turned: Floats) -> Floats:
    """Turns (F, 4, 4) of `LIMBS` against what carries them, or the nearest ones within their limits."""
    swing = rotations.shortest_arc(_MIDDLE, rotations.rotate(turned, ALONG))
    aimed = rotations.multiply(swing, _AIMED)
    twist = rotations.twist_angle(rotations.multiply(rotations.inverse(aimed), turned), ALONG)
    way = rotations.to_vector(swing)
    swung = (_AXES @ way[..., None])[..., 0]
    inside = rotations.from_vector(way / np.maximum(1.0, rotations.length(swung / _WIDTH)))
    twisted = rotations.from_axis_angle(ALONG, np.clip(twist, _LOW, _HIGH))
    return rotations.multiply(rotations.multiply(inside, _AIMED), twisted)
