"""The panel "Character": which armature, what it was recognised as, and its bone map."""

from __future__ import annotations

import re

import bpy

from ...errors import BlazeRigError
from ..sidebar import Step, draw_presets, wrapped
from .active import active_armature
from .armature import check_usable, suggest
from .bone_map import shared_bones
from .guess import KEYED
from .match import Match
from .presets import preset_folder, preset_names
from .rig_file import REQUIRED

_suggested: tuple[tuple[object, ...], Match | None] = ((), None)


class BoneList(bpy.types.UIList):
    """One line a part of the body: the part, its bone, and whether that is sure."""

    bl_idname = "BLAZERIG_UL_bones"

    def draw_item(
        self,
        _context: bpy.types.Context,
        layout: bpy.types.UILayout,
        data: bpy.types.PropertyGroup,
        item: bpy.types.PropertyGroup,
        _icon: int,
        _active_data: object,
        _active_name: str,
        _index: int = 0,
    ) -> None:
        """Draw a line."""
        armature = data.id_data.data
        row = layout.row(align=True)
        row.alert = _is_missing(item, armature)
        split = row.split(factor=0.62, align=True)
        split.label(text=_short(item.name), icon=_state_icon(item, armature))
        split.label(text=item.bone.rpartition(":")[2])


class PresetMenu(bpy.types.Menu):
    """The user's presets."""

    bl_idname = "BLAZERIG_MT_bone_presets"
    bl_label = "Bone Map Presets"

    def draw(self, _context: bpy.types.Context) -> None:
        """Save, load, delete."""
        draw_presets(self.layout, "bone", preset_names())


class CharacterPanel(Step, bpy.types.Panel):
    """The third step."""

    bl_idname = "BLAZERIG_PT_character"
    bl_label = "Character"
    bl_order = 3

    def draw(self, context: bpy.types.Context) -> None:
        """The armature, what it is, and its map where the user has looked into it."""
        armature, layout = active_armature(context), self.layout
        if armature is None:
            wrapped(context, layout, "Select the character's armature", "INFO")
            return
        layout.label(text=armature.name, icon="OUTLINER_OB_ARMATURE")
        try:
            check_usable(armature)
        except BlazeRigError as error:
            wrapped(context, layout, str(error), "ERROR")
            return
        if armature.blazerig.slots:
            _draw_map(context, layout, armature)
        else:
            _draw_suggestion(context, layout, _suggestion(armature))


def _draw_suggestion(context: bpy.types.Context, layout: bpy.types.UILayout, match: Match) -> None:
    """What was recognised by itself, and the way to the map."""
    wrapped(context, layout, match.why, "ERROR" if match.missing else "CHECKMARK")
    doubtful = [spoken(slot) for slot in match.doubtful]
    missing = [spoken(slot) for slot in match.missing if slot not in match.doubtful]
    _draw_wanting(context, layout, missing, doubtful)
    row = layout.row(align=True)
    row.operator("blazerig.recognise", text="Edit Bone Map", icon="GREASEPENCIL")
    row.menu("BLAZERIG_MT_bone_presets", text="", icon="PRESET")


def _draw_map(context: bpy.types.Context, layout: bpy.types.UILayout, armature: bpy.types.Object) -> None:
    """The list with what can be done to it."""
    kept = armature.blazerig
    missing = [spoken(line.name) for line in kept.slots if _is_missing(line, armature.data)]
    doubtful = [spoken(line.name) for line in kept.slots if _is_doubtful(line)]
    own = sum(line.by_user for line in kept.slots)
    why = f"{kept.why}; {own} set by hand" if own else kept.why
    wrapped(context, layout, why, "ERROR" if missing else "CHECKMARK")
    row = layout.row()
    row.template_list("BLAZERIG_UL_bones", "", kept, "slots", kept, "active", rows=8)
    side = row.column(align=True)
    side.operator("blazerig.recognise", text="", icon="VIEWZOOM")
    side.operator("blazerig.restore_bones", text="", icon="LOOP_BACK")
    side.separator()
    side.menu("BLAZERIG_MT_bone_presets", text="", icon="PRESET")
    if 0 <= kept.active < len(kept.slots):
        _draw_line(layout, kept, kept.slots[kept.active], armature.data)
    _draw_wanting(context, layout, missing, [name for name in doubtful if name not in missing])
    for bone, slots in shared_bones((line.name, line.bone) for line in kept.slots):
        wrapped(
            context, layout, f"the bone {bone} plays {' and '.join(map(spoken, slots))}: choose one", "ERROR"
        )


def _draw_line(
    layout: bpy.types.UILayout,
    kept: bpy.types.PropertyGroup,
    line: bpy.types.PropertyGroup,
    armature: bpy.types.Armature,
) -> None:
    """The selected part of the body, to be changed."""
    column = layout.column(align=True)
    row = column.row(align=True)
    row.alert = _is_missing(line, armature)
    row.prop_search(line, "bone", armature, "bones", text="")
    if line.bone and line.certainty < KEYED:
        row.prop(line, "by_user", text="", icon="CHECKMARK")
    column.prop(kept, "both_sides")


def _draw_wanting(
    context: bpy.types.Context, layout: bpy.types.UILayout, missing: list[str], doubtful: list[str]
) -> None:
    if missing:
        column = layout.column()
        column.alert = True
        wrapped(context, column, f"Needed to animate: {', '.join(missing)}", "ERROR")
    if doubtful:
        text = f"In doubt, and not keyed until you confirm it: {', '.join(doubtful)}"
        wrapped(context, layout, text, "QUESTION")


def _is_doubtful(line: bpy.types.PropertyGroup) -> bool:
    return bool(line.bone) and line.certainty < KEYED and not line.by_user


def _is_missing(line: bpy.types.PropertyGroup, armature: bpy.types.Armature) -> bool:
    """Whether a line lacks the bone that it names or needs."""
    if line.bone:
        return line.bone not in armature.bones or (line.name in REQUIRED and _is_doubtful(line))
    return line.name in REQUIRED


def _state_icon(line: bpy.types.PropertyGroup, armature: bpy.types.Armature) -> str:
    if _is_missing(line, armature):
        return "ERROR"
    if not line.bone:
        return "BLANK1"
    return "QUESTION" if _is_doubtful(line) else "CHECKMARK"


def _short(slot: str) -> str:
    """The same for a narrow list: "L Upper Arm"."""
    return re.sub(r"^(L|R)(eft|ight) ", r"\1 ", spoken(slot))


def spoken(slot: str) -> str:
    """A slot as people say it: `leftUpperArm` is "Left Upper Arm"."""
    return re.sub(r"(?=[A-Z])", " ", slot).title()


def _suggestion(armature: bpy.types.Object) -> Match:
    """What the armature is taken for; found out once for its bones and the presets that there are."""
    global _suggested
    key = (armature.name, str(preset_folder()), *preset_names(), *armature.data.bones.keys())
    if _suggested[0] != key or _suggested[1] is None:
        _suggested = key, suggest(armature)
    return _suggested[1]


CLASSES = (BoneList, PresetMenu, CharacterPanel)
