"""The rows of the real performer, whom four cameras saw."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from blazerig.solver.bvh import write_bvh
from blazerig.solver.pose import Pose
from clips import Solve, blazerig, tracked
from known import wobble
from table import Row

TRUTH = "balancing_0-100_filt_butterworth.trc"
Both = tuple[float, float]
_FIGURES: tuple[tuple[str, Callable[[dict[str, Any]], float], Both, Both], ...] = (
    ("limb direction, mean, °", lambda found: found["bone_direction_deg"], (17, 36), (11, 20)),
    ("MPJPE, one alignment for the clip, mm", lambda found: found["mpjpe_clip_mm"], (107, 238), (75, 130)),
    (
        "elbow and knee inner angle, mean of four, °",
        lambda found: float(np.mean(list(found["hinge_mae_deg"].values()))),
        (16, 24),
        (10, 14),
    ),
    (
        "acceleration error, mm/frame²",
        lambda found: found["acceleration_error_mm_per_frame2"],
        (17, 95),
        (3, 4),
    ),
)  # fmt: skip


STILL = "static_0-12_filt_butterworth.trc"
"""The same performer standing still, eleven frames."""


def still_rows(shared: Path, cache: Path, solve: Solve) -> list[Row]:
    """How still the standing performer is, and their knees."""
    films = shared / "media" / "video_gt" / "pose2sim_single" / "static"
    turns: list[float] = []
    errors: list[float] = []
    for camera in ("cam01", "cam02"):
        pose = solve(tracked(films / f"{camera}.mp4", cache / f"static-{camera}.npz")).pose
        angles = _scored(shared, films / STILL, pose)["hinge_mae_deg"]
        errors += [value for name, value in angles.items() if "knee" in name]
        turns.append(wobble(pose))
    return [
        Row("the real performer standing still: torso wobble, °/frame", float(np.mean(turns)), 0.3),
        Row("the real performer standing still: knees, °", float(np.mean(errors)), 5),
    ]


def rows(shared: Path, cache: Path, solve: Solve | None) -> list[Row]:
    """Both cameras; through `blazerig solve` where no `solve` is given."""
    films = shared / "media" / "video_gt" / "pose2sim_single"
    scores = [_score(shared, films, camera, cache, solve) for camera in ("cam01", "cam02")]
    return [
        Row(f"{what}, camera {i + 1}", value(scores[i]), reach[i], today[i])
        for what, value, today, reach in _FIGURES
        for i in range(2)
    ]


def _score(shared: Path, films: Path, camera: str, cache: Path, solve: Solve | None) -> dict[str, Any]:
    stored = cache / f"{camera}.npz"
    take = tracked(films / f"{camera}.mp4", stored)
    return _scored(shared, films / TRUTH, solve(take).pose if solve else stored)


def _scored(shared: Path, truth: Path, motion: Pose | Path) -> dict[str, Any]:
    """What score-real says of a pose, or of what `blazerig solve` makes of a take."""
    with tempfile.TemporaryDirectory() as folder:
        bvh = Path(folder) / "motion.bvh"
        if isinstance(motion, Path):
            blazerig("solve", motion, "-o", bvh)
        else:
            write_bvh(motion, bvh)
        command = [sys.executable, shared / "tools" / "score-real", bvh, truth]
        return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
