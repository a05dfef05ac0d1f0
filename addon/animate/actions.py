"""F-curves of an object's Actions, in every version of Blender's animation data.

Blender 4.2 and 4.3 keep F-curves in the Action itself; since 4.4 they lie in the channelbag of a
slot, and since 5.0 nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import bpy

LAYERED = bpy.app.version >= (4, 4, 0)


@dataclass(frozen=True)
class Animation:
    """What of an Action animates one object, or its shape keys.

    Attributes:
        action: The Action.
        slot: The data-block's in it; None before Blender 4.4.
        bag: What holds the F-curves and their groups: the slot's channelbag, or the Action.
    """

    action: bpy.types.Action
    slot: Any
    bag: Any

    def find(self, path: str, index: int) -> bpy.types.FCurve | None:
        """The F-curve of one number of a property."""
        return self.bag.fcurves.find(path, index=index)

    def new(self, path: str, index: int, group: str) -> bpy.types.FCurve:
        """A new, empty F-curve."""
        curve = self.bag.fcurves.new(path, index=index)
        curve.group = self.bag.groups.get(group) or self.bag.groups.new(group)
        return curve


def new_animation(owner: bpy.types.ID, name: str, beside: bpy.types.Action | None = None) -> Animation:
    """An empty Action for `owner`, which does not have it yet; a slot of its own in `beside`.

    Before Blender 4.4 an Action holds one data-block's curves, so `beside` is not shared then.
    """
    if not LAYERED:
        action = bpy.data.actions.new(name)
        return Animation(action, None, action)
    action = beside or bpy.data.actions.new(name)
    slot = action.slots.new(id_type=owner.id_type, name=owner.name)
    return Animation(action, slot, _strip(action).channelbag(slot, ensure=True))


def assign(owner: bpy.types.ID, animation: Animation) -> None:
    """Have `owner` animated by it from now on; the Action that it had stays in the file."""
    data = owner.animation_data or owner.animation_data_create()
    if data.action and data.action != animation.action:
        data.action.use_fake_user = True
    data.action = animation.action
    if LAYERED:
        data.action_slot = animation.slot


def present_animation(owner: bpy.types.ID) -> Animation | None:
    """What animates `owner` now, to add to: of its Action the slot that it uses."""
    data = owner.animation_data
    if data is None or data.action is None:
        return None
    if not LAYERED:
        return Animation(data.action, None, data.action)
    return _of_slot(data.action, data.action_slot) if data.action_slot else None


def animation_in(owner: bpy.types.ID, action: bpy.types.Action) -> Animation:
    """What `action` holds for `owner`, whether that uses it now or not."""
    if not LAYERED:
        return Animation(action, None, action)
    data = owner.animation_data
    used = data.action_slot if data and data.action == action else None
    kind = (slot for slot in action.slots if slot.target_id_type == owner.id_type)
    own = (slot for slot in kind if slot.name_display == owner.name)
    slot = used or next(own, None) or action.slots.new(id_type=owner.id_type, name=owner.name)
    return _of_slot(action, slot)


def empty(animation: Animation) -> None:
    """Take all F-curves away; the Action and its slot stay."""
    for curve in list(animation.bag.fcurves):
        animation.bag.fcurves.remove(curve)


def _of_slot(action: bpy.types.Action, slot: Any) -> Animation:
    return Animation(action, slot, _strip(action).channelbag(slot, ensure=True))


def _strip(action: bpy.types.Action) -> Any:
    """The one strip that there can be, of the one layer."""
    layer = action.layers[0] if len(action.layers) else action.layers.new("Layer")
    return layer.strips[0] if len(layer.strips) else layer.strips.new(type="KEYFRAME")


def curves(owner: bpy.types.ID) -> Iterator[bpy.types.FCurve]:
    """The F-curves that animate `owner`."""
    data = owner.animation_data
    if data is None or data.action is None:
        return
    if not LAYERED:
        yield from data.action.fcurves
        return
    for layer in data.action.layers:
        for strip in layer.strips:
            bag = strip.channelbag(data.action_slot) if data.action_slot else None
            if bag:
                yield from bag.fcurves
