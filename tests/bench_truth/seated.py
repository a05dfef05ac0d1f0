"""The rows of a second performer, who sits before four calibrated cameras, hips and legs out of the picture.

The truth of his arms and palms is triangulated from where the nets see the landmarks in three views or four,
which is sharper by far than what they guess of the depth in one.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from blazerig.models.confidence import in_picture
from blazerig.solver import rotations
from blazerig.solver.hand_model import PALM, PALM_SHAPE
from blazerig.solver.humanoid import INDEX, SIDES
from blazerig.solver.landmarks import ELBOWS, LANDMARKS, SHOULDERS, WRISTS
from blazerig.solver.solution import Solution
from blazerig.take import Take
from clips import Solve, tracked
from known import angle
from scipy.spatial.transform import Rotation
from table import Row

ARMS = [*zip(SHOULDERS, ELBOWS, strict=True), *zip(ELBOWS, WRISTS, strict=True)]
SURE = 0.6
"""A view counts where the net gives a landmark at least this visibility."""
APART, HAND_APART = 0.04, 0.015
"""Slope by which a view may miss a triangulated landmark: 2 to 4 cm where he sits, and 1 cm of a palm's."""
VIEWS = 3
"""At least so many have to agree."""


@dataclass(frozen=True)
class View:
    """A calibrated camera: a point p of the world is at turned @ p + moved of its axes, metres."""

    matrix: np.ndarray
    distortions: np.ndarray
    turned: np.ndarray
    moved: np.ndarray

    def slopes(self, pixels: np.ndarray) -> np.ndarray:
        """x/z and y/z of the rays of pixels (F, N, 2 or 3), without the lens' distortion. Shape (F, N, 2)."""
        flat = np.nan_to_num(pixels[..., :2].astype(float).reshape(-1, 1, 2))
        return cv2.undistortPoints(flat, self.matrix, self.distortions).reshape(*pixels.shape[:2], 2)

    def misses(self, point: np.ndarray, slopes: np.ndarray) -> float:
        """How far a point (3,) of the world is from a ray (2,), as a slope."""
        seen = self.turned @ point + self.moved
        return float(np.hypot(*(seen[:2] / seen[2] - slopes)))


def rows(shared: Path, cache: Path, solve: Solve) -> list[Row]:
    """The means over the four cameras; nothing is asked for."""
    folder = shared / "media" / "video_gt" / "caliscope_hands_4cam"
    views = calibrated(folder / "camera_array.toml")
    takes = [tracked(folder / f"cam_{i}.mp4", cache / f"seated-{i}.npz") for i in range(len(views))]
    slopes = [view.slopes(take.body_image) for view, take in zip(views, takes, strict=True)]
    truth = triangulated(views, np.stack(slopes), np.stack([seen_in(take) for take in takes]))
    hands = true_hands(views, takes)
    raw, ours, palms = np.zeros((len(views), 2)), np.zeros((len(views), 2)), np.zeros(len(views))
    for i, (view, take) in enumerate(zip(views, takes, strict=True)):
        solution = solve(take)
        solved = (solution.landmarks - solution.eye) @ solution.world_from_camera
        seen = truth @ view.turned.T
        raw[i], ours[i] = errors(take.body_world, seen), errors(solved, seen)
        palms[i] = palm_error(solution, hands, view)
    each = ["cameras " + ", ".join(f"{value:.1f}" for value in column) for column in (*ours.T, palms)]
    (direction, elbows), (was_direction, was_elbows) = ours.mean(0), raw.mean(0)
    return [
        Row("seated performer, direction of arms, °", direction, None, round(was_direction, 1), note=each[0]),
        Row("seated performer, elbow inner angle, °", elbows, None, round(was_elbows, 1), note=each[1]),
        Row("seated performer, orientation of hands, °", float(palms.mean()), note=each[2]),
    ]


def calibrated(path: Path) -> list[View]:
    """The cameras of a calibration file."""
    cameras = tomllib.loads(path.read_text("utf-8"))["cameras"]
    parts = ("matrix", "distortions", "rotation", "translation")
    return [View(*(np.array(cameras[name][part]) for part in parts)) for name in sorted(cameras)]


def seen_in(take: Take) -> np.ndarray:
    """Which landmarks of the arms the nets see for certain, and in the picture. Shape (F, 33)."""
    of_arms = np.isin(np.arange(LANDMARKS), np.ravel(ARMS))
    return in_picture(take.body_image, take.size) & (take.body_visibility > SURE) & of_arms


