"""Which footage, which part of it, whom to follow.

Property annotations must be values, not strings: no `from __future__ import annotations` here.
"""

import bpy
from bpy.props import BoolProperty, EnumProperty, FloatProperty, IntProperty, StringProperty

from ..paths import RELATIVE

PERFORMERS = (
    ("LARGEST", "Largest", "The person who is largest in the picture"),
    ("CENTRAL", "Most Central", "The person nearest to the middle of the picture"),
    ("NUMBER", "Number", "One person, counted from 0 in the order in which they come"),
    ("ALL", "All", "Everybody, each as a take"),
)


class Footage:
    """What is to be tracked: the same for the scene's settings and for the operator."""

    filepath: StringProperty(
        name="Footage",
        description="Video of the performer, an animated GIF, a picture or a folder of pictures",
        subtype="FILE_PATH",
        options=RELATIVE,
    )
    start: FloatProperty(
        name="From", description="Second of the footage at which to begin", min=0.0, subtype="TIME_ABSOLUTE"
    )
    end: FloatProperty(
        name="To",
        description="Second of the footage at which to end; 0 for its end",
        min=0.0,
        subtype="TIME_ABSOLUTE",
    )
    performer: EnumProperty(name="Performer", description="Whom to follow", items=PERFORMERS)
    number: IntProperty(name="Number", description="Of the performer, counted from 0", min=0)
    sequence: BoolProperty(
        name="Image Sequence",
        description="Track all pictures that are numbered like this one, not this one alone",
        default=True,
    )
    fps: FloatProperty(
        name="Pictures per Second",
        description="Of a folder or sequence of pictures; 0 for the scene's frame rate",
        min=0.0,
    )
    hands: BoolProperty(name="Hands", description="Look for hands and fingers", default=True)
    face: BoolProperty(name="Face", description="Look for the face, too", default=False)


class BlazeRigFootage(Footage, bpy.types.PropertyGroup):
    """The footage that is chosen in the panel."""


CLASSES = (BlazeRigFootage,)
