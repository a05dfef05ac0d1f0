"""Kalidokit's published way from the same landmarks to a face: ratios of distances, with fixed limits.

Written anew from its documented behaviour, to compare with: head from the plane of three points, lids from
the eye's aspect ratio, the mouth from the lips' opening and width against the eyes' distance, brows from
their distance to the lids, pupils from the middle of the eye's corners.
"""

from __future__ import annotations

import numpy as np
from blazerig.solver import rotations
from blazerig.solver.face.shapes import INDEX

_LIDS = {"Right": (130, 133, 160, 159, 158, 144, 145, 153), "Left": (263, 362, 387, 386, 385, 373, 374, 380)}
_BROWS = {"Right": (35, 244, 63, 105, 66, 229, 230, 231), "Left": (265, 464, 293, 334, 296, 449, 450, 451)}
_PUPILS = {"Right": 468, "Left": 473}
OFFERED = (
    "eyeBlinkLeft", "eyeBlinkRight", "eyeLookInLeft", "eyeLookOutLeft", "eyeLookUpLeft", "eyeLookDownLeft",
    "eyeLookInRight", "eyeLookOutRight", "eyeLookUpRight", "eyeLookDownRight", "jawOpen", "mouthFunnel",
    "mouthPucker", "mouthStretchLeft", "mouthStretchRight", "browInnerUp",
    "browOuterUpLeft", "browOuterUpRight",
)  # fmt: skip
"""Shapes that its numbers say something of: A for an open jaw, O a funnel, U a pucker, I a stretch."""


def weights(image: np.ndarray) -> np.ndarray:
    """Landmarks (F, 478, 3) px to (F, 52); 0 for what it has nothing for."""
    found = np.zeros((len(image), len(INDEX)))
    for side in ("Left", "Right"):
        found[:, INDEX[f"eyeBlink{side}"]] = 1.0 - _ramp(
            np.clip(_ratio(image, _LIDS[side], 2) / 0.285, 0, 2), 0.55, 0.85
        )
        outer, inner = image[:, _LIDS[side][0], :2], image[:, _LIDS[side][1], :2]
        width = np.linalg.norm(outer - inner, axis=-1)
        off = (outer + inner) / 2 - image[:, _PUPILS[side], :2]
        across, up = 4 * off[:, 0] / (width / 2), 4 * (off[:, 1] - 0.075 * width) / (width / 4)
        out = -across if side == "Left" else across
        for way, amount in (("Out", out), ("In", -out), ("Up", up), ("Down", -up)):
            found[:, INDEX[f"eyeLook{way}{side}"]] = np.clip(amount, 0, 1)
    brow = np.mean(
        [_ramp(_ratio(image, _BROWS[side], 3) / 1.15 - 1, 0.07, 0.125) for side in ("Left", "Right")], axis=0
    )
    for name in ("browInnerUp", "browOuterUpLeft", "browOuterUpRight"):
        found[:, INDEX[name]] = brow
    for name, amount in _mouth(image).items():
        found[:, INDEX[name]] = amount
    return found


def heads(image: np.ndarray) -> np.ndarray:
    """Rotations (F, 4) of the plane through both temples and the middle of the jaw."""
    right, left, bottom = image[:, 21], image[:, 251], (image[:, 397] + image[:, 172]) / 2
    x = rotations.normalise(left - right)
    z = rotations.normalise(np.cross(left - right, bottom - right))
    return rotations.from_matrix(np.stack([x, np.cross(z, x), z], axis=-1))


def _mouth(image: np.ndarray) -> dict[str, np.ndarray]:
    open_ = _apart(image, 13, 14) / _apart(image, 133, 362)
    wide = (_ramp(_apart(image, 61, 291) / _apart(image, 130, 263), 0.45, 0.9) - 0.3) * 2
    y = _ramp(_ramp(open_, 0.15, 0.7), 0.17, 0.5)
    i = np.clip(_ramp(wide, 0, 1) * 2 * _ramp(y, 0.2, 0.7), 0, 1)
    return {
        "jawOpen": y * 0.4 + y * (1 - i) * 0.6,
        "mouthFunnel": (1 - i) * _ramp(y, 0.3, 1.0) * 0.4,
        "mouthPucker": y * _ramp(1 - i, 0, 0.3) * 0.1,
        "mouthStretchLeft": i,
        "mouthStretchRight": i,
    }


def _apart(image: np.ndarray, one: int, other: int) -> np.ndarray:
    return np.linalg.norm(image[:, one] - image[:, other], axis=-1)


def _ratio(image: np.ndarray, points: tuple[int, ...], axes: int) -> np.ndarray:
    """Mean height over width of three pairs of points between two corners, in the first axes."""
    p = image[:, points, :axes]
    heights = np.linalg.norm(p[:, 2:5] - p[:, 5:8], axis=-1).mean(1)
    return heights / np.linalg.norm(p[:, 0] - p[:, 1], axis=-1)


def _ramp(value: np.ndarray, low: float, high: float) -> np.ndarray:
    return np.clip((value - low) / (high - low), 0, 1)
