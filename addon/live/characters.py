"""Who follows the performer, and how each is driven."""

from __future__ import annotations

import time

import bpy

from ...errors import BlazeRigError
from ...solver.face.face_motion import FaceMotion
from ...solver.pose import Pose
from ...solver.retarget import Options
from .drive import Drive, give_back, prepare, put, shapes_before, stamp, take_over
from .face_drive import Kept, Shapes, shapes_of

OFTEN = 0.5
"""Seconds between two looks for meshes: a scene may have thousands of objects."""


def options_of(scene: bpy.types.Scene, character: bpy.types.PropertyGroup) -> Options:
    """How the performer's motion is carried over to a character."""
    live = scene.blazerig.live
    return Options(
        travel=character.travel,
        size=character.size.lower(),
        mirror=live.mirror != character.flip,
        hands=live.hands,
        controls=character.controls.lower(),
    )


def shows_face(scene: bpy.types.Scene, character: bpy.types.PropertyGroup) -> bool:
    """Whether a character's face is to follow, too."""
    return scene.blazerig.live.face and character.face


def character_of(scene: bpy.types.Scene, armature: bpy.types.Object) -> bpy.types.PropertyGroup | None:
    """The character of an armature; None where it does not follow."""
    characters = scene.blazerig.live.characters
    return next((character for character in characters if character.armature == armature), None)


def add_character(scene: bpy.types.Scene, armature: bpy.types.Object) -> bpy.types.PropertyGroup:
    """Have an armature follow the performer; it is the active character then.

    Raises:
        BlazeRigError: The object is no armature.
    """
    if armature.type != "ARMATURE":
        raise BlazeRigError(f"'{armature.name}' is no armature; choose the character's armature")
    live = scene.blazerig.live
    character = character_of(scene, armature)
    if character is None:
        character = live.characters.add()
        character.armature = armature
    character.enabled = True
    live.active = list(live.characters).index(character)
    return character


def remove_character(scene: bpy.types.Scene, index: int) -> None:
    """Have a character follow no longer; it is posed as it was.

    Raises:
        BlazeRigError: There is none of that number.
    """
    live = scene.blazerig.live
    if not 0 <= index < len(live.characters):
        raise BlazeRigError(f"there is no character {index}; the list has {len(live.characters)}")
    let_go(live.characters[index])
    live.characters.remove(index)
    live.active = min(live.active, max(0, len(live.characters) - 1))


def let_go(character: bpy.types.PropertyGroup) -> None:
    """Pose a character as it was before it followed; nothing where it does not."""
    if not character.kept:
        return
    if character.armature is not None:
        give_back(character.armature, character.kept)
    character.kept = ""


class Drives:
    """The characters of a scene, each prepared once; anew where it or its settings have changed."""

    def __init__(self) -> None:
        self._drives: dict[int, Drive] = {}
        self._failures: dict[int, tuple[object, str]] = {}
        self._meshes: dict[int, tuple[float, tuple[Shapes, ...]]] = {}

    def check(self, scene: bpy.types.Scene) -> None:
        """Prepare all of them; nothing of them is changed.

        Raises:
            BlazeRigError: None of them can follow.
        """
        followers = [character for character in scene.blazerig.live.characters if _follows(character)]
        if followers and not [character for character in followers if self._drive(scene, character)]:
            raise BlazeRigError(self.failure(followers[0]))

    def put(self, scene: bpy.types.Scene, pose: Pose, face: FaceMotion | None = None) -> None:
        """Put pose and face of one frame on those that follow; those that do not get theirs back."""
        for character in scene.blazerig.live.characters:
            drive = self._drive(scene, character) if _follows(character) else None
            if drive is None:
                let_go(character)
                continue
            if not character.kept:
                character.kept = take_over(character.armature, drive, _before(scene))
            put(character.armature, drive, pose, face)

    def failure(self, character: bpy.types.PropertyGroup) -> str:
        """Why a character cannot follow; empty where it can."""
        armature = character.armature
        return self._failures.get(armature.session_uid, (None, ""))[1] if armature else ""

    def hint(self, character: bpy.types.PropertyGroup) -> str:
        """Why a character that follows shows no face; empty where it does or shall not."""
        drive = self._drives.get(character.armature.session_uid) if character.armature else None
        return drive.hint if drive else ""

    def _drive(self, scene: bpy.types.Scene, character: bpy.types.PropertyGroup) -> Drive | None:
        armature = character.armature
        options = options_of(scene, character)
        meshes = self._meshes_of(armature) if shows_face(scene, character) else None
        key, now = armature.session_uid, stamp(armature, scene, options, meshes)
        drive = self._drives.get(key)
        if drive is not None and drive.stamp == now:
            return drive
        if self._failures.get(key, (None, ""))[0] == now:
            return None
        let_go(character)
        self._drives.pop(key, None)
        self._failures.pop(key, None)
        try:
            self._drives[key] = prepare(armature, scene, options, meshes)
        except BlazeRigError as error:
            self._failures[key] = now, str(error)
        return self._drives.get(key)

    def _meshes_of(self, armature: bpy.types.Object) -> tuple[Shapes, ...]:
        """Those with shape keys, as of a moment ago at most."""
        now, key = time.perf_counter(), armature.session_uid
        if key not in self._meshes or now - self._meshes[key][0] > OFTEN:
            self._meshes[key] = now, shapes_of(armature)
        return self._meshes[key][1]


def _before(scene: bpy.types.Scene) -> Kept:
    """Values of shape keys from before anybody followed."""
    kept: Kept = {}
    for character in scene.blazerig.live.characters:
        kept |= shapes_before(character.kept)
    return kept


def _follows(character: bpy.types.PropertyGroup) -> bool:
    return character.enabled and character.armature is not None
