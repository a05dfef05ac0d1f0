"""What the panel lets the user choose.

Property annotations must be values, not strings: no `from __future__ import annotations` here.
"""

import bpy
from bpy.props import IntProperty, PointerProperty, StringProperty


class BlazeRigSettings(bpy.types.PropertyGroup):
    """The user's choices, kept with the scene."""

    filepath: StringProperty(
        name="Footage",
        description="Video of the performer, or a take (.npz) that was tracked before",
        subtype="FILE_PATH",
    )
    start_frame: IntProperty(
        name="Start Frame",
        description="Frame of the scene that shows the first frame of the footage",
        default=1,
    )


CLASSES = (BlazeRigSettings,)


def register() -> None:
    """Hang the settings on scenes."""
    bpy.types.Scene.blazerig = PointerProperty(type=BlazeRigSettings)


def unregister() -> None:
    """Take them away again."""
    del bpy.types.Scene.blazerig
