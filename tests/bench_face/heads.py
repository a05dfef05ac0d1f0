"""How near the body's head comes to the truth with the face and without it.

    python3 tests/bench_face/heads.py FOLDER TAKES

FOLDER holds synth/dev with its rendered clips; they are tracked with the face once, into TAKES.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
from blazerig.solver import rotations
from blazerig.solver.humanoid import INDEX
from blazerig.solver.solution import Solution
from blazerig.solver.solve import solve
from blazerig.take import Take, load_take

BONES = {"Head": INDEX["head"], "Neck": INDEX["neck"]}


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the body's head with the face and without it")
    parser.add_argument("folder", type=Path)
    parser.add_argument("takes", type=Path)
    options = parser.parse_args()
    print("degrees, mean (p95): head without the face, with it; neck without, with; face, px")
    rows = [measured(path.parent, options.takes) for path in options.folder.glob("synth/dev/*/truth.npz")]
    print("  all      ", "   ".join(f"{value:5.1f}" for value in np.mean(rows, axis=0)))


def measured(clip: Path, takes: Path) -> list[float]:
    """Mean errors of head and neck, without and with the face."""
    take = tracked(clip / "video.mp4", takes / f"{clip.name}.npz")
    assert take.face is not None
    errors = []
    for bone in BONES:
        truth = seen_from_camera(clip / "truth.npz", bone, take.times)
        for one in (replace(take, face=None), take):
            solution = solve(one)
            errors.append(np.degrees(rotations.angle_between(truth, found(solution, BONES[bone]))))
    across = np.linalg.norm(take.face.image[:, 127, :2] - take.face.image[:, 356, :2], axis=-1)
    said = "   ".join(f"{error.mean():5.1f} ({np.percentile(error, 95):4.1f})" for error in errors)
    print(f"  {clip.name:8} {said}   {np.nanmedian(across):.0f}")
    return [float(error.mean()) for error in errors]


def tracked(video: Path, take: Path) -> Take:
    """The take of `video` with its face, tracked where it is not there yet."""
    if not take.is_file():
        take.parent.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-P", "-m", "blazerig", "track", video, "-o", take, "--face"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return load_take(take)


def seen_from_camera(path: Path, bone: str, times: np.ndarray) -> np.ndarray:
    """The true rotation of a bone from its rest, in the camera's axes, at the nearest times. Shape (F, 4)."""
    with np.load(path) as truth:
        place = [str(name).split(":")[-1] for name in truth["bone_names"]].index(bone)
        turn = truth["pose"][:, place, :3, :3] @ np.linalg.inv(truth["rest"][place, :3, :3])
        camera = truth["world_from_camera"][:3, :3].T
        at = np.abs(times[:, None] - truth["time"]).argmin(1)
    return rotations.from_matrix(camera.astype(float) @ turn[at].astype(float))


def found(solution: Solution, slot: int) -> np.ndarray:
    camera = rotations.from_matrix(solution.world_from_camera.T)
    return rotations.multiply(camera, solution.pose.rotations[:, slot])


if __name__ == "__main__":
    main()
