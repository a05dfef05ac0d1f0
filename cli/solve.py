"""`blazerig solve`: footage or a take to a motion, without Blender."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import BlazeRigError
from .arguments import Commands, add_settings, file_ending

if TYPE_CHECKING:
    from ..solver.settings import Settings
    from ..solver.solution import Solution
    from ..take import Take

UNITS = ("m", "cm")


def add(commands: Commands) -> None:
    """The command and its options."""
    command = commands.add_parser("solve", help="footage or a take to a motion (.npz, .bvh), without Blender")
    command.set_defaults(run=run, refuse=command.error)
    command.add_argument("source", metavar="VIDEO|TAKE.npz", type=Path, help="footage, or a take of `track`")
    command.add_argument(
        "-o",
        dest="out",
        metavar="MOTION.npz|.bvh",
        type=file_ending(".npz", ".bvh"),
        required=True,
        help="the motion to write: .npz holds all that was found, .bvh the humanoid for other programs",
    )
    command.add_argument("--units", choices=UNITS, help="of lengths in a .bvh (default: m)")
    command.add_argument(
        "--live", action="store_true", help="one frame after the other, as if nothing later were known"
    )
    add_settings(command)
    command.add_argument(
        "--report",
        metavar="OUT.html",
        type=file_ending(".html"),
        help="write a page that shows how far the motion can be trusted, and where not",
    )
    command.add_argument(
        "--footage", metavar="VIDEO", type=Path, help="what the take was made of, for the report's pictures"
    )


def run(options: argparse.Namespace) -> int:
    """Capture, solve and write; the exit code."""
    _check(options)
    from ..output import check_writable
    from ..solver.bvh import write_bvh
    from ..solver.motion import save_motion
    from ..solver.settings_file import read_settings
    from .footage import captured
    from .report import footage_of, write_report

    settings = read_settings(options.settings)
    outputs = [path for path in (options.out, options.report) if path]
    for path in outputs:
        check_writable(path)
    take = captured(options.source).take
    footage = footage_of(options.source, take, options.footage) if options.report else None
    solution = _solved(take, settings, live=options.live)
    if options.out.suffix.lower() == ".bvh":
        write_bvh(solution.pose, options.out, units=options.units or UNITS[0])
    else:
        save_motion(solution, options.out, source=take.source, fps=take.fps)
    if options.report:
        write_report(options.report, take, solution, settings, footage)
    written = ", ".join(str(path) for path in outputs)
    print(f"{written}: {len(take)} frames of {take.source}")
    return 0


def _check(options: argparse.Namespace) -> None:
    """Refuse what makes no sense together, before any work."""
    if options.units and options.out.suffix.lower() != ".bvh":
        options.refuse("--units are those of a .bvh; a motion (.npz) is in metres")
    if options.footage and not options.report:
        options.refuse("--footage is for the pictures of a report; add --report")
    if options.out.resolve() == options.source.resolve():
        raise BlazeRigError(f"{options.out} is the take itself; give the motion another name")


def _solved(take: Take, settings: Settings, *, live: bool) -> Solution:
    if live:
        from ..solver.live import solve_live

        return solve_live(take, settings)
    from ..pipeline import solve

    return solve(take, settings)
