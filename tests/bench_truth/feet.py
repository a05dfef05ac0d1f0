"""The rows of feet, of bones, and of jumps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from blazerig.solver import rotations
from blazerig.solver.humanoid import INDEX, PARENTS, SIDES, joint_positions
from blazerig.solver.pose import Pose
from blazerig.solver.solution import Solution
from character import bones
from clips import Clip, keyed, scorer
from known import knee_angles
from table import Row, number

HEEL_BEHIND = 0.5
"""The heel is half as far behind the ankle as the ball of the foot is ahead of it."""
STANDS = 0.5
JUMPS = 10
"""Frames in flight from which on a clip is one of jumps."""
FLIES = 0.02
"""Metres that the lowest point of both soles is above the floor in flight."""
Solutions = Mapping[str, Solution]


def rows(clips: Sequence[Clip], solutions: Solutions, unlocked: Solutions) -> list[Row]:
    """Of the clips whose legs are seen.

    Args:
        clips: All.
        solutions: By clip.
        unlocked: The same without locked feet.
    """
    legs = [clip.name for clip in clips if clip.legs_seen]
    slides = {name: slide(solutions[name]) for name in legs}
    depths = {name: penetration(solutions[name].pose) for name in legs}
    changes = {
        name: np.abs(knee_angles(solutions[name].pose) - knee_angles(unlocked[name].pose))[
            stands(solutions[name])
        ]
        for name in legs
    }
    every = np.concatenate([np.zeros(0), *changes.values()])
    lengths = {clip.name: stretch(solutions[clip.name].pose) for clip in clips}
    return [
        Row("planted feet: slide of heel and ball, mm/frame", _mean(slides), 1, clips=slides),
        Row("feet: penetration, mean, mm", _mean(depths), 5, clips=depths),
        Row(
            "knee change by locking, median, °",
            _at(every, 50),
            2,
            clips={n: _at(c, 50) for n, c in changes.items()},
        ),
        Row(
            "knee change by locking, p90, °",
            _at(every, 90),
            8,
            clips={n: _at(c, 90) for n, c in changes.items()},
        ),
        Row("bone lengths: largest change, mm", 1e3 * max(lengths.values(), default=0.0), 1e-6),
    ]


def soles(pose: Pose) -> np.ndarray:
    """Left heel, left ball, right heel, right ball of the soles (F, 4, 3)."""
    joints = joint_positions(pose.rotations, pose.hips, pose.rest)
    points: list[np.ndarray] = []
    for side in SIDES:
        foot, toes = INDEX[f"{side}Foot"], INDEX[f"{side}Toes"]
        ankle, ball = pose.rest[foot], pose.rest[toes]
        heel = HEEL_BEHIND * (ankle - ball)
        heel[2] = -ankle[2]
        under = ball - ankle
        under[2] = -ankle[2]
        points += [
            joints[:, foot] + rotations.rotate(pose.rotations[:, foot], point) for point in (heel, under)
        ]
    return np.stack(points, axis=1)


def slide(solution: Solution) -> float:
    """Mean way along the floor between two frames in both of which the point stands, mm."""
    stands = solution.contacts[:, :4] > STANDS
    both = stands[1:] & stands[:-1]
    steps = np.linalg.norm(np.diff(soles(solution.pose)[..., :2], axis=0), axis=-1)
    return 1000 * float(steps[both].mean()) if both.any() else float("nan")


def penetration(pose: Pose) -> float:
    """Mean depth of the deepest point of the soles, mm."""
    return 1000 * float(np.maximum(0.0, -soles(pose)[..., 2].min(1)).mean())


def stands(solution: Solution) -> np.ndarray:
    """Frames in which each foot stands (F, 2)."""
    return (solution.contacts[:, :4].reshape(-1, 2, 2) > STANDS).any(-1)


def stretch(pose: Pose) -> float:
    """The largest change of a bone's length over the clip, metres."""
    joints = joint_positions(pose.rotations, pose.hips, pose.rest)
    lengths = np.linalg.norm(joints[:, 1:] - joints[:, list(PARENTS[1:])], axis=-1)
    return float(np.ptp(lengths, axis=0).max())


def flight_rows(clips: Sequence[Clip], solutions: Solutions) -> list[Row]:
    """Of the clips whose performer jumps."""
    found: list[Row] = []
    for clip in clips:
        true = runs(clip.truth["sole_low"] > FLIES)
        if sum(last - first + 1 for first, last in true) < JUMPS:
            continue
        ours = runs(lowest(keyed(solutions[clip.name], clip), clip) > FLIES)
        note = f"in truth {_listed(true)}; ours {_listed(ours)}"
        miss = max(_miss(flight, ours) for flight in true)
        found.append(
            Row(f"`{clip.name}`: begin and end of each flight, frames off at most", miss, 2, note=note)
        )
    return found


def lowest(matrices: np.ndarray, clip: Clip) -> np.ndarray:
    """Height of the lowest point of the soles of a posed character, as score.py has it (F,)."""
    module = scorer(clip.folder.parents[2])
    turned = module.rotations(matrices)
    rest = module.rotations(clip.truth["rest"].astype(float))
    heights = [
        matrices[:, bone, None, 2, 3] + np.einsum("fj,nj->fn", (turned[:, bone] @ rest[bone].T)[:, 2], points)
        for bone, points in clip.soles.items()
    ]
    return np.concatenate(heights, axis=1).min(1)


def runs(true: np.ndarray) -> list[tuple[int, int]]:
    """First and last frame of each run."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], true, [False]]).astype(int)))
    return [(int(first), int(last) - 1) for first, last in edges.reshape(-1, 2)]


def _miss(flight: tuple[int, int], ours: Sequence[tuple[int, int]]) -> float:
    """How many frames off the nearest of our flights begins or ends; this one's length where none is near."""
    misses = [max(abs(flight[0] - first), abs(flight[1] - last)) for first, last in ours]
    return float(min([*misses, flight[1] - flight[0] + 1]))


def _listed(flights: Sequence[tuple[int, int]]) -> str:
    return ", ".join(f"{first}-{last}" for first, last in flights) or "none"


def standing_rows(clips: Sequence[Clip], solutions: Solutions) -> list[Row]:
    """The torso's wobble where the true one is nearly still."""
    ours: dict[str, float] = {}
    true: list[float] = []
    for clip in clips:
        names = bones(clip.truth)
        torso = [names.index(name) for name in ("Hips", "Spine2")]
        module = scorer(clip.folder.parents[2])
        steps = [
            module.angle_between_rots(turned[1:], turned[:-1]).max(1)
            for matrices in (clip.truth["pose"], keyed(solutions[clip.name], clip))
            if (turned := module.rotations(matrices.astype(float))[:, torso]) is not None
        ]
        still = steps[0] < 0.3
        if still.sum() > 15:
            ours[clip.name] = float(steps[1][still].mean())
            true.append(float(steps[0][still].mean()))
    what = "torso wobble where the true one is < 0.3°/frame, °/frame"
    note = f"the true one: {number(np.mean(true))}" if true else ""
    return [Row(what, _mean(ours), 0.3, clips=ours, note=note)]


def _mean(values: Mapping[str, float]) -> float | None:
    there = [value for value in values.values() if np.isfinite(value)]
    return float(np.mean(there)) if there else None


def _at(values: np.ndarray, percent: float) -> float | None:
    return float(np.percentile(values, percent)) if len(values) else None
