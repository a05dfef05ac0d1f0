"""The bone map of a character: recognised, restored, kept as a preset and loaded from one.

Property annotations must be values, not strings: no `from __future__ import annotations` here.
"""

import bpy
from bpy.props import StringProperty

from ...errors import BlazeRigError
from ..job import redraw, sentence
from .active import chosen_armature
from .armature import check_usable, mapped, skeleton_of, suggest
from .bone_map import preset_of
from .kept_map import fill, recognise_anew, restore
from .match import Match, matches
from .presets import delete_preset, load_preset, save_preset


class OnArmature:
    """For operators on what is known of one armature, which define `work`."""

    bl_options = {"REGISTER", "UNDO"}  # noqa: RUF012 (Blender wants a set)

    armature: StringProperty(
        name="Armature", description="Name of the armature object; empty for the active one"
    )

    @classmethod
    def poll(cls, _context: bpy.types.Context) -> bool:
        """There must be an armature."""
        there = any(thing.type == "ARMATURE" for thing in bpy.data.objects)
        if not there:
            cls.poll_message_set("There is no armature; add or import a character")
        return there

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Do it, or tell why it cannot be done."""
        try:
            armature = chosen_armature(context, self.armature)
            check_usable(armature)
            self.report({"INFO"}, self.work(armature))
        except BlazeRigError as error:
            self.report({"ERROR"}, sentence(error))
            return {"CANCELLED"}
        redraw()
        return {"FINISHED"}

    def work(self, armature: bpy.types.Object) -> str:
        """What the operator does; what it did, in words.

        Raises:
            BlazeRigError: It cannot.
        """
        raise NotImplementedError


class Recognise(OnArmature, bpy.types.Operator):
    """The map is filled."""

    bl_idname = "blazerig.recognise"
    bl_label = "Recognise Bones"
    bl_description = "Find the bone of every part of the body; those that you have set yourself stay"

    def work(self, armature: bpy.types.Object) -> str:
        """Fill the map."""
        return _told(recognise_anew(armature))


class RestoreBones(OnArmature, bpy.types.Operator):
    """The map as it was before the user."""

    bl_idname = "blazerig.restore_bones"
    bl_label = "Restore Bone Map"
    bl_description = "Forget what you have set in the bone map and recognise all bones anew"

    def work(self, armature: bpy.types.Object) -> str:
        """Empty the map and fill it."""
        return _told(restore(armature))


class WithPreset(OnArmature):
    """For operators on an armature and a preset, by its name."""

    name: StringProperty(name="Name", description="Name of the preset")


class DeletePreset:
    """For operators that delete a preset, by its name, with what `delete` is."""

    bl_description = "Delete this preset's file; characters that were mapped with it stay as they are"

    name: StringProperty(name="Name", description="Name of the preset")

    def execute(self, _context: bpy.types.Context) -> set[str]:
        """Delete the file, or tell why it cannot be done."""
        try:
            self.delete(self.name)
        except BlazeRigError as error:
            self.report({"ERROR"}, sentence(error))
            return {"CANCELLED"}
        self.report({"INFO"}, f"The preset {self.name} was deleted")
        redraw()
        return {"FINISHED"}


class SaveBonePreset(WithPreset, bpy.types.Operator):
    """The map for other characters."""

    bl_idname = "blazerig.save_bone_preset"
    bl_label = "Save Bone Map"
    bl_description = (
        "Keep this bone map as a preset: every armature that has its bones is recognised by it from then on"
    )

    def invoke(self, context: bpy.types.Context, _event: bpy.types.Event) -> set[str]:
        """Ask for the name."""
        return context.window_manager.invoke_props_dialog(self)

    def work(self, armature: bpy.types.Object) -> str:
        """Write the preset."""
        path = save_preset(preset_of(self.name, mapped(armature) or suggest(armature)))
        return f"The bone map was saved as {path}"


class LoadBonePreset(WithPreset, bpy.types.Operator):
    """The map from another character."""

    bl_idname = "blazerig.load_bone_preset"
    bl_label = "Load Bone Map"
    bl_description = "Take the bone map of this armature from the preset, in place of what is in it"

    def work(self, armature: bpy.types.Object) -> str:
        """Fill the map from the preset."""
        file = load_preset(self.name)
        match = next(matches(file, skeleton_of(armature)))
        if not match.played:
            raise BlazeRigError(
                f"armature '{armature.name}' has none of the bones that the preset '{self.name}' names"
            )
        fill(armature, match)
        return _told(match)


class DeleteBonePreset(DeletePreset, bpy.types.Operator):
    """A preset is no longer wanted."""

    bl_idname = "blazerig.delete_bone_preset"
    bl_label = "Delete Bone Map Preset"
    delete = staticmethod(delete_preset)


def _told(match: Match) -> str:
    """What was recognised, and what the user has to see to."""
    said = [match.why]
    if match.missing:
        said.append(f"missing: {', '.join(match.missing)}")
    if match.doubtful:
        said.append(f"in doubt: {', '.join(match.doubtful)}")
    return "; ".join(said)


CLASSES = (Recognise, RestoreBones, SaveBonePreset, LoadBonePreset, DeleteBonePreset)
