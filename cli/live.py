"""`blazerig live`: a camera to poses, as they come, without Blender or for it."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import BlazeRigError
from .arguments import (
    Commands,
    add_provider,
    add_settings,
    add_threads,
    file_ending,
    picture_size,
    positive,
)

if TYPE_CHECKING:
    from ..live.commands import Commands as Told
    from ..live.outlet import Outlet
    from ..live.pipe import Pipe
    from ..live.source import Source
    from ..models.sessions import Processor
    from .stop import Stop

CALIBRATION = 5.0
"""Seconds."""
POLITE = 5
"""Steps of the system's scale by which another program, Blender, goes first: its window shall not be held."""
SWITCH = 5e-4
"""Seconds that a thread may keep the interpreter: those of the nets need it often, and shortly."""


def add(commands: Commands) -> None:
    """The command and its options."""
    live = commands.add_parser("live", help="a camera to poses as they come: to other programs, or recorded")
    live.set_defaults(run=run)
    live.add_argument(
        "source",
        metavar="SOURCE",
        help="a camera's number or name, a stream (rtsp://, http://, udp://), footage, played as a camera, "
        "or another program's poses by VMC (vmc://:39539)",
    )
    live.add_argument("--loop", action="store_true", help="footage begins again at its end")
    live.add_argument(
        "--rate", metavar="FPS", type=positive, help="frames a second that the camera is to give"
    )
    live.add_argument("--size", metavar="WxH", type=picture_size, help="of the pictures that it is to give")
    live.add_argument("--seconds", metavar="N", type=positive, help="end after so many seconds of poses")
    _add_outputs(live)
    _add_tracking(live)
    add_settings(live)
    add_provider(live)
    add_threads(live)
    live.add_argument(
        "--pipe",
        action="store_true",
        help="for programs: poses on standard output, commands on standard input, whose end ends it",
    )


def _add_outputs(live: argparse.ArgumentParser) -> None:
    live.add_argument("--show", action="store_true", help="a window with the picture and the landmarks")
    live.add_argument(
        "--record",
        metavar="TAKE.npz",
        type=file_ending(".npz"),
        help="keep what was seen as a take, and the poses as they were shown beside it (TAKE.motion.npz)",
    )
    live.add_argument("--vmc", metavar="HOST:PORT", help="send the poses to a program that understands VMC")
    live.add_argument(
        "--vmc-face",
        choices=("vrm", "arkit"),
        default="vrm",
        help="the face is sent as VRM's presets, which every VRM character has, or as ARKit's 52 shapes, for "
        "characters made for perfect sync (default: vrm)",
    )
    live.add_argument("--json", metavar="FILE", type=file_ending(".json"), help="write the figures there too")


def _add_tracking(live: argparse.ArgumentParser) -> None:
    live.add_argument(
        "--calibrate",
        action="store_true",
        help="the performer stands in A- or T-pose for the first seconds: lengths and floor are known sooner",
    )
    live.add_argument(
        "--predict", action="store_true", help="run the motion on by the latency: less late, less quiet"
    )
    live.add_argument("--no-mirror", action="store_true", help="what is shown and sent is not as in a mirror")
    live.add_argument("--no-hands", action="store_true", help="leave out the hands")
    live.add_argument("--face", action="store_true", help="look for the face too: expression and gaze")
    live.add_argument(
        "--performer", choices=("largest", "central"), default="largest", help="whom (default: largest)"
    )


def run(options: argparse.Namespace) -> int:
    """Run the session; the exit code."""
    from .stop import STOPPED, Stop

    sys.setswitchinterval(SWITCH)
    if options.pipe and hasattr(os, "nice"):
        os.nice(POLITE)
    stop = Stop()
    pipe, told = _piped() if options.pipe else (None, None)
    try:
        _live(options, stop, pipe, told)
    except BlazeRigError as error:
        if pipe:
            pipe.note(error=str(error))
        raise
    finally:
        if pipe:
            pipe.close()
        _leave_what_hangs()
    return STOPPED if stop else 0


