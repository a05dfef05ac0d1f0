"""The rig that is to be keyed: an armature's bones with what the animator's choice of controls adds."""

from __future__ import annotations

from dataclasses import replace

import bpy
import numpy as np

from ...errors import BlazeRigError
from ...solver.rig import Rig
from ..character.armature import rig_of, skeleton_of
from ..character.deform import check_deform
from ..character.ik import ik_constraints, ik_of
from ..character.match import Match, deform_match
from ..character.rig_file import families
from ..character.twist import twists_of


def keyed_rig(
    armature_object: bpy.types.Object, match: Match, *, scene: bpy.types.Scene, controls: str
) -> Rig:
    """An armature as the rig that `controls` ("fk", "ik", "deform") are keyed of.

    Raises:
        BlazeRigError: It has no such controls, or their keys would not show.
    """
    if controls == "deform":
        match = deform_match(skeleton_of(armature_object), match, families()) or match
    rig = rig_of(armature_object, match)
    bpy.context.view_layer.update()
    scale = float(np.mean(armature_object.matrix_world.to_scale()))
    rig = replace(
        rig,
        twists=tuple(twists_of(armature_object, match, rig)),
        switches=dict(match.file.properties),
        metre=1.0 / (scale * scene.unit_settings.scale_length),
    )
    if controls == "ik":
        return _with_ik(armature_object, rig, match)
    if controls == "deform":
        check_deform(armature_object, rig)
    _check_no_ik(armature_object, rig)
    return rig


def _with_ik(armature_object: bpy.types.Object, rig: Rig, match: Match) -> Rig:
    ik = ik_of(armature_object, rig, match.file.ik)
    if ik is None:
        raise BlazeRigError(
            f"armature '{armature_object.name}' ({rig.family}) has no IK controls that BlazeRig knows: no IK "
            "constraint on its forearms or shins aims at one of its bones; choose FK controls"
        )
    return replace(rig, ik=replace(ik, switches=rig.switches | ik.switches))


def _check_no_ik(armature_object: bpy.types.Object, rig: Rig) -> None:
    """Refuse limbs that an IK constraint holds, where the keys of their bones would not show."""
    bones = {bone.slot: bone.name for bone in rig.bones}
    for slot, constraint in ik_constraints(armature_object, rig).items():
        if not constraint.mute and constraint.influence > 0:
            raise BlazeRigError(
                f"bone '{bones[slot]}' of '{armature_object.name}' follows its constraint "
                f"'{constraint.name}', not its keys; choose IK controls, or set its influence to 0"
            )
