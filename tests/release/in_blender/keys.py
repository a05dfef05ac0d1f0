"""Keys and exports in a bare Blender: a motion put on an armature in every way, and what came of it.

keys.py FOLDER FACTS.json, with the package on PYTHONPATH
"""

import json
import os
import sys
import time
import traceback
from pathlib import Path

import bpy
import numpy as np
from blazerig.addon.animate import points
from blazerig.addon.animate.actions import curves, new_animation
from blazerig.addon.animate.drawing import Tolerance
from blazerig.addon.animate.keys import write_keys
from blazerig.addon.animate.placement import Placement
from blazerig.addon.export import KINDS, export
from blazerig.solver import rotations
from blazerig.solver.retarget import Keys

FOLDER, FACTS = Path(sys.argv[1]), Path(sys.argv[2])
FRAMES = 60


def armature(names: list[str]) -> bpy.types.Object:
    """A chain of bones."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    bpy.context.scene.render.fps = 30
    made = bpy.data.objects.new("Armature", bpy.data.armatures.new("Armature"))
    bpy.context.scene.collection.objects.link(made)
    bpy.context.view_layer.objects.active = made
    bpy.ops.object.mode_set(mode="EDIT")
    above = None
    for i, name in enumerate(names):
        bone = made.data.edit_bones.new(name)
        bone.head, bone.tail, bone.parent = (0, 0, 0.3 * i), (0, 0, 0.3 * (i + 1)), above
        above = bone
    bpy.ops.object.mode_set(mode="OBJECT")
    return made


def motion(names: list[str], frames: int = FRAMES) -> Keys:
    """Bones that swing, the first also moves."""
    clock = np.arange(frames)[:, None]
    turned = {
        name: rotations.continuous(rotations.from_vector(0.7 * np.sin(clock / [9, 13, 17] + i)))
        for i, name in enumerate(names)
    }
    return Keys(np.arange(frames) / 30, turned, {names[0]: 0.2 * np.sin(clock / [11, 15, 19])})


def shown(made: bpy.types.Object, names: list[str]) -> np.ndarray:
    """Matrices of the bones on every frame."""
    found = []
    for frame in range(1, FRAMES + 1):
        bpy.context.scene.frame_set(frame)
        found.append([np.array(made.pose.bones[name].matrix) for name in names])
    return np.array(found)


def apart(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.abs(a - b).max())


def placements() -> dict[str, object]:
    """What each way of placing keys shows, against quaternions in a new Action."""
    names = ["a", "b", "c"]
    keys = motion(names)
    made = armature(names)
    scene = bpy.context.scene
    write_keys(made, keys, scene=scene, name="clip")
    expected = shown(made, names)
    facts: dict[str, object] = {}
    made = armature(names)
    for name, mode in zip(names, ("XYZ", "ZXY", "AXIS_ANGLE"), strict=True):
        made.pose.bones[name].rotation_mode = mode
    write_keys(made, keys, scene=bpy.context.scene, name="clip")
    facts["modes"] = apart(shown(made, names), expected)
    made = armature(names)
    write_keys(made, keys, scene=bpy.context.scene, name="walk", placement=Placement("strip"))
    facts["strip"] = apart(shown(made, names), expected)
    facts["track"] = [track.name for track in made.animation_data.nla_tracks]
    made = armature(names)
    result = write_keys(made, keys, scene=bpy.context.scene, name="clip", tolerance=Tolerance(0.5, 1.0))
    facts["fewer"] = [result.keys, result.dense, result.degrees, result.millimetres]
    turned = shown(made, names)[:, 0, :3, :3]
    facts["fewer_shown"] = float(
        np.degrees(
            rotations.angle_between(
                rotations.from_matrix(turned), rotations.from_matrix(expected[:, 0, :3, :3])
            )
        ).max()
    )
    return facts | replaced(names, keys, expected)


def replaced(names: list[str], keys: Keys, expected: np.ndarray) -> dict[str, object]:
    """A range in an animator's own Action."""
    made = armature(names)
    for frame, angle in ((1, 0.0), (17, 0.4), (33, 0.1), (60, 0.9)):
        bone = made.pose.bones["b"]
        bone.rotation_quaternion = rotations.from_axis_angle([1.0, 0, 0], angle)
        bone.keyframe_insert("rotation_quaternion", frame=frame)
    before = [points.read(curve) for curve in curves(made)]
    was = shown(made, names)
    placement = Placement("range", 20, 40, 4)
    write_keys(made, keys, scene=bpy.context.scene, name="clip", placement=placement)
    found = {(c.data_path, c.array_index): points.read(c) for c in curves(made)}
    after = [found[made.pose.bones["b"].path_from_id("rotation_quaternion"), i] for i in range(4)]
    same = True
    for old, new in zip(before, after, strict=True):
        kept = (old["co"][:, 0] < 20) | (old["co"][:, 0] > 40)
        outside = (new["co"][:, 0] < 20) | (new["co"][:, 0] > 40)
        same &= all(old[name][kept].tobytes() == new[name][outside].tobytes() for name in old)
    now = shown(made, names)
    return {
        "range_outside_same": bool(same),
        "range_inside": apart(now[24:35], expected[24:35]),
        "range_far_outside": apart(now[[0, 9, 16, 59]], was[[0, 9, 16, 59]]),
    }


def exports() -> dict[str, int]:
    """The size of a file of each kind."""
    names = ["a", "b", "c"]
    made = armature(names)
    write_keys(made, motion(names), scene=bpy.context.scene, name="clip")
    for kind in KINDS:
        export(made, FOLDER / f"clip{kind}")
    return {kind: (FOLDER / f"clip{kind}").stat().st_size for kind in KINDS}


def seconds() -> dict[str, float]:
    """Processor time for 10,000 frames of 60 bones, and for Blender to insert as many keys one by one."""
    names, frames = [f"bone {i}" for i in range(60)], 10_000
    made, keys = armature(names), motion(names, frames)
    began = time.process_time()
    result = write_keys(made, keys, scene=bpy.context.scene, name="long")
    ours = time.process_time() - began
    return {"seconds": ours, "one_by_one": result.keys / frames * timed_curve(frames)}


def timed_curve(frames: int) -> float:
    """Seconds that Blender takes for one curve whose keys are inserted one by one, as fast as it can."""
    curve = new_animation(armature(["a"]), "own").new('["a"]', 0, "own")
    began = time.process_time()
    for frame in range(frames):
        curve.keyframe_points.insert(frame, 0.0, options={"FAST"})
    curve.update()
    return time.process_time() - began


code = 1
try:
    FACTS.write_text(json.dumps(placements() | {"exports": exports()} | seconds()), "utf-8")
    code = 0
except Exception:  # (whatever it is, it is to be seen, and Blender may hang when it exits)
    traceback.print_exc()
sys.stdout.flush()
os._exit(code)
