"""From footage to keys on an armature: what the operator does, step by step."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import bpy
import numpy as np

from .. import __package__ as extension
from ..errors import BlazeRigError
from ..solver.pose import Pose
from . import worker
from .animate.animate import animate
from .character.armature import read_rig


@dataclass(frozen=True)
class Status:
    """How a capture goes, or how it ended.

    Attributes:
        message: In words.
        factor: Share of the work that is done.
        failed: Whether it ended with an error.
        kept: A take that is not on an armature yet.
    """

    message: str = ""
    factor: float = 0.0
    failed: bool = False
    kept: Path | None = None


@dataclass(frozen=True)
class Request:
    """All that a capture needs to know, by name: what it names may go while the nets run.

    Attributes:
        footage: A video, or a take.
        armature: The armature object to animate.
        scene: Whose frame rate counts.
        start: Frame of the scene at the start of the footage.
        take: Where the landmarks are or will be.
        pose: Where the solved motion passes through.
    """

    footage: Path
    armature: str
    scene: str
    start: int
    take: Path
    pose: Path

    @property
    def tracked(self) -> bool:
        """Whether the footage is a take, so that the nets need not run."""
        return self.footage == self.take


def request(context: bpy.types.Context, filepath: str, armature: str, start: int) -> Request:
    """Check everything that can be checked before the nets run.

    Args:
        context: Where the active object and the scene come from.
        filepath: Video or take, `//` for the folder of the .blend file.
        armature: Name of the armature object; empty for the active one.
        start: Frame of the scene at the start of the footage.

    Raises:
        BlazeRigError: There is no such file or armature, or the armature cannot be animated.
    """
    if not filepath:
        raise BlazeRigError("no footage chosen; choose a video")
    footage = Path(bpy.path.abspath(filepath))
    if not footage.exists():
        raise BlazeRigError(f"{footage} does not exist; choose a video, a picture or a folder of pictures")
    chosen = _named(armature) if armature else active_armature(context)
    if chosen is None:
        raise BlazeRigError("no armature is selected; select the character's armature")
    read_rig(chosen)
    folder = _takes()
    name = f"{footage.stem}-{time.strftime('%Y%m%d-%H%M%S')}"
    take = footage if footage.suffix.lower() == ".npz" else folder / f"{name}.npz"
    return Request(footage, chosen.name, context.scene.name, start, take, folder / f"{name}.pose")


def active_armature(context: bpy.types.Context) -> bpy.types.Object | None:
    """The active object if it is an armature, or else the armature that deforms it."""
    active = context.view_layer.objects.active
    if active is None or active.type == "ARMATURE":
        return active
    return active.find_armature()


def run(request: Request, stop: Event) -> Generator[Status, None, Status]:
    """Do it all: track, solve, key. Nothing of the file is touched before the last step.

    Args:
        request: What to do.
        stop: Set it to have the capture end early, with the take of what was seen so far.

    Yields:
        How far it is, as often as it is asked; closing the generator ends the processes.

    Returns:
        How it ended.

    Raises:
        BlazeRigError: It cannot be done; the take is kept if there was one.
    """
    remarks: list[str] = []
    if not request.tracked:
        with worker.track(request.footage, request.take) as tracking:
            yield from _wait(tracking, stop, _tracking_status)
            tracked = tracking.result()
        if stop.is_set():
            return _stopped(request, tracked["frames"] if tracked else 0)
        assert tracked
        remarks = [f"nets on {tracked['provider']}", *tracked["warnings"]]
    try:
        with worker.solve(request.take, request.pose) as solving:
            yield from _wait(solving, stop, lambda _: Status("Solving", 1.0))
            solved = solving.result()
        if solved is None or stop.is_set():
            return Status("Stopped: the take is kept", kept=request.take)
        return Status("; ".join([_apply(request), *remarks]))
    except BlazeRigError as error:
        if request.tracked:
            raise
        raise BlazeRigError(f"{error} (the take is kept: {request.take})") from error
    finally:
        request.pose.unlink(missing_ok=True)


def _wait(
    process: worker.Worker, stop: Event, status: Callable[[worker.Progress | None], Status]
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
    return Status(f"{text}, {left} left", min(progress.frame / progress.total, 1.0))


def _stopped(request: Request, frames: int) -> Status:
    if frames:
        return Status(f"Stopped: {frames} frames are kept as a take", kept=request.take)
    return Status("Stopped: nobody was seen yet")


def _apply(request: Request) -> str:
    """Key the armature; what was done, in one line."""
    scene = bpy.data.scenes.get(request.scene)
    if scene is None:
        raise BlazeRigError(f"scene '{request.scene}' is gone")
    with np.load(request.pose) as fields:
        pose = Pose(**fields)
    armature, name = _named(request.armature), request.footage.stem
    action = animate(armature, pose, scene=scene, start=request.start, name=name)
    return f"'{armature.name}' is animated: {len(pose.times)} frames, action '{action.name}'"


def _named(armature: str) -> bpy.types.Object:
    found = bpy.data.objects.get(armature)
    if found is not None:
        return found
    names = [item.name for item in bpy.data.objects if item.type == "ARMATURE"]
    choices = f"this file has: {', '.join(names)}" if names else "this file has none"
    raise BlazeRigError(f"there is no armature '{armature}'; {choices}")


def _takes() -> Path:
    """The folder for takes, in the user's own folder of this extension."""
    try:
        return Path(_user_folder())
    except OSError as error:
        raise BlazeRigError(f"cannot make the folder for takes: {error}; make room or give rights") from error


def _user_folder() -> str:
    if str(extension).startswith("bl_ext."):
        return bpy.utils.extension_path_user(extension, path="takes", create=True)
    return bpy.utils.user_resource("DATAFILES", path="blazerig/takes", create=True)
