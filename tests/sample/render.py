"""Renders the sample clip: `python tests/sample/render.py CHARACTER.blend OUT.mp4 [--still FRAME OUT.png]`.

CHARACTER.blend holds a Mixamo-named character in its rest pose with the soles on z = 0. Its textures are
thrown away: everything gets plain colours. Needs bpy and PyAV; Cycles on the processor takes some minutes.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import av
import bpy
import cv2
import numpy as np
from choreography import FPS, FRAMES
from mathutils import Matrix
from skeleton import PREFIX, Motion, Skeleton, perform

SIZE = (640, 480)
SAMPLES = 3
EYE = (0.2, -3.2, 1.05)
"""Where the camera stands, metres; it looks along +Y, slightly down."""
LOOK_DOWN = np.radians(5.0)
DIAGONAL_VIEW = np.radians(57.0)
CRF = "24"
WAIST = 0.90
"""Height at which the suit changes from trousers to shirt, metres."""
COLOURS = {
    "skin": (0.72, 0.44, 0.32),
    "lips": (0.55, 0.22, 0.20),
    "hair": (0.05, 0.03, 0.02),
    "eye": (0.75, 0.75, 0.75),
    "iris": (0.06, 0.04, 0.03),
    "shirt": (0.62, 0.10, 0.09),
    "trousers": (0.07, 0.09, 0.16),
    "shoes": (0.80, 0.80, 0.78),
    "floor": (0.42, 0.40, 0.37),
    "wall": (0.55, 0.60, 0.58),
}


def main() -> None:
    """Open the character, let it perform, render."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("character", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--still", type=int, metavar="FRAME", help="render only this frame, as a picture")
    options = parser.parse_args()
    bpy.ops.wm.open_mainfile(filepath=str(options.character.resolve()))
    rig = next(thing for thing in bpy.data.objects if thing.type == "ARMATURE")
    key(rig, perform(rest_of(rig)))
    colour_character()
    build_room()
    set_up_render()
    if options.still is not None:
        render_frame(options.still, options.out)
        return
    with tempfile.TemporaryDirectory() as folder:
        pictures = [Path(folder) / f"{frame:04d}.png" for frame in range(FRAMES)]
        for frame, picture in enumerate(pictures):
            render_frame(frame, picture)
            print(f"{frame + 1} of {FRAMES}", flush=True)
        encode(pictures, options.out)


def rest_of(rig: bpy.types.Object) -> Skeleton:
    """The rest pose of the Mixamo-named bones."""
    bones = {bone.name.removeprefix(PREFIX): bone for bone in rig.data.bones}
    return Skeleton(
        head={name: np.array(bone.head_local) for name, bone in bones.items()},
        tail={name: np.array(bone.tail_local) for name, bone in bones.items()},
        axes={name: np.array(bone.matrix_local)[:3, :3] for name, bone in bones.items()},
        parent={
            name: bone.parent.name.removeprefix(PREFIX) if bone.parent else None
            for name, bone in bones.items()
        },
    )


def key(rig: bpy.types.Object, motion: Motion) -> None:
    """Key every bone at frames 0, 1, 2 ..."""
    rest = motion.rest
    for name, turn in motion.turn.items():
        bone, parent = rig.pose.bones[PREFIX + name], rest.parent[name]
        bone.rotation_mode = "QUATERNION"
        carried = motion.turn[parent] if parent else np.broadcast_to(np.eye(3), turn.shape)
        local = rest.axes[name].T @ np.swapaxes(carried, -1, -2) @ turn @ rest.axes[name]
        last = None
        for frame, matrix in enumerate(local):
            rotation = Matrix(matrix.tolist()).to_quaternion()
            if last is not None:
                rotation.make_compatible(last)
            bone.rotation_quaternion = last = rotation
            bone.keyframe_insert("rotation_quaternion", frame=frame)
            if parent is None:
                bone.location = rest.axes[name].T @ (motion.head[name][frame] - rest.head[name])
                bone.keyframe_insert("location", frame=frame)


def colour_character() -> None:
    """Plain colours for skin, hair, clothes and eyes."""
    materials = {name: plain(name) for name in COLOURS}
    for thing in [thing for thing in bpy.data.objects if thing.type == "MESH"]:
        mesh, name = thing.data, thing.name.lower()
        if thing.name == "Body":
            for slot, old in enumerate(mesh.materials):
                mesh.materials[slot] = materials["lips" if old.name.endswith("lips") else "skin"]
            continue
        if "casualsuit" in name:
            split(mesh, materials["trousers"], materials["shirt"], lambda middle: middle[2] > WAIST)
        elif name == "low-poly":
            front = min(vertex.co[1] for vertex in mesh.vertices)
            split(mesh, materials["eye"], materials["iris"], lambda middle, f=front: middle[1] < f + 0.004)
        else:
            shoes = "shoe" in name  # their tops show through the trousers
            first, second = ("shoes", "trousers") if shoes else ("hair", "hair")
            split(mesh, materials[first], materials[second], lambda middle: middle[2] > 0.11)


