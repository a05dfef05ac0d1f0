"""What the panel lets the user choose, and what it shows of a running capture.

Property annotations must be values, not strings: no `from __future__ import annotations` here.
"""

import bpy
from bpy.props import BoolProperty, FloatProperty, IntProperty, PointerProperty, StringProperty


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


class BlazeRigStatus(bpy.types.PropertyGroup):
    """How the capture goes, kept with the session."""

    running: BoolProperty()
    factor: FloatProperty(min=0.0, max=1.0)
    message: StringProperty()
    failed: BoolProperty()


CLASSES = (BlazeRigSettings, BlazeRigStatus)


def register() -> None:
    """Hang the settings on scenes and the status on the window manager."""
    bpy.types.Scene.blazerig = PointerProperty(type=BlazeRigSettings)
    bpy.types.WindowManager.blazerig = PointerProperty(type=BlazeRigStatus)


def unregister() -> None:
    """Take both away again."""
    del bpy.types.WindowManager.blazerig
    del bpy.types.Scene.blazerig
