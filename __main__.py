"""The command line: `blazerig COMMAND`; the commands are in `cli`.

Exit codes: 0 done, 2 the command line is wrong, 130 stopped by the user (what can be kept is kept),
1 anything else, said in one line.
"""

from __future__ import annotations

import argparse
import atexit
import os
import sys
import tempfile
from typing import NoReturn

from . import VERSION
from .cli import bench, cameras, demo, doctor, live, matte, models, retarget, solve, track
from .cli.arguments import Parser
from .errors import BlazeRigError

# Before anything loads numpy: the solver's band matrices are too narrow to share among threads, and
# threads that wait for each other on a busy machine make it up to a hundred times slower.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

COMMANDS = (track, solve, retarget, live, cameras, demo, matte, models, doctor, bench)


def parser() -> Parser:
    """The commands and their options."""
    root = Parser(
        prog="blazerig",
        description="Motion capture for Blender from one ordinary camera.",
        epilog="For instance: blazerig retarget dance.mp4 --rig hero.blend -o dance.blend --export dance.fbx",
    )
    root.add_argument("--version", action="version", version=f"BlazeRig {VERSION}")
    commands = root.add_subparsers(dest="command", metavar="COMMAND", title="commands", required=True)
    for command in COMMANDS:
        command.add(commands)
    return root


def main() -> NoReturn:
    """Do what the command line says, and end."""
    options = parser().parse_args()
    code = 1
    try:
        with tempfile.TemporaryDirectory(prefix="blazerig-") as settings:
            os.environ.setdefault("BLENDER_USER_RESOURCES", settings)  # nobody's own preferences play in
            code = answer(options)
    finally:
        if "bpy" in sys.modules:
            atexit.register(end, code)
    sys.exit(code)


def answer(options: argparse.Namespace) -> int:
    """Run a command; its exit code. What the user can act on becomes one line."""
    try:
        return options.run(options)
    except BlazeRigError as error:
        print(f"blazerig: {error}", file=sys.stderr)
        if getattr(options, "progress", "") == "json":
            from .progress import write_json

            write_json(error=str(error))
        return 1
    except KeyboardInterrupt:
        print("blazerig: stopped; nothing was written", file=sys.stderr)
        return 130


def end(code: int) -> NoReturn:
    """End at once: Blender's module may hang while Python shuts down."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
