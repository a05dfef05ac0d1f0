"""How near the solver comes to the truth: python3 build.py bench-truth FOLDER prints it as a table.

The takes are tracked once and kept. Without --quick the rendered clips go through `blazerig retarget` and
the benchmark's score.py, and the real performer through `blazerig solve`, as a user would do it.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as on the command line, before numpy is loaded

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import ablation
import feet
import known
import real
import rendered
import seated
import speed
import table
from blazerig.solver.live import solve_live
from blazerig.solver.settings import DEFAULTS, Settings
from blazerig.solver.solution import Solution
from blazerig.solver.solve import solve
from clips import Clip, Score, keyed, load_clips, score, score_through_blender
from table import Row

ROOT = Path(__file__).resolve().parents[2]


SECTIONS = ("rendered", "feet", "real", "known", "still", "time", "live", "ablation")
Rows = Callable[[], Sequence[Row]]


def main() -> None:
    """Measure and print, section by section."""
    options = parser().parse_args()
    started = time.perf_counter()
    clips = load_clips(options.folder, options.takes, options.only)
    columns = [clip.name for clip in clips] if options.clips else []
    solutions = solved(clips)
    print(table.head(columns), flush=True)
    for name, (title, rows) in sections(clips, solutions, options).items():
        if name in options.sections:
            print(table.section(title, columns))
            print("\n".join(table.lines(rows(), columns)), flush=True)
    if "ablation" in options.sections:
        whole = scored(clips, solutions, options.folder)
        found = ablation.costs(
            clips, whole, lambda settings: scored(clips, solved(clips, settings), options.folder)
        )
        print("\n" + "\n".join(ablation.printed(found)))
    print(f"measured in {time.perf_counter() - started:.0f} s", file=sys.stderr)


def sections(
    clips: Sequence[Clip], solutions: Mapping[str, Solution], options: argparse.Namespace
) -> dict[str, tuple[str, Rows]]:
    """The sections of the table by name: their titles, and what measures them."""
    folder, takes, quick = options.folder, options.takes, options.quick

    def on_characters() -> Sequence[Row]:
        scores = scored(clips, solutions, folder) if quick else through_blender(clips, options)
        return rendered.rows(clips, scores) + feet.flight_rows(clips, solutions)

    def live() -> Sequence[Row]:
        found = {clip.name: solve_live(clip.take) for clip in clips}
        return rendered.rows(clips, scored(clips, found, folder))

    def standing() -> Sequence[Row]:
        return feet.standing_rows(clips, solutions) + real.still_rows(folder, takes, solve)

    return {
        "rendered": ("rendered clips", on_characters),
        "feet": (
            "feet and bones",
            lambda: feet.rows(clips, solutions, solved(clips, Settings(lock_feet=False))),
        ),
        "real": (
            "real performers",
            lambda: [*real.rows(folder, takes, solve if quick else None), *seated.rows(folder, takes, solve)],
        ),
        "known": ("known poses", lambda: known.rows(folder, solve)),
        "still": ("standing still", standing),
        "time": ("time", lambda: speed.rows(clips)),
        "live": ("rendered clips, live", live),
    }


def solved(clips: Sequence[Clip], settings: Settings = DEFAULTS) -> dict[str, Solution]:
    """All clips."""
    return {clip.name: solve(clip.take, settings) for clip in clips}


def scored(clips: Sequence[Clip], solutions: Mapping[str, Solution], folder: Path) -> dict[str, Score]:
    """All clips, on the truth's own character, without Blender."""
    return {clip.name: score(keyed(solutions[clip.name], clip), clip, folder) for clip in clips}


def through_blender(clips: Sequence[Clip], options: argparse.Namespace) -> dict[str, Score]:
    """All clips, as `blazerig retarget` keys them."""
    with tempfile.TemporaryDirectory() as out:
        return {
            clip.name: score_through_blender(
                clip, options.takes / f"{clip.name}.npz", options.folder, Path(out)
            )
            for clip in clips
        }


def parser() -> argparse.ArgumentParser:
    """The options."""
    words = argparse.ArgumentParser(
        prog="build.py bench-truth", description="How near the solver comes to the truth."
    )
    words.add_argument("folder", type=Path, metavar="FOLDER", help="it holds synth/, media/ and tools/")
    words.add_argument(
        "--takes",
        type=Path,
        default=ROOT / ".cache" / "bench-truth",
        metavar="DIR",
        help="where what is tracked is kept (default: .cache/bench-truth)",
    )
    words.add_argument("--quick", action="store_true", help="without Blender: the same figures, sooner")
    words.add_argument(
        "--sections",
        nargs="+",
        choices=SECTIONS,
        default=SECTIONS,
        metavar="NAME",
        help=f"only some: {', '.join(SECTIONS)}",
    )
    words.add_argument("--clips", action="store_true", help="a column for each rendered clip")
    words.add_argument("--only", nargs="+", metavar="CLIP", help="these rendered clips alone")
    return words


if __name__ == "__main__":
    main()
