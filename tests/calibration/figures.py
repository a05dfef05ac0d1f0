"""The characters of the rendered clips as arrays: skinned triangles, textures, joints. Needs bpy."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import bpy
import numpy as np

_WEIGHTS = 4
_OUTER = ("Body", "suit", "shoes")


@dataclass(frozen=True)
class Part:
    """One mesh: of its triangles' corners (N, 16) place, normal, texture place, bones and weights."""

    name: str
    corners: np.ndarray
    texture: np.ndarray


@dataclass(frozen=True)
class Figure:
    """A character in rest: what `make_clip.Skeleton` has, and the meshes.

    `shell` has every 15th vertex of what can touch the floor: places (V, 3), bones and weights (V, 4).
    """

    names: list[str]
    idx: dict[str, int]
    parent: list[int]
    rest: np.ndarray
    head: np.ndarray
    tail: np.ndarray
    parts: list[Part] = field(default_factory=list)
    shell: tuple[np.ndarray, ...] = ()

    def vec(self, start: str, end: str) -> np.ndarray:
        return self.head[self.idx[end]] - self.head[self.idx[start]]


def load_figure(path: Path, skeleton: type) -> Figure:
    """Read a .blend; `skeleton` is the class `Skeleton` of make_clip.py."""
    bpy.ops.wm.open_mainfile(filepath=str(path))
    rig = next(thing for thing in bpy.data.objects if thing.type == "ARMATURE")
    sk = skeleton(rig)
    figure = Figure(sk.names, sk.idx, sk.parent, sk.rest, sk.head, sk.tail)
    shells: list[tuple[np.ndarray, ...]] = []
    for thing in bpy.data.objects:
        if thing.type == "MESH":
            place, bones, weights = _skin(thing, sk.idx)
            figure.parts.append(Part(thing.name, _corners(thing, place, bones, weights), _texture(thing)))
            if any(key in thing.name for key in _OUTER):
                shells.append((place[::15], bones[::15], weights[::15]))
    shell = tuple(np.concatenate(parts) for parts in zip(*shells, strict=True))
    return Figure(**{**vars(figure), "shell": shell})


def _skin(thing: bpy.types.Object, index: dict[str, int]) -> tuple[np.ndarray, ...]:
    """Places (V, 3), bones and weights (V, 4) of the vertices."""
    matrix = np.array(thing.matrix_world)
    place = np.array([vertex.co[:] for vertex in thing.data.vertices]) @ matrix[:3, :3].T + matrix[:3, 3]
    named = {group.index: group.name.split(":")[-1] for group in thing.vertex_groups}
    bones, weights = np.zeros((len(place), _WEIGHTS), int), np.zeros((len(place), _WEIGHTS))
    for vertex in thing.data.vertices:
        groups = [
            (group.weight, index[named[group.group]])
            for group in vertex.groups
            if named[group.group] in index
        ]
        for k, (weight, bone) in enumerate(sorted(groups, reverse=True)[:_WEIGHTS]):
            bones[vertex.index, k], weights[vertex.index, k] = bone, weight
    return place, bones, weights / np.maximum(weights.sum(1, keepdims=True), 1e-9)


def _corners(
    thing: bpy.types.Object, place: np.ndarray, bones: np.ndarray, weights: np.ndarray
) -> np.ndarray:
    mesh = thing.data
    mesh.calc_loop_triangles()
    loops = np.array([triangle.loops[:] for triangle in mesh.loop_triangles]).ravel()
    vertex = np.array([loop.vertex_index for loop in mesh.loops])[loops]
    normal = np.array([vertex.normal[:] for vertex in mesh.vertices])
    texture = np.array([spot.uv[:] for spot in mesh.uv_layers[0].data])[loops]
    rows = [place[vertex], normal[vertex], texture, bones[vertex], weights[vertex]]
    return np.concatenate(rows, axis=1).astype(np.float32)


def _texture(thing: bpy.types.Object) -> np.ndarray:
    """Colour and opacity, the baked shade multiplied in. Shape (H, W, 4), bytes."""
    nodes = thing.data.materials[0].node_tree.nodes
    images = [node.image for node in nodes if node.type == "TEX_IMAGE" and node.name.startswith("diffuse")]
    colour = _pixels(images[0])
    for node in nodes:
        if node.type == "TEX_IMAGE" and node.name.startswith("aomap"):
            colour[..., :3] *= _pixels(node.image)[..., :3]
    return (colour * 255 + 0.5).astype(np.uint8)


def _pixels(image: bpy.types.Image) -> np.ndarray:
    pixels = np.empty(image.size[0] * image.size[1] * 4, np.float32)
    image.pixels.foreach_get(pixels)
    return pixels.reshape(image.size[1], image.size[0], 4)
