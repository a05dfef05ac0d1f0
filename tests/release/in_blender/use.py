"""Run by a Blender in which the zip was installed before: use it in every way, and write down what happened.

use.py CLIP FACTS.json
"""

import contextlib
import importlib
import json
import os
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

import bpy
import numpy

CLIP, FACTS = Path(sys.argv[1]), Path(sys.argv[2])
addon_utils = importlib.import_module("addon_utils")  # there once bpy is
NAME = "bl_ext.user_default.blazerig"
facts: dict[str, object] = {}


def part(name: str):
    return importlib.import_module(f"{NAME}.{name}")


def mixamo(name: str, *, prefix: str = "mixamorig:") -> bpy.types.Object:
    """An armature with Mixamo's names in the humanoid's T-pose, made active."""
    humanoid, rig_file = part("solver.humanoid"), part("addon.character.rig_file")
    family = next(file for file in rig_file.families() if file.family == "Mixamo")
    armature = bpy.data.objects.new(name, bpy.data.armatures.new(name))
    bpy.context.scene.collection.objects.link(armature)
    bpy.context.view_layer.objects.active = armature
    bpy.ops.object.mode_set(mode="EDIT")
    bones = armature.data.edit_bones
    for slot, head in zip(humanoid.SLOTS, humanoid.rest_pose(), strict=True):
        bone = bones.new(prefix + family.slots[slot].bones[0])
        bone.head, bone.tail = head, head + numpy.array([0.0, 0.0, 0.05])
        above = humanoid.PARENT_OF[slot]
        if above:
            bone.parent = bones[prefix + family.slots[above].bones[0]]
    bpy.ops.object.mode_set(mode="OBJECT")
    return armature


def with_face(armature: bpy.types.Object) -> None:
    """A mesh on it with two expressions."""
    mesh = bpy.data.meshes.new("Face")
    mesh.from_pydata([(0, 0, 0), (1, 0, 0), (0, 1, 0)], [], [(0, 1, 2)])
    face = bpy.data.objects.new("Face", mesh)
    bpy.context.scene.collection.objects.link(face)
    for name in ("Basis", "jawOpen", "blink"):
        face.shape_key_add(name=name)
    face.parent = armature


def animate(**arguments: object) -> str:
    return run("animate", **arguments)


def keys(armature: bpy.types.Object) -> dict[str, list[list[float]]]:
    """Path and index of every F-curve of the armature's action to its keys."""
    action = armature.animation_data.action
    bag = action.layers[0].strips[0].channelbags[0] if hasattr(action, "layers") else action
    return {
        f"{curve.data_path}[{curve.array_index}]": [list(point.co) for point in curve.keyframe_points]
        for curve in bag.fcurves
    }


def scene_state() -> list[object]:
    """What an operator that failed must not have touched."""
    bones = [
        list(bone.rotation_quaternion)
        for thing in bpy.data.objects
        if thing.pose
        for bone in thing.pose.bones
    ]
    return [len(bpy.data.actions), len(bpy.data.objects), bpy.context.scene.frame_end, bones]


@contextlib.contextmanager
def doomed(act) -> Iterator[None]:
    """Within, `act` is done to a tracking process as soon as it has seen a frame."""
    worker = part("addon.worker")
    track = worker.track

    def start(*paths: Path):
        process = track(*paths)

        def wait() -> None:
            while process.progress is None or process.progress.stage != "tracking":
                time.sleep(0.01)
            act(process)

        threading.Thread(target=wait, daemon=True).start()
        return process

    worker.track = start
    try:
        yield
    finally:
        worker.track = track


def rope(name: str) -> None:
    """An armature that is nobody's body."""
    armature = bpy.data.objects.new(name, bpy.data.armatures.new(name))
    bpy.context.scene.collection.objects.link(armature)
    bpy.context.view_layer.objects.active = armature
    bpy.ops.object.mode_set(mode="EDIT")
    for link in range(4):
        bone = armature.data.edit_bones.new("Link")
        bone.head, bone.tail = (0.0, 0.0, 0.1 * link), (0.0, 0.0, 0.1 * link + 0.1)
    bpy.ops.object.mode_set(mode="OBJECT")