def triangulated(views: list[View], slopes: np.ndarray, sure: np.ndarray, apart: float = APART) -> np.ndarray:
    """Points of the world by their rays (V, F, N, 2) where they are `sure` (V, F, N), metres.

    NaN where too few views agree to the slope `apart`. Shape (F, N, 3).
    """
    found = np.full((*slopes.shape[1:3], 3), np.nan)
    for at in np.ndindex(found.shape[:2]):
        found[at] = _agreed(views, slopes[:, *at], np.flatnonzero(sure[:, *at]), apart)
    return found


def _agreed(views: list[View], slopes: np.ndarray, which: np.ndarray, apart: float) -> np.ndarray:
    """The point on which `which` views agree, without those that stand against it. Shape (3,)."""
    while len(which) >= VIEWS:
        point, miss = _nearest([views[i] for i in which], slopes[which])
        if miss < apart:
            return point
        without = [np.delete(which, i) for i in range(len(which))]
        which = min(without, key=lambda some: _nearest([views[i] for i in some], slopes[some])[1])
    return np.full(3, np.nan)


def _nearest(views: list[View], slopes: np.ndarray) -> tuple[np.ndarray, float]:
    """The point (3,) nearest to rays (V, 2), by linear least squares (Hartley and Zisserman, 12.2), and the
    slope by which it misses the worst of them.
    """
    pairs = list(zip(views, slopes, strict=True))
    rows = np.concatenate([ray[:, None] * view.turned[2] - view.turned[:2] for view, ray in pairs])
    sides = np.concatenate([view.moved[:2] - ray * view.moved[2] for view, ray in pairs])
    point = np.linalg.lstsq(rows, sides, rcond=None)[0]
    return point, max(view.misses(point, ray) for view, ray in pairs)


def errors(found: np.ndarray, truth: np.ndarray) -> tuple[float, float]:
    """Mean degrees of the arms' directions and the elbows' inner angles; both (F, 33, 3) in camera axes."""
    ours, true = bones(found), bones(truth)
    bends = [angle(-some[:, :2], some[:, 2:]) for some in (ours, true)]
    off = angle(ours, true), np.abs(bends[0] - bends[1])
    return float(np.degrees(np.nanmean(off[0]))), float(np.degrees(np.nanmean(off[1])))


def bones(points: np.ndarray) -> np.ndarray:
    """From start to end of `ARMS`. Shape (F, 33, 3) to (F, 4, 3)."""
    return np.stack([points[:, end] - points[:, start] for start, end in ARMS], axis=1)


def true_hands(views: list[View], takes: list[Take]) -> np.ndarray:
    """How both hands are turned from the T-pose, world axes (2, F, 4); NaN where too few views agree."""
    found: list[np.ndarray] = []
    for side in SIDES:
        hands = [getattr(take, side) for take in takes]
        images = [hand.image[:, PALM] for hand in hands]
        slopes = np.stack([view.slopes(image) for view, image in zip(views, images, strict=True)])
        sure = np.stack([np.isfinite(image).all(-1) for image in images])
        points = triangulated(views, slopes, sure, HAND_APART)
        found.append(np.array([turned_palm(frame, mirrored=side == "right") for frame in points]))
    return np.stack(found)


def turned_palm(points: np.ndarray, *, mirrored: bool) -> np.ndarray:
    """The rotation (4,) that carries the model's palm nearest to points (6, 3); NaN where one is missing."""
    if not np.isfinite(points).all():
        return np.full(4, np.nan)
    model = PALM_SHAPE * [-1.0, 1.0, 1.0] if mirrored else PALM_SHAPE
    return rotations.from_matrix(Rotation.align_vectors(points - points.mean(0), model)[0].as_matrix())


def palm_error(solution: Solution, hands: np.ndarray, view: View) -> float:
    """Mean degrees between the solved hands and the true ones (2, F, 4)."""
    turned = [solution.pose.rotations[:, INDEX[f"{side}Hand"]] for side in SIDES]
    to_camera = rotations.from_matrix(solution.world_from_camera.T)
    ours = rotations.multiply(to_camera, np.stack(turned))
    true = rotations.multiply(rotations.from_matrix(view.turned), hands)
    return float(np.degrees(np.nanmean(rotations.angle_between(ours, true))))
