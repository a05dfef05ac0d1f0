"""The jobs: footage to takes, a take to a motion; each by a worker process."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Generator, Sequence
from pathlib import Path

import bpy

from ..errors import BlazeRigError
from ..models.footage.names import is_pattern
from ..solver.settings import Settings
from ..solver.settings_file import save_settings
from . import session, worker
from .job import Status, Steps, sentence, stop
from .takes.folder import takes_folder
from .takes.takes import add_take


def check_footage(filepath: str) -> Path:
    """The footage at a path as the user gave it, `//` for the folder of the .blend file.

    Raises:
        BlazeRigError: There is none.
    """
    if not filepath:
        raise BlazeRigError("no footage chosen; choose a video")
    footage = Path(bpy.path.abspath(filepath))
    there = footage.parent.is_dir() if is_pattern(footage) else footage.exists()
    if not there:
        raise BlazeRigError(f"{footage} does not exist; choose a video, a picture or a folder of pictures")
    return footage


def track(scene: bpy.types.Scene, footage: Path, arguments: Sequence[str] = ()) -> Steps:
    """Run the nets over `footage`; what they saw becomes takes of the scene, also where it is stopped.

    Args:
        scene: Gets the takes.
        footage: A video, or what else can be tracked.
        arguments: Further ones of `blazerig track`.

    Raises:
        BlazeRigError: It cannot be done.
    """
    name, path = scene.name, _unused(takes_folder(), footage.stem)
    with worker.track(footage, path, arguments) as tracking:
        yield from _wait(tracking, _tracking_status)
        try:
            tracked = tracking.result()
        except worker.Died as error:
            if not error.kept:
                raise
            _keep(name, error.kept, footage)
            return Status(sentence(error), failed=True)
    if not tracked:
        return Status("Stopped: nobody was seen yet")
    _keep(name, tracked["takes"], footage)
    frames = f"{tracked['frames']} frames"
    if stop.is_set():
        return Status(f"Stopped: {frames} are kept as a take")
    remarks = [f"nets on {tracked['provider']}", *tracked["warnings"]]
    return Status("; ".join([f"tracked {frames}", *remarks]), 1.0)


def _keep(scene: str, takes: Sequence[str | Path], footage: Path) -> None:
    """Put what was tracked on the scene's list of takes."""
    for take in takes:
        add_take(scene_named(scene), Path(take), footage)


def solve(take: Path, settings: Settings) -> Steps:
    """Solve `take`; its motion is in the session's cache then.

    Args:
        take: Its file.
        settings: How.

    Raises:
        BlazeRigError: It cannot be done.
    """
    motion = session.motion_file(take, settings)
    motion.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="blazerig-") as folder:
        file = Path(folder) / "settings.toml"
        save_settings(settings, file)
        with worker.solve(take, motion, file) as solving:
            yield from _wait(solving, _solving_status)
            solved = solving.result()
    if solved is None:
        return Status("Stopped: the take is kept")
    return Status("Solved", 1.0)


def scene_named(name: str) -> bpy.types.Scene:
    """The scene that a job began with.

    Raises:
        BlazeRigError: It was deleted meanwhile.
    """
    scene = bpy.data.scenes.get(name)
    if scene is None:
        raise BlazeRigError(f"scene '{name}' is gone")
    return scene


def _unused(folder: Path, stem: str) -> Path:
    """A take's file that does not exist yet: dance.npz, dance-2.npz and so on."""
    number, path = 1, folder / f"{stem}.npz"
    while path.exists() or any(folder.glob(f"{path.stem}.*.npz")):
        number += 1
        path = folder / f"{stem}-{number}.npz"
    return path


def _wait(
    process: worker.Worker, status: Callable[[worker.Progress | None], Status]
) -> Generator[Status, None, None]:
    """Until `process` has ended."""
    while process.running():
        if stop.is_set():
            process.stop()
            yield Status("Stopping", status(process.progress).factor)
        else:
            yield status(process.progress)


def _tracking_status(progress: worker.Progress | None) -> Status:
    if progress is None:
        return Status("Starting")
    people = progress.stage == "people"
    if not progress.total or progress.seconds_left is None:
        return Status("Looking for people" if people else f"Frame {progress.frame}")
    minutes, seconds = divmod(round(progress.seconds_left), 60)
    left = f"{minutes} min {seconds:02d} s" if minutes else f"{seconds} s"
    text = "Looking for people" if people else f"Frame {progress.frame} of {progress.total}"
    pace = f"{progress.frames_per_second:.0f} frames/s on {progress.provider}"
    return Status(f"{text}, {left} left", min(progress.frame / progress.total, 1.0), pace)


def _solving_status(progress: worker.Progress | None) -> Status:
    if progress is None:
        return Status("Starting to solve")
    return Status(f"Solving: {progress.stage}", progress.share)