def run(name: str, /, **arguments: object) -> str:
    """What an operator returned, or the error it reported."""
    try:
        return "".join(getattr(bpy.ops.blazerig, name)(**arguments))
    except RuntimeError as error:
        return str(error).strip()


def takes() -> list[str]:
    return sorted(path.name for path in part("addon.takes.folder").takes_folder().iterdir())


def use() -> None:
    addon_utils.enable(NAME, default_set=True)
    folders = list(sys.path)
    facts["numpy"] = [numpy.__version__, numpy.__file__]
    facts["wheels"] = {
        name: importlib.util.find_spec(name).origin
        for name in ("av", "onnxruntime", "cv2", "pythonosc", "scipy")
    }
    functions = bpy.types.UILayout.bl_rna.functions
    facts["layout"] = {name: list(functions[name].parameters.keys()) for name in ("prop", "progress")}
    bad_input()
    good_input()
    interrupted()
    disk_full()
    every_operator()
    facts["loaded"] = sorted({"av", "onnxruntime", "cv2", "pythonosc", "scipy"} & set(sys.modules))
    facts["same_path"] = sys.path == folders
    facts["alive"] = []
    for _ in range(2):
        addon_utils.disable(NAME, default_set=True)
        gone = not hasattr(bpy.types.Scene, "blazerig") and "Animate" not in dir(bpy.types)
        addon_utils.enable(NAME, default_set=True)
        facts["alive"].append(gone and bpy.ops.blazerig.animate.poll())


