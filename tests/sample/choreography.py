"""What the performer of the sample clip does, as plain numbers over time.

Directions are the performer's own: x to the outer side of that limb, y forward, z up. Times are
seconds. Between two keys everything eases in and out along the minimum-jerk curve, which is how
people move from one rest to the next (Flash and Hogan 1985).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

FPS = 30
FRAMES = 144
TIMES = np.arange(FRAMES) / FPS


@dataclass(frozen=True)
class ArmPose:
    """An arm: wrist from the shoulder in arm lengths, and which way things point."""

    wrist: tuple[float, float, float]
    fingers: tuple[float, float, float]
    palm: tuple[float, float, float]
    elbow: tuple[float, float, float]


@dataclass(frozen=True)
class HandPose:
    """Finger curls, 0 stretched to 1 closed, and the spread of the fingers, 0 to 1."""

    thumb: float
    index: float
    others: float
    spread: float


@dataclass(frozen=True)
class Step:
    """One foot leaves the floor at `start` and stands at (x, y), turned by `yaw` degrees, at `end`.

    World axes: x to the performer's left as the clip begins, y away from the camera.
    """

    start: float
    end: float
    side: str
    x: float
    y: float
    yaw: float


ARMS = {
    "relaxed": ArmPose((0.26, 0.16, -0.90), (0.05, 0.25, -1.0), (-1.0, -0.1, -0.1), (0.5, -1.0, 0.0)),
    "wave": ArmPose((0.50, 0.42, 0.40), (0.12, 0.05, 1.0), (0.0, 1.0, 0.0), (0.6, -0.2, -1.0)),
    "show": ArmPose((0.36, 0.52, 0.22), (0.15, 0.1, 1.0), (-0.1, 1.0, -0.1), (0.7, -0.2, -1.0)),
    "point": ArmPose((0.25, 0.86, 0.12), (0.12, 1.0, 0.22), (-0.75, 0.0, -0.6), (0.5, -0.2, -1.0)),
    "offer": ArmPose((0.30, 0.52, -0.35), (0.25, 0.9, 0.35), (-0.35, -0.3, 0.9), (0.5, -0.8, -0.6)),
    "bent": ArmPose((0.20, 0.48, -0.46), (-0.05, 0.9, 0.1), (-1.0, 0.0, -0.15), (0.4, -1.0, -0.4)),
}
HANDS = {
    "loose": HandPose(0.25, 0.25, 0.35, 0.2),
    "open": HandPose(0.0, 0.0, 0.0, 0.9),
    "fist": HandPose(1.0, 1.0, 1.0, 0.0),
    "point": HandPose(0.9, 0.0, 1.0, 0.0),
    "pinch": HandPose(0.6, 0.55, 0.25, 0.5),
}

ARM_KEYS = {
    "Right": [
        (0.0, "bent"), (0.45, "wave"), (1.55, "wave"), (2.15, "bent"), (2.55, "point"),
        (3.05, "point"), (3.6, "show"), (4.45, "show"), (4.9, "relaxed"),
    ],
    "Left": [
        (0.0, "relaxed"), (0.7, "relaxed"), (1.25, "offer"), (2.1, "offer"), (2.6, "bent"),
        (3.05, "bent"), (3.6, "show"), (4.45, "show"), (4.9, "relaxed"),
    ],
}  # fmt: skip
HAND_KEYS = {
    "Right": [
        (0.0, "loose"), (0.4, "open"), (1.6, "open"), (1.95, "loose"), (2.4, "point"), (3.05, "point"),
        (3.4, "open"), (3.6, "open"), (3.85, "fist"), (4.0, "fist"), (4.25, "open"), (4.5, "open"),
        (4.8, "loose"),
    ],
    "Left": [
        (0.0, "loose"), (0.8, "loose"), (1.2, "open"), (1.5, "fist"), (1.7, "fist"), (2.0, "open"),
        (2.2, "open"), (2.5, "pinch"), (3.0, "pinch"), (3.4, "open"), (3.6, "open"), (3.85, "fist"),
        (4.0, "fist"), (4.25, "open"), (4.5, "open"), (4.8, "loose"),
    ],
}  # fmt: skip
STANCE = 0.115
"""Half of the distance between the feet, metres."""
STEPS = [
    Step(0.70, 1.12, "Left", 0.36 + STANCE, 0.00, 8),
    Step(1.08, 1.48, "Right", 0.36 - STANCE, 0.00, -4),
    Step(1.52, 1.92, "Left", 0.46, 0.10, 50),
    Step(1.90, 2.28, "Right", 0.30, -0.06, 42),
    Step(2.98, 3.36, "Right", 0.30 - STANCE, 0.02, -4),
    Step(3.34, 3.70, "Left", 0.30 + STANCE, 0.02, 6),
    Step(3.74, 4.12, "Right", -STANCE, 0.02, -6),
    Step(4.10, 4.48, "Left", STANCE, 0.00, 6),
]
LIFT = 0.07
"""How high a stepping foot rises, metres."""
DIP_KEYS = [(0.0, 0.020), (0.7, 0.020), (1.1, 0.045), (1.5, 0.03), (2.2, 0.03), (2.65, 0.13), (3.05, 0.04),
            (4.5, 0.035), (4.8, 0.020)]  # fmt: skip
"""How far the hips sink below straight legs, metres."""
TURN_KEYS = [(0.0, 0.0), (1.45, 0.0), (2.2, 48.0), (2.95, 48.0), (3.6, 0.0)]
"""Degrees that the pelvis turns to the performer's left."""


