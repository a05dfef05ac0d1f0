"""A scene to look at a character in: floor, light, a camera that sees it all, the footage beside it."""

from __future__ import annotations

from pathlib import Path

import bpy
import numpy as np
from mathutils import Euler, Vector
from numpy.typing import NDArray

Floats = NDArray[np.floating]

PANEL = (480, 480)
"""Width and height of a rendered picture, pixels."""
VIEW = np.radians(32.0)
"""Angle of view of the camera, both ways."""
MARGIN = 1.12
"""Room around the character."""
LOOK_DOWN = np.radians(6.0)
SAMPLES = 4
FOOTAGE_HEIGHT = 1.8
"""Metres of the picture of the footage that stands beside the character."""
LOOKS = 24
"""How many frames are looked at to find how far the character goes."""


def set_stage(scene: bpy.types.Scene, character: bpy.types.Object, footage: Path, *, frames: int) -> None:
    """Put floor, light, camera and footage around a keyed character, and set up rendering and the view.

    Args:
        scene: The character's; its range and frame rate are those of the motion.
        character: An armature with keys.
        footage: A video or picture; it is shown in step with the timeline.
        frames: Frames of the footage.
    """
    low, high = _reach(scene, character)
    _floor(scene)
    _light(scene)
    camera = _camera(scene, low, high)
    _footage(scene, footage, low, frames)
    _render_settings(scene, camera)
    _view(low, high)
    _calm(scene, camera)
    scene.frame_set(scene.frame_start)


def _reach(scene: bpy.types.Scene, character: bpy.types.Object) -> tuple[Floats, Floats]:
    """The corners of the box in which the bones that deform stay. Shapes (3,)."""
    bones = [bone for bone in character.pose.bones if bone.bone.use_deform]
    points = []
    for frame in np.linspace(scene.frame_start, scene.frame_end, LOOKS).astype(int):
        scene.frame_set(int(frame))
        matrix = np.array(character.matrix_world)
        ends = np.array([end[:] for bone in bones for end in (bone.head, bone.tail)])
        points.append(ends @ matrix[:3, :3].T + matrix[:3, 3])
    cloud = np.concatenate(points)
    return cloud.min(0), cloud.max(0)


def _add(scene: bpy.types.Scene, name: str, data: bpy.types.ID | None) -> bpy.types.Object:
    thing = bpy.data.objects.new(name, data)
    scene.collection.objects.link(thing)
    return thing


def _material(name: str, colour: tuple[float, float, float]) -> bpy.types.Material:
    material = bpy.data.materials.new(name)
    material.use_nodes = True
    material.diffuse_color = (*colour, 1.0)
    shader = material.node_tree.nodes["Principled BSDF"]
    shader.inputs["Base Color"].default_value = (*colour, 1.0)
    shader.inputs["Roughness"].default_value = 0.9
    return material


def _floor(scene: bpy.types.Scene) -> None:
    mesh = bpy.data.meshes.new("Floor")
    mesh.from_pydata([(-30, -30, 0), (30, -30, 0), (30, 30, 0), (-30, 30, 0)], [], [(0, 1, 2, 3)])
    mesh.materials.append(_material("Floor", (0.30, 0.32, 0.35)))
    _add(scene, "Floor", mesh).hide_select = True


def _light(scene: bpy.types.Scene) -> None:
    sun = bpy.data.lights.new("Sun", "SUN")
    sun.energy, sun.angle = 3.0, np.radians(6.0)
    _add(scene, "Sun", sun).rotation_euler = Euler(np.radians((42.0, 12.0, 28.0)))
    world = bpy.data.worlds.new("Studio")
    world.use_nodes = True
    world.node_tree.nodes["Background"].inputs["Color"].default_value = (0.50, 0.56, 0.64, 1.0)
    world.node_tree.nodes["Background"].inputs["Strength"].default_value = 0.85
    scene.world = world


