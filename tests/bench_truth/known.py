"""The rows of landmarks made from known poses: exact, in noise, standing still."""

from __future__ import annotations

import dataclasses
import importlib.util
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from types import ModuleType

import numpy as np
from blazerig.solver import rotations
from blazerig.solver.humanoid import INDEX, SIDES, joint_positions
from blazerig.solver.pose import Pose
from blazerig.solver.rest import OUT, UP
from blazerig.solver.settings import DEFAULTS, Settings
from blazerig.solver.solution import Solution
from blazerig.take import Take
from mocap import humanoid, read_bvh
from table import Row, number

SEEDS = range(3)
"""Of the random motions."""
SECONDS = 2.0
"""Of each capture, from its middle."""
METRIC_NOISE = (0.05, 0.058, 0.108)
"""Metres in x, y, z."""
IMAGE_NOISE = 0.01
"""Of the person's height in the picture."""
BENT = np.radians(20.0)
"""From this bend on, a limb's twist can be seen."""
FREE = Settings(pitch=0.0, lock_feet=False)
"""The fit alone: neither camera nor floor has to be found. Random motions stand on nothing."""
Solve = Callable[[Take, Settings], Solution]
_WHITE = "each frame's noise its own, which is harder than the nets'"
_LIMBS = {
    f"{side}{upper}": (f"{side}{lower}", OUT[side] if "Arm" in upper else -UP)
    for side in SIDES
    for upper, lower in (("UpperArm", "LowerArm"), ("UpperLeg", "LowerLeg"))
}
"""Upper to lower bone of each limb, and where both lie in the T-pose."""


