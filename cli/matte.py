"""`blazerig matte`: the performer cut out, for Blender's compositor."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from .arguments import Commands, positive


def add(commands: Commands) -> None:
    """The command and its options."""
    matte = commands.add_parser("matte", help="footage to the performer's matte, for Blender's compositor")
    matte.set_defaults(run=run)
    matte.epilog = "In Blender, set the colour space of the matte to Non-Color."
    matte.add_argument(
        "video", metavar="VIDEO", type=Path, help="a video, a picture, a folder of pictures, or walk_####.png"
    )
    matte.add_argument(
        "-o",
        dest="out",
        metavar="DIR|FILE",
        type=Path,
        required=True,
        help="a folder for matte_0001.png …, or a lossless .mov, .mkv or .mp4",
    )
    matte.add_argument(
        "--net",
        choices=("pose", "selfie"),
        default="pose",
        help="pose: the performer alone (default); selfie: everybody near the camera",
    )
    matte.add_argument(
        "--performer",
        metavar="N|largest|central",
        default="largest",
        help="whose, for the pose net (default: largest); N counts from 0 in the order in which they come",
    )
    matte.add_argument("--start", metavar="SECONDS", type=float, help="leave out what is before")
    matte.add_argument("--end", metavar="SECONDS", type=positive, help="leave out what is after")
    matte.add_argument("--every", metavar="N", type=int, default=1, help="only each N-th frame")
    matte.add_argument("--fps", metavar="N", type=positive, help="pictures a second, of a folder of pictures")
    matte.add_argument(
        "--provider", metavar="NAME", default="auto", help="where the nets run (default: auto)"
    )


def run(options: argparse.Namespace) -> int:
    """Write the mattes; the exit code."""
    from ..models.matting import write_mattes
    from ..progress import Bar
    from .stop import STOPPED, Stop, stoppable, warn

    stop, bar = Stop(), Bar(sys.stderr)
    with bar:
        matted = write_mattes(
            options.video,
            options.out,
            net=options.net,
            performer=options.performer,
            start=options.start,
            end=options.end,
            every=options.every,
            fps=options.fps,
            provider=options.provider,
            progress=stoppable(bar, stop),
        )
    warn(matted.warnings)
    print(f"{options.out}: {matted.frames} mattes, seen on {matted.provider}")
    return STOPPED if matted.stopped else 0
