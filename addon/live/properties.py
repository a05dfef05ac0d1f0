"""What the live session follows and whom it drives, kept with the scene.

Property annotations must be values, not strings: no `from __future__ import annotations` here.
"""

import bpy
from bpy.props import (
    BoolProperty,
    CollectionProperty,
    EnumProperty,
    IntProperty,
    PointerProperty,
    StringProperty,
)

from ..animate.properties import SIZES
from ..paths import RELATIVE
from . import cameras, told

SOURCES = (
    ("CAMERA", "Camera", "A camera of this computer"),
    ("NETWORK", "Network", "A stream from the network: rtsp://, http:// or udp://"),
    ("FILE", "File", "A video, played at its own speed as if it were a camera"),
)
CONTROLS = (
    (
        "FK",
        "FK",
        "Drive the forward kinematics controls, or the bones where a rig has no controls",
    ),
    ("IK", "IK", "Drive the controls of hands and feet, and the poles of elbows and knees"),
)
PICTURES = (
    ("AUTO", "Camera's Own", "The size that the camera is set to"),
    ("640x480", "640 x 480", "Small: fast to process, and enough for a body that fills the picture"),
    ("1280x720", "1280 x 720", "Sharper hands, at some cost"),
    ("1920x1080", "1920 x 1080", "For a performer far from the camera"),
)
NAMES = (
    ("VRM", "VRM", "VRM's presets, which every VRM character has: vowels, blinks, moods, looks"),
    ("ARKIT", "ARKit", "ARKit's 52 shapes, for characters that have them"),
)
PERFORMERS = (
    ("LARGEST", "Largest", "The person who is largest in the picture"),
    ("CENTRAL", "Most Central", "The person nearest to the middle of the picture"),
)


def _is_armature(_character: bpy.types.PropertyGroup, thing: bpy.types.Object) -> bool:
    return thing.type == "ARMATURE"


class BlazeRigLiveCharacter(bpy.types.PropertyGroup):
    """A character that follows the performer."""

    armature: PointerProperty(
        name="Armature", description="The character's armature", type=bpy.types.Object, poll=_is_armature
    )
    enabled: BoolProperty(name="Follow", description="The character follows the performer", default=True)
    flip: BoolProperty(
        name="Other Way Round",
        description="Left and right the other way round than Mirror says, for this character alone",
    )
    controls: EnumProperty(name="Controls", description="Which controls are driven", items=CONTROLS)
    face: BoolProperty(
        name="Face",
        description="The character's face follows the performer's, where the face is looked for; off: its "
        "shape keys and the bones of its face are left alone",
        default=True,
    )
    travel: BoolProperty(
        name="Root Motion",
        description="The character goes where the performer goes; off: it stays in place",
        default=True,
    )
    size: EnumProperty(name="Scale", description="How far the character goes", items=SIZES)
    kept: StringProperty(
        name="Pose before",
        description="How the character was posed, and its face, before it followed; it gets that back",
        options={"HIDDEN"},
    )


class BlazeRigLive(bpy.types.PropertyGroup):
    """The live session."""

    kind: EnumProperty(name="Source", description="Where the pictures come from", items=SOURCES)
    camera: StringProperty(
        name="Camera",
        description="Name or number of the camera; empty for the first one",
        search=cameras.search,
    )
    url: StringProperty(name="Address", description="Of the stream, such as rtsp://192.168.0.20/live")
    filepath: StringProperty(
        name="File",
        description="Video that is played as a camera",
        subtype="FILE_PATH",
        options=RELATIVE,
    )
    loop: BoolProperty(name="Loop", description="Begin the video again where it ends", default=True)
    picture_size: EnumProperty(name="Size", description="Of the camera's pictures", items=PICTURES)
    rate: IntProperty(
        name="Rate",
        description="Pictures a second that the camera is asked for; 0 for its own rate",
        min=0,
        max=240,
    )
    performer: EnumProperty(name="Performer", description="Whom to follow", items=PERFORMERS)
    hands: BoolProperty(name="Hands", description="Follow hands and fingers, too", default=True)
    face: BoolProperty(
        name="Face",
        description="Follow the face, too, by shape keys and bones of the characters' faces. It takes time: "
        "fewer poses a second where there is no graphics card and few cores",
    )
    mirror: BoolProperty(
        name="Mirror",
        description="The character moves as your mirror image: it faces you and lifts the arm on the side "
        "on which you lift yours",
        default=True,
        update=told.vmc,
    )
    predict: BoolProperty(
        name="Predict",
        description="Carry the motion on over the time that it takes to get here: less delay, less calm",
        update=told.predict,
    )
    picture: BoolProperty(
        name="Picture",
        description="Show what the camera sees in a corner of the 3D view",
        default=True,
        update=told.picture,
    )
    vmc: BoolProperty(
        name="Send VMC",
        description="Send the pose to other programs as VMC protocol over OSC",
        update=told.vmc,
    )
    vmc_host: StringProperty(
        name="Host",
        description="Computer that the pose is sent to; 127.0.0.1 is this one",
        default="127.0.0.1",
        update=told.vmc,
    )
    vmc_port: IntProperty(
        name="Port", description="Of the receiver", default=39539, min=1, max=65535, update=told.vmc
    )
    vmc_face: EnumProperty(
        name="Face", description="By which names the face is sent", items=NAMES, update=told.vmc
    )
    characters: CollectionProperty(
        name="Characters", description="Who follows the performer", type=BlazeRigLiveCharacter
    )
    active: IntProperty(name="Active Character", description="The character whose settings are shown")


CLASSES = (BlazeRigLiveCharacter, BlazeRigLive)
