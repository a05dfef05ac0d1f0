"""How a live session is recorded, and what a take was keyed with; kept with the scene.

Property annotations must be values, not strings: no `from __future__ import annotations` here.
"""

import bpy
from bpy.props import (
    BoolProperty,
    CollectionProperty,
    EnumProperty,
    FloatProperty,
    IntProperty,
    PointerProperty,
    StringProperty,
)

MODES = (
    ("FREE", "Free", "From the start frame on until it is stopped, into a new Action"),
    ("RANGE", "Range", "Frames of the present Action are replaced, blended in at both ends (punch-in)"),
    (
        "LOOP",
        "Loop",
        "The range again and again until it is stopped; each time gives a take and an Action",
    ),
)
BEGINNINGS = (
    ("CURRENT", "Current Frame", "The recording begins at the frame that the scene shows"),
    ("FRAME", "Frame", "The recording begins at a frame of your choice"),
)


class BlazeRigRecord(bpy.types.PropertyGroup):
    """Recording while live."""

    mode: EnumProperty(name="Record", description="Which frames are recorded", items=MODES)
    count_in: FloatProperty(
        name="Count-In",
        description="Seconds before the recording begins, counted down in the 3D view",
        default=3.0,
        min=0.0,
        max=60.0,
        precision=1,
    )
    beginning: EnumProperty(name="From", description="Where the recording begins", items=BEGINNINGS)
    start_frame: IntProperty(
        name="Start Frame", description="Frame of the scene at which the recording begins", default=1
    )
    range_start: IntProperty(name="From", description="First frame that is recorded", default=1)
    range_end: IntProperty(name="To", description="Last frame that is recorded", default=100)
    blend: IntProperty(
        name="Blend", description="Frames at either end over which old and new are mixed", default=5, min=0
    )
    play: BoolProperty(
        name="Play the Scene",
        description="Play the scene while recording, from the count-in on; what is recorded lands at the "
        "frames that show meanwhile. Off: the scene stands still",
    )
    sound: BoolProperty(
        name="Sound",
        description="Record a microphone, too, into a WAV beside the take and a strip in the sequencer; "
        "loops are recorded without",
    )
    microphone: StringProperty(name="Microphone", description="Its name; empty for the first one")
    show_then: BoolProperty(
        name="Show It Then",
        description="When the recording is over, the characters show what was recorded; off: they follow the "
        "performer on",
        default=True,
    )


class BlazeRigKeyedShapes(bpy.types.PropertyGroup):
    """Shape keys of a mesh that were keyed."""

    keys: PointerProperty(
        name="Shape Keys", description="What was keyed", type=bpy.types.Key, options={"HIDDEN"}
    )
    action: PointerProperty(
        name="Action", description="Where the keys are", type=bpy.types.Action, options={"HIDDEN"}
    )


class BlazeRigKeyed(bpy.types.PropertyGroup):
    """A character that was keyed from a live recording, and how."""

    armature: PointerProperty(
        name="Armature", description="What was keyed", type=bpy.types.Object, options={"HIDDEN"}
    )
    action: PointerProperty(
        name="Action", description="Where its keys are", type=bpy.types.Action, options={"HIDDEN"}
    )
    options: StringProperty(
        name="Options", description="How the motion was carried over to it", options={"HIDDEN"}
    )
    face: BoolProperty(name="Face", description="The face was keyed, too, where the take has one")
    shapes: CollectionProperty(
        name="Keyed Shape Keys", description="The meshes that show the face", type=BlazeRigKeyedShapes
    )
    replaced: BoolProperty(
        name="Range", description="Keys of a range were replaced; off: the Action is its own"
    )
    blend: IntProperty(name="Blend", description="Frames over which old and new were mixed")


class BlazeRigRecorded(bpy.types.PropertyGroup):
    """What is known of a take that was recorded live; of other takes nothing is."""

    timing: StringProperty(
        name="Timing",
        description="Which frame of the scene showed at which second of the take",
        options={"HIDDEN"},
    )
    motion: StringProperty(name="Motion", description="File of the motion as it was shown")
    first: IntProperty(name="First", description="First frame that was keyed")
    last: IntProperty(name="Last", description="Last frame that was keyed")
    keyed: CollectionProperty(name="Keyed", description="Who was keyed with it", type=BlazeRigKeyed)


CLASSES = (BlazeRigRecord, BlazeRigKeyedShapes, BlazeRigKeyed, BlazeRigRecorded)
