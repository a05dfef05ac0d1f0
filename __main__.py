"""The command line: `blazerig track`, `blazerig retarget`, `blazerig demo`.

Exit codes: 0 done, 2 the command line is wrong, 130 stopped by the user (what was tracked so far is
kept), 1 anything else, said in one line.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import NoReturn

from . import VERSION
from .errors import BlazeRigError

EXPORTS = (".bvh", ".fbx", ".glb")
STOPPED = 130


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
    root = Parser(prog="blazerig", description="Motion capture for Blender from one ordinary camera.")
    root.add_argument("--version", action="version", version=f"BlazeRig {VERSION}")
    commands = root.add_subparsers(dest="command", metavar="COMMAND", title="commands", required=True)

    track = commands.add_parser("track", help="footage to a take: what the nets saw, without Blender")
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

    keys = commands.add_parser("retarget", help="footage or a take onto a character, as a .blend file")
    keys.add_argument("source", metavar="VIDEO|TAKE.npz", type=Path, help="footage, or a take of `track`")
    keys.add_argument("--rig", metavar="CHARACTER.blend", type=Path, help="default: a Rigify human")
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

    show = commands.add_parser("demo", help="footage onto a mannequin, with a film of both side by side")
    show.add_argument("video", metavar="VIDEO", type=Path)
    show.add_argument("--out", metavar="DIR", type=Path, default=Path("demo"), help="default: demo")
    show.add_argument("--seconds", metavar="N", type=seconds, help="only the first N seconds")
    show.add_argument("--no-render", action="store_true", help="leave out the film")
    return root


class Stop:
    """Whether the user wants an end: Ctrl-C, a termination, or the end of standard input."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        for kind in (signal.SIGINT, signal.SIGTERM):
            signal.signal(kind, self._ask)

    def __bool__(self) -> bool:
        return self._asked.is_set()

    def _ask(self, kind: int, _frame: object) -> None:
        self._asked.set()
        signal.signal(kind, signal.SIG_DFL)  # asked twice, it ends at once

    def watch_input(self) -> None:
        """Take the end of standard input for a wish to stop."""

        def wait() -> None:
            while os.read(0, 4096):  # not sys.stdin, whose lock a waiting thread would hold at the end
                pass
            self._asked.set()

        threading.Thread(target=wait, daemon=True).start()


def track(options: argparse.Namespace) -> int:
    """Footage to a take."""
    from .models.track import Progress, Stopped
    from .models.track import track as follow
    from .output import check_writable
    from .progress import Bar, report_json, write_json
    from .take import save_take

    check_writable(options.out)
    stop, bar, json = Stop(), Bar(sys.stderr), options.progress == "json"
    if json:
        stop.watch_input()

    def progress(now: Progress) -> None:
        (report_json if json else bar)(now)
        if stop:
            raise Stopped

    try:
        tracked = follow(
            options.video,
            heatmap_kernel=options.heatmap_kernel,
            smooth=options.smooth,
            hands=not options.no_hands,
            seconds=options.seconds,
            provider=options.provider,
            progress=progress,
        )
    finally:
        bar.clear()
    save_take(tracked.take, options.out)
    if json:
        write_json(
            take=str(options.out),
            frames=len(tracked.take),
            provider=tracked.provider,
            warnings=tracked.warnings,
        )
        return 0
    for warning in tracked.warnings:
        print(f"blazerig: {warning}", file=sys.stderr)
    print(f"{options.out}: {len(tracked.take)} frames, tracked on {tracked.provider}")
    return STOPPED if stop else 0


def retarget(options: argparse.Namespace) -> int:
    """Footage or a take onto a character."""
    if options.armature and not options.rig:
        raise BlazeRigError("--armature says which armature of --rig; name the .blend file with --rig")
    if not options.source.exists():
        raise BlazeRigError(f"{options.source} does not exist; check its name")
    import bpy

    from .addon import animate, blend, rigify
    from .addon.armature import read_rig
    from .addon.export import check_export, export
    from .pipeline import pose_of
    from .progress import Bar

    for path in options.export:
        check_export(path)
    if options.rig:
        blend.open_blend(options.rig)
        armature = blend.choose_armature(options.armature)
    else:
        bpy.ops.wm.read_factory_settings(use_empty=True)
        armature = rigify.human()
    read_rig(armature)
    blend.check_output(options.out)
    bar = Bar(sys.stderr)
    try:
        pose = pose_of(options.source, bar)
    finally:
        bar.clear()
    action = animate.animate(
        armature, pose, scene=bpy.context.scene, start=options.start, name=options.source.stem
    )
    blend.save_blend(options.out)
    for path in options.export:
        export(armature, path)
    first, last = action.frame_range
    written = ", ".join(str(path) for path in (options.out, *options.export))
    print(f"{written}: '{armature.name}' has {len(pose.times)} poses as keys, frames {first:g} to {last:g}")
    return 0


def demo(options: argparse.Namespace) -> int:
    """Footage onto a mannequin, and a film of both."""
    from .addon.demo import run

    run(options.video, options.out, seconds=options.seconds, render=not options.no_render)
    return 0


def main() -> NoReturn:
    """Do what the command line says, and end."""
    sys.excepthook = crash
    options = parser().parse_args()
    command = {"track": track, "retarget": retarget, "demo": demo}[options.command]
    with tempfile.TemporaryDirectory(prefix="blazerig-") as settings:
        os.environ.setdefault("BLENDER_USER_RESOURCES", settings)  # nobody's own preferences play in
        code = answer(command, options)
    leave(code)


def answer(command: Callable[[argparse.Namespace], int], options: argparse.Namespace) -> int:
    """Run a command; its exit code. What the user can act on becomes one line."""
    try:
        return command(options)
    except BlazeRigError as error:
        print(f"blazerig: {error}", file=sys.stderr)
        if getattr(options, "progress", "") == "json":
            from .progress import write_json

            write_json(error=str(error))
        return 1
    except KeyboardInterrupt:
        print("blazerig: stopped; nothing was written", file=sys.stderr)
        return STOPPED


def leave(code: int) -> NoReturn:
    """End at once where Blender was loaded: its module may hang while Python shuts down."""
    if "bpy" in sys.modules:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


def crash(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """A bug keeps its traceback, and ends the process all the same."""
    sys.__excepthook__(kind, error, trace)
    leave(1)


if __name__ == "__main__":
    main()
