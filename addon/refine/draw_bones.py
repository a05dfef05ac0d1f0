"""The character's bones coloured by how sure their motion is, over the 3D view: the rig is not touched."""

from __future__ import annotations

import bpy
import numpy as np

from ...errors import BlazeRigError
from ..character.active import active_armature
from ..character.armature import mapped, suggest
from ..job import redraw
from ..takes import canvas
from ..takes.colours import colours
from ..takes.shapes import repeated, ribbons
from ..takes.timing import nearest
from .confidence import MIRRORED, POINTS, part_of_slot
from .shown import shown

LINE = 5.0
"""Pixels of a bone's line, at scale 1."""

_shown = False
_known: tuple[tuple[object, ...], dict[str, int]] = ((), {})
"""What an armature's limbs were found out from, and the limbs of the bones that play slots."""


def confidence_shown() -> bool:
    """Whether the bones are drawn."""
    return _shown


def _draw() -> None:
    """What a 3D view calls."""
    if not _shown or (armature := active_armature(bpy.context)) is None:
        return
    scene, view = bpy.context.scene, bpy.context.region_data
    now = shown(scene)
    if now is None or now.solved is None or view is None or not len(now.solved.times):
        return
    limbs = _limbs(armature)
    bones = [bone for bone in armature.pose.bones if bone.name in limbs]
    if not bones:
        return
    solved = now.solved
    sure = solved.confidence[nearest(solved.times, now.clock.seconds(scene.frame_current_final))]
    if scene.blazerig.animate.mirror:
        sure = sure[MIRRORED]
    ends = np.array([(*bone.head, 1.0, *bone.tail, 1.0) for bone in bones]).reshape(-1, 4)
    seen = ends @ np.array(view.perspective_matrix @ armature.matrix_world).T
    region = bpy.context.region
    flat = (seen[:, :2] / np.maximum(seen[:, 3:], 1e-6) * 0.5 + 0.5) * (region.width, region.height)
    before = (seen[:, 3] > 1e-3).reshape(-1, 2).all(1)
    lines = flat.reshape(-1, 2, 2)[before]
    shades = colours(sure[[limbs[bone.name] for bone in bones]])[before]
    scale = bpy.context.preferences.system.ui_scale
    dark = np.tile([0.0, 0.0, 0.0, 0.6], (len(lines), 1))
    canvas.fill(
        np.concatenate([ribbons(lines, (LINE + 2.0) * scale), ribbons(lines, LINE * scale)]),
        np.concatenate([repeated(dark), repeated(shades)]),
    )


def _limbs(armature: bpy.types.Object) -> dict[str, int]:
    """Which limb of `POINTS` a bone belongs to, of bones that play slots; found out once for a map."""
    global _known
    said = [(line.name, line.bone) for line in armature.blazerig.slots]
    source = (armature.name, *armature.data.bones.keys(), *said)
    if _known[0] != source:
        try:
            played = (mapped(armature) or suggest(armature)).played
        except BlazeRigError:
            played = {}
        order = list(POINTS)
        _known = source, {play.bone: order.index(part_of_slot(slot)) for slot, play in played.items()}
    return _known[1]


class ShowConfidence(bpy.types.Operator):
    """The button."""

    bl_idname = "blazerig.show_confidence"
    bl_label = "Show Confidence"
    bl_description = (
        "Draw the character's bones in colours that say how sure the motion of each limb is on this frame: "
        "blue is sure, orange is not. Nothing of the character is changed"
    )

    def execute(self, _context: bpy.types.Context) -> set[str]:
        """Show it, or hide it where it is shown."""
        global _shown
        _shown = not _shown
        redraw()
        return {"FINISHED"}


CLASSES = (ShowConfidence,)
_handles: list[object] = []


def register() -> None:
    """Draw over 3D views."""
    _handles.append(bpy.types.SpaceView3D.draw_handler_add(_draw, (), "WINDOW", "POST_PIXEL"))


def unregister() -> None:
    """Draw no more."""
    global _shown, _known
    _shown, _known = False, ((), {})
    while _handles:
        bpy.types.SpaceView3D.draw_handler_remove(_handles.pop(), "WINDOW")
