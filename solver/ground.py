"""Up and the floor: how the camera is tilted, and where the feet stand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import percentile_filter

from ..take import Floats
from .landmarks import ANKLES, COLUMN, HEELS, HIPS, KNEES, SHOULDERS, TOES
from .paths import ROOT, Plant
from .smooth import bridge, durations, smooth

STRAIGHT = np.radians(25.0)
"""A knee bent by less counts as straight: such a performer stands upright on average."""
LEVEL_SPREAD = np.radians(8.0)
"""How far from level cameras usually are."""
UPRIGHT_SPREAD = np.radians(4.6)
"""How far the mean stance of a clip is from upright, bias of the nets' depth included (rendered clips)."""
SOLE = {HEELS[0]: 0.04, HEELS[1]: 0.04, TOES[0]: 0.015, TOES[1]: 0.015}
"""Height of a standing foot's landmarks over the floor, metres."""
FOOT_POINTS = (*HEELS, *TOES)

LOW, HIGH = 0.05, 0.09
SLOW, FAST = 0.40, 0.70
"""A foot's point is planted below the first height and speed, and until it exceeds a second (m, m/s)."""
DEPTH_SHARE = 0.5
"""How much of a speed along the view counts: depth is noisy."""
SEEN = 0.3
"""Trust above which a foot's point counts as seen."""
SHORTEST = 0.1
"""A contact lasts at least this long, seconds."""
WINDOW = 1.0
"""The floor under a foot is its own lowest height within this many seconds ..."""
RAISED = 0.15
"""... unless that is this much over the other's, metres: a foot that is held up does not stand."""
DRIFT_CUTOFF = 2.0
"""Hertz: how fast the correction of a foot's height may change."""


@dataclass(frozen=True)
class Ground:
    """The floor in camera axes: points p with up . p = height.

    Attributes:
        up: Unit vector against gravity. Shape (3,).
        height: Metres; negative, as the camera is above it.
    """

    up: Floats
    height: float

    def world_from_camera(self) -> Floats:
        """Rotation from camera axes to the world's: up is +Z, the view goes along +Y. Shape (3, 3)."""
        right = np.array([1.0, 0.0, 0.0])
        return np.stack([right, np.cross(self.up, right), self.up])


def find_ground(paths: Floats, trust: Floats, hips_height: float) -> Ground:
    """The camera's tilt from upright stances, the floor from the lowest feet.

    The camera is taken not to roll. Its pitch is that of the line from the ankles to the
    shoulders while a knee is straight, weighed against cameras being level (a Gaussian
    prior); a clip without a straight stance is taken as level. Where no foot was ever seen,
    the floor is where a standing performer's would be.

    Args:
        paths: Camera axes. Shape (F, N+1, 3).
        trust: Of each landmark. Shape (F, N).
        hips_height: Of the standing performer, metres.
    """
    up = _up(_pitch(paths, trust))
    seen = (trust[:, [COLUMN[i] for i in FOOT_POINTS]] > SEEN).any(-1)
    if not seen.any():
        return Ground(up, float(np.median(paths[:, ROOT] @ up)) - hips_height)
    return Ground(up, float(np.percentile(_foot_heights(paths, up)[seen].min(-1), 10)))


def _up(pitch: float) -> Floats:
    return np.array([0.0, -np.cos(pitch), -np.sin(pitch)])


def _middle(paths: Floats, pair: tuple[int, int]) -> Floats:
    return paths[:, [COLUMN[i] for i in pair]].mean(1)


def _pitch(paths: Floats, trust: Floats) -> float:
    upright = np.zeros(len(paths), bool)
    for hip, knee, ankle in zip(HIPS, KNEES, ANKLES, strict=True):
        thigh = paths[:, COLUMN[knee]] - paths[:, COLUMN[hip]]
        shin = paths[:, COLUMN[ankle]] - paths[:, COLUMN[knee]]
        sine = np.linalg.norm(np.cross(thigh, shin), axis=-1)
        straight = np.arctan2(sine, (thigh * shin).sum(-1)) < STRAIGHT
        upright |= straight & (trust[:, COLUMN[ankle]] > 0.5)
    if not upright.any():
        return 0.0
    stance = (_middle(paths, SHOULDERS) - _middle(paths, ANKLES))[upright]
    lean = float(np.median(np.arctan2(-stance[:, 2], -stance[:, 1])))
    return lean * LEVEL_SPREAD**2 / (LEVEL_SPREAD**2 + UPRIGHT_SPREAD**2)


def _foot_heights(paths: Floats, up: Floats) -> Floats:
    """Height along `up` of heels and toes less what they have when they stand. Shape (F, 4)."""
    points = paths[:, [COLUMN[i] for i in FOOT_POINTS]]
    return points @ up - np.array([SOLE[i] for i in FOOT_POINTS])


