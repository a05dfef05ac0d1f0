"""How a hand is turned, as its landmarks, its forearm and what the body's net sees of it say together.

A small palm and its mirror image in depth look alike, and the net of hands mistakes one for the other in a
third of the frames. What tells is a little of everything: on which side the thumb and the fingers close, how
wrists bend, where the body's landmarks of the hand lie. So it was learned from rendered hands.
docs/derivations.md, PALMS.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..take import Floats
from . import rotations
from .hand_view import HandView
from .landmarks import ELBOWS, WRISTS
from .learned import answer
from .rest import OUT

TABLE = Path(__file__).with_name("palm.npz")
"""The network's numbers (tests/calibration/palms.py)."""
ERRORS = (-3.5, 1.0)
"""Logarithms of the smallest and the largest standard error, radians, that the network tells."""
SHARE = 0.5
"""Of the error that the network tells, so much counts: what else the fit weighs at a hand, its forearm and
the wrist's limits, errs as a whole, and the network has seen it."""
ARMS = np.stack([WRISTS, ELBOWS, (17, 18), (19, 20), (21, 22)], axis=1)
"""Landmarks of the left and the right wrist, and of elbow, little finger, index finger and thumb."""


@dataclass(frozen=True)
class Palms:
    """How a hand is turned from the T-pose, camera axes (F, 4), and the standard error, radians (F,).

    The error is infinite where the hand was not seen.
    """

    turned: Floats
    error: Floats


def arms(metric: Floats) -> Floats:
    """Of metric landmarks (F, 33, 3), those beside the wrists as seen from there. Shape (F, 2, 4, 3)."""
    return metric[:, ARMS[:, 1:]] - metric[:, ARMS[:, :1]]


def palm(view: HandView, forearm: Floats, arm: Floats) -> Palms:
    """The turn of a hand, each frame by itself. A mirrored hand gives the mirrored turn, exactly.

    Args:
        view: Of the hand.
        forearm: Rotation of its forearm before pronation, camera axes. Shape (F, 4).
        arm: As `arms` gives it for this side, camera axes, metres. Shape (F, 4, 3).
    """
    turned, error = network(inputs(view, forearm, arm))
    return Palms(view.to_camera(turned), np.where(view.seen, SHARE * error, np.inf))


def inputs(view: HandView, forearm: Floats, arm: Floats) -> Floats:
    """What the network is told, in the view's axes; arguments as of `palm`. Shape (F, 85)."""
    frames = len(view.points)
    parts = (
        view.points.reshape(frames, -1) / view.palm,
        rotations.to_matrix(view.of_camera(forearm)).reshape(frames, -1),
        view.ways_of_camera(arm).reshape(frames, -1),
        np.log(view.palm / view.pixel)[:, None],
    )
    return np.concatenate(parts, axis=1)


def network(told: Floats) -> tuple[Floats, Floats]:
    """Rotations in the view's axes (F, 4) and their standard errors, radians (F,), by `inputs` (F, 85).

    The last layer gives where the fingers and the knuckles point, which are made square to each other (Zhou
    et al., On the Continuity of Rotation Representations, 2019), and the logarithm of the error.
    """
    out = answer(TABLE, told)
    axes = rotations.frame(out[:, :3], out[:, 3:6])
    return rotations.from_matrix(axes), np.exp(np.minimum(np.maximum(out[:, 6], ERRORS[0]), ERRORS[1]))


def wrist(side: str, local: Floats) -> Floats:
    """Pronation, flexion and deviation of a hand against its unturned forearm, radians.

    Args:
        side: "left" or "right".
        local: Rotation, first of deviation, then of flexion, then of pronation. Shape (F, 4).

    Returns:
        Shape (F, 3).
    """
    m = rotations.to_matrix(local)
    pronation = np.arctan2(-m[:, 1, 2], m[:, 2, 2])
    flexion = np.arcsin(np.clip(m[:, 0, 2], -1.0, 1.0))
    deviation = np.arctan2(-m[:, 0, 1], m[:, 0, 0])
    mirror = OUT[side][0]
    return np.stack([pronation, mirror * flexion, mirror * deviation], axis=-1)
