"""How near the solver comes to the truth: python3 build.py bench-truth FOLDER prints it as one table."""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as on the command line, before numpy is loaded

import argparse
import sys
import tempfile
import time
from pathlib import Path

import real
import rendered
from blazerig.solver.solve import solve
from clips import Clip, Score, keyed, load_clips, score, score_through_blender
from table import Section, printed

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    options = parser().parse_args()
    started = time.perf_counter()
    clips = load_clips(options.folder, options.takes)
    if options.only:
        clips = [clip for clip in clips if clip.name in options.only]
    solutions = {clip.name: solve(clip.take) for clip in clips}
    scores = {clip.name: score(keyed(solutions[clip.name], clip), clip, options.folder) for clip in clips}
    if not options.quick:
        scores = through_blender(clips, options)
    show(
        "rendered clips", rendered.rows(clips, scores), [clip.name for clip in clips] if options.clips else []
    )
    if not options.only:
        show("real performer", real.rows(options.folder, options.takes, solve if options.quick else None))
    print(f"{time.perf_counter() - started:.0f} s", file=sys.stderr)


def show(title: str, rows: list, clips: list[str] = []) -> None:
    print("\n".join(printed(Section(title, rows), clips)) + "\n", flush=True)


def through_blender(clips: list[Clip], options: argparse.Namespace) -> dict[str, Score]:
    with tempfile.TemporaryDirectory() as out:
        return {
            clip.name: score_through_blender(
                clip, options.takes / f"{clip.name}.npz", options.folder, Path(out)
            )
            for clip in clips
        }


def parser() -> argparse.ArgumentParser:
    words = argparse.ArgumentParser(
        prog="build.py bench-truth", description="How near the solver comes to the truth"
    )
    words.add_argument("folder", type=Path, metavar="FOLDER", help="it holds synth/, media/ and tools/")
    words.add_argument(
        "--takes",
        type=Path,
        default=ROOT / ".cache" / "bench-truth",
        metavar="DIR",
        help="what was tracked is kept there",
    )
    words.add_argument("--quick", action="store_true", help="without Blender and the longer rows")
    words.add_argument("--clips", action="store_true", help="a column for each rendered clip")
    words.add_argument("--only", nargs="+", metavar="CLIP", help="these rendered clips alone")
    return words


if __name__ == "__main__":
    main()
