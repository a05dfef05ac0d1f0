"""A quick renderer: a textured, skinned figure in a plain room with sun, sky and shadow. Needs moderngl."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import moderngl
import numpy as np
from figures import Figure

_NEAR, _FAR = 0.1, 40.0
_SHADOW = 512
_SHADOW_REACH, _SHADOW_DEPTH = 1.6, 4.0
_ROOM = 25.0

_FIGURE_VERTEX = """#version 330
uniform mat4 bones[52]; uniform mat4 view; uniform mat4 sun_view;
in vec3 place; in vec3 normal; in vec2 spot; in vec4 bone; in vec4 weight;
out vec3 n; out vec2 t; out vec4 l;
void main() {
    mat4 m = weight.x * bones[int(bone.x)] + weight.y * bones[int(bone.y)]
           + weight.z * bones[int(bone.z)] + weight.w * bones[int(bone.w)];
    vec4 p = m * vec4(place, 1.0);
    n = mat3(m) * normal; t = spot; l = sun_view * p; gl_Position = POSITION;
}"""
_LIT = """
uniform sampler2D shadow; uniform vec3 sun; uniform vec3 sun_colour; uniform vec3 sky;
float sunlit(vec4 l) {
    vec3 q = l.xyz * 0.5 + 0.5;
    if (any(lessThan(q.xy, vec2(0.0))) || any(greaterThan(q.xy, vec2(1.0)))) return 1.0;
    float s = 0.0;
    for (int i = 0; i < 2; i++) for (int j = 0; j < 2; j++)
        s += texture(shadow, q.xy + (vec2(i, j) - 0.5) / 450.0).r < q.z - 0.005 ? 0.0 : 0.25;
    return s;
}"""
_FIGURE_COLOUR = f"""#version 330
{_LIT}
uniform sampler2D image; uniform vec3 ground; uniform vec3 tint;
in vec3 n; in vec2 t; in vec4 l; out vec4 c;
void main() {{
    vec4 k = texture(image, t);
    if (k.a < 0.4) discard;
    vec3 m = normalize(n) * (gl_FrontFacing ? 1.0 : -1.0);
    vec3 light = sun_colour * max(dot(m, sun), 0.0) * sunlit(l) + mix(ground, sky, m.z * 0.5 + 0.5);
    c = vec4(pow(pow(k.rgb, vec3(2.2)) * tint * light, vec3(1.0 / 2.2)), 1.0);
}}"""
_ROOM_VERTEX = """#version 330
uniform mat4 view; uniform mat4 sun_view; in vec3 place; out vec3 w; out vec4 l;
void main() { w = place; l = sun_view * vec4(place, 1.0); gl_Position = view * vec4(place, 1.0); }"""
_ROOM_COLOUR = f"""#version 330
{_LIT}
uniform sampler2D noise; uniform vec3 first; uniform vec3 second; uniform vec3 n; uniform float grain;
uniform float tile;
in vec3 w; in vec4 l; out vec4 c;
void main() {{
    vec2 p = abs(n.z) > 0.5 ? w.xy : vec2(dot(w.xy, vec2(-n.y, n.x)), w.z);
    float f = 0.6 * texture(noise, p * grain * 0.07).r + 0.4 * texture(noise, p * grain * 0.31).r;
    f = smoothstep(0.35, 0.65, f);
    vec2 g = fract(p * tile);
    if (tile > 0.0 && (g.x < 0.03 || g.y < 0.03)) f = 1.0 - f * 0.5;
    vec3 light = sun_colour * max(dot(n, sun), 0.0) * sunlit(l) + sky * 0.9;
    c = vec4(pow(mix(first, second, f) * light, vec3(1.0 / 2.2)), 1.0);
}}"""
_LAYOUT = ("place", "normal", "spot", "bone", "weight")


@dataclass(frozen=True)
class Look:
    """Light and colours, linear RGB. `rooms` has floor and wall: two colours, grain and tiles per metre."""

    sun: np.ndarray
    sun_colour: np.ndarray
    sky: np.ndarray
    ground: np.ndarray
    wall_place: np.ndarray
    wall_normal: np.ndarray
    rooms: tuple[tuple[np.ndarray, np.ndarray, float, float], ...]
    tints: Mapping[str, np.ndarray]


class Stage:
    """Draws with OpenGL, by the CPU where there is no GPU (EGL)."""

    def __init__(self, figures: Mapping[str, Figure]) -> None:
        self._gl = gl = moderngl.create_standalone_context(backend="egl")
        self._figure = gl.program(_FIGURE_VERTEX.replace("POSITION", "view * p"), _FIGURE_COLOUR)
        self._dark = gl.program(_FIGURE_VERTEX.replace("POSITION", "l"), "#version 330\nvoid main() {}")
        self._room = gl.program(_ROOM_VERTEX, _ROOM_COLOUR)
        self._parts = {name: [self._part(part) for part in figure.parts] for name, figure in figures.items()}
        self._depth = gl.depth_texture((_SHADOW, _SHADOW))
        self._depth.compare_func, self._depth.repeat_x, self._depth.repeat_y = "", False, False
        self._shadow = gl.framebuffer(depth_attachment=self._depth)
        noise = np.random.default_rng(0).random((64, 64)).astype(np.float32)
        self._noise = gl.texture((64, 64), 1, noise.tobytes(), dtype="f4")
        self._noise.filter = (moderngl.LINEAR, moderngl.LINEAR)
        self._corners = gl.buffer(reserve=4 * 3 * 8)
        self._walls = gl.vertex_array(self._room, [(self._corners, "3f", "place")])
        gl.enable(moderngl.DEPTH_TEST)

    def _part(self, part):
        gl = self._gl
        rows, order = np.unique(part.corners, axis=0, return_inverse=True)
        buffer, order = gl.buffer(rows.tobytes()), gl.buffer(order.astype(np.uint32).tobytes())
        image = gl.texture(part.texture.shape[1::-1], 4, part.texture.tobytes())
        image.build_mipmaps()
        seen = gl.vertex_array(self._figure, [(buffer, "3f 3f 2f 4f 4f", *_LAYOUT)], order)
        dark = gl.vertex_array(self._dark, [(buffer, "3f 5x4 4f 4f", "place", "bone", "weight")], order)
        return part.name, seen, dark, image

    def film(self, name, skin, camera, intrinsics, size, look: Look, middle) -> Iterator[np.ndarray]:
        """Pictures (H, W, 3) of a figure whose bones move by `skin` (F, 52, 4, 4) from the rest.

        `camera` is world_from_camera in OpenCV's axes, `middle` the place in rest that the shadow follows.
        """
        view = _projection(intrinsics, size) @ np.linalg.inv(camera)
        target = self._gl.framebuffer([self._gl.renderbuffer(size, 4)], self._gl.depth_renderbuffer(size))
        self._corners.write(_walls(look).astype(np.float32).tobytes())
        for bones in skin:
            sun_view = _sun_view(look.sun, bones[0, :3, :3] @ middle + bones[0, :3, 3])
            self._shadow.use()
            self._shadow.clear(depth=1.0)
            _set(self._dark, bones=np.swapaxes(bones, 1, 2), sun_view=sun_view.T)
            for part, _, dark, _ in self._parts[name]:
                if not part.startswith(("eye", "low-poly")):
                    dark.render()
            target.use()
            target.clear(*(look.sky / look.sky.max()), 1.0)
            light = {"sun": look.sun, "sun_colour": look.sun_colour, "sky": look.sky, "shadow": 1}
            self._depth.use(1)
            _set(self._figure, bones=np.swapaxes(bones, 1, 2), view=view.T, sun_view=sun_view.T,
                 ground=look.ground, image=0, **light)  # fmt: skip
            for part, seen, _, image in self._parts[name]:
                _set(self._figure, tint=_tint(part, look))
                image.use(0)
                seen.render()
            self._draw_room(look, view, sun_view, light)
            yield np.frombuffer(target.read(components=3), np.uint8).reshape(size[1], size[0], 3)[::-1]

    def _draw_room(self, look: Look, view, sun_view, light) -> None:
        self._noise.use(0)
        _set(self._room, view=view.T, sun_view=sun_view.T, noise=0, **light)
        for i, normal in enumerate((np.array([0.0, 0.0, 1.0]), look.wall_normal)):
            first, second, grain, tile = look.rooms[i]
            _set(self._room, first=first, second=second, n=normal, grain=grain, tile=tile)
            self._walls.render(moderngl.TRIANGLE_STRIP, vertices=4, first=4 * i)


def _set(program, **values) -> None:
    for name, value in values.items():
        if isinstance(value, int):
            program[name].value = value
        else:
            program[name].write(np.ascontiguousarray(value, np.float32).tobytes())


def _tint(part: str, look: Look) -> np.ndarray:
    kinds = {"suit": "cloth", "shoes": "shoes", "Body": "skin", "short0": "hair", "brow": "hair"}
    return next((look.tints[kind] for key, kind in kinds.items() if key in part), np.ones(3))


def _projection(intrinsics: np.ndarray, size) -> np.ndarray:
    """Clip space from camera axes (x right, y down, z forward)."""
    (fx, _, cx), (_, fy, cy), _ = intrinsics
    width, height = size
    depth = (_FAR + _NEAR) / (_FAR - _NEAR), -2 * _FAR * _NEAR / (_FAR - _NEAR)
    return np.array([
        [2 * fx / width, 0, 2 * cx / width - 1, 0],
        [0, -2 * fy / height, 1 - 2 * cy / height, 0],
        [0, 0, *depth],
        [0, 0, 1, 0],
    ])  # fmt: skip


def _sun_view(sun: np.ndarray, middle: np.ndarray) -> np.ndarray:
    x = np.cross(-sun, [0.0, 1.0, 0.0])
    x /= np.linalg.norm(x)
    rows = np.stack([x / _SHADOW_REACH, np.cross(x, -sun) / _SHADOW_REACH, -sun / _SHADOW_DEPTH])
    view = np.eye(4)
    view[:3, :3], view[:3, 3] = rows, -rows @ middle
    return view


def _walls(look: Look) -> np.ndarray:
    """Corners of the floor, then of the wall, as strips. Shape (8, 3)."""
    floor = [(x, y, 0.0) for y in (-_ROOM, _ROOM) for x in (-_ROOM, _ROOM)]
    along, up = np.array([-look.wall_normal[1], look.wall_normal[0], 0.0]), np.array([0.0, 0.0, 12.0])
    wall = [look.wall_place + along * x + up * y for y in (0, 1) for x in (-_ROOM, _ROOM)]
    return np.array([*floor, *wall])
