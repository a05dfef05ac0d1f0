"""What was recorded becomes a take of the scene and an Action on each character, in one undo step."""

from __future__ import annotations

import dataclasses
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import bpy
import numpy as np

from ...errors import BlazeRigError
from ...solver.face.face_motion import FaceMotion
from ...solver.motion import load_motion, motion_beside
from ...solver.pose import Pose
from ...take import Floats
from ..animate.animate import animate
from ..animate.placement import NEW_ACTION, Placement
from ..face.follow import followers
from ..frame_rate import rate_of
from ..takes.files import written
from ..takes.takes import add_take
from .characters import let_go, options_of, shows_face
from .record_sound import add_sound
from .record_timing import Timing, posed_at, whole_frames


@dataclass(frozen=True)
class Recording:
    """A pass that was recorded.

    Attributes:
        take: Its file; the motion lies beside it.
        timing: Which frame of the scene showed at which second of the take.
        first: Frame of the scene from which it is keyed,
        last: and up to which.
        ended: Second of the take at which it was stopped.
        replace: Keys of the present Action are replaced, where there is one.
        blend: Frames at either end over which old and new are mixed then.
        sound: The WAV that belongs to it; None where there is none.
    """

    take: Path
    timing: Timing
    first: float
    last: float
    ended: float
    replace: bool
    blend: int
    sound: Path | None = None


@dataclass(frozen=True)
class Shown:
    """What is keyed, in seconds of the scene since the first frame that is.

    Attributes:
        pose: At every frame.
        face: At times of its own; None where there is none.
    """

    pose: Pose
    face: FaceMotion | None


def keep(scene: bpy.types.Scene, recording: Recording) -> str:
    """Put it on the scene's list of takes, and key the characters that follow; what was done, in words.

    Raises:
        BlazeRigError: Take or motion cannot be read.
    """
    began = time.perf_counter()
    motion = motion_beside(recording.take)
    live = load_motion(motion)
    pose = live.pose
    timing, item = recording.timing, add_take(scene, recording.take)
    frames = whole_frames(timing, recording.first, recording.last, min(recording.ended, pose.times[-1]))
    name, item.footage = item.name, ""
    about = item.recorded
    about.timing, about.motion = timing.text(), written(motion)
    about.first, about.last = int(frames[0]), int(frames[-1])
    scene.blazerig.animate.start_frame = round(float(timing.frames_at(np.zeros(()))))
    shown = on_frames(pose, live.face, timing, frames, scene)
    said = list(_key_all(scene, item, shown, recording))
    if recording.sound is not None:
        add_sound(scene, recording.sound, name, float(timing.frames_at(np.zeros(()))))
        said.append(f"sound in {recording.sound.name}")
    bpy.ops.ed.undo_push(message=f"Record {name}")
    seconds = time.perf_counter() - began
    parts = [f"take '{name}', frames {frames[0]:g} to {frames[-1]:g}", *said, f"keyed in {seconds:.1f} s"]
    return "; ".join(parts if said else parts[:1])


def on_frames(
    pose: Pose, face: FaceMotion | None, timing: Timing, frames: Floats, scene: bpy.types.Scene
) -> Shown:
    """A take's motion and face on whole frames of the scene."""
    rate = rate_of(scene)
    shown = dataclasses.replace(posed_at(pose, timing.seconds_at(frames)), times=(frames - frames[0]) / rate)
    if face is None:
        return Shown(shown, None)
    return Shown(shown, dataclasses.replace(face, times=(timing.frames_at(face.times) - frames[0]) / rate))


def _key_all(
    scene: bpy.types.Scene, item: bpy.types.PropertyGroup, shown: Shown, recording: Recording
) -> Iterator[str]:
    for character in scene.blazerig.live.characters:
        armature = character.armature
        if not character.enabled or armature is None:
            continue
        if scene.objects.get(armature.name) != armature:
            yield f"'{armature.name}' is gone and was not keyed"
            continue
        let_go(character)
        try:
            yield _key(scene, item, character, shown, recording)
        except BlazeRigError as error:
            yield str(error)


def _key(
    scene: bpy.types.Scene,
    item: bpy.types.PropertyGroup,
    character: bpy.types.PropertyGroup,
    shown: Shown,
    recording: Recording,
) -> str:
    about, armature, options = item.recorded, character.armature, options_of(scene, character)
    data, face = armature.animation_data, shows_face(scene, character)
    replaced = recording.replace and data is not None and data.action is not None
    placement = Placement("range", about.first, about.last, recording.blend) if replaced else NEW_ACTION
    result = animate(
        armature,
        shown.pose,
        scene=scene,
        start=about.first,
        name=item.name,
        options=options,
        placement=placement,
        face=shown.face if face else None,
    )
    keyed = about.keyed.add()
    keyed.armature, keyed.action = armature, result.action
    keyed.options = json.dumps(dataclasses.asdict(options))
    keyed.replaced, keyed.blend, keyed.face = replaced, recording.blend, face
    for keys in followers(armature) if face and shown.face is not None else ():
        line = keyed.shapes.add()
        line.keys, line.action = keys, keys.animation_data.action
    return f"'{armature.name}': {result.keys:,} keys in '{result.action.name}'"
