"""`blazerig solve`: footage or a take to a motion, without Blender."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ..errors import BlazeRigError
from .arguments import Commands, file_ending

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
        help="the motion to write: all that was found, or the humanoid for other programs",
    )
    command.add_argument("--units", choices=UNITS, help="of lengths in a .bvh (default: m)")
    command.add_argument("--live", action="store_true", help="frame by frame, as if nothing of what comes were known")
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
