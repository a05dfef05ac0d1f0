"""The face map of a character: recognised, restored, changed, kept as a preset and loaded from one.

Property annotations must be values, not strings: no `from __future__ import annotations` here.
"""

import bpy
from bpy.props import StringProperty

from ...errors import BlazeRigError
from ..character.active import active_armature
from ..character.operators import DeletePreset, OnArmature, WithPreset
from .character import face_of
from .expressions import parts_of
from .face_map import preset_of
from .kept_map import add_bone, clear, fill, recognise_anew, remove_bone, restore
from .match import FaceMatch, by_preset
from .presets import delete_preset, load_preset, save_preset
from .properties import ask_preview, wanted
from .vocabulary import parts_called, parts_offered


class _OnFace(OnArmature):
    """For operators that change what follows the face, which the preview is to show."""

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Do it, or tell why it cannot be done."""
        done = super().execute(context)
        ask_preview(context.scene)
        return done


class RecogniseFace(_OnFace, bpy.types.Operator):
    """The map is filled."""

    bl_idname = "blazerig.recognise_face"
    bl_label = "Recognise Face"
    bl_description = "List the shape keys and bones that follow the performer's face; what you have set stays"

    def work(self, armature: bpy.types.Object) -> str:
        """Fill the map."""
        return _told(armature, recognise_anew(armature))


class RestoreFace(_OnFace, bpy.types.Operator):
    """The map as it was before the user."""

    bl_idname = "blazerig.restore_face"
    bl_label = "Restore Face"
    bl_description = "Forget what you have set in the face map: all that was found follows, as it is"

    def work(self, armature: bpy.types.Object) -> str:
        """Empty the map and fill it."""
        return _told(armature, restore(armature))


def _told(armature: bpy.types.Object, match: FaceMatch) -> str:
    if not match.follows and not parts_of(armature):
        raise BlazeRigError(
            f"'{armature.name}' has no shape keys or bones for a face; bind its meshes to it, "
            "or name its bones as docs/face-format.md says"
        )
    return match.why


class AddFaceBone(_OnFace, bpy.types.Operator):
    """A bone follows that was not found."""

    bl_idname = "blazerig.add_face_bone"
    bl_label = "Add Face Bone"
    bl_description = "Have a bone of this armature follow the performer's face"

    bone: StringProperty(name="Bone", description="Name of the bone")
    part: StringProperty(
        name="Part",
        description="The part of the face that the bone is: jaw, LeftEye, RightEye, ...",
        search=lambda _self, _context, _text: parts_offered(),
    )

    def invoke(self, context: bpy.types.Context, _event: bpy.types.Event) -> set[str]:
        """Ask for the bone and the part."""
        return context.window_manager.invoke_props_dialog(self)

    def draw(self, context: bpy.types.Context) -> None:
        """Both, the bone to be searched for."""
        armature = active_armature(context)
        if armature is not None:
            self.layout.prop_search(self, "bone", armature.data, "bones")
        self.layout.prop(self, "part")

    def work(self, armature: bpy.types.Object) -> str:
        """Add the line."""
        if not parts_called(self.part):
            raise BlazeRigError(
                f"there is no part '{self.part}' of a face; there are: {', '.join(parts_offered())}"
            )
        add_bone(armature, self.bone, self.part)
        return f"The bone {self.bone} follows the face as {self.part}"


class RemoveFaceBone(_OnFace, bpy.types.Operator):
    """A bone is left alone."""

    bl_idname = "blazerig.remove_face_bone"
    bl_label = "Remove Face Bone"
    bl_description = "Take this bone out of the face map: it is left alone"

    bone: StringProperty(name="Bone", description="Name of the bone")

    def work(self, armature: bpy.types.Object) -> str:
        """Remove the line."""
        remove_bone(armature, self.bone)
        return f"The bone {self.bone} is left alone"


class SaveFacePreset(WithPreset, bpy.types.Operator):
    """The map for other characters."""

    bl_idname = "blazerig.save_face_preset"
    bl_label = "Save Face Map"
    bl_description = (
        "Keep this face map as a preset: every character that has its names is recognised by it from then on"
    )

    def invoke(self, context: bpy.types.Context, _event: bpy.types.Event) -> set[str]:
        """Ask for the name."""
        return context.window_manager.invoke_props_dialog(self)

    def work(self, armature: bpy.types.Object) -> str:
        """Write the preset."""
        found = face_of(armature, presets=False)
        path = save_preset(preset_of(self.name, wanted(armature, face_of(armature)), found))
        return f"The face map was saved as {path}"


class LoadFacePreset(_OnFace, WithPreset, bpy.types.Operator):
    """The map from another character."""

    bl_idname = "blazerig.load_face_preset"
    bl_label = "Load Face Map"
    bl_description = "Take the face map of this character from the preset, in place of what is in it"

    def work(self, armature: bpy.types.Object) -> str:
        """Fill the map from the preset."""
        preset = load_preset(self.name)
        match = by_preset(
            preset, face_of(armature, presets=False), parts_of(armature), armature.data.bones.keys()
        )
        if not match.follows:
            raise BlazeRigError(
                f"'{armature.name}' has none of the shape keys and bones that the preset '{self.name}' names"
            )
        clear(armature)
        fill(armature, match)
        return match.why


class DeleteFacePreset(DeletePreset, bpy.types.Operator):
    """A preset is no longer wanted."""

    bl_idname = "blazerig.delete_face_preset"
    bl_label = "Delete Face Map Preset"
    delete = staticmethod(delete_preset)


CLASSES = (
    RecogniseFace,
    RestoreFace,
    AddFaceBone,
    RemoveFaceBone,
    SaveFacePreset,
    LoadFacePreset,
    DeleteFacePreset,
)
