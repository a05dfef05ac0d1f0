"""What is done with the takes of a scene: brought in, taken out, packed, found again, deleted.

Property annotations must be values, not strings: no `from __future__ import annotations` here.
"""

import os
import shutil
from pathlib import Path

import bpy
from bpy.props import BoolProperty, IntProperty, StringProperty

from ...errors import BlazeRigError
from ...output import written_whole
from ...take import load_take
from ..job import redraw, sentence
from .files import absolute, missing, pack, take_file, unpack, written
from .takes import NeedsTake, active_take, add_take, describe


class Told:
    """For operators that define `work`, and tell what it did or why it could not."""

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Do it."""
        try:
            self.report({"INFO"}, self.work(context))
        except BlazeRigError as error:
            self.report({"ERROR"}, sentence(error))
            return {"CANCELLED"}
        redraw()
        return {"FINISHED"}

    def work(self, context: bpy.types.Context) -> str:
        """What the operator does; what it did, in words.

        Raises:
            BlazeRigError: It cannot be done.
        """
        raise NotImplementedError


class OnTake(NeedsTake, Told):
    """For those on one take of the list."""

    index: IntProperty(
        name="Take",
        description="Number of the take in the list, from 0; -1: the active one",
        default=-1,
        options={"SKIP_SAVE", "HIDDEN"},
    )

    def take(self, context: bpy.types.Context) -> bpy.types.PropertyGroup:
        """The take that is meant.

        Raises:
            BlazeRigError: There is none of that number.
        """
        takes = context.scene.blazerig.takes
        if self.index < 0:
            return active_take(context.scene)
        if self.index >= len(takes):
            raise BlazeRigError(f"there is no take {self.index}; there are {len(takes)}, counted from 0")
        return takes[self.index]


class OpensFile:
    """For operators whose button opens the file browser."""

    filepath: StringProperty(name="File", description="File of the take (.npz)", subtype="FILE_PATH")
    filter_glob: StringProperty(default="*.npz", options={"HIDDEN"})

    def invoke(self, context: bpy.types.Context, _event: bpy.types.Event) -> set[str]:
        """Ask for the file."""
        context.window_manager.fileselect_add(self)
        return {"RUNNING_MODAL"}


class ImportTake(OpensFile, Told, bpy.types.Operator):
    """A take's file into the list."""

    bl_idname = "blazerig.take_import"
    bl_label = "Import Take"
    bl_description = "Add a take that was tracked before to this scene; its file stays where it is"
    bl_options = {"UNDO"}  # noqa: RUF012 (Blender wants a set)

    def work(self, context: bpy.types.Context) -> str:
        """Add it."""
        item = add_take(context.scene, absolute(self.filepath))
        return f"Take '{item.name}': {item.frames} frames"


class ExportTake(OpensFile, OnTake, bpy.types.Operator):
    """A take into a file."""

    bl_idname = "blazerig.take_export"
    bl_label = "Export Take"
    bl_description = "Save a copy of the take's file"
    check_existing: BoolProperty(default=True, options={"HIDDEN"})

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[str]:
        """Ask for the file, the take's name proposed."""
        try:
            self.filepath = f"{bpy.path.clean_name(self.take(context).name)}.npz"
        except BlazeRigError as error:
            self.report({"ERROR"}, sentence(error))
            return {"CANCELLED"}
        return super().invoke(context, event)

    def work(self, context: bpy.types.Context) -> str:
        """Copy it."""
        source = _there(self.take(context))
        target = absolute(self.filepath)
        if target.suffix.lower() != ".npz":
            target = target.with_name(target.name + ".npz")
        with written_whole(target) as unfinished:
            shutil.copyfile(source, unfinished)
        return f"Saved {target}"


class DeleteTake(OnTake, bpy.types.Operator):
    """A take out of the list."""

    bl_idname = "blazerig.take_delete"
    bl_label = "Delete Take"
    bl_description = "Take the take, and what was edited of it, out of this scene"
    bl_options = {"UNDO"}  # noqa: RUF012 (Blender wants a set)

    delete_file: BoolProperty(
        name="Delete the File, Too",
        description="Delete the take's file from the disk, which undo cannot bring back; off: it stays",
        options={"SKIP_SAVE"},
    )

    def invoke(self, context: bpy.types.Context, _event: bpy.types.Event) -> set[str]:
        """Ask."""
        try:
            title = f"Delete take '{self.take(context).name}'?"
        except BlazeRigError as error:
            self.report({"ERROR"}, sentence(error))
            return {"CANCELLED"}
        return context.window_manager.invoke_props_dialog(self, title=title, confirm_text="Delete")

    def work(self, context: bpy.types.Context) -> str:
        """Delete it."""
        settings, item = context.scene.blazerig, self.take(context)
        name, path = item.name, absolute(item.filepath)
        if self.delete_file and path.is_file():
            try:
                os.remove(path)
            except OSError as error:
                raise BlazeRigError(f"cannot delete {path}: {error.strerror}; the take stays") from error
        index = next(i for i, other in enumerate(settings.takes) if other == item)
        settings.takes.remove(index)
        settings.take_index = max(
            0, min(settings.take_index - (index < settings.take_index), len(settings.takes) - 1)
        )
        return f"Deleted take '{name}'" + (" and its file" if self.delete_file else "; its file stays")


class FindTake(OpensFile, OnTake, bpy.types.Operator):
    """A take whose file was moved."""

    bl_idname = "blazerig.take_find"
    bl_label = "Find Take"
    bl_description = "Say where the take's file is now"
    bl_options = {"UNDO"}  # noqa: RUF012 (Blender wants a set)

    def work(self, context: bpy.types.Context) -> str:
        """Read it there."""
        item, path = self.take(context), absolute(self.filepath)
        take = load_take(path)
        item.filepath, item.packed, item.digest = written(path), b"", ""
        describe(item, take)
        return f"Found take '{item.name}': {item.frames} frames"


class PackTake(OnTake, bpy.types.Operator):
    """A take's file into the .blend."""

    bl_idname = "blazerig.take_pack"
    bl_label = "Pack Take"
    bl_description = "Keep the take within the .blend, so that it needs no file beside it"
    bl_options = {"UNDO"}  # noqa: RUF012 (Blender wants a set)

    def work(self, context: bpy.types.Context) -> str:
        """Pack it."""
        item = self.take(context)
        pack(item)
        return f"Take '{item.name}' is packed: {len(item.packed) / 1e6:.1f} MB"


class UnpackTake(OnTake, bpy.types.Operator):
    """A packed take into a file."""

    bl_idname = "blazerig.take_unpack"
    bl_label = "Unpack Take"
    bl_description = "Write the take to a file beside the .blend, and keep it there"
    bl_options = {"UNDO"}  # noqa: RUF012 (Blender wants a set)

    def work(self, context: bpy.types.Context) -> str:
        """Unpack it."""
        item = self.take(context)
        if not item.packed:
            raise BlazeRigError(f"take '{item.name}' is not packed; it is in {absolute(item.filepath)}")
        return f"Take '{item.name}' is in {unpack(item)}"


def _there(item: bpy.types.PropertyGroup) -> Path:
    """The take's file.

    Raises:
        BlazeRigError: It is gone.
    """
    if missing(item):
        raise BlazeRigError(f"the file of take '{item.name}' is gone: {absolute(item.filepath)}; find it")
    return take_file(item)


CLASSES = (ImportTake, ExportTake, DeleteTake, FindTake, PackTake, UnpackTake)
