"""The panel "Face": what of a character shows a face, and its map."""

from __future__ import annotations

import bpy

from ..animate.result import named
from ..character.active import active_armature
from ..character.guess import KEYED
from ..sidebar import Step, draw_presets, wrapped
from .character import face_of
from .looks import of_one_shape
from .match import FaceMatch
from .meshes import shape_keys, shape_names
from .presets import preset_folder, preset_names
from .properties import map_stamp, wanted
from .spelling import spelled
from .vocabulary import formula, look_of, parts_called

_recognised: tuple[tuple[object, ...], FaceMatch | None] = ((), None)


class FaceList(bpy.types.UIList):
    """One line a shape key or bone: whether it follows, its name, and what it shows if that is another."""

    bl_idname = "BLAZERIG_UL_face"

    def draw_item(
        self,
        _context: bpy.types.Context,
        layout: bpy.types.UILayout,
        _data: object,
        item: bpy.types.PropertyGroup,
        _icon: int,
        _active_data: object,
        _active_name: str,
        _index: int = 0,
    ) -> None:
        """Draw a line."""
        row = layout.row(align=True)
        row.alert = _state_icon(item) == "ERROR"
        row.prop(item, "use", text="")
        named_so = spelled(item.says) == spelled(item.name)
        split = row.split(factor=1.0 if named_so or not item.says else 0.55, align=True)
        split.active = item.use and bool(item.says)
        split.label(text=item.name.rpartition(":")[2], icon=_state_icon(item))
        if not named_so and item.says:
            split.label(text=item.says)


class FacePresetMenu(bpy.types.Menu):
    """The user's presets."""

    bl_idname = "BLAZERIG_MT_face_presets"
    bl_label = "Face Map Presets"

    def draw(self, _context: bpy.types.Context) -> None:
        """Save, load, delete."""
        draw_presets(self.layout, "face", preset_names())


class FacePanel(Step, bpy.types.Panel):
    """Below the character's bones."""

    bl_idname = "BLAZERIG_PT_face"
    bl_label = "Face"
    bl_parent_id = "BLAZERIG_PT_character"
    bl_options = {"DEFAULT_CLOSED"}  # noqa: RUF012 (Blender wants a set)

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """There must be a character."""
        return active_armature(context) is not None

    def draw(self, context: bpy.types.Context) -> None:
        """What was recognised, and its map where the user has looked into it."""
        armature, layout = active_armature(context), self.layout
        match = recognised(armature)
        if match.follows:
            wrapped(context, layout, match.why, "CHECKMARK")
            shown = f"{len(match.exact)} of them exactly, {len(match.shown) - len(match.exact)} nearly"
            wrapped(context, layout, shown, "BLANK1")
        else:
            wrapped(context, layout, "No shape keys or bones for a face were found", "INFO")
        if match.unshown and match.shown:
            wrapped(context, layout, f"It cannot show {named(match.unshown)}", "INFO")
        if armature.blazerig_face.edited:
            _draw_map(context, layout, armature)
            return
        row = layout.row(align=True)
        row.operator("blazerig.recognise_face", text="Edit Face Map", icon="GREASEPENCIL")
        row.menu("BLAZERIG_MT_face_presets", text="", icon="PRESET")


def _draw_map(context: bpy.types.Context, layout: bpy.types.UILayout, armature: bpy.types.Object) -> None:
    """Both lists with what can be done to them."""
    kept = armature.blazerig_face
    layout.label(text="Shape Keys")
    row = layout.row()
    row.template_list("BLAZERIG_UL_face", "shapes", kept, "shapes", kept, "active", rows=6)
    side = row.column(align=True)
    side.operator("blazerig.recognise_face", text="", icon="VIEWZOOM")
    side.operator("blazerig.restore_face", text="", icon="LOOP_BACK")
    side.separator()
    side.menu("BLAZERIG_MT_face_presets", text="", icon="PRESET")
    if 0 <= kept.active < len(kept.shapes):
        _draw_shape(context, layout, kept.shapes[kept.active])
    layout.label(text="Face Bones")
    row = layout.row()
    row.template_list("BLAZERIG_UL_face", "bones", kept, "bones", kept, "active_bone", rows=3)
    side = row.column(align=True)
    side.operator_context = "INVOKE_DEFAULT"
    side.operator("blazerig.add_face_bone", text="", icon="ADD")
    if 0 <= kept.active_bone < len(kept.bones):
        line = kept.bones[kept.active_bone]
        side.operator("blazerig.remove_face_bone", text="", icon="REMOVE").bone = line.name
        _draw_bone(context, layout, line)
    layout.prop(kept, "both_sides")
    doubtful = [line.name for line in (*kept.shapes, *kept.bones) if _is_doubtful(line) and line.use]
    if doubtful:
        text = f"In doubt, and not keyed until you confirm it: {named(doubtful)}"
        wrapped(context, layout, text, "QUESTION")


def _draw_shape(
    context: bpy.types.Context, layout: bpy.types.UILayout, line: bpy.types.PropertyGroup
) -> None:
    """The selected shape key, to be changed."""
    column = _draw_line(layout, line)
    column.prop(line, "gain")
    column.prop(line, "cutoff")
    said = look_of(line.says, line.family)
    if line.says and said is None:
        wrapped(context, layout, f"'{line.says}' is no expression; choose one of the list", "ERROR")
    elif said is not None and not of_one_shape(said[0]) and formula(said[0]) != line.says:
        wrapped(context, layout, f"Looks like {formula(said[0])}", "BLANK1")


def _draw_bone(context: bpy.types.Context, layout: bpy.types.UILayout, line: bpy.types.PropertyGroup) -> None:
    """The selected bone."""
    column = _draw_line(layout, line)
    column.prop(line, "gain")
    column.prop(line, "beside")
    if line.says and not parts_called(line.says, line.family):
        wrapped(context, layout, f"'{line.says}' is no part of a face; choose one of the list", "ERROR")


def _draw_line(layout: bpy.types.UILayout, line: bpy.types.PropertyGroup) -> bpy.types.UILayout:
    column = layout.column(align=True)
    column.use_property_split, column.use_property_decorate = True, False
    row = column.row(align=True)
    row.alert = _state_icon(line) == "ERROR"
    row.prop(line, "says")
    if line.says and line.certainty < KEYED:
        row.prop(line, "by_user", text="", icon="CHECKMARK")
    return column


def _is_doubtful(line: bpy.types.PropertyGroup) -> bool:
    return bool(line.says) and line.certainty < KEYED and not line.by_user


def _state_icon(line: bpy.types.PropertyGroup) -> str:
    if not line.says:
        return "BLANK1"
    known = parts_called if hasattr(line, "beside") else look_of
    if not known(line.says, line.family):
        return "ERROR"
    return "QUESTION" if _is_doubtful(line) else "CHECKMARK"


def recognised(armature: bpy.types.Object) -> FaceMatch:
    """What shows a face, as its map says; found out once for what that depends on."""
    global _recognised
    key = (
        armature.session_uid,
        shape_names(shape_keys(armature)),
        *armature.data.bones.keys(),
        *(preset_folder(), *preset_names()),
        map_stamp(armature),
    )
    if _recognised[0] != key or _recognised[1] is None:
        _recognised = key, wanted(armature, face_of(armature))
    return _recognised[1]


CLASSES = (FaceList, FacePresetMenu, FacePanel)
