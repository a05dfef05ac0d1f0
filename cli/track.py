"""`blazerig track`: footage to a take."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from .arguments import Commands, file_ending, seconds


def add(commands: Commands) -> None:
    """The command and its options."""
    track = commands.add_parser("track", help="footage to a take: what the nets saw, without Blender")
    track.set_defaults(run=run)
    track.add_argument("video", metavar="VIDEO", type=Path, help="a video or a picture")
    track.add_argument(
        "-o",
        dest="out",
        metavar="TAKE.npz",
        type=file_ending(".npz"),
        required=True,
        help="the take to write",
    )
    track.add_argument("--no-hands", action="store_true", help="leave out the hands")
    track.add_argument("--seconds", metavar="N", type=seconds, help="only the first N seconds")
    track.add_argument("--smooth", action="store_true", help="store filtered landmarks, for comparison")
    track.add_argument(
        "--heatmap-kernel", type=int, choices=(7, 9), default=7, help="of the refinement (default: 7)"
    )
    track.add_argument(
        "--provider", metavar="NAME", default="auto", help="where the nets run (default: auto)"
    )
    track.add_argument(
        "--progress",
        choices=("bar", "json"),
        default="bar",
        help="for programs: JSON lines on standard output; the end of standard input stops it",
    )


def run(options: argparse.Namespace) -> int:
    """Track the footage and write the take; the exit code."""
    from ..models.track import track
    from ..output import check_writable
    from ..progress import Bar, report_json, write_json
    from ..take import save_take
    from .stop import STOPPED, Stop, stoppable, warn

    check_writable(options.out)
    stop, bar, json = Stop(), Bar(sys.stderr), options.progress == "json"
    if json:
        stop.watch_input()
    with bar:
        tracked = track(
            options.video,
            heatmap_kernel=options.heatmap_kernel,
            smooth=options.smooth,
            hands=not options.no_hands,
            seconds=options.seconds,
            provider=options.provider,
            progress=stoppable(report_json if json else bar, stop),
        )
    save_take(tracked.take, options.out)
    if json:
        write_json(
            take=str(options.out),
            frames=len(tracked.take),
            provider=tracked.provider,
            warnings=tracked.warnings,
        )
        return 0
    warn(tracked.warnings)
    print(f"{options.out}: {len(tracked.take)} frames, tracked on {tracked.provider}")
    return STOPPED if stop else 0
