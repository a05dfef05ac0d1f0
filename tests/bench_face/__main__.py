"""How near the face's solver comes to rendered heads: python3 build.py bench-face DATA [--picture FOLDER]

DATA is the folder that tests/calibration/face_rendered.py wrote. The head is one that the solver's table
was not measured on. Beside it, the published formulae of Kalidokit on the same landmarks.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as on the command line, before numpy is loaded

import argparse
import time
from pathlib import Path

import numpy as np
import published
from blazerig.solver.camera import camera_of
from blazerig.solver.face.live import FaceSolver
from blazerig.solver.face.shapes import INDEX, SHAPES
from blazerig.solver.face.solve import solve_face
from clips import NAMES, Clip, load_clip
from measure import by_yaw, correlations, crosstalk, head_errors, without_offset
from picture import draw_matrix


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the face's solver against rendered heads")
    parser.add_argument("data", type=Path)
    parser.add_argument("--picture", type=Path, help="draw the matrices into this folder")
    options = parser.parse_args()
    clips = {name: load_clip(options.data / f"{name}.npz") for name in NAMES}
    faces = {name: solve_face(clip.take) for name, clip in clips.items()}
    theirs = {name: _published(clip) for name, clip in clips.items()}
    print("HEAD, degrees")
    for name, clip in clips.items():
        still = np.abs(clip.angles).max(1) < 0.05
        if not clip.seen.all():
            print(f"  {name:7} of {len(clip.seen)} frames {np.sum(~clip.seen)} without a face, left out")
        for who, heads in (("BlazeRig", faces[name].head), ("published", theirs[name][0])):
            seen = np.isfinite(heads).all(1) & clip.seen
            errors = head_errors(heads[seen], clip.turn[seen])
            left = without_offset(heads[seen], clip.turn[seen], still[seen])
            print(f"  {name:7} {who:10} {_spread(errors)}   without the head's own offset: {_spread(left)}")
            if name == "turns":
                print("          by yaw, without the offset  ", by_yaw(left, clip.angles[seen, 0]))
    rows = crosstalk(faces["shapes"].weights, clips["shapes"].weights)
    their_rows = crosstalk(theirs["shapes"][1], clips["shapes"].weights)
    _weights(clips, faces, theirs, rows, their_rows)
    _cost(clips["mixed"])
    if options.picture:
        draw_matrix(rows, options.picture / "face-matrix.png", "driven (rows) and found (columns)")
        draw_matrix(
            their_rows, options.picture / "face-matrix-published.png", "the same with the published formulae"
        )


def _spread(errors: np.ndarray) -> str:
    return f"mean {errors.mean():5.1f}  p95 {np.percentile(errors, 95):5.1f}"


def _published(clip: Clip) -> tuple[np.ndarray, np.ndarray]:
    assert clip.take.face is not None
    image = np.nan_to_num(clip.take.face.image.astype(float), nan=np.nan)
    weights = published.weights(image)
    return published.heads(image), np.nan_to_num(weights)


def _weights(clips, faces, theirs, rows, their_rows) -> None:
    """For each shape: correlation alone and mixed, what 1 is seen as, the worst other, and unrest."""
    alone = correlations(faces["shapes"].weights, clips["shapes"].weights)
    mixed = correlations(faces["mixed"].weights, clips["mixed"].weights)
    their_alone = correlations(theirs["shapes"][1], clips["shapes"].weights)
    print("\nWEIGHTS: correlation alone, mixed; answer at 1; strongest other; unrest at rest; most turning")
    for name, shape in INDEX.items():
        others = rows[shape].copy()
        others[shape] = 0.0
        worst = int(others.argmax())
        offered = (
            f"{their_alone[shape]:5.2f} at 1 {their_rows[shape, shape]:4.2f}"
            if name in published.OFFERED
            else "  -"
        )
        print(f"  {name:20} {alone[shape]:5.2f} {mixed[shape]:5.2f}  {rows[shape, shape]:4.2f}  "
              f"{others[worst]:4.2f} {SHAPES[worst] if others[worst] > 0.01 else '-':20} "
              f"{faces['rest'].weights[:, shape].std():6.4f}  {faces['turns'].weights[:, shape].max():4.2f}  "
              f"| published {offered}")  # fmt: skip
    for who, matrix, rest, turns in (
        ("BlazeRig", rows, faces["rest"].weights, faces["turns"].weights),
        ("published", their_rows, theirs["rest"][1], theirs["turns"][1]),
    ):
        off = matrix.copy()
        np.fill_diagonal(off, 0.0)
        strong, moved = (off.max(1) > 0.3).sum(), np.percentile(turns, 99)
        print(f"  {who:10} mean cross-talk {off.mean():.4f}, rows with another above 0.3: {strong};"
              f" unrest {rest.std(0).mean():.4f}; turning moves p99 {moved:.2f}")  # fmt: skip


def _cost(clip: Clip) -> None:
    face = clip.take.face
    assert face is not None
    begun = time.process_time()
    solve_face(clip.take)
    whole = (time.process_time() - begun) / len(clip.take)
    small, spent, adding = np.ones(40), [], []
    for _ in range(10):
        solver, begun = FaceSolver(camera_of(clip.take.size, focal=clip.take.focal)), time.process_time()
        for image, at in zip(face.image, clip.take.times, strict=True):
            solver.step(image, 1.0, float(at))
        middle = time.process_time()
        for _ in range(20000):
            small + small
        spent.append((middle - begun) / len(clip.take))
        adding.append((time.process_time() - middle) / 0.02)
    print(f"\nCOST, ms a frame of processor time: clip {1000 * whole:.2f}, live: least "
          f"{1000 * min(spent):.2f}, mostly {1000 * float(np.median(spent)):.2f}")  # fmt: skip
    print(f"  on a machine that adds 40 numbers in {min(adding):.2f}, mostly {np.median(adding):.2f} µs")


if __name__ == "__main__":
    main()