@cache
def filming() -> ModuleType:
    """The performer and the perfect nets of the solver's tests."""
    path = Path(__file__).resolve().parents[1] / "solver" / "conftest.py"
    spec = importlib.util.spec_from_file_location("filming", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def motions(shared: Path) -> dict[str, Pose]:
    """Random poses within limits, and the captures."""
    found = {f"random {seed}": filming().wandering(seed) for seed in SEEDS}
    for path in sorted((shared / "media" / "mocap" / "bvh").glob("*.bvh")):
        capture = read_bvh(path)
        middle = len(capture.root) * capture.step / 2
        found[path.stem] = humanoid(capture, start=max(0.0, middle - SECONDS / 2), seconds=SECONDS)
    return found


def rows(shared: Path, solve: Solve) -> list[Row]:
    """Noise-free with the camera known and feet free, and with all found; in noise; standing still in noise.

    Args:
        shared: Where the captures are.
        solve: Takes settings.
    """
    known = motions(shared)
    seen = {name: filming().film(pose) for name, pose in known.items()}
    fitted = {name: solve(take, FREE).pose for name, take in seen.items()}
    found = {name: solve(take, DEFAULTS).pose for name, take in seen.items()}
    noisy = {name: solve(noised(take, seed), DEFAULTS).pose for seed, (name, take) in enumerate(seen.items())}
    still = filming().standing(60)
    wobbly = solve(noised(filming().film(still), 99), DEFAULTS).pose
    return [
        *_exact("noise-free, level camera known, feet free", fitted, known, path),
        *_exact("noise-free, all found", found, known, root),
        _row("in the nets' noise: limb direction, °", 6, swing, noisy, known),
        Row("standing still in noise: torso wobble, °/frame", wobble(wobbly), 0.3, note=_WHITE),
        Row("standing still in noise: knees, °", knees(wobbly, still), 5, note=_WHITE),
    ]


def _exact(
    what: str, solved: Mapping[str, Pose], known: Mapping[str, Pose], away: Callable[[Pose, Pose], float]
) -> list[Row]:
    return [
        _row(f"{what}: swing of limbs, °", 0.5, swing, solved, known),
        _row(f"{what}: twist, °", 2, twist, solved, known),
        _row(f"{what}: root, mm", 2, away, solved, known),
    ]


def noised(take: Take, seed: int) -> Take:
    """The take with noise of the nets' size on the body's points."""
    random = np.random.default_rng(seed)
    person = float(np.ptp(take.body_image[..., 1], axis=1).mean())
    image = random.normal(0.0, IMAGE_NOISE * person, take.body_image.shape) * [1, 1, 0]
    metric = random.normal(0.0, METRIC_NOISE, take.body_world.shape)
    return dataclasses.replace(take, body_image=take.body_image + image, body_world=take.body_world + metric)


def swing(solved: Pose, known: Pose) -> float:
    """Mean angle between the limb bones, degrees."""
    errors: list[np.ndarray] = []
    for upper, (lower, along) in _LIMBS.items():
        for slot in (upper, lower):
            first, second = (
                rotations.rotate(pose.rotations[:, INDEX[slot]], along) for pose in (solved, known)
            )
            errors.append(angle(first, second))
    return float(np.degrees(np.mean(errors)))


def twist(solved: Pose, known: Pose) -> float:
    """Mean twist between the upper limb bones where the limb is bent, degrees; NaN where none is."""
    errors: list[np.ndarray] = []
    for upper, (lower, along) in _LIMBS.items():
        first, second = (known.rotations[:, INDEX[slot]] for slot in (upper, lower))
        bent = angle(rotations.rotate(first, along), rotations.rotate(second, along)) > BENT
        error = rotations.multiply(rotations.inverse(first), solved.rotations[:, INDEX[upper]])
        errors.append(np.abs(rotations.twist_angle(error, along))[bent])
    every = np.concatenate(errors)
    return float(np.degrees(every.mean())) if len(every) else float("nan")


def path(solved: Pose, known: Pose) -> float:
    """Mean distance of the hips, mm, after one constant offset: what stands on nothing tells no height."""
    miss = solved.hips - known.hips
    return 1000 * float(np.linalg.norm(miss - miss.mean(0), axis=-1).mean())


def root(solved: Pose, known: Pose) -> float:
    """Mean distance of the hips, mm, after one constant offset along the floor."""
    miss = solved.hips - known.hips
    return 1000 * float(np.linalg.norm(miss - miss.mean(0) * [1, 1, 0], axis=-1).mean())


def wobble(solved: Pose) -> float:
    """Mean turn of hips and chest from frame to frame, degrees."""
    turned = solved.rotations[:, [INDEX["hips"], INDEX["upperChest"]]]
    return float(np.degrees(rotations.angle_between(turned[1:], turned[:-1]).mean()))


def knees(solved: Pose, known: Pose) -> float:
    """Mean error of the knees' inner angles, degrees."""
    return float(np.abs(knee_angles(solved) - knee_angles(known)).mean())


def knee_angles(pose: Pose) -> np.ndarray:
    """Inner angles of both knees, degrees (F, 2)."""
    points = joint_positions(pose.rotations, pose.hips, pose.rest)
    angles: list[np.ndarray] = []
    for side in SIDES:
        hip, knee, ankle = (points[:, INDEX[side + part]] for part in ("UpperLeg", "LowerLeg", "Foot"))
        angles.append(angle(hip - knee, ankle - knee))
    return np.degrees(np.stack(angles, axis=1))


def angle(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Radians between vectors of any length. Shape (*, 3) to (*)."""
    across = np.linalg.norm(np.cross(first, second), axis=-1)
    return np.arctan2(across, (first * second).sum(-1))


def _row(
    what: str,
    reach: float,
    error: Callable[[Pose, Pose], float],
    solved: Mapping[str, Pose],
    known: Mapping[str, Pose],
) -> Row:
    """The mean over the motions, and the worst of them."""
    values = {name: value for name in known if np.isfinite(value := error(solved[name], known[name]))}
    worst = max(values, key=lambda name: values[name])
    return Row(
        what, float(np.mean(list(values.values()))), reach, note=f"worst: {worst}, {number(values[worst])}"
    )
