"""What a take is in the .blend file: a name and where its file lies.

Property annotations must be values, not strings: no `from __future__ import annotations` here.
"""

import bpy
from bpy.props import FloatProperty, IntProperty, StringProperty


class BlazeRigTake(bpy.types.PropertyGroup):
    """One take of this .blend."""

    filepath: StringProperty(name="File", description="The take's file", subtype="FILE_PATH")
    footage: StringProperty(name="Footage", description="What it was tracked from", subtype="FILE_PATH")
    frames: IntProperty(name="Frames", description="Frames of the footage that were tracked")
    fps: FloatProperty(name="Frame Rate", description="Frames per second of the footage")
    seconds: FloatProperty(name="Length", description="Seconds from the first frame to the last")


CLASSES = (BlazeRigTake,)
