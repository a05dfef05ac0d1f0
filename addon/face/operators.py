"""The expressions of a character that follow a face: looked for, and set back to what was found.

No `from __future__ import annotations` here, as in all modules of operators.
"""

import bpy

from ...errors import BlazeRigError
from ..character.operators import OnArmature
from .character import face_of
from .match import FaceMatch
from .properties import fill


class RecogniseFace(OnArmature, bpy.types.Operator):
    """The list is filled."""

    bl_idname = "blazerig.recognise_face"
    bl_label = "Recognise Face"
    bl_description = "List the expressions that follow the performer's face; what you have set of them stays"

    def work(self, armature: bpy.types.Object) -> str:
        """Fill the list."""
        return _filled(armature)


class RestoreFace(OnArmature, bpy.types.Operator):
    """The list as it was before the user."""

    bl_idname = "blazerig.restore_face"
    bl_label = "Restore Face"
    bl_description = "Forget what you have set of the expressions: all that were found follow, as they are"

    def work(self, armature: bpy.types.Object) -> str:
        """Empty the list and fill it."""
        armature.blazerig_face.shapes.clear()
        return _filled(armature)


def _filled(armature: bpy.types.Object) -> str:
    match: FaceMatch = face_of(armature)
    if not match.shapes and not match.bones:
        raise BlazeRigError(
            f"'{armature.name}' has no shape keys or bones for a face, by no name of docs/face-format.md"
        )
    fill(armature, match)
    return match.why


CLASSES = (RecogniseFace, RestoreFace)
