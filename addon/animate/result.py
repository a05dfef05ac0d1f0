"""What was done to an armature, for the message that an animator reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import bpy

SHOWN = 3
"""Of each kind of thing so many are named in the message."""


def named(names: Sequence[str]) -> str:
    """The first of them, and how many more there are."""
    more = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {more} more" if more > 0 else "")


@dataclass(frozen=True)
class Result:
    """What `animate` did.

    Attributes:
        armature: Name of the armature object.
        action: The Action that holds the keys.
        track: Name of the NLA track that shows it; None where the armature has the Action itself.
        first: Frame of the first key.
        last: Frame of the last key.
        poses: How many frames of the motion were keyed.
        bones: How many bones have keys.
        dense: Keys of all F-curves with one at each frame.
        keys: Keys of all F-curves that there are.
        degrees: The largest error that fewer keys make in a bone's rotation; None where none was left out.
        millimetres: The same of a bone's location.
        left_alone: Channels that were not keyed and why: 'Head: rotation x (locked)'.
        notes: What else the animator should know.
    """

    armature: str
    action: bpy.types.Action
    track: str | None
    first: float
    last: float
    poses: int
    bones: int
    dense: int
    keys: int
    degrees: float | None = None
    millimetres: float | None = None
    left_alone: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def message(self) -> str:
        """All of it in one line."""
        where = f"NLA track '{self.track}'" if self.track else f"action '{self.action.name}'"
        parts = [
            f"'{self.armature}' is animated: {where}, frames {self.first:g} to {self.last:g}",
            f"{self.bones} bones",
            self.counted,
        ]
        if self.left_alone:
            parts.append(f"left alone: {named(self.left_alone)}")
        return "; ".join([", ".join(parts[:3]), *parts[3:], *self.notes])

    @property
    def counted(self) -> str:
        """How many keys, and what fewer cost: 'keys: 7,812 -> 1,040, largest error 0.48 degrees'."""
        if self.degrees is None or self.millimetres is None:
            return f"{self.keys:,} keys"
        return (
            f"keys: {self.dense:,} -> {self.keys:,}, largest error {self.degrees:.2g} degrees "
            f"and {self.millimetres:.2g} mm"
        )
