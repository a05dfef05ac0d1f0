"""A performer's face on a character: on bones beside those of the body, on shape keys beside its Action."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import bpy
import numpy as np
from numpy.typing import NDArray

from ...solver.face.face_motion import FaceMotion
from ...solver.face.mirror import mirrored
from ...solver.face.shapes import INDEX
from ...solver.retarget import Keys
from ...solver.rig import Rig
from ...solver.smooth import smooth
from ..animate.placement import Placement
from ..animate.result import named
from .bones import with_face
from .character import face_of, shape_values
from .match import FaceMatch
from .meshes import free_shapes, shape_keys
from .properties import wanted
from .shape_keys import write_shapes

Floats = NDArray[np.floating]

_BLINKS = [INDEX["eyeBlinkLeft"], INDEX["eyeBlinkRight"]]


@dataclass(frozen=True)
class Following:
    """A character and the face that it follows.

    Attributes:
        armature_object: The character's.
        match: What of it shows a face, as the animator wants it.
        times: Of the body's motion, seconds. Shape (F,).
        weights: Of ARKit's shapes at these times. Shape (F, 52).
    """

    armature_object: bpy.types.Object
    match: FaceMatch
    times: Floats
    weights: Floats

    def beside(self, keys: Keys, rig: Rig) -> Keys:
        """The body's keys with those of the bones that show the face.

        Raises:
            BlazeRigError: Bones are to move by the distance between the eyes, and there are no two of those.
        """
        return with_face(keys, self.armature_object, rig, self.match, self.weights)

    def key_shapes(
        self,
        *,
        scene: bpy.types.Scene,
        start: float,
        name: str,
        placement: Placement,
        on_frames: bool,
        reduced: bool,
        beside: bpy.types.Action,
    ) -> str:
        """Key the shape keys (see `write_shapes`) once the body is; what the face got, in words."""
        values = shape_values(self.armature_object, self.match, self.weights, self.times)
        write_shapes(
            self.armature_object,
            values,
            self.times,
            scene=scene,
            start=start,
            name=name,
            placement=placement,
            on_frames=on_frames,
            reduced=reduced,
            beside=beside,
        )
        return "; ".join(self._said())

    def _said(self) -> Iterator[str]:
        shapes = [target.name for target in self.match.shapes]
        bones = [target.name for target in self.match.bones]
        if not shapes and not bones:
            yield f"the face is not shown: '{self.armature_object.name}' has no shape keys or bones for it"
            return
        kinds = (("shape key", shapes), ("bone", bones))
        parts = [
            f"{len(names)} {kind}{'s' * (len(names) > 1)} ({named(names)})" for kind, names in kinds if names
        ]
        yield f"the face moves {' and '.join(parts)}"
        if self.match.unshown:
            yield f"the character cannot show {named(self.match.unshown)}"


def followers(armature_object: bpy.types.Object) -> tuple[bpy.types.Key, ...]:
    """Those shape keys of a character's meshes of which some follow a face."""
    match = wanted(armature_object, face_of(armature_object))
    names = {name for target in match.shapes for name in target.parts}
    return tuple(keys for keys in shape_keys(armature_object) if names & set(free_shapes(keys)))


def following(
    armature_object: bpy.types.Object,
    face: FaceMotion,
    times: Floats,
    *,
    mirror: bool,
    smoothing: float = 0.0,
) -> Following:
    """How a character follows a face.

    Args:
        armature_object: The character's.
        face: As solved.
        times: Of the body's motion, seconds. Shape (F,).
        mirror: Left and right exchanged.
        smoothing: Hertz; what is faster is smoothed away but for blinks, which would not close the eyes
            then. 0 for none.
    """
    weights = np.stack([np.interp(times, face.times, line) for line in face.weights.T], axis=-1)
    weights = mirrored(weights) if mirror else weights
    weights = _steadied(weights, times, smoothing) if smoothing > 0.0 else weights
    match = wanted(armature_object, face_of(armature_object))
    return Following(armature_object, match, times, weights)


def _steadied(weights: Floats, times: Floats, cutoff: float) -> Floats:
    """All but the blinks without what is faster than `cutoff` hertz. Shape (F, 52)."""
    calm = np.clip(smooth(weights, times, cutoff), 0.0, 1.0)
    calm[:, _BLINKS] = weights[:, _BLINKS]
    return calm
