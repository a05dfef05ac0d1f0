"""A quick renderer of heads: textured, lit by a sun and a sky, before a plain wall. Needs moderngl."""

from __future__ import annotations

from dataclasses import dataclass

import moderngl
import numpy as np
from face_head import Mesh

_VERTEX = """#version 330
uniform mat4 view; in vec3 place; in vec3 normal; in vec2 spot; out vec3 n; out vec2 t;
void main() { n = normal; t = spot; gl_Position = view * vec4(place, 1.0); }"""
_COLOUR = """#version 330
uniform sampler2D image; uniform vec3 sun; uniform vec3 light; uniform vec3 sky; uniform vec3 tint; uniform
float cut; in vec3 n; in vec2 t; out vec4 c;
void main() {
    vec4 k = texture(image, t);
    if (k.a < cut) discard;
    vec3 m = normalize(n) * (gl_FrontFacing ? 1.0 : -1.0);
    float d = dot(m, sun) * 0.75 + 0.25;
    vec3 shade = light * max(d, 0.0) + sky * (0.75 - 0.25 * m.y);
    c = vec4(pow(pow(k.rgb, vec3(2.2)) * tint * shade, vec3(1.0 / 2.2)), k.a);
}"""
_NEAR, _FAR = 0.05, 10.0


@dataclass(frozen=True)
class Light:
    """Direction towards the sun, colours of sun, sky and wall, tints of skin, hair and cloth; linear."""

    sun: np.ndarray
    light: np.ndarray
    sky: np.ndarray
    wall: np.ndarray
    tints: dict[str, np.ndarray]


class Stage:
    """Draws with OpenGL, by the CPU where there is no GPU (EGL)."""

    def __init__(self, meshes: tuple[Mesh, ...], size: tuple[int, int]) -> None:
        self._gl = gl = moderngl.create_standalone_context(backend="egl")
        self._size = size
        self._program = gl.program(_VERTEX, _COLOUR)
        self._parts = [
            self._part(mesh) for mesh in sorted(meshes, key=lambda mesh: mesh.kind in ("lashes", "brows"))
        ]
        self._target = gl.framebuffer([gl.renderbuffer(size, 4)], gl.depth_renderbuffer(size))
        gl.enable(moderngl.DEPTH_TEST | moderngl.BLEND)

    def _part(self, mesh: Mesh):
        gl = self._gl
        buffer = gl.buffer(reserve=mesh.triangles.size * 8 * 4)
        drawn = gl.vertex_array(self._program, [(buffer, "3f 3f 2f", "place", "normal", "spot")])
        image = gl.texture(mesh.texture.shape[1::-1], 4, np.ascontiguousarray(mesh.texture).tobytes())
        image.build_mipmaps()
        return mesh, buffer, drawn, image

    def picture(self, places: dict[str, np.ndarray], focal: float, light: Light) -> np.ndarray:
        """The meshes at `places` (V, 3) by kind, metres in camera axes, as a BGR picture (H, W, 3)."""
        width, height = self._size
        depth = (_FAR + _NEAR) / (_FAR - _NEAR), -2 * _FAR * _NEAR / (_FAR - _NEAR)
        view = np.array(
            [[2 * focal / width, 0, 0, 0], [0, -2 * focal / height, 0, 0], [0, 0, *depth], [0, 0, 1, 0]]
        )
        self._target.use()
        self._target.clear(*light.wall, 1.0)
        for name in ("sun", "light", "sky"):
            self._program[name].write(np.asarray(getattr(light, name), np.float32).tobytes())
        self._program["view"].write(view.T.astype(np.float32).tobytes())
        for mesh, buffer, drawn, image in self._parts:
            buffer.write(_corners(mesh, places[mesh.kind]).tobytes())
            self._program["tint"].write(light.tints.get(mesh.kind, np.ones(3)).astype(np.float32).tobytes())
            self._program["cut"].value = 0.35 if mesh.kind in ("hair", "lashes", "brows") else 0.05
            image.use(0)
            drawn.render()
        seen = np.frombuffer(self._target.read(components=3), np.uint8).reshape(height, width, 3)
        return np.ascontiguousarray(seen[::-1, :, ::-1])


def _corners(mesh: Mesh, places: np.ndarray) -> np.ndarray:
    corners = places[mesh.triangles]
    across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normals = np.zeros_like(places)
    for k in range(3):
        for axis in range(3):
            normals[:, axis] += np.bincount(mesh.triangles[:, k], across[:, axis], len(places))
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
    return np.concatenate([corners, normals[mesh.triangles], mesh.spots], axis=-1).astype(np.float32)
