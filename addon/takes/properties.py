"""The takes of a .blend, kept with the scene; what the nets saw stays in files, or packed in the .blend.

Property annotations must be values, not strings: no `from __future__ import annotations` here.
"""

import bpy
from bpy.props import BoolProperty, FloatProperty, IntProperty, PointerProperty, StringProperty

from ..live.record_properties import BlazeRigRecorded
from ..paths import RELATIVE
from ..refine.properties import TakeEdits


class BlazeRigTake(bpy.types.PropertyGroup):
    """One take: `name` is what the list shows, the rest is known without its file."""

    filepath: StringProperty(
        name="File",
        description="File of the take (.npz); // for the folder of the .blend",
        subtype="FILE_PATH",
        options=RELATIVE,
    )
    packed: StringProperty(
        name="Packed", description="The take's file itself, where it is packed", subtype="BYTE_STRING"
    )
    digest: StringProperty(name="Digest", description="What tells packed takes apart")
    footage: StringProperty(
        name="Footage",
        description="Video, picture or folder of pictures that was tracked",
        subtype="FILE_PATH",
        options=RELATIVE,
    )
    frames: IntProperty(name="Frames", description="How many frames were tracked", min=0)
    fps: FloatProperty(name="Frame Rate", description="Frames per second of the footage", min=0.0)
    first: FloatProperty(
        name="First", description="Second of the footage at which the take begins", unit="TIME_ABSOLUTE"
    )
    seconds: FloatProperty(name="Length", description="Length of the take", unit="TIME_ABSOLUTE", min=0.0)
    quality: StringProperty(
        name="Quality",
        description="Where body, hands and face were seen, and how confidently",
        subtype="BYTE_STRING",
    )
    face: BoolProperty(
        name="Face", description="Whether the performer's face was seen, as far as is known", default=True
    )
    recorded: PointerProperty(
        name="Recorded", description="What is known of it where it was recorded live", type=BlazeRigRecorded
    )
    edits: PointerProperty(name="Edits", description="What was said by hand about this take", type=TakeEdits)


CLASSES = (BlazeRigTake,)
