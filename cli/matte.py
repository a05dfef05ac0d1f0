"""`blazerig matte`: the performer cut out, for Blender's compositor."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from .arguments import Commands, add_footage, add_provider


def add(commands: Commands) -> None:
    """The command and its options."""
    matte = commands.add_parser("matte", help="footage to the performer's matte, for Blender's compositor")
    matte.set_defaults(run=run)
    matte.epilog = "In Blender, set the colour space of the matte to Non-Color."
    add_footage(matte)
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
    add_provider(matte)


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
