"""`blazerig demo`: footage onto a mannequin, with a film of both side by side."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..errors import BlazeRigError
from .arguments import Commands, positive


def add(commands: Commands) -> None:
    """The command and its options."""
    show = commands.add_parser("demo", help="footage onto a mannequin, with a film of both side by side")
    show.set_defaults(run=run)
    show.add_argument("video", metavar="VIDEO", type=Path)
    show.add_argument("--out", metavar="DIR", type=Path, default=Path("demo"), help="default: demo")
    show.add_argument("--seconds", metavar="N", type=positive, help="only the first N seconds")
    show.add_argument("--no-render", action="store_true", help="leave out the film")


def run(options: argparse.Namespace) -> int:
    """Make the demo; the exit code."""
    try:
        from ..addon.demo.demo import run as demo
    except ModuleNotFoundError as error:
        raise BlazeRigError(
            "the demo belongs to BlazeRig's sources; run it there: python3 build.py demo"
        ) from error
    demo(options.video, options.out, seconds=options.seconds, render=not options.no_render)
    return 0
