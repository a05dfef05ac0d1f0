"""What the user chooses, kept with the scene.

Property annotations must be values, not strings: no `from __future__ import annotations` here.
"""

import bpy
from bpy.props import CollectionProperty, IntProperty, PointerProperty

from .animate.properties import BlazeRigAnimate
from .footage.properties import BlazeRigFootage
from .live.properties import BlazeRigLive
from .live.record_properties import BlazeRigRecord
from .takes.properties import BlazeRigTake


class BlazeRigScene(bpy.types.PropertyGroup):
    """Everything of BlazeRig that belongs to a scene."""

    footage: PointerProperty(
        name="Footage", description="What is to be tracked, and how", type=BlazeRigFootage
    )
    takes: CollectionProperty(name="Takes", description="What was tracked", type=BlazeRigTake)
    take_index: IntProperty(name="Take", description="The take that is shown, edited and animated")
    animate: PointerProperty(
        name="Animate", description="How a take is put on the character", type=BlazeRigAnimate
    )
    live: PointerProperty(
        name="Live", description="Which camera is followed, and who follows", type=BlazeRigLive
    )
    record: PointerProperty(
        name="Record", description="How the live session is recorded", type=BlazeRigRecord
    )


CLASSES = (BlazeRigScene,)


def register() -> None:
    """Hang it on scenes."""
    bpy.types.Scene.blazerig = PointerProperty(type=BlazeRigScene)


def unregister() -> None:
    """Take it away again."""
    del bpy.types.Scene.blazerig
