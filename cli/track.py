"""`blazerig track`: footage to a take."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ..take import Take
from .arguments import Commands, add_footage, add_provider, file_ending


def add(commands: Commands) -> None:
    """The command and its options."""
    track = commands.add_parser("track", help="footage to a take: what the nets saw, without Blender")
    track.set_defaults(run=run)
    add_footage(track)
    track.add_argument(
        "-o",
        dest="out",
        metavar="TAKE.npz",
        type=file_ending(".npz"),
        required=True,
        help="the take to write; TAKE.0.npz, TAKE.1.npz … of several performers",
    )
    track.add_argument("--no-hands", action="store_true", help="leave out the hands")
    track.add_argument("--face", action="store_true", help="look for the face too")
    track.add_argument(
        "--performer",
        metavar="N|largest|central|all",
        default="largest",
        help="which of several people (default: largest); N counts from 0 in the order in which they come",
    )
    track.add_argument(
        "--model",
        choices=("lite", "full", "heavy"),
        default="full",
        help="of the body (default: full); add the others with: blazerig models add",
    )
    track.add_argument(
        "--mode",
        choices=("offline", "live"),
        default="offline",
        help="see the whole clip, or one frame after the other (default: offline)",
    )
    track.add_argument(
        "--smooth", action="store_true", help="store filtered landmarks, for comparison; with --mode live"
    )
    track.add_argument(
        "--heatmap-kernel", type=int, choices=(7, 9), default=7, help="of the refinement (default: 7)"
    )
    add_provider(track)
    track.add_argument(
        "--progress",
        choices=("bar", "json"),
        default="bar",
        help="for programs: JSON lines on standard output; the end of standard input stops it",
    )


def run(options: argparse.Namespace) -> int:
    """Track the footage and write the take; the exit code."""
    from ..models.nets import Wanted
    from ..models.track import track
    from ..output import check_writable
    from ..progress import Bar, report_json, write_json
    from ..take import save_take
    from .stop import STOPPED, Stop, stoppable, warn

    check_writable(options.out)
    wanted = Wanted(not options.no_hands, options.face, options.model, options.heatmap_kernel)
    stop, bar, json = Stop(), Bar(sys.stderr), options.progress == "json"
    if json:
        stop.watch_input()
    with bar:
        tracked = track(
            options.video,
            mode=options.mode,
            performer=options.performer,
            start=options.start,
            end=options.end,
            every=options.every,
            fps=options.fps,
            wanted=wanted,
            smooth=options.smooth,
            provider=options.provider,
            progress=stoppable(report_json if json else bar, stop),
        )
    paths = names(tracked.takes, options.out, numbered=options.performer == "all")
    for path, take in paths.items():
        save_take(take, path)
    if json:
        write_json(
            take=str(next(iter(paths))),
            takes=[str(path) for path in paths],
            frames=len(tracked.take),
            provider=tracked.provider,
            warnings=tracked.warnings,
        )
        return 0
    warn(tracked.warnings)
    written = ", ".join(str(path) for path in paths)
    print(f"{written}: {len(tracked.take)} frames, tracked on {tracked.provider}")
    return STOPPED if stop else 0


def names(takes: dict[int, Take], out: Path, *, numbered: bool) -> dict[Path, Take]:
    """Where each performer's take goes."""
    if not numbered:
        return {out: next(iter(takes.values()))}
    return {out.with_suffix(f".{number}{out.suffix}"): take for number, take in takes.items()}
