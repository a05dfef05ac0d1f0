"""Where the joints were: a Gauss-Newton fit of their paths to all that the nets say at once.

The image says where a point is across the view, the metric landmarks roughly how deep, bones
keep their lengths and bodies do not jerk. Each says so with its own measured error; all
frames of a clip are solved together, so there is no lag and gaps are bridged.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..take import Floats
from .banded import PathEquations
from .landmarks import BONES, COLUMN, FITTED, HIPS, TORSO_BONES, WRISTS, mirrored
from .smooth import durations

Bone = tuple[int, int]

IMAGE_ERROR = 0.012
"""Metres across the view at the performer: 3 to 5 px of a body of 400 px, measured on rendered clips."""
METRIC_ERROR = np.array([0.05, 0.05, 0.12])
"""Metres of the metric landmarks in x, y, z: depth is two to three times worse (design: 50, 58, 108 mm)."""
LENGTH_ERROR = 0.008
TORSO_ERROR = 0.03
"""Metres by which bones, and the torso's diagonals, may seem to change."""
ACCELERATION = 12.0
HAND_ACCELERATION = 24.0
"""Usual size of a joint's and of a wrist's acceleration, m/s^2 (of the order of gravity)."""
ROOT_ERROR = 0.01
STEP = 0.05
"""Metres: damping of one iteration."""
PINNED = 0.0005
"""Metres a planted point may move from frame to frame."""
FLOOR_ERROR = 0.02
"""Metres by which a planted point may seem to be off the floor."""
ITERATIONS = 8
FIRST_LENGTHS = 4
"""Bone lengths are measured anew in the first iterations and then kept."""
MORE_ITERATIONS = 4
"""Enough from paths that were fitted before."""
WINDOW = 1500
OVERLAP = 60
"""Frames that are solved at once, and how many more on either side they are solved with."""
ROOT = len(FITTED)
"""Column of the root, the middle of the hips, behind those of the landmarks."""


@dataclass(frozen=True)
class Evidence:
    """What is known of the fitted landmarks, in camera axes; nothing in it is NaN.

    Attributes:
        times: Seconds. Shape (F,).
        slopes: x/z and y/z of each landmark's viewing ray. Shape (F, N, 2).
        metric: Metres from the middle of the hips, turned by the viewing ray. Shape (F, N, 3).
        trust: 0 (not seen) to 1. Shape (F, N).
    """

    times: Floats
    slopes: Floats
    metric: Floats
    trust: Floats

    def part(self, frames: slice) -> Evidence:
        """The same of some of the frames."""
        return Evidence(self.times[frames], self.slopes[frames], self.metric[frames], self.trust[frames])


@dataclass(frozen=True)
class Plant:
    """Points that stand on the floor.

    Attributes:
        planted: How firmly each point stands from one frame to the next, 0 to 1. Shape (F-1, N+1).
        up: Upwards in camera axes. Shape (3,).
        height: Of the floor along `up`, as seen from the camera, metres; NaN for no floor.
        rest: Height of each point over the floor while it stands, metres; NaN where it is not
            known. Shape (N+1,).
    """

    planted: Floats
    up: Floats
    height: float
    rest: Floats

    def standing(self) -> Floats:
        """How firmly each point stands in each frame, 0 to 1. Shape (F, N+1)."""
        edged = np.pad(self.planted, ((1, 1), (0, 0)))
        return np.maximum(edged[1:], edged[:-1])

    def part(self, frames: slice) -> Plant:
        """The same of some of the frames."""
        return replace(self, planted=self.planted[frames.start : frames.stop - 1])


def fit_paths(
    evidence: Evidence, start: Floats, *, lengths: dict[Bone, float] | None = None, plant: Plant | None = None
) -> tuple[Floats, dict[Bone, float]]:
    """Paths of the landmarks and the root that fit the evidence best.

    Args:
        evidence: What is known.
        start: First guess, camera axes. Shape (F, N+1, 3).
        lengths: Bone lengths in metres where they are known; otherwise they are measured.
        plant: Points that stand, where that is known.

    Returns:
        Positions (F, N+1, 3) in camera axes, and the bone lengths in metres.
    """
    paths = start
    measured = dict(lengths or {})
    for iteration in range(ITERATIONS if lengths is None else MORE_ITERATIONS):
        if lengths is None and 0 < iteration <= FIRST_LENGTHS:
            measured = bone_lengths(paths, evidence.trust)
        stiffness = min(1.0, max(iteration, 1) / 3.0)
        paths = _iterate(evidence, paths, measured, stiffness, plant)
    return paths, measured


def _iterate(
    evidence: Evidence, paths: Floats, lengths: dict[Bone, float], stiffness: float, plant: Plant | None
) -> Floats:
    """One Gauss-Newton step, window by window: memory stays bounded, and windows join without a seam."""
    solved = paths.copy()
    for first in range(0, len(paths), WINDOW):
        frames = slice(max(0, first - OVERLAP), min(len(paths), first + WINDOW + OVERLAP))
        part, standing = evidence.part(frames), plant.part(frames) if plant else None
        pull = durations(part.times) / STEP**2
        pull[: first - frames.start] /= (PINNED / STEP) ** 2  # what the window before has settled
        equations = _equations(part, solved[frames], lengths, stiffness, standing)
        equations.add_pull(solved[frames], pull)
        kept = slice(first, min(len(paths), first + WINDOW))
        solved[kept] = equations.solve()[first - frames.start :][: kept.stop - first]
    return solved