def eased(keys: Sequence[tuple[float, ArrayLike]], times: Floats = TIMES) -> Floats:
    """Values at `times` of `keys` (time, value), with minimum-jerk easing from key to key."""
    at = np.array([time for time, _ in keys])
    values = np.array([value for _, value in keys], float)
    after = np.clip(np.searchsorted(at, times, side="right"), 1, len(at) - 1)
    u = np.clip((times - at[after - 1]) / (at[after] - at[after - 1]), 0, 1)
    u = u**3 * (10 - 15 * u + 6 * u**2)
    u = u.reshape(-1, *[1] * (values.ndim - 1))
    return (1 - u) * values[after - 1] + u * values[after]


def arm_channel(side: str, part: str) -> Floats:
    """One part of `ArmPose` over the clip, the wave included. Shape (F, 3)."""
    values = eased([(time, getattr(ARMS[name], part)) for time, name in ARM_KEYS[side]])
    if side == "Right" and part in ("wrist", "fingers"):
        window = eased([(0.3, 0.0), (0.6, 1.0), (1.35, 1.0), (1.65, 0.0)])
        swing = window * np.sin(2 * np.pi * 1.9 * (TIMES - 0.4))
        values[:, 0] += swing * (0.13 if part == "wrist" else 0.38)
    return values


def hand_channel(side: str, part: str) -> Floats:
    """One part of `HandPose` over the clip. Shape (F,)."""
    return eased([(time, getattr(HANDS[name], part)) for time, name in HAND_KEYS[side]])


def foot_track(side: str) -> tuple[Floats, Floats, Floats]:
    """Where a foot stands: floor position (F, 2), height above the floor (F,), yaw in degrees (F,)."""
    out = 1.0 if side == "Left" else -1.0
    keys: list[tuple[float, tuple[float, float, float]]] = [(0.0, (out * STANCE, 0.0, out * 6.0))]
    height = np.zeros(FRAMES)
    for step in (step for step in STEPS if step.side == side):
        keys += [(step.start, keys[-1][1]), (step.end, (step.x, step.y, step.yaw))]
        u = np.clip((TIMES - step.start) / (step.end - step.start), 0, 1)
        height += LIFT * np.sin(np.pi * u) ** 2
    ground = eased(keys)
    return ground[:, :2], height, ground[:, 2]
