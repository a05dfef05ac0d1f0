"""The command line: `blazerig track`, `blazerig retarget`, `blazerig demo`.

Exit codes: 0 done, 2 the command line is wrong, 130 stopped by the user (`track` keeps what it has
seen), 1 anything else, said in one line.
"""

# pyright: reportAttributeAccessIssue=false
# (bpy says nothing of what is in it)

from __future__ import annotations

import argparse
import atexit
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, NoReturn

from .arguments import parser
from .errors import BlazeRigError

if TYPE_CHECKING:
    from .models.track import Progress

# Before anything loads numpy: the solver's band matrices are too narrow to share among threads, and
# threads that wait for each other on a busy machine make it up to a hundred times slower.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

STOPPED = 130


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


def stoppable(show: Callable[[Progress], None], stop: Stop) -> Callable[[Progress], None]:
    """Show how far the tracking is, and end it when that is asked for."""
    from .models.track import Stopped

    def progress(now: Progress) -> None:
        show(now)
        if stop:
            raise Stopped

    return progress


def warn(warnings: tuple[str, ...]) -> None:
    """Say what the user should know, a line each."""
    for warning in warnings:
        print(f"blazerig: {warning}", file=sys.stderr)


def track(options: argparse.Namespace) -> int:
    """Footage to a take."""
    from .models.track import track as follow
    from .output import check_writable
    from .progress import Bar, report_json, write_json
    from .take import save_take

    check_writable(options.out)
    stop, bar, json = Stop(), Bar(sys.stderr), options.progress == "json"
    if json:
        stop.watch_input()
    with bar:
        tracked = follow(
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


def retarget(options: argparse.Namespace) -> int:
    """Footage or a take onto a character."""
    if options.armature and not options.rig:
        parser().error("--armature says which armature of --rig; name the .blend file with --rig")
    if not options.source.is_file():
        raise BlazeRigError(f"{options.source} is no file; give footage or a take (.npz)")
    import bpy

    from .addon import animate, blend, mannequin
    from .addon.armature import read_rig
    from .addon.export import check_export, export
    from .addon.quiet import quiet
    from .pipeline import capture, solve
    from .progress import Bar

    for path in options.export:
        check_export(path)
    if options.rig:
        blend.open_blend(options.rig)
        armature = blend.choose_armature(options.armature)
    else:
        with quiet():
            bpy.ops.wm.read_factory_settings(use_empty=True)
            armature = mannequin.add()
    read_rig(armature)
    blend.check_output(options.out)
    stop, bar = Stop(), Bar(sys.stderr)
    with bar:
        tracked = capture(options.source, progress=stoppable(bar, stop))
    if stop:
        raise KeyboardInterrupt
    warn(tracked.warnings)
    pose = solve(tracked.take)
    if not options.rig:
        blend.set_rate(bpy.context.scene, tracked.take.fps)
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
    options = parser().parse_args()
    command = {"track": track, "retarget": retarget, "demo": demo}[options.command]
    code = 1
    try:
        with tempfile.TemporaryDirectory(prefix="blazerig-") as settings:
            os.environ.setdefault("BLENDER_USER_RESOURCES", settings)  # nobody's own preferences play in
            code = answer(command, options)
    finally:
        if "bpy" in sys.modules:
            atexit.register(end, code)
    sys.exit(code)


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


def end(code: int) -> NoReturn:
    """End at once: Blender's module may hang while Python shuts down."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