def _equations(
    evidence: Evidence, paths: Floats, lengths: dict[Bone, float], stiffness: float, plant: Plant | None
) -> PathEquations:
    equations = PathEquations(len(paths), ROOT + 1)
    held = durations(evidence.times)
    _image_term(equations, evidence, paths, held)
    _metric_term(equations, evidence, paths, held)
    _root_term(equations, held)
    _acceleration_term(equations, evidence.times)
    _length_term(equations, paths, lengths, held * stiffness)
    if plant is not None:
        _plant_term(equations, plant, held)
    return equations


def bone_lengths(paths: Floats, trust: Floats) -> dict[Bone, float]:
    """Length of each bone in metres, left and right tied: a weighted median over the clip.

    A bone seen square to the view counts most: there its length comes from the image, not
    from the net's depth.
    """
    found: dict[Bone, float] = {}
    for a, b in BONES:
        length, weight = [], []
        for first, second in {(a, b), (mirrored(a), mirrored(b))}:
            i, j = COLUMN[first], COLUMN[second]
            bone, ray = paths[:, j] - paths[:, i], paths[:, i]
            long = np.linalg.norm(bone, axis=-1)
            along = (bone * ray).sum(-1) / np.maximum(long * np.linalg.norm(ray, axis=-1), 1e-9)
            length.append(long)
            weight.append((1.0 - along**2) ** 2 * np.minimum(trust[:, i], trust[:, j]) ** 2 + 1e-9)
        found[a, b] = _weighted_median(np.concatenate(length), np.concatenate(weight))
    return found


def _weighted_median(values: Floats, weights: Floats) -> float:
    order = np.argsort(values)
    reached = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(reached, reached[-1] / 2)])


def _image_term(equations: PathEquations, evidence: Evidence, paths: Floats, held: Floats) -> None:
    """Each point lies on its viewing ray: x - u z = 0 and y - v z = 0, in metres across the view."""
    for i in range(ROOT):
        slope, point = evidence.slopes[:, i], paths[:, i]
        miss = point[:, :2] - slope * point[:, 2:]
        weight = evidence.trust[:, i] ** 2 * _robust((miss / IMAGE_ERROR) ** 2) * held / IMAGE_ERROR**2
        rows = np.zeros((len(paths), 2, 3))
        rows[:, 0, 0] = rows[:, 1, 1] = 1.0
        rows[..., 2] = -slope
        equations.add_block(i, i, np.einsum("f,fka,fkb->fab", weight, rows, rows))


def _metric_term(equations: PathEquations, evidence: Evidence, paths: Floats, held: Floats) -> None:
    """Each point lies where the net's metres put it, seen from the root."""
    for i in range(ROOT):
        metric = evidence.metric[:, i]
        miss = paths[:, i] - paths[:, ROOT] - metric
        weight = evidence.trust[:, i] * _robust((miss / METRIC_ERROR) ** 2) * held
        diagonal = weight[:, None] / METRIC_ERROR**2
        block = diagonal[:, :, None] * np.eye(3)
        equations.add_block(i, i, block)
        equations.add_block(ROOT, ROOT, block)
        equations.add_block(ROOT, i, -block)
        equations.add_right(i, diagonal * metric)
        equations.add_right(ROOT, -diagonal * metric)


def _root_term(equations: PathEquations, held: Floats) -> None:
    """The root is the middle of the hips."""
    block = held[:, None, None] * np.eye(3) / ROOT_ERROR**2
    equations.add_block(ROOT, ROOT, block)
    left, right = (COLUMN[hip] for hip in HIPS)
    for hip in (left, right):
        equations.add_block(ROOT, hip, -block / 2)
        equations.add_block(hip, hip, block / 4)
    equations.add_block(left, right, block / 4)


def _acceleration_term(equations: PathEquations, times: Floats) -> None:
    """Accelerations are of their usual size."""
    usual: Floats = np.full(ROOT + 1, ACCELERATION)
    usual[[COLUMN[wrist] for wrist in WRISTS]] = HAND_ACCELERATION
    equations.add_accelerations(times, usual**-2)


def _length_term(equations: PathEquations, paths: Floats, lengths: dict[Bone, float], held: Floats) -> None:
    """Bones keep their lengths: linear in the positions along each bone's present direction."""
    for bone, length in lengths.items():
        i, j = COLUMN[bone[0]], COLUMN[bone[1]]
        reach = paths[:, j] - paths[:, i]
        along = reach / np.maximum(np.linalg.norm(reach, axis=-1, keepdims=True), 1e-9)
        error = TORSO_ERROR if bone in TORSO_BONES else LENGTH_ERROR
        weight = (held / error**2)[:, None]
        block = weight[..., None] * along[:, :, None] * along[:, None, :]
        equations.add_block(i, i, block)
        equations.add_block(j, j, block)
        equations.add_block(i, j, -block)
        equations.add_right(j, weight * along * length)
        equations.add_right(i, -weight * along * length)


def _plant_term(equations: PathEquations, plant: Plant, held: Floats) -> None:
    """Planted points do not move, and stand on the floor."""
    equations.add_steps(plant.planted * held[1:, None] / PINNED**2)
    if not np.isfinite(plant.height):
        return
    stands = plant.standing()
    upright = np.outer(plant.up, plant.up)
    for i in np.flatnonzero(np.isfinite(plant.rest)):
        weight = stands[:, i] * held / FLOOR_ERROR**2
        equations.add_block(i, i, weight[:, None, None] * upright)
        equations.add_right(i, (weight * (plant.height + plant.rest[i]))[:, None] * plant.up)


def _robust(squared: Floats) -> Floats:
    """Weights of a Cauchy loss for squared errors (F, *) in units of their size, halved at three of them."""
    return 1.0 / (1.0 + squared.sum(-1) / 9.0)
