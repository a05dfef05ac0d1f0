"""`blazerig track`: footage to a take."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from .arguments import Commands, add_footage, add_provider, add_threads, file_ending

if TYPE_CHECKING:
    from ..models.track import Tracked
    from .keeper import Keeper
    from .stop import Stop


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
    add_threads(track)
    track.add_argument(
        "--progress",
        choices=("bar", "json"),
        default="bar",
        help="for programs: JSON lines on standard output; the end of standard input stops it",
    )


def run(options: argparse.Namespace) -> int:
    """Track the footage and write the take; the exit code."""
    from .keeper import Keeper, names, tell, write
    from .stop import STOPPED, Stop, warn

    stop, json, numbered = Stop(), options.progress == "json", options.performer == "all"
    if json:
        stop.watch_input()
    with Keeper(stop, options.out, numbered=numbered, program=json) as keeper:
        tracked = _tracked(options, stop, keeper)
        keeper.close()
        takes = names(tracked.takes, options.out, numbered=numbered)
        write(takes)
    if json:
        tell(takes, tracked.provider, tracked.warnings)
        return 0
    warn(tracked.warnings)
    written = ", ".join(str(path) for path in takes)
    print(f"{written}: {len(tracked.take)} frames, tracked on {tracked.provider}")
    return STOPPED if stop else 0


def _tracked(options: argparse.Namespace, stop: Stop, keeper: Keeper) -> Tracked:
    """What the nets saw; loading them takes a moment, in which the end may be asked for already."""
    from ..models.captured import Captured
    from ..models.nets import Wanted
    from ..models.track import track
    from ..output import check_writable
    from ..progress import Bar, report_json
    from .stop import stoppable

    check_writable(options.out)
    keeper.captured = Captured()
    with Bar(sys.stderr) as bar:
        show = report_json if options.progress == "json" else stoppable(bar, stop)
        return track(
            options.video,
            mode=options.mode,
            performer=options.performer,
            start=options.start,
            end=options.end,
            every=options.every,
            fps=options.fps,
            wanted=Wanted(not options.no_hands, options.face, options.model, options.heatmap_kernel),
            smooth=options.smooth,
            provider=options.provider,
            threads=options.threads,
            progress=keeper.telling(show),
            captured=keeper.captured,
        )
