"""Where new keys go: a new Action, an NLA strip, or a range of the Action that is there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import bpy
import numpy as np
from numpy.typing import NDArray

from ...errors import BlazeRigError
from .actions import Animation, present_animation

Floats = NDArray[np.floating]


@dataclass(frozen=True)
class Placement:
    """Where new keys go.

    Attributes:
        how: `action`: a new Action, which the armature then has; the one it had stays in the file.
            `strip`: a new Action as a strip on a new track of the NLA, beside the present Action.
            `range`: the keys of the present Action from frame `first` to `last` are replaced.
        first: Frame from which keys are replaced.
        last: Frame up to which they are.
        blend: Frames over which new keys begin and cease to show at both ends of the range.
        into: Instead of a new Action this one, all keys of which go.
        into_shapes: The same for shape keys, by the name of their `Key`.
    """

    how: Literal["action", "strip", "range"] = "action"
    first: float = 1.0
    last: float = 250.0
    blend: float = 5.0
    into: Animation | None = None
    into_shapes: Mapping[str, Animation] = field(default_factory=dict)


NEW_ACTION = Placement()


def check_placement(armature_object: bpy.types.Object, placement: Placement) -> None:
    """Refuse a range that cannot be replaced, before the work that leads to it.

    Raises:
        BlazeRigError: There is no Action to replace keys in, it cannot be changed, or the range is empty.
    """
    if placement.how != "range":
        return
    name = armature_object.name
    data = armature_object.animation_data
    action = data.action if data else None
    if action is None:
        raise BlazeRigError(
            f"'{name}' has no Action in which keys could be replaced; put the motion into a new Action"
        )
    if action.library and not action.override_library:
        raise BlazeRigError(
            f"the Action '{action.name}' of '{name}' is linked from another file and cannot be changed; "
            "make it local or put the motion into a new Action"
        )
    if getattr(data, "action_slot", action) is None:
        raise BlazeRigError(
            f"'{name}' uses no slot of its Action '{action.name}'; choose one in the Action editor, "
            "or put the motion into a new Action"
        )
    if placement.last <= placement.first:
        raise BlazeRigError(
            f"no keys lie from frame {placement.first:g} to {placement.last:g}; "
            "let the range end after it begins"
        )


def covered(placement: Placement, frames: Floats) -> tuple[float, float]:
    """First and last frame of the range that a motion at `frames` can fill.

    Raises:
        BlazeRigError: None.
    """
    first, last = max(placement.first, float(frames[0])), min(placement.last, float(frames[-1]))
    if last <= first:
        raise BlazeRigError(
            f"the motion is at frames {frames[0]:g} to {frames[-1]:g}, outside of {placement.first:g} to "
            f"{placement.last:g}; change the range or the start frame"
        )
    return first, last


def replaceable(armature_object: bpy.types.Object) -> Animation:
    """What animates an armature that `check_placement` has passed for a range."""
    present = present_animation(armature_object)
    assert present is not None
    return present


def add_strip(owner: bpy.types.ID, animation: Animation, *, name: str, first: float) -> str:
    """Show an Action, whose keys are there, as a strip from frame `first` on, on a new top track; its name.

    Outside of its keys the strip changes nothing: tracks below it show there.
    """
    data = owner.animation_data or owner.animation_data_create()
    track = data.nla_tracks.new(prev=data.nla_tracks[-1] if len(data.nla_tracks) else None)
    track.name = name
    strip = track.strips.new(name, int(np.floor(first)), animation.action)
    if animation.slot is not None:
        strip.action_slot = animation.slot
    strip.extrapolation = "NOTHING"
    strip.frame_start_ui = first
    return track.name
