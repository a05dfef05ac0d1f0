"""From footage to keys on an armature: what the operator does, step by step."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import bpy

from .. import __package__ as extension
from ..errors import BlazeRigError
from ..take import load_take
from .animate import animate
from .armature import read_rig


@dataclass(frozen=True)
class Request:
    """All that a capture needs to know, by name: what it names may go while the nets run.

    Attributes:
        footage: A video, or a take.
        armature: The armature object to animate.
        scene: Whose frame rate counts.
        start: Frame of the scene at the start of the footage.
        take: Where the landmarks are or will be.
    """

    footage: Path
    armature: str
    scene: str
    start: int
    take: Path

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
    if not footage.is_file():
        raise BlazeRigError(f"{footage} is no file; choose a video")
    chosen = _named(armature) if armature else active_armature(context)
    if chosen is None:
        raise BlazeRigError("no armature is selected; select the character's armature")
    read_rig(chosen)
    take = footage if footage.suffix == ".npz" else _new_take(footage)
    return Request(footage, chosen.name, context.scene.name, start, take)


def active_armature(context: bpy.types.Context) -> bpy.types.Object | None:
    """The active object if it is an armature, or else the armature that deforms it."""
    active = context.view_layer.objects.active
    if active is None or active.type == "ARMATURE":
        return active
    return active.find_armature()


def apply(request: Request) -> str:
    """Solve the take and key the armature; what was done, in one line.

    Raises:
        BlazeRigError: The take has nobody in it, or the armature or scene is gone.
    """
    from ..solver.solve import (
        solve,
    )  # brings SciPy: not before it is needed, for Blender starts with this module

    try:
        scene = bpy.data.scenes.get(request.scene)
        if scene is None:
            raise BlazeRigError(f"scene '{request.scene}' is gone")
        armature = _named(request.armature)
        pose = solve(load_take(request.take))
        action = animate(armature, pose, scene=scene, start=request.start, name=request.footage.stem)
    except BlazeRigError as error:
        raise BlazeRigError(f"{error} (the take is kept: {request.take})") from error
    return f"'{request.armature}' is animated: {len(pose.times)} frames, action '{action.name}'"


def _named(armature: str) -> bpy.types.Object:
    found = bpy.data.objects.get(armature)
    if found is not None:
        return found
    names = [item.name for item in bpy.data.objects if item.type == "ARMATURE"]
    choices = f"this file has: {', '.join(names)}" if names else "this file has none"
    raise BlazeRigError(f"there is no armature '{armature}'; {choices}")


def _new_take(footage: Path) -> Path:
    """A file for the take that does not exist yet, in the user's own folder of this extension."""
    try:
        folder = Path(_user_folder())
    except OSError as error:
        raise BlazeRigError(f"cannot make the folder for takes: {error}; make room or give rights") from error
    return folder / f"{footage.stem}-{time.strftime('%Y%m%d-%H%M%S')}.npz"


def _user_folder() -> str:
    if str(extension).startswith("bl_ext."):
        return bpy.utils.extension_path_user(extension, path="takes", create=True)
    return bpy.utils.user_resource("DATAFILES", path="blazerig/takes", create=True)
