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
from clips import Solve, blazerig, tracked
from table import Row

TRUTH = "balancing_0-100_filt_butterworth.trc"
_FIGURES: tuple[tuple[str, Callable[[dict[str, Any]], float], tuple[float, float], tuple[float, float]], ...] = (
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
    with tempfile.TemporaryDirectory() as folder:
        bvh = Path(folder) / "motion.bvh"
        if solve:
            write_bvh(solve(take).pose, bvh)
        else:
            blazerig("solve", stored, "-o", bvh)
        command = [sys.executable, shared / "tools" / "score-real", bvh, films / TRUTH]
        return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
