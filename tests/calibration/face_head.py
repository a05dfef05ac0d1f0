"""The head of a character as arrays: its meshes in its own frame, its eyes and lips. Needs bpy.

Axes of a head: x to its left, y down, z into it (a camera's, for a head that faces it); metres; the origin
lies between the eyeballs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import bpy
import numpy as np
from figures import _texture

_KINDS = {
    "brow": "brows",
    "lashes": "lashes",
    "low-poly": "eyes",
    "Body": "skin",
    "short": "hair",
    "suit": "cloth",
}
IRIS = 0.0117
"""Diameter of a human iris, metres."""
_REACH = 0.42
"""Metres below the eyes down to which the character is kept."""


@dataclass(frozen=True)
class Mesh:
    """Places (V, 3), triangles (T, 3), places in the texture (T, 3, 2), and what follows the head (V,)."""

    kind: str
    places: np.ndarray
    triangles: np.ndarray
    spots: np.ndarray
    texture: np.ndarray
    follows: np.ndarray


@dataclass(frozen=True)
class Head:
    """Meshes, centres (2, 3) of the eyeballs (left, right), their radius, the neck's pivot (3,), the lips.

    `lips` are the vertices of the skin that belong to them.
    """

    meshes: tuple[Mesh, ...]
    eyes: np.ndarray
    radius: float
    pivot: np.ndarray
    lips: np.ndarray

    @property
    def skin(self) -> Mesh:
        return next(mesh for mesh in self.meshes if mesh.kind == "skin")


def load_head(path: Path) -> Head:
    """Read a .blend of one character."""
    bpy.ops.wm.open_mainfile(filepath=str(path))
    things = {kind: thing for key, kind in _KINDS.items() for thing in bpy.data.objects
              if thing.type == "MESH" and key in thing.name}  # fmt: skip
    balls = _places(things["eyes"])
    sides = [balls[balls[:, 0] > 0], balls[balls[:, 0] < 0]]
    ends = np.array([[side.min(0), side.max(0)] for side in sides])
    radius = float((ends[0, 1] - ends[0, 0])[0] / 2)
    eyes = ends.mean(1)
    eyes[:, 1] = ends[:, 0, 1] + radius  # the character's are the front of a ball
    origin = eyes.mean(0)
    bone = next(bone for thing in bpy.data.objects if thing.type == "ARMATURE"
                for bone in thing.data.bones if bone.name.endswith(":Neck"))  # fmt: skip
    meshes = tuple(_mesh(kind, thing, origin) for kind, thing in things.items() if kind != "eyes")
    centres = _turned(eyes - origin)
    body = things["skin"].data
    names = [material.name for material in body.materials]
    lips = np.unique(
        [v for face in body.polygons if "lips" in names[face.material_index] for v in face.vertices]
    )
    kept = np.flatnonzero(_kept(_places(things["skin"]), origin))
    pivot = _turned(np.array(bone.tail_local) - origin)
    return Head((*meshes, _balls(centres, radius)), centres, radius, pivot, np.searchsorted(kept, lips))


def widened(head: Head, scale: np.ndarray) -> Head:
    """The head with its axes stretched: another person's proportions."""
    meshes = tuple(replace(mesh, places=mesh.places * scale) for mesh in head.meshes)
    return replace(head, meshes=meshes, eyes=head.eyes * scale, pivot=head.pivot * scale)


def _places(thing: bpy.types.Object) -> np.ndarray:
    return np.array([vertex.co[:] for vertex in thing.data.vertices])


def _turned(places: np.ndarray) -> np.ndarray:
    return np.stack([places[..., 0], -places[..., 2], places[..., 1]], axis=-1)


def _kept(places: np.ndarray, origin: np.ndarray) -> np.ndarray:
    return (places[:, 2] > origin[2] - _REACH) & (np.abs(places[:, 0]) < 0.3)


def _mesh(kind: str, thing: bpy.types.Object, origin: np.ndarray) -> Mesh:
    mesh, places = thing.data, _places(thing)
    kept = _kept(places, origin)
    place_of = np.cumsum(kept) - 1
    mesh.calc_loop_triangles()
    corners = np.array([triangle.vertices[:] for triangle in mesh.loop_triangles])
    loops = np.array([triangle.loops[:] for triangle in mesh.loop_triangles])
    whole = kept[corners].all(1)
    spots = np.array([spot.uv[:] for spot in mesh.uv_layers[0].data])[loops[whole]]
    index = {group.index for group in thing.vertex_groups if group.name.endswith(":Head")}
    follows = np.array([sum(g.weight for g in v.groups if g.group in index) for v in mesh.vertices])
    places = _turned(places - origin)[kept]
    follows = (
        np.maximum(follows[kept], _rigid(places))
        if kind == "skin"
        else np.full(len(places), float(kind != "cloth"))
    )
    return Mesh(kind, places, place_of[corners[whole]], spots, _texture(thing), follows)


def _rigid(places: np.ndarray) -> np.ndarray:
    """1 on the face and the chin, which turn with the head as one; 0 on the neck."""
    low, deep = np.tanh((places[:, 1] - 0.125) / 0.008), np.tanh((places[:, 2] - 0.075) / 0.015)
    return (0.5 - 0.5 * low) * (0.5 - 0.5 * deep)


def _balls(centres: np.ndarray, radius: float) -> Mesh:
    """Two eyeballs that look ahead; the texture goes from the pupil's middle to the back."""
    angles = np.linspace(0, 0.6 * np.pi, 40)
    around = np.linspace(0, 2 * np.pi, 49)
    a, b = np.meshgrid(angles, around, indexing="ij")
    ball = radius * np.stack([np.sin(a) * np.cos(b), np.sin(a) * np.sin(b), -np.cos(a)], axis=-1).reshape(
        -1, 3
    )
    spot = np.stack([b / (2 * np.pi), a / np.pi], axis=-1).reshape(-1, 2)
    row, column = np.meshgrid(np.arange(39), np.arange(48), indexing="ij")
    first = (row * 49 + column).ravel()
    faces = np.concatenate(
        [np.stack([first, first + 1, first + 49], 1), np.stack([first + 1, first + 50, first + 49], 1)]
    )
    faces = np.concatenate([faces, faces + len(ball)])
    places = np.concatenate([ball + centre for centre in centres])
    return Mesh("eyes", places, faces, np.tile(spot, (2, 1))[faces],
                _eye_texture(radius), np.ones(2 * len(ball)))  # fmt: skip


def _eye_texture(radius: float) -> np.ndarray:
    angle = np.linspace(0, np.pi, 512)[:, None]
    iris, pupil = np.arcsin(IRIS / 2 / radius), np.arcsin(0.0018 / radius)
    fibres = 0.85 + 0.15 * np.sin(np.linspace(0, 2 * np.pi, 256) * 40)[None]
    colour = np.where(
        (angle < iris)[..., None], np.array([105.0, 72, 45]) * fibres[..., None], [222.0, 216, 210]
    )
    edge = np.exp(-(((angle - iris) / 0.03) ** 2))[..., None] * np.ones((1, 256, 1))
    colour = colour * (1 - 0.55 * edge)
    colour = np.where((angle < pupil)[..., None] * np.ones((1, 256, 1), bool), 12.0, colour)
    return np.concatenate([colour, np.full((512, 256, 1), 255.0)], axis=-1).astype(np.uint8)
