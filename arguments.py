"""What the command line understands."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from . import VERSION

EXPORTS = (".bvh", ".fbx", ".glb")
AddParser = Callable[..., argparse.ArgumentParser]


class Parser(argparse.ArgumentParser):
    """Says in one line what is wrong."""

    def error(self, message: str) -> NoReturn:
        """Name the mistake and where to read on; exit code 2."""
        self.exit(2, f"blazerig: {message}; see {self.prog} --help\n")


def file_ending(*endings: str) -> Callable[[str], Path]:
    """A type of argument: a path that ends so."""

    def path(text: str) -> Path:
        if Path(text).suffix.lower() not in endings:
            raise argparse.ArgumentTypeError(f"'{text}' must end with {' or '.join(endings)}")
        return Path(text)

    return path


def seconds(text: str) -> float:
    """A type of argument: a number above 0."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0.0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"'{text}' is no number of seconds above 0")
    return value


def parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    root = Parser(
        prog="blazerig",
        description="Motion capture for Blender from one ordinary camera.",
        epilog="For instance: blazerig retarget dance.mp4 --rig hero.blend -o dance.blend --export dance.fbx",
    )
    root.add_argument("--version", action="version", version=f"BlazeRig {VERSION}")
    commands = root.add_subparsers(dest="command", metavar="COMMAND", title="commands", required=True)
    _add_track(commands.add_parser)
    _add_retarget(commands.add_parser)
    _add_demo(commands.add_parser)
    return root


def _add_track(add: AddParser) -> None:
    track = add("track", help="footage to a take: what the nets saw, without Blender")
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


def _add_retarget(add: AddParser) -> None:
    keys = add("retarget", help="footage or a take onto a character, as a .blend file")
    keys.add_argument("source", metavar="VIDEO|TAKE.npz", type=Path, help="footage, or a take of `track`")
    keys.add_argument(
        "--rig", metavar="CHARACTER.blend", type=Path, help="default: a mannequin on a Rigify human"
    )
    keys.add_argument("--armature", metavar="NAME", help="which one, where the file has several")
    keys.add_argument(
        "-o",
        dest="out",
        metavar="OUT.blend",
        type=file_ending(".blend"),
        required=True,
        help="the file to write",
    )
    keys.add_argument(
        "--export",
        metavar="FILE",
        nargs="+",
        action="extend",
        type=file_ending(*EXPORTS),
        default=[],
        help=f"the rig as keyed for other programs: {', '.join(EXPORTS)}",
    )
    keys.add_argument(
        "--start", metavar="N", type=float, default=1.0, help="frame of the first key (default: 1)"
    )


def _add_demo(add: AddParser) -> None:
    show = add("demo", help="footage onto a mannequin, with a film of both side by side")
    show.add_argument("video", metavar="VIDEO", type=Path)
    show.add_argument("--out", metavar="DIR", type=Path, default=Path("demo"), help="default: demo")
    show.add_argument("--seconds", metavar="N", type=seconds, help="only the first N seconds")
    show.add_argument("--no-render", action="store_true", help="leave out the film")