def split(mesh: bpy.types.Mesh, first: bpy.types.Material, second: bpy.types.Material, is_second) -> None:
    """Give each face the first or the second material by its middle."""
    mesh.materials.clear()
    mesh.materials.append(first)
    mesh.materials.append(second)
    for face in mesh.polygons:
        face.material_index = int(is_second(face.center))


def plain(name: str) -> bpy.types.Material:
    """A matt material of one colour."""
    material = bpy.data.materials.new(f"plain {name}")
    material.use_nodes = True
    shader = material.node_tree.nodes["Principled BSDF"]
    shader.inputs["Base Color"].default_value = (*COLOURS[name], 1.0)
    shader.inputs["Roughness"].default_value = 0.75
    return material


def build_room() -> None:
    """Floor, back wall, a sun, a sky and the camera."""
    scene = bpy.context.scene
    for name, corners in (
        ("floor", [(-9, -9, 0), (9, -9, 0), (9, 3.0, 0), (-9, 3.0, 0)]),
        ("wall", [(-9, 3.0, 0), (9, 3.0, 0), (9, 3.0, 6), (-9, 3.0, 6)]),
    ):
        mesh = bpy.data.meshes.new(name)
        mesh.from_pydata(corners, [], [(0, 1, 2, 3)])
        mesh.materials.append(plain(name))
        scene.collection.objects.link(bpy.data.objects.new(name, mesh))
    sun = bpy.data.lights.new("sun", "SUN")
    sun.energy, sun.angle = 2.6, np.radians(8.0)
    lamp = bpy.data.objects.new("sun", sun)
    lamp.rotation_euler = np.radians((48.0, 8.0, 32.0))
    scene.collection.objects.link(lamp)
    world = bpy.data.worlds.new("sky")
    world.use_nodes = True
    world.node_tree.nodes["Background"].inputs["Color"].default_value = (0.85, 0.88, 0.92, 1.0)
    world.node_tree.nodes["Background"].inputs["Strength"].default_value = 0.75
    scene.world = world
    data = bpy.data.cameras.new("camera")
    data.sensor_fit = "HORIZONTAL"
    data.angle = 2 * np.arctan(np.tan(DIAGONAL_VIEW / 2) * SIZE[0] / np.hypot(*SIZE))
    camera = bpy.data.objects.new("camera", data)
    camera.location, camera.rotation_euler = EYE, (np.pi / 2 - LOOK_DOWN, 0.0, 0.0)
    scene.collection.objects.link(camera)
    scene.camera = camera


def set_up_render() -> None:
    """Cycles on the processor, few samples, denoised."""
    scene = bpy.context.scene
    scene.render.engine = "CYCLES"
    scene.render.resolution_x, scene.render.resolution_y = SIZE
    scene.render.resolution_percentage, scene.render.fps = 100, FPS
    scene.render.use_persistent_data = True
    scene.view_settings.view_transform = "Standard"
    scene.cycles.device, scene.cycles.samples, scene.cycles.max_bounces = "CPU", SAMPLES, 1
    scene.cycles.use_denoising, scene.cycles.denoiser = True, "OPENIMAGEDENOISE"
    scene.cycles.denoising_prefilter, scene.cycles.denoising_quality = "NONE", "FAST"


def render_frame(frame: int, path: Path) -> None:
    """Write one frame as a picture."""
    scene = bpy.context.scene
    scene.frame_set(frame)
    scene.render.filepath = str(path.resolve())
    bpy.ops.render.render(write_still=True)


def encode(pictures: list[Path], path: Path) -> None:
    """H.264, constant frame rate."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=FPS)
        stream.width, stream.height = SIZE
        stream.pix_fmt, stream.options = "yuv420p", {"crf": CRF, "preset": "slow"}
        for picture in pictures:
            frame = av.VideoFrame.from_ndarray(cv2.imread(str(picture)), format="bgr24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


if __name__ == "__main__":
    main()
    sys.stdout.flush()
    os._exit(0)  # bpy can hang while Python shuts down
