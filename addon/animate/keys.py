"""Writing the channels of pose bones as keys, in bulk."""

from __future__ import annotations

import math
from collections.abc import Iterator

import bpy
import numpy as np
from numpy.typing import NDArray

from ...errors import BlazeRigError
from ...solver.retarget import Keys
from ..frame_rate import rate_of
from . import points
from .actions import Animation, assign, empty, new_animation
from .channels import Channel, channels_of, free_to_move
from .drawing import Drawn, Errors, Tolerance, dense, fewer
from .placement import NEW_ACTION, Placement, add_strip, check_placement, covered, replaceable
from .present import Present, shares
from .replace import replace
from .result import Result
from .switch_keys import drawn_switches
from .timing import resampled, whole_frames, within

Floats = NDArray[np.floating]


def write_keys(
    armature_object: bpy.types.Object,
    keys: Keys,
    *,
    scene: bpy.types.Scene,
    start: float = 1.0,
    name: str,
    placement: Placement = NEW_ACTION,
    on_frames: bool = True,
    tolerance: Tolerance | None = None,
) -> Result:
    """Key the bones that `keys` names, and no others.

    Each bone keeps its rotation mode. Locked and driven channels are left alone, scales too. Time 0 is at
    frame `start`; the scene's frame rate stays, and its range grows to hold the keys and never shrinks.

    Args:
        armature_object: Has the bones.
        keys: From `solver.retarget.retarget`.
        scene: Gives the frame rate, the frame step and where frames begin.
        start: Frame of time 0.
        name: Of a new Action and its track.
        placement: Where the keys go.
        on_frames: Keys on whole frames of the scene, every `frame_step` of them, which an animator can grab
            and which are all that is ever shown or exported; else at the footage's own times.
        tolerance: Of fewer keys; None for one at each frame.

    Raises:
        BlazeRigError: The keys cannot go there, or every channel is locked or driven. Nothing is
            changed then.
    """
    check_placement(armature_object, placement)
    own = frames_at(keys.times, scene, start)
    frames = frames_of(own, scene, placement, on_frames=on_frames)
    if frames is not own:
        keys = resampled(keys, (frames - start) / rate_of(scene))
    return _write(
        armature_object, keys, frames, scene=scene, name=name, placement=placement, tolerance=tolerance
    )


def frames_at(times: Floats, scene: bpy.types.Scene, start: float) -> Floats:
    """Where on the scene's frames `times` (F,) are, with 0 at `start`."""
    return start + np.asarray(times, float) * rate_of(scene)


def frames_of(own: Floats, scene: bpy.types.Scene, placement: Placement, *, on_frames: bool) -> Floats:
    """The frames that get keys, of a motion at the frames `own` (F,); see `write_keys`.

    Raises:
        BlazeRigError: None of them lies in the range that is to be replaced.
    """
    frames = own
    if on_frames:
        frames = whole_frames(own[0], own[-1], origin=scene.frame_start, step=scene.frame_step)
    return within(frames, *covered(placement, own)) if placement.how == "range" else frames


def _write(
    armature_object: bpy.types.Object,
    keys: Keys,
    frames: Floats,
    *,
    scene: bpy.types.Scene,
    name: str,
    placement: Placement,
    tolerance: Tolerance | None,
) -> Result:
    present = None
    if placement.how == "range":
        present = Present(replaceable(armature_object), frames, shares(frames, placement.blend))
    channels, alone = channels_of(armature_object, keys, present)
    if not channels:
        raise BlazeRigError(f"all bones of '{armature_object.name}' that would be keyed are locked or driven")
    drawn, errors = _drawn(armature_object, channels, frames, tolerance, scene)
    whole = len(frames) * len(drawn)
    switches = list(drawn_switches(armature_object, keys.properties, frames[0], present))
    whole += sum(len(curve.points["co"]) for curve in switches)
    drawn += switches
    animation, track = _placed(armature_object, keys, drawn, present, placement, name, frames[0])
    _extend_range(scene, frames)
    armature_object.update_tag()
    return Result(
        armature=armature_object.name,
        action=animation.action,
        track=track,
        first=float(frames[0]),
        last=float(frames[-1]),
        poses=len(frames),
        bones=len({channel.bone for channel in channels}),
        dense=whole,
        keys=sum(len(curve.points["co"]) for curve in drawn),
        degrees=errors and errors.degrees,
        millimetres=errors and errors.millimetres,
        left_alone=alone,
        notes=tuple(_notes(armature_object, scene, placement)),
    )


def _placed(
    armature_object: bpy.types.Object,
    keys: Keys,
    drawn: list[Drawn],
    present: Present | None,
    placement: Placement,
    name: str,
    first: float,
) -> tuple[Animation, str | None]:
    """Write the F-curves where they go: what holds them now, and the NLA track that shows it."""
    animation = present.animation if present else placement.into or new_animation(armature_object, name)
    if placement.into:
        empty(animation)
    for curve in drawn:
        if present:
            replace(animation, curve, hard=bool(present.share[0] == 1.0))
        else:
            points.write(animation.new(curve.path, curve.index, curve.group), curve.points)
    if placement.how == "action":
        assign(armature_object, animation)
        _rest_locations(armature_object, keys)
    track = None
    if placement.how == "strip":
        track = add_strip(armature_object, animation, name=name, first=first)
    return animation, track


def _drawn(
    armature_object: bpy.types.Object,
    channels: list[Channel],
    frames: Floats,
    tolerance: Tolerance | None,
    scene: bpy.types.Scene,
) -> tuple[list[Drawn], Errors | None]:
    if tolerance is None:
        return dense(channels, frames), None
    metres = armature_object.matrix_world.median_scale * scene.unit_settings.scale_length
    return fewer(channels, frames, tolerance, 0.001 / metres)


def _rest_locations(armature_object: bpy.types.Object, keys: Keys) -> None:
    """Put the location of bones that only turn to rest, which their keys count on; held ones are left."""
    for name in keys.rotations:
        bone = armature_object.pose.bones[name]
        if name not in keys.locations and free_to_move(bone):
            bone.location = (0.0, 0.0, 0.0)


def _extend_range(scene: bpy.types.Scene, frames: Floats) -> None:
    """Widen the scene's range where the keys lie outside it."""
    scene.frame_start = min(scene.frame_start, math.floor(frames.min()))
    scene.frame_end = max(scene.frame_end, math.ceil(frames.max()))


def _notes(armature_object: bpy.types.Object, scene: bpy.types.Scene, placement: Placement) -> Iterator[str]:
    render, data = scene.render, armature_object.animation_data
    if render.frame_map_old != render.frame_map_new:
        yield (
            f"the scene's time remapping ({render.frame_map_old} to {render.frame_map_new}) shows the keys "
            f"at {render.frame_map_old / render.frame_map_new:.3g} of the footage's speed"
        )
    if placement.how == "strip" and data.action:
        yield f"the present action '{data.action.name}' plays over the strip where both key the same"
