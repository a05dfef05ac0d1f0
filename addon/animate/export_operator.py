"""Writing the character as it moves for other programs, from the button and from scripts.

Property annotations must be values, not strings: no `from __future__ import annotations` here.
"""

from pathlib import Path

import bpy
from bpy.props import BoolProperty, EnumProperty, StringProperty

from ...errors import BlazeRigError
from ..character.active import chosen_armature
from ..export import KINDS, export
from ..job import Status, say, sentence

SUGGESTED = (
    (".fbx", "FBX", "For game engines and other animation programs"),
    (".glb", "glTF", "For game engines and the web"),
    (".usdc", "USD", "For film pipelines"),
    (".bvh", "BVH", "The skeleton alone, for motion capture tools"),
)
"""The kinds of files that the panel offers."""


class Export(bpy.types.Operator):
    """The keyed armature as a file."""

    bl_idname = "blazerig.export"
    bl_label = "Export"
    bl_description = "Write the character as it moves, and the meshes on it, for other programs"

    filepath: StringProperty(
        name="File",
        description=f"File to write; its ending says of what kind: {', '.join(KINDS)}",
        subtype="FILE_PATH",
        options={"SKIP_SAVE"},
    )
    armature: StringProperty(
        name="Armature",
        description="Name of the armature object to export; empty for the active one",
        options={"SKIP_SAVE"},
    )
    kind: EnumProperty(
        name="Kind",
        description="Kind of a file whose name has no ending",
        items=SUGGESTED,
        options={"SKIP_SAVE", "HIDDEN"},
    )
    filter_glob: StringProperty(
        name="Shown",
        description="Files that are shown",
        default=";".join(f"*{ending}" for ending in KINDS),
        options={"HIDDEN"},
    )
    check_existing: BoolProperty(
        name="Ask",
        description="Ask before a file is replaced",
        default=True,
        options={"HIDDEN"},
    )

    def invoke(self, context: bpy.types.Context, _event: bpy.types.Event) -> set[str]:
        """For the button: have a place and a name chosen."""
        try:
            armature = chosen_armature(context, self.armature)
        except BlazeRigError as error:
            return self._fail(error)
        self.armature = armature.name
        if not self.filepath:
            self.filepath = str(_beside_the_file(bpy.path.clean_name(armature.name) + self.kind))
        context.window_manager.fileselect_add(self)
        return {"RUNNING_MODAL"}

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Write the file; the scene stays as it is."""
        try:
            armature = chosen_armature(context, self.armature)
            if not self.filepath:
                raise BlazeRigError("there is no file to write; give its name")
            path = Path(bpy.path.abspath(self.filepath))
            path = path if path.suffix else path.with_suffix(self.kind)
            export(armature, path)
        except BlazeRigError as error:
            return self._fail(error)
        message = f"'{armature.name}' is written to {path}"
        say(Status(message, 1.0))
        self.report({"INFO"}, message)
        return {"FINISHED"}

    def _fail(self, error: BlazeRigError) -> set[str]:
        say(Status(sentence(error), failed=True))
        self.report({"ERROR"}, sentence(error))
        return {"CANCELLED"}


def _beside_the_file(name: str) -> Path:
    """A path beside the .blend, or in the home folder where it was never saved."""
    return (Path(bpy.data.filepath).parent if bpy.data.filepath else Path.home()) / name


CLASSES = (Export,)
