"""Where the eyes look, from how far the irises are from where they rest between the lids' corners."""

from __future__ import annotations

import numpy as np

from ...take import Floats
from .shapes import INDEX
from .within import within

YAW, PITCH = 122.0, 176.0
"""Radians a metre. An eye turns by 94: its iris lies 10.6 mm before the centre of rotation. On rendered heads
the net shows 0.6 of an iris's way to the side and 0.3 of its way up or down. Halfway between, see FACE."""
REACH = {"Up": 0.40, "Down": 0.50, "In": 0.55, "Out": 0.55}
"""Radians at weight 1."""
APART = 0.35
"""Radians that no two eyes differ by, in yaw or pitch: one that does is hidden."""
STILL = 0.03
"""Radians within which an eye that seems to move is taken for one that rests."""
MOST = 0.7
TURNED = 0.7
"""Radians of the head's yaw at which half of the gaze is believed."""
_RADIANS = np.array([YAW, -PITCH])
_FAR = np.array([1.0, -1.0])
"""The sign of the head's yaw at which the left and the right eye are on the far side."""
_LOOKS = [INDEX[f"eyeLook{way}{side}"] for side in ("Left", "Right") for way in ("Out", "In", "Up", "Down")]
_WAYS = np.zeros((4, 8))
"""Of yaw and pitch of the left eye, then of the right one, what goes along each of `_LOOKS`."""
_WAYS[0, :2], _WAYS[1, 2:4], _WAYS[2, 4:6], _WAYS[3, 6:] = (1, -1), (1, -1), (-1, 1), (1, -1)
_REACHES = np.array([REACH[way] - STILL for way in ("Out", "In", "Up", "Down")] * 2)


def gaze_of(away: Floats, shut: Floats, yaw: Floats) -> Floats:
    """Yaw and pitch of both eyes, radians.

    Args:
        away: Of the irises from their rest, metres, head's axes. Shape (F, 2, 2).
        shut: How far the left and the right lids are closed: what is behind them is not seen. Shape (F, 2).
        yaw: Of the head: the eye on the far side follows the near one. Shape (F,).
    """
    angles = away * _RADIANS
    far = within((yaw[:, None] * _FAR - 0.35) / 0.35, 0.0, 1.0)[..., None]
    angles = _together(angles + far * (angles[:, ::-1] - angles))
    seen = (1.0 - within(shut, 0.0, 1.0)) / (1.0 + (yaw[:, None] / TURNED) ** 4)
    return within(angles * seen[..., None], -MOST, MOST)


def _together(angles: Floats) -> Floats:
    """Eyes (F, 2, 2) that differ by no more than `APART`: the one that looks farther aside gives way."""
    other = angles[:, ::-1]
    near = other + within(angles - other, -APART, APART)
    return np.where(np.abs(angles) > np.abs(other), near, angles)


def looks_of(gaze: Floats) -> Floats:
    """The weights of the gaze's shapes, 0 elsewhere. Shape (F, 2, 2) to (F, 52)."""
    found = np.zeros((len(gaze), len(INDEX)))
    ways = gaze.reshape(-1, 4) @ _WAYS
    found[:, _LOOKS] = within((ways - STILL) / _REACHES, 0.0, 1.0)
    return found


def gaze_in(weights: Floats) -> Floats:
    """Where eyes of such looks are turned: the inverse of `looks_of`. Shape (F, 52) to (F, 2, 2)."""
    gaze = np.zeros((len(weights), 2, 2))
    for eye, (side, out) in enumerate((("Left", 1.0), ("Right", -1.0))):
        for way, axis, sign in (("Out", 0, out), ("In", 0, -out), ("Up", 1, 1.0), ("Down", 1, -1.0)):
            look = weights[:, INDEX[f"eyeLook{way}{side}"]]
            gaze[:, eye, axis] += sign * np.where(look > 0.0, STILL + look * (REACH[way] - STILL), 0.0)
    return gaze