def _leave_what_hangs() -> None:
    """A driver that hangs would keep the program from its end, for which all else is done by now."""
    from ..live.looking import hangs

    if hangs():
        sys.stdout.flush()
        os._exit(1)


def _piped() -> tuple[Pipe, Told]:
    """Standard output for poses alone, what a driver prints goes to the errors; commands from the input."""
    from ..live.commands import Commands as Told
    from ..live.pipe import Pipe

    own = os.dup(1)
    os.dup2(2, 1)
    return Pipe(os.fdopen(own, "wb")), Told()


def _live(options: argparse.Namespace, stop: Stop, pipe: Pipe | None, told: Told | None) -> None:
    """Load, open, run, and tell how it went."""
    from ..live.console import summary
    from ..live.session import Session
    from ..live.waiting import unless

    def ended() -> bool:
        return bool(stop) or (told is not None and told.ended)

    _check(options)
    live, processor = unless(ended, lambda: _opened(options))
    outlets = _outlets(options, pipe)
    session = Session(live, processor, outlets)

    def over() -> bool:
        return ended() or (options.seconds is not None and session.meter.seconds >= options.seconds)

    try:
        for command in _wishes(options):
            session.obey(command)
        session.run(told.new if told else lambda: (), over)
    finally:
        session.close()
        for outlet in outlets:
            if outlet is not pipe:  # which has to tell of an error yet
                outlet.close()
    figures = session.meter.figures()
    if pipe is None:
        print("\n".join(summary(figures, session.meter.poses)))
    if options.json:
        face = session.face_figures
        _write(options.json, {**figures, "face": face.figures()} if face.count else figures)


def _check(options: argparse.Namespace) -> None:
    """Whether what is to be written can be, and sent, before anything takes time."""
    from ..output import check_writable

    for path in (options.record, options.json):
        if path:
            check_writable(path)
    if options.vmc:
        from ..live.vmc.address import address

        address(options.vmc)


def _opened(options: argparse.Namespace) -> tuple[Source, Processor]:
    """The nets at work, then the camera: it shall not wait for them with its light on.

    Another program's poses need neither.
    """
    from ..live.live import Live, loaded
    from ..live.vmc.address import SCHEME
    from ..models.camera.opening import open_camera
    from ..models.choice import choose_provider
    from ..models.nets import Wanted
    from ..models.sessions import Processor
    from ..solver.settings_file import read_settings

    if options.source.startswith(SCHEME):
        from ..live.vmc.program import Program

        return Program(options.source), Processor()
    settings = read_settings(options.settings)
    processor = choose_provider(options.provider)
    nets = loaded(processor, Wanted(not options.no_hands, options.face), threads=options.threads)
    camera = open_camera(options.source, size=options.size, rate=options.rate, loop=options.loop)
    apart = processor.provider == "cpu"
    return Live(camera, nets, settings, performer=options.performer, apart=apart), processor


def _outlets(options: argparse.Namespace, pipe: Pipe | None) -> list[Outlet]:
    from ..live.console import Console
    from ..live.window import Window

    outlets: list[Outlet] = [pipe] if pipe else [Console(sys.stderr)]
    if options.show:
        try:
            outlets.append(Window(mirror=not options.no_mirror))
        except BlazeRigError as error:
            outlets[0].note(warning=str(error))
    return outlets


def _wishes(options: argparse.Namespace) -> Iterable[dict[str, Any]]:
    """What the command line asks of the session, as commands."""
    if options.predict:
        yield {"predict": True}
    if options.calibrate:
        yield {"calibrate": CALIBRATION}
    if options.record:
        yield {"record": str(options.record), "from": time.perf_counter()}
    if options.vmc:
        from ..live.vmc.address import address

        host, port = address(options.vmc)
        mirror, names = not options.no_mirror, options.vmc_face
        yield {"vmc": {"host": host, "port": port, "mirror": mirror, "face": names}}


def _write(path: Path, figures: dict[str, Any]) -> None:
    from ..output import written_whole

    with written_whole(path) as unfinished:
        unfinished.write_text(json.dumps(figures, indent=1))
