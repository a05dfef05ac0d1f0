"""How a take is put on the character.

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

from . import preview

CONTROLS = (
    ("FK", "FK", "Key the forward kinematics controls, or the bones themselves where a rig has no controls"),
    ("IK", "IK", "Key the controls of hands and feet, and the poles of elbows and knees"),
    ("DEFORM", "Deform", "Key the bones that deform the mesh"),
)
SIZES = (
    ("CHARACTER", "Character's", "Steps are as long as the character's legs make them"),
    ("PERFORMER", "Performer's", "The character goes as many metres as the performer went"),
)
PLACEMENTS = (
    ("ACTION", "New Action", "A new Action; the one that the character has stays in the file"),
    ("NLA", "NLA Strip", "A strip on a new track of the NLA; the present Action stays"),
    ("RANGE", "Replace Range", "Frames of the present Action, blended in at both ends"),
)


def _changed(_settings: bpy.types.PropertyGroup, context: bpy.types.Context) -> None:
    preview.ask(context.scene)


class BlazeRigPreviewed(bpy.types.PropertyGroup):
    """Shape keys that show the preview, and what animated them before."""

    keys: PointerProperty(
        name="Previewed Shape Keys", description="Those of a mesh that shows the preview", type=bpy.types.Key
    )
    action: PointerProperty(
        name="Action before the Preview", description="The shape keys get it back", type=bpy.types.Action
    )
    slot: StringProperty(
        name="Slot before the Preview", description="Of that Action, which the shape keys used"
    )


class BlazeRigAnimate(bpy.types.PropertyGroup):
    """Solving, retargeting and keying."""

    controls: EnumProperty(
        name="Controls", description="Which controls get the keys", items=CONTROLS, update=_changed
    )
    travel: BoolProperty(
        name="Root Motion",
        description="The character goes where the performer goes; off: it stays in place",
        default=True,
        update=_changed,
    )
    size: EnumProperty(name="Scale", description="How far the character goes", items=SIZES, update=_changed)
    floor: FloatProperty(
        name="Floor Height",
        description="How high the floor is that the character stands on",
        subtype="DISTANCE",
        update=_changed,
    )
    mirror: BoolProperty(name="Mirror", description="Exchange left and right", update=_changed)
    hands: BoolProperty(name="Hands", description="Key the fingers, too", default=True, update=_changed)
    face: BoolProperty(
        name="Face",
        description="The character's face follows the performer's, by its shape keys and bones",
        default=True,
        update=_changed,
    )
    lock_feet: BoolProperty(
        name="Lock Feet", description="Feet that stand stay where they stand", default=True, update=_changed
    )
    smoothing: FloatProperty(
        name="Smoothing",
        description="How smooth the motion is; 1 is as fast as people usually move, 0 as the nets saw it",
        default=1.0,
        min=0.0,
        max=10.0,
        update=_changed,
    )
    cutoff: FloatProperty(
        name="Extra Smoothing",
        description="Motion of body and face that is quicker than so many times a second is smoothed away, "
        "without lag; blinks stay as quick as they are. 0 for none",
        min=0.0,
        max=15.0,
        update=_changed,
    )
    height: FloatProperty(
        name="Height",
        description="Of the performer, standing; 0 where you do not know. One camera cannot tell a small "
        "performer near by from a tall one far off",
        min=0.0,
        max=2.5,
        subtype="DISTANCE",
        update=_changed,
    )
    diagonal_view: FloatProperty(
        name="Angle of View",
        description="Of the camera, from corner to corner, in degrees; 0 where you do not know",
        min=0.0,
        max=150.0,
        update=_changed,
    )
    start_frame: IntProperty(
        name="Start Frame",
        description="Frame of the scene that shows the first frame of the footage",
        default=1,
        update=_changed,
    )
    on_frames: BoolProperty(
        name="Keys on Frames",
        description="Keys stand on whole frames of the scene; off: at the footage's own times",
        default=True,
    )
    placement: EnumProperty(name="Into", description="Where the keys go", items=PLACEMENTS)
    range_start: IntProperty(name="From", description="First frame that is replaced", default=1)
    range_end: IntProperty(name="To", description="Last frame that is replaced", default=50)
    blend: IntProperty(
        name="Blend", description="Frames at either end over which old and new are mixed", default=5, min=0
    )
    reduce: BoolProperty(
        name="Fewer Keys",
        description="Leave out the keys that the curves do not need, so that they can be edited",
    )
    reduce_error: FloatProperty(
        name="Within Degrees",
        description="By how many degrees fewer keys may differ from all keys",
        default=0.5,
        min=0.01,
        max=10.0,
    )
    reduce_distance: FloatProperty(
        name="Within Millimetres",
        description="By how many millimetres fewer keys may differ from all keys",
        default=2.0,
        min=0.01,
        max=100.0,
    )
    preview: BoolProperty(
        name="Live Preview",
        description="Show on the character at once what a change of these settings does",
        update=_changed,
    )
    previewed_on: PointerProperty(
        name="Previewed Armature", description="What shows the preview", type=bpy.types.Object
    )
    previewed: PointerProperty(
        name="Action before the Preview", description="The armature gets it back", type=bpy.types.Action
    )
    previewed_slot: StringProperty(
        name="Slot before the Preview", description="Of that Action, which the armature used"
    )
    previewed_shapes: CollectionProperty(
        name="Previewed Meshes",
        description="The meshes whose shape keys show the preview",
        type=BlazeRigPreviewed,
    )


CLASSES = (BlazeRigPreviewed, BlazeRigAnimate)
