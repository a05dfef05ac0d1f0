"""One face onto shape keys and bones of a character, as often as one comes: no keys, no undo step."""

from __future__ import annotations

from dataclasses import dataclass

import bpy
import numpy as np

from ...solver.causal.one_euro import low_pass
from ...solver.face.face_motion import FaceMotion
from ...solver.face.mirror import mirrored
from ...solver.retarget import Keys
from ...solver.rig import Rig
from ...take import Floats
from ..face.bones import beside, fit_bones
from ..face.character import face_of
from ..face.meshes import free_shapes, shape_keys
from ..face.properties import cutoffs, gains, wanted
from ..face.targets import ShapeFit

Kept = dict[str, dict[str, float]]
"""Values by shape key, by the name of the mesh's `Key`."""
STILL = 1e-4
"""A change of value up to which nobody sees one: the mesh need not be worked out anew."""


@dataclass(frozen=True)
class Shapes:
    """Shape keys of one mesh; nothing of Blender's, which an undo would take away.

    Attributes:
        key: Name of their `Key`.
        blocks: All of them, in their order.
        free: Those that may follow a face.
    """

    key: str
    blocks: tuple[str, ...]
    free: tuple[str, ...]

    def found(self) -> bpy.types.Key | None:
        """The `Key`; None where it is gone or has other shape keys by now."""
        key = bpy.data.shape_keys.get((self.key, None))
        return key if key is not None and tuple(key.key_blocks.keys()) == self.blocks else None


def shapes_of(armature: bpy.types.Object) -> tuple[Shapes, ...]:
    """Shape keys of all meshes of a character, by looking at all objects: not for every frame."""
    found = shape_keys(armature) if bpy.data.shape_keys else ()
    return tuple(Shapes(key.name, tuple(key.key_blocks.keys()), free_shapes(key)) for key in found)


class FaceDrive:
    """A character's face, ready to follow."""

    def __init__(
        self, armature: bpy.types.Object, rig: Rig, meshes: tuple[Shapes, ...], *, mirror: bool
    ) -> None:
        """Find out how; nothing is changed.

        Args:
            armature: The character's.
            rig: The same as a rig.
            meshes: Its shape keys, from `shapes_of`.
            mirror: Left and right exchanged.

        Raises:
            BlazeRigError: Bones are to move by the distance between the eyes, and there are no two of those.
        """
        match = wanted(armature, face_of(armature))
        self._mirror = mirror
        self._bones = fit_bones(armature, rig, match)
        self._fit = ShapeFit(match)
        self._names = tuple(target.name for target in match.shapes)
        self._parts = tuple(dict.fromkeys(part for target in match.shapes for part in target.parts))
        self._shares = np.array(
            [[target.parts.get(part, 0.0) for part in self._parts] for target in match.shapes]
        ).reshape(len(self._names), len(self._parts))
        self._meshes = [(mesh, *self._places(mesh)) for mesh in meshes]
        self._shown: Floats | None = None
        self._calm: Floats | None = None
        self._at = -np.inf

    @property
    def bones(self) -> tuple[str, ...]:
        """Names of those that follow."""
        return self._bones.names

    @property
    def shows(self) -> bool:
        """Whether anything shows a face."""
        return bool(self._names or self.bones)

    def beside(self, keys: Keys, face: FaceMotion) -> Keys:
        """The body's keys of one frame with those of the bones that show the face."""
        return beside(keys, self._bones(self._weights(face), keys.times)) if self.bones else keys

    def keep(self) -> Kept:
        """What the shape keys are now that will follow."""
        return {
            mesh.key: {mesh.blocks[place]: key.key_blocks[place].value for place in places.tolist()}
            for mesh, places, _ in self._meshes
            if (key := mesh.found()) is not None
        }

    def put(self, armature: bpy.types.Object, face: FaceMotion) -> None:
        """Put the face of one frame on the shape keys."""
        if not self._names:
            return
        gain = gains(armature)
        self._shown = self._fit.shares(self._weights(face), self._shown)
        values = self._fit.values(self._shown)[0] * [gain.get(name, 1.0) for name in self._names]
        values = self._calmed(np.clip(values, 0.0, 1.0), cutoffs(armature), float(face.times[0]))
        shown = np.clip(values @ self._shares, 0.0, 1.0)
        for mesh, places, columns in self._meshes:
            key = mesh.found()
            if key is not None and len(places):
                _set(key, places, shown[columns])

    def _weights(self, face: FaceMotion) -> Floats:
        return mirrored(face.weights) if self._mirror else face.weights

    def _places(self, mesh: Shapes) -> tuple[np.ndarray, np.ndarray]:
        """Which of a mesh's shape keys follow, and which of `_parts` each of them is."""
        follow = [name for name in mesh.free if name in self._parts]
        places = [mesh.blocks.index(name) for name in follow]
        return np.array(places, int), np.array([self._parts.index(name) for name in follow], int)

    def _calmed(self, values: Floats, cutoff: dict[str, float], at: float) -> Floats:
        """Without what is faster than each expression's cut-off in hertz; 0 is none. Shape (N,)."""
        hertz = np.array([cutoff.get(name, 0.0) for name in self._names])
        before = values if self._calm is None else self._calm
        seconds = max(at - self._at, 0.0) if np.isfinite(self._at) else 0.0
        share = np.where(hertz > 0.0, low_pass(hertz, seconds), 1.0)
        self._calm, self._at = before + share * (values - before), at
        return self._calm


def give_back(kept: Kept) -> None:
    """Set shape keys to what they were; what animates them says the rest."""
    for name, values in kept.items():
        key = bpy.data.shape_keys.get((name, None))
        if key is None:
            continue
        for shape, value in values.items():
            if block := key.key_blocks.get(shape):
                block.value = value
        if data := key.animation_data:
            data.action_influence = data.action_influence  # has Blender work out the animation


def _set(key: bpy.types.Key, places: np.ndarray, values: Floats) -> None:
    """In one go; setting the first once more is what tells Blender."""
    blocks = key.key_blocks
    now = np.empty(len(blocks), np.float32)
    blocks.foreach_get("value", now)
    if np.abs(now[places] - values).max() <= STILL:
        return
    now[places] = values
    blocks.foreach_set("value", now)
    blocks[int(places[0])].value = float(values[0])