def bad_input() -> None:
    text = CLIP.with_name("text.mp4")
    text.write_text("This is no video.\n" * 100)
    cut = CLIP.with_name("cut.mp4")
    cut.write_bytes(CLIP.read_bytes()[: CLIP.stat().st_size // 3])
    rope("Strange")
    mixamo("Known")
    before = scene_state()
    cases = {
        "no footage": {"armature": "Known"},
        "missing file": {"filepath": str(CLIP.with_name("nowhere.mp4")), "armature": "Known"},
        "text as video": {"filepath": str(text), "armature": "Known"},
        "cut short": {"filepath": str(cut), "armature": "Known"},
        "no such armature": {"filepath": str(CLIP), "armature": "Nobody"},
        "unknown bones": {"filepath": str(CLIP), "armature": "Strange"},
    }
    said = {case: animate(**arguments) for case, arguments in cases.items()}
    bpy.context.view_layer.objects.active = None
    said["nothing selected"] = animate(filepath=str(CLIP))
    facts["bad"], facts["bad_changed"] = said, scene_state() != before


def good_input() -> None:
    scene = bpy.context.scene
    scene.render.fps, scene.render.fps_base = 50, 1.0
    armature = mixamo("Performer")
    facts["good"] = animate(filepath=str(CLIP), start_frame=11)
    facts["keys"], facts["fps"] = keys(armature), scene.render.fps
    take = next(name for name in takes() if name.startswith(CLIP.stem) and name.endswith(".npz"))
    folder = part("addon.takes.folder").takes_folder()
    other = mixamo("Other", prefix="")
    facts["again"] = animate(filepath=str(folder / take), armature="Other", start_frame=11)
    mine = {path.replace("mixamorig:", ""): points for path, points in facts["keys"].items()}
    facts["again_same"] = mine == keys(other)
    facts["takes"] = takes()


def interrupted() -> None:
    job, takes_of = part("addon.job"), bpy.context.scene.blazerig.takes
    before, count = scene_state(), len(takes_of)
    with doomed(lambda process: process._process.kill()):
        facts["killed"] = animate(filepath=str(CLIP), armature="Performer")
    with doomed(lambda _process: job.stop.set()):
        facts["stopped"] = animate(filepath=str(CLIP), armature="Performer")
    facts["stopped_said"] = job.status().message
    facts["stopped_kept"] = [item.frames for item in takes_of][count:]
    facts["interrupted_changed"] = scene_state() != before
    facts["next"] = animate(filepath=str(CLIP), armature="Performer")


def disk_full() -> None:
    """As a disk that is full is told of, where the system has a limit on the size of files."""
    try:
        resource = importlib.import_module("resource")
    except ImportError:
        facts["full"] = None
        return
    before, there, limits = scene_state(), takes(), resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    facts["full"] = run("track", filepath=str(CLIP))
    resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    facts["full_changed"] = scene_state() != before or takes() != there


def every_operator() -> None:
    """Each once, with arguments as a script gives them, in an order in which each has what it needs."""
    bpy.context.view_layer.objects.active = bpy.data.objects["Performer"]
    with_face(bpy.data.objects["Performer"])
    saved = str(CLIP.with_name("spaces and ñ.npz"))
    stretch = {"start": 12, "end": 30}
    calls: list[tuple[str, dict[str, object]]] = [
        ("track", {"filepath": str(CLIP), "end": 0.4, "hands": False}),
        ("take_delete", {}),
        ("recognise", {}),
        ("save_bone_preset", {"name": "Größe 人"}),
        ("load_bone_preset", {"name": "Größe 人"}),
        ("restore_bones", {}),
        ("delete_bone_preset", {"name": "Größe 人"}),
        ("recognise_face", {}),
        ("add_face_bone", {"bone": "mixamorig:Head", "part": "jaw"}),
        ("remove_face_bone", {"bone": "mixamorig:Head"}),
        ("save_face_preset", {"name": "Größe 人"}),
        ("load_face_preset", {"name": "Größe 人"}),
        ("delete_face_preset", {"name": "Größe 人"}),
        ("restore_face", {}),
        ("solve", {}),
        ("animate", {}),
        ("export", {"filepath": saved.replace(".npz", ".bvh")}),
        ("match_rate", {}),
        ("show_confidence", {}),
        ("show_contacts", {}),
        ("show_footage", {}),
        ("contact_add", {"part": "left_foot", **stretch}),
        ("contact_move", {"part": "left_foot", "index": 0, "start": 14, "end": 31}),
        ("contact_delete", {"part": "left_foot", "index": 0}),
        ("contacts_restore", {"part": "all"}),
        ("smooth_here", {"part": "left_arm", **stretch}),
        ("ignore_here", {"part": "right_arm", **stretch}),
        ("edit_move", {"kind": "smooth", "part": "left_arm", "index": 0, "start": 14, "end": 20}),
        ("edit_delete", {"kind": "smooth", "part": "left_arm", "index": 0}),
        ("worst_frame", {}),
        ("take_export", {"filepath": saved}),
        ("take_import", {"filepath": saved}),
        ("take_find", {"filepath": saved}),
        ("take_pack", {}),
        ("take_unpack", {}),
        ("live_add_character", {"armature": "Performer"}),
        ("live_remove_character", {"index": 0}),
        ("live_cameras", {}),
        ("live_start", {"source": str(CLIP), "armature": "Performer"}),
        ("live_calibrate", {"countdown": 0.0}),
        ("live_stop", {}),
        ("test_machine", {}),
        ("empty_cache", {}),
    ]
    facts["operators"] = {name: run(name, **arguments) for name, arguments in calls}
    facts["known"] = sorted(dir(bpy.ops.blazerig))
    facts["doctor"] = list(part("addon.preferences_page").report())


code = 0
try:
    use()
except BaseException:
    traceback.print_exc()
    code = 1
FACTS.write_text(json.dumps(facts))
sys.stdout.flush()
os._exit(code)
