"""F-curves of an object's new Action, in every version of Blender's animation data.

Blender 4.2 and 4.3 keep F-curves in the Action itself; since 4.4 they lie in the channelbag of a
slot, and since 5.0 nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator

import bpy

LAYERED = bpy.app.version >= (4, 4, 0)


def new_action(owner: bpy.types.Object, name: str) -> bpy.types.Action:
    """An empty Action that animates `owner` from now on; the one it had stays in the file."""
    action = bpy.data.actions.new(name)
    data = owner.animation_data or owner.animation_data_create()
    if data.action:
        data.action.use_fake_user = True
    data.action = action
    if LAYERED:
        slot = action.slots.new(id_type="OBJECT", name=owner.name)
        action.layers.new("Layer").strips.new(type="KEYFRAME").channelbag(slot, ensure=True)
        data.action_slot = slot
    return action


def new_curve(action: bpy.types.Action, path: str, index: int, group: str) -> bpy.types.FCurve:
    """A new F-curve in an Action of `new_action`."""
    bag = action.layers[0].strips[0].channelbags[0] if LAYERED else action
    curve = bag.fcurves.new(path, index=index)
    curve.group = bag.groups.get(group) or bag.groups.new(group)
    return curve


def curves(owner: bpy.types.Object) -> Iterator[bpy.types.FCurve]:
    """The F-curves that animate `owner`."""
    data = owner.animation_data
    if data is None or data.action is None:
        return
    if not LAYERED:
        yield from data.action.fcurves
        return
    for layer in data.action.layers:
        for strip in layer.strips:
            bag = strip.channelbag(data.action_slot)
            if bag:
                yield from bag.fcurves