def find_plants(paths: Floats, trust: Floats, times: Floats, ground: Ground) -> Plant:
    """Which heels and toes stand when: low and slow, with hysteresis; an ankle stands when both do.

    Args:
        paths: Camera axes. Shape (F, N+1, 3).
        trust: Of each landmark. Shape (F, N).
        times: Seconds. Shape (F,).
        ground: The floor.
    """
    heights = _foot_heights(paths, ground.up)
    frames = max(3, round(WINDOW / float(np.median(durations(times)))))
    feet = np.minimum(heights[:, :2], heights[:, 2:])  # left, right: the lower of heel and toes
    lowest = percentile_filter(feet, 10, size=(frames, 1), mode="nearest")
    floor = np.minimum(lowest, lowest.min(-1, keepdims=True) + RAISED)
    planted = np.zeros((len(times), ROOT + 1))
    for column, landmark in enumerate(FOOT_POINTS):
        point = paths[:, COLUMN[landmark]]
        speed = _speed(point, times)
        high = heights[:, column] - floor[:, column % 2]
        sure = trust[:, COLUMN[landmark]] > SEEN
        enters = (high < LOW) & (speed < SLOW) & sure
        leaves = (high > HIGH) | (speed > FAST) | ~sure
        planted[:, COLUMN[landmark]] = _lasting(_hysteresis(enters, leaves), times)
    for ankle, heel, toes in zip(ANKLES, HEELS, TOES, strict=True):
        planted[:, COLUMN[ankle]] = np.minimum(planted[:, COLUMN[heel]], planted[:, COLUMN[toes]])
    rest = np.full(ROOT + 1, np.nan)
    rest[[COLUMN[i] for i in FOOT_POINTS]] = [SOLE[i] for i in FOOT_POINTS]
    return Plant(np.minimum(planted[1:], planted[:-1]), ground.up, ground.height, rest)


def settle(joints: Floats, plant: Plant, times: Floats) -> Floats:
    """The same joints with every standing foot on z = 0: the root first, what is left of it the leg.

    Height drifts with the error of the camera's tilt as the performer comes and goes; between
    contacts the correction runs on smoothly, so a jump stays a jump.

    Args:
        joints: World axes, z over the floor. Shape (F, N+1, 3).
        plant: Which points stand.
        times: Seconds. Shape (F,).
    """
    heights, stands = [], []
    for heel, toes in zip(HEELS, TOES, strict=True):
        points = [COLUMN[heel], COLUMN[toes]]
        stands.append(plant.standing()[:, points].max(-1) > 0)
        lowest = (joints[:, points, 2] - plant.rest[points]).min(-1)
        heights.append(np.where(stands[-1], lowest, 0.0))
    count = np.sum(stands, axis=0)
    settled = joints.copy()
    drift = _between_contacts(np.sum(heights, axis=0) / np.maximum(count, 1), times, count > 0)
    settled[..., 2] -= drift[:, None]
    for height, standing, foot in zip(heights, stands, zip(ANKLES, HEELS, TOES, strict=True), strict=True):
        own = _between_contacts(height - drift, times, standing)
        settled[:, [COLUMN[i] for i in foot], 2] -= own[:, None]
    return settled


def _between_contacts(height: Floats, times: Floats, standing: NDArray[np.bool_]) -> Floats:
    """`height` (F,) while `standing`, and smoothly from there to the next contact; 0 without any."""
    if not standing.any():
        return np.zeros(len(times))
    return smooth(bridge(height, times, standing), times, DRIFT_CUTOFF)


def _speed(point: Floats, times: Floats) -> Floats:
    if len(times) < 2:
        return np.zeros(len(times))
    velocity = np.gradient(point, times, axis=0) * [1.0, 1.0, DEPTH_SHARE]
    return np.linalg.norm(velocity, axis=-1)


def _hysteresis(enters: NDArray[np.bool_], leaves: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """On from where `enters` to where `leaves`, and back from there to where it could have been on."""
    forwards = _latch(enters, leaves)
    backwards = _latch(enters[::-1], leaves[::-1])[::-1]
    return forwards | backwards


def _latch(enters: NDArray[np.bool_], leaves: NDArray[np.bool_]) -> NDArray[np.bool_]:
    # the state depends on the frame before: the one loop over time that this needs
    state, states = False, np.zeros(len(enters), bool)
    for i in range(len(enters)):
        state = bool(enters[i]) or (state and not leaves[i])
        states[i] = state
    return states


def _lasting(state: NDArray[np.bool_], times: Floats) -> NDArray[np.bool_]:
    """Without the runs that are shorter than `SHORTEST`."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], state, [False]]).astype(int)))
    kept = np.zeros(len(state), bool)
    for first, after in zip(edges[::2], edges[1::2], strict=True):
        if times[after - 1] - times[first] >= SHORTEST:
            kept[first:after] = True
    return kept
