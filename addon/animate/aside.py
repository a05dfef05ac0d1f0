"""What animated a data-block before something is shown on it for a while."""

from __future__ import annotations

import bpy

from .actions import LAYERED

_values: dict[str, dict[str, float]] = {}
"""Of shape keys, by the name of their `Key`."""


def put_aside(owner: bpy.types.ID) -> tuple[bpy.types.Action | None, str]:
    """Take its Action away from `owner`; that, and the identifier of the slot that was used."""
    data = owner.animation_data or owner.animation_data_create()
    slot = data.action_slot.identifier if LAYERED and data.action_slot else ""
    action, data.action = data.action, None
    return action, slot


def give_back(owner: bpy.types.ID, action: bpy.types.Action | None, slot: str, name: str) -> None:
    """Have `owner` what was put aside, unless it has an Action by now that is none of those called `name`.

    The Action of that name goes.
    """
    data = owner.animation_data
    shown = data.action if data else None
    if data and (shown is None or shown.name.startswith(name)):
        data.action = action
        if LAYERED and action and slot in action.slots:
            data.action_slot = action.slots[slot]
    if shown and shown.name.startswith(name):
        bpy.data.actions.remove(shown)


def keep_values(keys: bpy.types.Key) -> None:
    """Remember the values of shape keys."""
    _values[keys.name] = {block.name: block.value for block in keys.key_blocks}


def restore_values(keys: bpy.types.Key) -> None:
    """Give shape keys the values that were remembered; nothing, where they were not."""
    for name, value in _values.pop(keys.name, {}).items():
        if name in keys.key_blocks:
            keys.key_blocks[name].value = value