def _camera(scene: bpy.types.Scene, low: Floats, high: Floats) -> bpy.types.Object:
    """Looks along +Y, as the camera of the footage did, a little down, and sees the whole box."""
    data = bpy.data.cameras.new("Camera")
    data.sensor_fit, data.angle = "HORIZONTAL", float(VIEW)
    camera = _add(scene, "Camera", data)
    middle, size = (low + high) / 2, high - low
    distance = MARGIN * max(size[0], size[2]) / 2 / np.tan(VIEW / 2) + size[1] / 2
    camera.location = middle + distance * np.array([0.0, -np.cos(LOOK_DOWN), np.sin(LOOK_DOWN)])
    camera.rotation_euler = Euler((np.pi / 2 - LOOK_DOWN, 0.0, 0.0))
    data.clip_end = float(distance) + 60.0
    scene.camera = camera
    return camera


def _footage(scene: bpy.types.Scene, footage: Path, low: Floats, frames: int) -> None:
    """The footage as a picture that stands to the left of the character, in step with the timeline."""
    image = bpy.data.images.load(str(footage.resolve()))
    screen = _add(scene, "Footage", None)
    screen.empty_display_type = "IMAGE"
    screen.data = image
    screen.use_empty_image_alpha = False
    screen.empty_image_depth = "DEFAULT"
    if image.source == "MOVIE":
        user = screen.image_user
        user.frame_start, user.frame_duration, user.frame_offset = 1, frames, 0
        user.use_auto_refresh = True
    wide, high = image.size if image.size[1] else (4, 3)
    # the longer side of an image empty is its display size
    screen.empty_display_size = FOOTAGE_HEIGHT * max(1.0, wide / high)
    width = FOOTAGE_HEIGHT * wide / high
    screen.location = (low[0] - 0.4 - width / 2, 0.0, FOOTAGE_HEIGHT / 2)
    screen.rotation_euler = Euler((np.pi / 2, 0.0, 0.0))
    screen.lock_location = screen.lock_rotation = (True, True, True)


def _render_settings(scene: bpy.types.Scene, camera: bpy.types.Object) -> None:
    """Cycles on the processor: it runs wherever Blender does, with or without a screen."""
    scene.camera = camera
    scene.render.engine = "CYCLES"
    scene.render.resolution_x, scene.render.resolution_y = PANEL
    scene.render.resolution_percentage = 100
    scene.render.use_persistent_data = True
    scene.view_settings.view_transform = "Standard"
    cycles = scene.cycles
    cycles.device, cycles.samples, cycles.max_bounces = "CPU", SAMPLES, 1
    cycles.use_denoising, cycles.denoiser = True, "OPENIMAGEDENOISE"
    cycles.denoising_prefilter, cycles.denoising_quality = "NONE", "FAST"


def _view(low: Floats, high: Floats) -> None:
    """Let every 3D view show character and footage from the front, without the bones' clutter."""
    middle = (low + high) / 2
    for screen in bpy.data.screens:
        for area in screen.areas:
            if area.type != "VIEW_3D":
                continue
            space = area.spaces.active
            space.shading.type, space.shading.color_type = "SOLID", "MATERIAL"
            region = space.region_3d
            region.view_perspective = "PERSP"
            region.view_rotation = Euler((np.pi / 2 - LOOK_DOWN, 0.0, 0.0)).to_quaternion()
            region.view_location = Vector((middle[0] - 0.8, middle[1], middle[2]))
            region.view_distance = 2.2 * float((high - low).max()) + 1.0


def _calm(scene: bpy.types.Scene, camera: bpy.types.Object) -> None:
    """Nothing selected, no camera in the way, and no question about Rigify's script when the file is opened.

    The script draws Rigify's own panel; run it from the text editor to have that.
    """
    for thing in scene.objects:
        thing.select_set(False)
    camera.hide_set(True)
    for text in bpy.data.texts:
        text.use_module = False
